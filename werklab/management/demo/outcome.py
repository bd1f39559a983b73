"""What came out of a demo lab: initiatives, cards and dots, advice and endorsements."""

from datetime import date, datetime, time, timedelta

from django.utils.text import slugify

from initiatives.finding import plain
from initiatives.models import Contact, Initiative, Theme
from sessions import report
from sessions.models import (
    Advice,
    AdviceSource,
    Card,
    Column,
    Endorsement,
    LabInitiative,
    Presentation,
    Presenter,
    Vote,
)
from werklab.management.demo.dates import AMSTERDAM
from werklab.models import Lab, User


def add_initiatives(lab: Lab, rows: list[dict]) -> dict[str, LabInitiative]:
    """The register of the municipality and who of it takes part, by the key of the data."""
    themes = {theme.code: theme for theme in Theme.objects.all()}
    linked = {}
    for row in rows:
        initiative = Initiative.objects.create(
            municipality=lab.municipality,
            slug=slugify(row["name"]),
            plain_text=plain(row["name"], row["place"], row["description"]),
            kinds=[row["kind"]],
            **{field: row[field] for field in PROFILE if field in row},
        )
        initiative.themes.set([themes[code] for code in row["themes"]])
        Contact.objects.create(initiative=initiative, **row["contact"])
        linked[row["id"]] = LabInitiative.objects.create(
            lab=lab,
            initiative=initiative,
            name_in_report=row["name_in_report"],
            **CHOSEN | {field: row[field] for field in CHOICE if field in row},
        )
    return linked


PROFILE = (
    "name",
    "place",
    "address",
    "description",
    "does_not",
    "ownership",
    "departments",
    "friction",
    *("stage", "staffing", "focus", "started_year", "volunteers", "paid_people", "capacity"),
    *("role_wishes", "support_needs", "support_words", "reaches", "not_yet", "local_knowledge"),
    *("first_contact", "most_guests", "latitude", "longitude"),
)
CHOSEN = {"lsa_says": LabInitiative.Choice.YES, "municipality_says": LabInitiative.Choice.YES}
CHOICE = ("lsa_says", "lsa_why", "municipality_says", "municipality_why")


def add_cards(lab: Lab, rows: list[dict], initiatives: dict[str, LabInitiative]) -> dict[str, Card]:
    """The cards of the boards: an initiative's under its name, all others without."""
    columns = {
        (column.lab_session.number, column.kind): column
        for column in Column.objects.filter(lab_session__lab=lab).select_related("lab_session")
    }
    cards = {}
    for row in rows:
        source = initiatives.get(row.get("source", ""))
        by_initiative = source if row["side"] == "initiative" else None
        cards[row.get("id", row["text"])] = Card(
            column=columns[row["session"], row["kind"]],
            text=row["text"],
            side=row["side"],
            named=by_initiative is not None,
            initiative=by_initiative,
            heard_at=source,
        )
    Card.objects.bulk_create(cards.values())
    return cards


def add_votes(lab: Lab, voters: list[User]) -> None:
    """Dots, spread in a fixed way: each voter five per session, more on the first cards."""
    votes = []
    for number in (1, 2, 3):
        cards = list(
            Card.objects.filter(column__lab_session__lab=lab, column__lab_session__number=number)
        )
        for turn, voter in enumerate(voters if cards else []):
            chosen = {(turn * 3 + step * step * 2) % len(cards) for step in range(5)}
            votes += [Vote(card=cards[index], voter=voter) for index in chosen]
    Vote.objects.bulk_create(votes)


def add_advice(
    lab: Lab,
    data: dict,
    initiatives: dict[str, LabInitiative],
    cards: dict[str, Card],
    shift: timedelta,
) -> None:
    """The advice with sources and endorsements, the management team's day, the final report."""
    day = date.fromisoformat(data["presentation"]["date"]) + shift
    presentation = Presentation.objects.create(
        lab=lab,
        date=day,
        place=data["presentation"]["place"],
        answer_by=date.fromisoformat(data["presentation"]["answer_by"]) + shift,
        asked_at=lab.ends_at if data["advices"] else None,
    )
    for number, taker in enumerate(data["presentation"]["takers"], start=1):
        Presenter.objects.create(
            presentation=presentation,
            number=number,
            initiative=initiatives[taker["initiative"]],
            name=taker["name"],
        )
    for position, row in enumerate(data["advices"], start=1):
        advice = Advice.objects.create(
            lab=lab, position=position, **{field: row[field] for field in WORDS}
        )
        AdviceSource.objects.bulk_create(
            AdviceSource(advice=advice, card=cards[key]) for key in row["sources"]
        )
        Endorsement.objects.bulk_create(
            Endorsement(
                advice=advice,
                initiative=initiatives[said["initiative"]],
                answer=said["answer"],
                words=said["words"],
                text_version=advice.text_version,
            )
            for said in row["endorsements"]
        )
    if data["final"]:
        trainer = lab.roles.filter(role="trainer").order_by("pk")[0].user
        made_at = datetime.combine(day - timedelta(days=7), time(11), tzinfo=AMSTERDAM)
        report.finalise(trainer, lab, now=made_at)


WORDS = ("title", "text", "why", "for_whom", "first_step", "owner", "term", "needs")
