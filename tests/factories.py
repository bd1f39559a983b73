"""One factory per model, without surprises: days count from today, nothing is sent."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import factory
from django.db.models import F
from django.utils import timezone
from factory.django import DjangoModelFactory

from initiatives.finding import plain
from initiatives.models import Contact, Initiative
from intake import questionnaires
from intake.models import OrganisationIntake
from sessions.models import (
    Advice,
    AdviceSource,
    Card,
    Column,
    Endorsement,
    LabInitiative,
    LabSession,
    Visit,
    VisitSlot,
)
from sessions.programme import add_columns, programmes
from werklab.models import (
    Background,
    Enrolment,
    Lab,
    LabRequest,
    LabRole,
    Municipality,
    User,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def today(days: float = 0) -> date:
    """Today by the Dutch calendar, or the day that many days from it."""
    return timezone.localdate() + timedelta(days=days)


def as_of_now(values: dict) -> dict:
    """These values, with what counts from today worked out now.

    The parameters of a test are made when it is collected, and midnight may pass before it runs:
    what counts from today stands there as a `partial`.
    """
    return {name: value() if callable(value) else value for name, value in values.items()}


def in_days(days: float, hour: int = 9, minute: int = 30) -> datetime:
    """A moment that many days from today, at this time of the Dutch clock."""
    day = today(days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=AMSTERDAM)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Mens Nummer{n}")
    email = factory.Sequence(lambda n: f"mens{n}@oss.example")
    password = "!"


class TrainerFactory(UserFactory):
    email = factory.Sequence(lambda n: f"trainer{n}@werklab.example")
    background = Background.BOTH
    phone = "06 1234 5678"


class MunicipalityFactory(DjangoModelFactory):
    class Meta:
        model = Municipality

    code = factory.Sequence(lambda n: f"GX{n:04d}")
    name = factory.Sequence(lambda n: f"Testdorp {n}")
    province = "fictief"
    mail_domains = ["oss.example"]


class LabSessionFactory(DjangoModelFactory):
    """A session with the columns of its template."""

    class Meta:
        model = LabSession
        skip_postgeneration_save = True

    number = 1
    title = factory.LazyAttribute(lambda s: programmes()["three_sessions"][s.number - 1]["title"])
    goal = factory.LazyAttribute(lambda s: programmes()["three_sessions"][s.number - 1]["goal"])
    starts_at = factory.LazyAttribute(lambda s: in_days(14 + 14 * s.number))
    ends_at = factory.LazyAttribute(lambda s: s.starts_at and s.starts_at + timedelta(hours=4))
    place = "Buurthuis De Dorsvloer"

    @factory.post_generation
    def columns(lab_session, create, extracted, **kwargs):
        add_columns(lab_session)


class LabFactory(DjangoModelFactory):
    """A live lab, open for enrolment: two trainers, a coordinator, three sessions from 4 weeks on.

    `taken=n` seats n participants; `begins_in=days` moves session 1 (the next ones follow by two
    weeks); `sessions=False` leaves the sessions out. `ready=True` hands in the organisation's
    intake and chooses an initiative, as a lab in preparation needs before its enrolment opens.
    """

    class Meta:
        model = Lab
        skip_postgeneration_save = True

    class Params:
        begins_in = 28

    municipality = factory.SubFactory(MunicipalityFactory)
    title = factory.LazyAttribute(lambda lab: f"Werklab {lab.municipality.name}")
    slug = factory.Sequence(lambda n: f"oss-{n}")
    join_code = factory.Sequence(lambda n: f"code-{n}")
    status = Lab.Status.LIVE
    enrol_until = factory.LazyAttribute(
        lambda lab: timezone.localdate() + timedelta(days=lab.begins_in - 14)
    )
    contact_name = "Samir Bakkali"
    contact_email = "samir@werklab.example"
    contact_phone = "06 0000 0000"
    last_number = 5000  # whoever enrols by the app comes after those of EnrolmentFactory

    @factory.post_generation
    def roles(lab, create, extracted, **kwargs):
        if extracted is False:
            return
        for chair in LabRole.Chair.values:
            LabRole.objects.create(lab=lab, user=TrainerFactory(), role="trainer", chair=chair)
        LabRole.objects.create(lab=lab, user=UserFactory(), role="coordinator")

    @factory.post_generation
    def sessions(lab, create, extracted, **kwargs):
        if extracted is False:
            return
        begins_in = (lab.enrol_until - timezone.localdate()).days + 14
        for number in (1, 2, 3):
            starts_at = in_days(begins_in + 14 * (number - 1))
            LabSessionFactory(lab=lab, number=number, starts_at=starts_at)

    @factory.post_generation
    def ready(lab, create, extracted, **kwargs):
        if extracted:
            make_ready(lab)

    @factory.post_generation
    def taken(lab, create, extracted, **kwargs):
        for _ in range(extracted or 0):
            EnrolmentFactory(lab=lab)


def make_ready(lab):
    """What others do before a lab opens: the organisation's intake, and an initiative chosen."""
    sheet = questionnaires.current(questionnaires.ORGANISATION)
    OrganisationIntake.objects.create(lab=lab, questionnaire=sheet, handed_in_at=timezone.now())
    LabInitiativeFactory(lab=lab)
    Lab.objects.filter(pk=lab.pk).update(version=F("version") + 1)


class EnrolmentFactory(DjangoModelFactory):
    """A participant on the next chair; give status and seat for another state."""

    class Meta:
        model = Enrolment

    lab = factory.SubFactory(LabFactory)
    person = factory.SubFactory(UserFactory)
    number = factory.LazyAttribute(lambda e: e.lab.enrolments.count() + 1001)
    seat = factory.LazyAttribute(
        lambda e: e.lab.enrolments.on_a_chair().count() + 1 if e.status == "seated" else None
    )
    status = Enrolment.Status.SEATED
    department = "Zorg en welzijn"
    function = "Beleidsmedewerker"
    contact_frequency = "Elke maand"


class InitiativeFactory(DjangoModelFactory):
    class Meta:
        model = Initiative
        skip_postgeneration_save = True

    municipality = factory.SubFactory(MunicipalityFactory)
    name = factory.Sequence(lambda n: f"Buurtkeuken {n}")
    slug = factory.Sequence(lambda n: f"buurtkeuken-{n}")
    kinds = ["residents_initiative"]
    description = "Buren koken voor elkaar."
    does_not = "Wij zijn geen restaurant."
    address = "Kruidenpad 14"
    place = "Noord"
    ownership = "residents"
    plain_text = factory.LazyAttribute(lambda one: plain(one.name, one.place, one.description))

    @factory.post_generation
    def contact(initiative, create, extracted, **kwargs):
        if extracted is not False:
            ContactFactory(initiative=initiative)


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    name = "Fatma El Amrani"
    email = factory.Sequence(lambda n: f"fatma{n}@buurtkeuken.example")
    phone = "06 0000 0001"


class LabInitiativeFactory(DjangoModelFactory):
    class Meta:
        model = LabInitiative

    lab = factory.SubFactory(LabFactory)
    initiative = factory.LazyAttribute(
        lambda link: InitiativeFactory(municipality=link.lab.municipality)
    )


def chosen(lab, initiative, says="yes"):
    """The municipality's own word on an initiative, as its coordinator gave it on the list."""
    row, _made = LabInitiative.objects.get_or_create(lab=lab, initiative=initiative)
    row.municipality_says = says
    row.save(update_fields=["municipality_says"])
    return row


class VisitFactory(DjangoModelFactory):
    """A visit that was asked, with one slot on the day of session 1."""

    class Meta:
        model = Visit
        skip_postgeneration_save = True

    guest_of = factory.SubFactory(LabInitiativeFactory)
    lab_session = factory.LazyAttribute(lambda v: v.guest_of.lab.sessions.get(number=1))
    place = "Kruidenpad 14"

    @factory.post_generation
    def slots(visit, create, extracted, **kwargs):
        for number in range(1, (1 if extracted is None else extracted) + 1):
            start = visit.lab_session.starts_at + timedelta(hours=number)
            VisitSlot.objects.create(
                visit=visit, number=number, starts_at=start, ends_at=start + timedelta(minutes=90)
            )


class CardFactory(DjangoModelFactory):
    """An unnamed card on the strengths of session 1; give `lab`, `kind` or `column` for another."""

    class Meta:
        model = Card

    class Params:
        lab = factory.SubFactory(LabFactory)
        kind = "strength"

    column = factory.LazyAttribute(
        lambda c: Column.objects.filter(lab_session__lab=c.lab, kind=c.kind).first()
    )
    text = factory.Sequence(lambda n: f"Iedereen krijgt meteen een taak ({n}).")


class AdviceFactory(DjangoModelFactory):
    """A complete advice without sources; `sources=[card, …]` ties them."""

    class Meta:
        model = Advice
        skip_postgeneration_save = True

    lab = factory.SubFactory(LabFactory)
    position = factory.LazyAttribute(lambda a: a.lab.advices.count() + 1)
    title = factory.Sequence(lambda n: f"Wijs één vast gezicht aan ({n})")
    text = "Elk initiatief krijgt één naam en één nummer."
    why = "Nu raken bewoners de weg kwijt."
    for_whom = "Alle initiatieven"
    first_step = "Maak een lijst van twintig initiatieven."
    owner = "Teamleiders"
    term = "now"

    @factory.post_generation
    def sources(advice, create, extracted, **kwargs):
        for card in extracted or []:
            AdviceSource.objects.create(advice=advice, card=card)


class EndorsementFactory(DjangoModelFactory):
    class Meta:
        model = Endorsement

    advice = factory.SubFactory(AdviceFactory)
    initiative = factory.LazyAttribute(lambda e: LabInitiativeFactory(lab=e.advice.lab))
    answer = "yes"
    text_version = factory.LazyAttribute(lambda e: e.advice.text_version)


class LabRequestFactory(DjangoModelFactory):
    """What somebody of a municipality asked on the public page."""

    class Meta:
        model = LabRequest

    municipality = factory.SubFactory(MunicipalityFactory)
    name = "Roos Tanis"
    email = factory.Sequence(lambda n: f"roos{n}@oss.example")
    phone = "06 0000 0002"
    function = "Beleidsadviseur"
    wish = "Sneller antwoord geven aan bewoners."
    period = "na de zomer"
