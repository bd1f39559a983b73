"""Everything that the report shows: one set of points for the page and for the PDF.

A fixed number of queries, however much was said. Whose name may stand in it is decided by
`sessions.group`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sessions.endorsements import Support, Voice, support_of
from sessions.group import Names, initiatives_of, participants_of, who_read_along, who_took_part
from sessions.models import Advice, AdviceSource, Card, CardKind, LabSession, Presentation, Report
from werklab.models import Lab

MOST_OF_A_LIST = 10
FOLLOW_UP_MONTHS = (3, 6, 12)
OWN_CHAPTER = {CardKind.DO, CardKind.DONT, CardKind.SHARED_VIEW}
TAKER = ("presenters__name", "presenters__name_in_report", "presenters__initiative_id")


@dataclass(frozen=True)
class Edition:
    """Which report this is: the draft of a day, or a final one with its number."""

    day: date
    number: int | None = None

    @property
    def final(self) -> bool:
        """Made final: kept byte for byte, and no CONCEPT on its pages."""
        return self.number is not None


@dataclass
class Heard:
    """One card as the report prints it. `said_by` is empty when no name may stand there."""

    number: str
    card: Card
    lab_session: LabSession
    dots: int
    said_by: str
    heard_at: str
    used_in: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Point:
    """One advice as the report prints it, with its sources and what initiatives say of it."""

    number: int
    advice: Advice
    sources: list[Heard]
    support: Support
    said: list[tuple[str, Voice]]

    @property
    def squares(self) -> list[tuple[int, bool]]:
        """A square per initiative, from left to right: where it begins, and if it is filled."""
        return [
            (1 + 15 * place, place < self.support.endorsing) for place in range(self.support.total)
        ]

    @property
    def squares_width(self) -> int:
        """How wide the squares are together."""
        return 15 * self.support.total


def points(lab: Lab, edition: Edition | None = None) -> dict:
    """What the report of this lab says now; without `edition` the one that stands, or a draft."""
    enrolments = list(participants_of(lab))
    initiatives = list(initiatives_of(lab))
    lab_sessions = {one.pk: one for one in lab.sessions.all()}
    names = Names(enrolments, initiatives)
    heard = _heard(lab, lab_sessions, names)
    presentation = _presentation(lab, names)
    return {
        "lab": lab,
        "municipality": lab.municipality.name,
        "edition": edition or edition_of(lab),
        "period": _period([one.starts_at for one in lab_sessions.values() if one.starts_at]),
        "advices": _advices(lab, heard, initiatives, names),
        "presentation": presentation,
        "follow_up": _months_after(presentation.get("date")),
        "sessions": _by_session(heard.values(), lab_sessions.values()),
        "dos": _most_dots(heard.values(), CardKind.DO),
        "donts": _most_dots(heard.values(), CardKind.DONT),
        "view_cards": _most_dots(heard.values(), CardKind.SHARED_VIEW),
        "people": who_took_part(enrolments),
        "initiatives": who_read_along(initiatives),
        "sources": [one for one in heard.values() if one.used_in],
        "cards": len(heard),
        "dots": sum(one.dots for one in heard.values()),
    }


def edition_of(lab: Lab, now: datetime | None = None) -> Edition:
    """The final report that stands, or the draft of today."""
    final = Report.objects.standing().filter(lab=lab).only("number", "made_at").first()
    if final:
        return Edition(timezone.localdate(final.made_at), final.number)
    return Edition(timezone.localdate(now))


def _heard(lab: Lab, lab_sessions: dict[int, LabSession], names: Names) -> dict[int, Heard]:
    """Every card with its number, such as S1-07: counted per session, in the order of writing."""
    cards = Card.objects.filter(column__lab_session__in=lab_sessions).select_related("column")
    counted: Counter[int] = Counter()
    heard = {}
    for card in cards.annotate(dots=Count("votes")).order_by("column__lab_session__number", "pk"):
        lab_session = lab_sessions[card.column.lab_session_id]
        said_by, heard_at = names.writer(card), names.initiative(card.heard_at_id)
        counted[lab_session.number] += 1
        heard[card.pk] = Heard(
            number=f"S{lab_session.number}-{counted[lab_session.number]:02}",
            card=card,
            lab_session=lab_session,
            dots=card.dots,
            said_by=said_by,
            heard_at="" if heard_at == said_by else heard_at,
        )
    return heard


def _advices(lab: Lab, heard: dict[int, Heard], initiatives: list, names: Names) -> list[Point]:
    advices = list(lab.advices.all())
    found = support_of(initiatives, advices)
    sources = _sources(lab, heard)
    made = []
    for number, advice in enumerate(advices, start=1):
        for source in sources.get(advice.pk, []):
            source.used_in.append(number)
        made.append(
            Point(
                number=number,
                advice=advice,
                sources=sources.get(advice.pk, []),
                support=found[advice.pk],
                said=[
                    (names.initiative(voice.initiative.pk), voice)
                    for voice in found[advice.pk].voices
                ],
            )
        )
    return made


def _sources(lab: Lab, heard: dict[int, Heard]) -> dict[int, list[Heard]]:
    """The cards under each advice, by its pk. A card written this very moment may be missing."""
    sources: dict[int, list[Heard]] = {}
    tied = AdviceSource.objects.filter(advice__lab=lab).values_list("advice_id", "card_id")
    for advice_id, card_id in tied:
        if card_id in heard:
            sources.setdefault(advice_id, []).append(heard[card_id])
    return sources


def _most_dots(heard: Iterable[Heard], kind: str) -> list[Heard]:
    """The cards of one kind, those with most dots first; ten at most."""
    of_kind = [one for one in heard if one.card.column.kind == kind]
    return sorted(of_kind, key=lambda one: -one.dots)[:MOST_OF_A_LIST]


def _by_session(heard: Iterable[Heard], lab_sessions: Iterable[LabSession]) -> list[dict]:
    """What was heard, per session and column, without what has a chapter of its own."""
    columns: dict[int, dict] = {}
    for one in sorted(heard, key=lambda one: (one.card.column.order, -one.dots)):
        column = one.card.column
        if column.kind not in OWN_CHAPTER:
            columns.setdefault(column.pk, {"column": column, "cards": []})["cards"].append(one)
    shown = [
        (one, [each for each in columns.values() if each["column"].lab_session_id == one.pk])
        for one in lab_sessions
    ]
    return [{"lab_session": one, "columns": of_it} for one, of_it in shown if of_it]


def _presentation(lab: Lab, names: Names) -> dict:
    """The meeting of the management team and who join from the initiatives; in one query."""
    rows = Presentation.objects.filter(lab=lab).order_by("presenters__number")
    found: dict = {"date": None, "place": "", "answer_by": None, "takers": []}
    for row in rows.values("date", "place", "answer_by", *TAKER):
        found |= {"date": row["date"], "place": row["place"], "answer_by": row["answer_by"]}
        if row["presenters__name"]:
            may_stand = row["presenters__name_in_report"]
            name = row["presenters__name"] if may_stand else _("an initiative taker")
            initiative = names.initiative(row["presenters__initiative_id"])
            found["takers"].append({"name": name, "initiative": initiative})
    return found


def _period(moments: list[datetime]) -> str:
    """From the first session to the last, in words: a day, a month, or two months."""
    if not moments:
        return ""
    first, last = timezone.localdate(min(moments)), timezone.localdate(max(moments))
    if first == last:
        return date_format(first, "j F Y")
    if (first.year, first.month) == (last.year, last.month):
        return date_format(first, "F Y")
    begin = date_format(first, "F" if first.year == last.year else "F Y")
    return _("%(begin)s up to and including %(end)s") % {
        "begin": begin,
        "end": date_format(last, "F Y"),
    }


def _months_after(day: date | None) -> list[str]:
    """The months in which we look back together, in words."""
    if day is None:
        return []
    later = [divmod(day.month - 1 + months, 12) for months in FOLLOW_UP_MONTHS]
    return [date_format(date(day.year + years, month + 1, 1), "F Y") for years, month in later]
