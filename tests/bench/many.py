"""The overview of LSA with a hundred labs, and with a thousand and 15,000 people in them."""

from datetime import datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from sessions.models import LabSession
from tests.bench.pages import Page
from werklab.models import Background, Enrolment, Lab, LabRole, Municipality, User

FEW, MANY, PEOPLE, TRAINERS = 100, 1000, 15, 40
MOST_GROWTH, HOURS = 1.2, timedelta(hours=4)
# Days from today to session 1, and the status, of each ten labs: most are over.
TURNS = [("closed", -900), ("closed", -700), ("closed", -500), ("closed", -400), ("closed", -300)]
TURNS += [("live", -70), ("live", -10), ("live", 12), ("live", 60), ("preparing", 90)]
NEAR = "veel-0049"  # the first on the first page, with a hundred labs and with a thousand

PAGES = [
    Page("overview", "/", "staff", 15, 12, "Alle werklabs"),
    Page("overview, a lab changed", "/", "staff", 20, 12, "Alle werklabs", stale=True, lab=NEAR),
    Page("overview, page 4", "/?pagina=4", "staff", 15, 12, "Alle werklabs"),
    Page("overview of a trainer", "/", "busy trainer", 15, 12, "Mijn werklabs"),
    Page("overview, one phase", "/?fase=sessies", "staff", 15, 12, "gevonden"),
    Page("overview, search", "/?q=mens+77", "staff", 99, 12, "gevonden"),
]
FIRST = PAGES[0].name


def fill(total: int) -> None:
    """Labs at work and labs that are over, each with two trainers, three dates and 15 people."""
    here = Lab.objects.filter(slug__startswith="veel-").count()
    numbers = range(here, total - Lab.objects.count() + here)
    trainers = _trainers()
    places = list(Municipality.objects.order_by("pk")[:300])
    labs = Lab.objects.bulk_create([_lab(number, places) for number in numbers])
    LabSession.objects.bulk_create(
        LabSession(lab=lab, number=n, title=f"Sessie {n}", starts_at=at, ends_at=at + HOURS)
        for lab, turn in zip(labs, numbers, strict=True)
        for n, at in enumerate(_dates(turn), start=1)
    )
    people = User.objects.bulk_create(
        User(name=f"Mens Nummer{turn}{seat}", email=f"mens{turn}-{seat}@veel.example", password="!")
        for turn in numbers
        for seat in range(PEOPLE)
    )
    _roles(labs, trainers, people)
    Enrolment.objects.bulk_create(
        Enrolment(
            lab=lab,
            person=people[PEOPLE * turn + seat],
            number=seat + 1,
            seat=seat + 1,
            status="seated",
            department="Zorg en welzijn",
            function="Adviseur",
            contact_frequency="Elke maand",
        )
        for turn, lab in enumerate(labs)
        for seat in range(PEOPLE)
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _dates(number: int) -> list[datetime]:
    day = timezone.localdate() + timedelta(days=TURNS[number % len(TURNS)][1] + number % 7)
    first = timezone.make_aware(datetime.combine(day, time(9, 30)))
    return [first + timedelta(days=14 * turn) for turn in range(3)]


def _lab(number: int, places: list[Municipality]) -> Lab:
    place = places[number % len(places)]
    return Lab(
        municipality=place,
        title=f"Werklab {place} {number}",
        slug=f"veel-{number:04}",
        join_code=f"veel{number}",
        status=TURNS[number % len(TURNS)][0],
        enrol_until=_dates(number)[0].date() - timedelta(days=14),
        contact_phone="06 0000 0000",
    )


def _trainers() -> list[User]:
    for number in range(TRAINERS):
        User.objects.get_or_create(
            email=f"trainer{number}@veel.example",
            defaults={"name": f"Trainer {number}", "password": "!", "background": Background.BOTH},
        )
    return list(User.objects.filter(email__regex=r"^trainer\d+@veel").order_by("pk"))


def _roles(labs: list[Lab], trainers: list[User], people: list[User]) -> None:
    pairs = ((lab, turn, chair) for turn, lab in enumerate(labs) for chair in (0, 1))
    names = ("municipal", "initiatives")
    LabRole.objects.bulk_create(
        LabRole(
            lab=lab,
            role="trainer",
            chair=names[chair],
            user=trainers[(2 * turn + chair + turn // TRAINERS) % TRAINERS],
        )
        for lab, turn, chair in pairs
    )
    LabRole.objects.bulk_create(
        LabRole(lab=lab, role="coordinator", user=people[PEOPLE * turn])
        for turn, lab in enumerate(labs)
    )


def compare(few: dict, many: dict) -> list[str]:
    """What the pages cost with a thousand labs against a hundred; what grows too much."""
    print(f"\n{'worker CPU':26} {FEW:>6} labs {MANY:>6} labs   ratio (gate {MOST_GROWTH})")
    failed = []
    for page in PAGES:
        before, after = few[page.name][0], many[page.name][0]
        print(f"{page.name:26} {before:11.1f} {after:11.1f} {after / before:7.2f}")
        if page.name == FIRST and after > MOST_GROWTH * before:
            failed.append(f"{page.name} {after / before:.2f} > {MOST_GROWTH} times itself")
    return failed
