"""The register with a thousand initiatives, and with twenty thousand in forty municipalities."""

from random import Random

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from initiatives.finding import plain
from initiatives.models import Contact, Initiative, Ownership, Source, Theme
from initiatives.vocabularies import choices
from tests.bench.pages import Page
from werklab.models import Department, Municipality

FEW, MANY, PLACES = 1000, 20_000, 40
MOST_GROWTH, MOST_ON_SQLITE = 1.3, 3
THREE = "?q=tuin&thema=green&fase=running&plan=residents"

PAGES = [
    Page("register, 3 filters + search", f"/initiatieven/{THREE}", "staff", 15, 8, "entry__nr"),
    Page("register, same, last page", f"/initiatieven/{THREE}&pagina=9999", "staff", 15, 8, "__nr"),
    Page("register", "/initiatieven/", "staff", 15, 8, "entry__nr"),
    Page("register, last page", "/initiatieven/?pagina=9999", "staff", 15, 8, "entry__nr"),
    Page("register, search", "/initiatieven/?q=cooperatie", "staff", 15, 8, "entry__nr"),
    Page("register, kind", "/initiatieven/?soort=club", "staff", 15, 8, "entry__nr"),
    Page("register, on the map", "/initiatieven/?kaart=1", "staff", 15, 8, "pin-nr"),
    Page("register of a trainer", "/initiatieven/?q=tuin", "busy trainer", 15, 8, "Initiatieven"),
]
FIRST = PAGES[0].name

WHAT = ["Buurttuin", "Energiecoöperatie", "Dorpshuis", "Repair Café", "Eettafel", "Pluktuin"]
WHAT += ["Zorgcoöperatie", "Speeltuin", "Wijkkrant", "Buurtbus", "Ruilwinkel", "Moestuin"]
WHO = ["De Kruidhoek", "Ons Plein", "De Hoven", "Samen Één", "’t Anker", "Het Veld", "De Brink"]
WHERE = ["Noord", "Zuid", "Oude Haven", "Centrum", "Veldrand", "Binnenstad", "De Hoven"]
DOES = [
    "Bewoners maken van een leeg schoolplein een tuin.",
    "Elke week eten buren samen aan een lange tafel.",
    "Wij wekken met de straat onze eigen stroom op en delen wat er over is.",
    "Vrijwilligers rijden ouderen naar de dokter en naar de markt.",
    "Iedereen mag binnenlopen voor koffie, een praatje of hulp met een formulier.",
    "Jongeren leren er een vak en de buurt krijgt haar fiets terug.",
]


def fill(total: int) -> None:
    """Make up this many initiatives in all, spread over some municipalities with labs."""
    here = Initiative.objects.count()
    first = (Initiative.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
    places = list(Municipality.objects.order_by("pk")[:PLACES])
    numbers = range(first, first + max(total - here, 0))
    made = [_initiative(number, places[number % PLACES]) for number in numbers]
    made = Initiative.objects.bulk_create(made, batch_size=1000)
    Contact.objects.bulk_create(
        (
            Contact(initiative=one, name="Fatma El Amrani", email=f"fatma{one.pk}@veel.example")
            for one in made
            if one.pk % 10
        ),
        batch_size=1000,
    )
    themes, through = list(Theme.objects.order_by("pk")), Initiative.themes.through
    through.objects.bulk_create(
        (
            through(initiative=one, theme=theme)
            for one in made
            for theme in Random(one.slug).sample(themes, 3)
        ),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _initiative(number: int, municipality: Municipality) -> Initiative:
    """A plausible one; the same number gives the same initiative."""
    dice = Random(number)
    name = f"{dice.choice(WHAT)} {dice.choice(WHO)} {number}"
    place, description = dice.choice(WHERE), " ".join(dice.sample(DOES, 3))
    return Initiative(
        municipality=municipality,
        name=name,
        slug=f"veel-{number}",
        plain_text=plain(name, place, description),
        kinds=_some(dice, choices("initiative_type"), 2),
        departments=_some(dice, Department.choices, 3),
        place=place,
        address=f"{place} {number % 200}",
        description=description,
        does_not="Wij zijn geen uitvoerder van de gemeente.",
        ownership=_mostly(dice, "residents", Ownership.choices),
        focus=_one(dice, choices("focus")),
        staffing=_one(dice, choices("staffing")),
        stage=_mostly(dice, "running", choices("stage")),
        started_year=dice.randint(1990, 2026),
        volunteers=dice.randint(2, 80),
        role_wishes=_some(dice, choices("role_wish"), 2),
        roles_possible=_some(dice, choices("role_wish"), 2),
        support_needs=_some(dice, choices("support_need"), 3),
        first_contact=dice.choice(["", "Roos Tanis"]),
        most_guests=dice.choice([None, 5, 8, 15]),
        latitude=round(dice.uniform(51.5, 52.5), 5),
        longitude=round(dice.uniform(4.8, 6.2), 5),
        source=Source.IMPORT,
        retired_at=timezone.now() if number % 25 == 0 else None,
    )


def _one(dice: Random, words: list) -> str:
    return dice.choice(words)[0]


def _mostly(dice: Random, usual: str, words: list) -> str:
    return usual if dice.random() < 0.6 else _one(dice, words)


def _some(dice: Random, words: list, most: int) -> list[str]:
    return [code for code, _label in dice.sample(words, dice.randint(0, most))]


def compare(few: dict, many: dict) -> list[str]:
    """What the pages cost with 20,000 initiatives against 1,000; what grows too much."""
    print(f"\n{'worker CPU':30} {FEW:>6} {MANY:>7}   ratio (gate {MOST_GROWTH})")
    failed = []
    for page in PAGES:
        before, after = few[page.name][0], many[page.name][0]
        print(f"{page.name:30} {before:6.1f} {after:7.1f} {after / before:7.2f}")
        if after > MOST_GROWTH * before:
            failed.append(f"{page.name} {after / before:.2f} > {MOST_GROWTH} times itself")
    return failed
