"""Read the facts of labs, in the same few queries for one lab and for many.

The queries are put together once, when this module is imported, and only get their labs when they
are asked: to build them each time would take longer than to answer them.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.utils import timezone

from sessions.models import Advice, LabInitiative, LabSession
from werklab.models import Enrolment, Lab, OutgoingMail
from werklab.views.overview import Facts

Letter = OutgoingMail.Status
SESSIONS = Prefetch(
    "sessions", LabSession.objects.order_by("number").annotate(card_count=Count("columns__cards"))
)
# Everybody with a living place, and how far they are with the intake.
PEOPLE = (
    Enrolment.objects.living()
    .order_by("number")
    .values("lab_id", "status", "department", "person__email", "intake__pk", "intake__done_at")
)
# A row per moment that was offered for a visit; one, too, for each initiative not asked yet.
MOMENTS = LabInitiative.objects.order_by("pk", "visits__pk").values(
    "lab_id",
    "pk",
    "initiative__name",
    "initiative__contact__name",
    "initiative__contact__phone",
    "visits__pk",
    "visits__answer",
    "visits__group_size",
    "visits__asked_at",
    "visits__slot__starts_at",
    "visits__slots__starts_at",
)
# A row per source and answer of each advice.
ADVICES = Advice.objects.order_by("position", "pk").values_list(
    "lab_id",
    "pk",
    "text_version",
    "source_links__pk",
    "endorsements__pk",
    "endorsements__text_version",
)


def _letters(status: Letter) -> Subquery:
    """How many letters of a lab are in this state; a question within another, not one more."""
    found = OutgoingMail.objects.order_by().filter(lab=OuterRef("pk"), status=status)
    return Subquery(found.values("lab").annotate(number=Count("pk")).values("number"))


# Who leads the lab, when its advice is presented and by whom, whether that is final: one question
# for three things. Its rows multiply, but there are a handful of each.
OUTCOME = (
    Lab.objects.order_by()
    .annotate(drafts=_letters(Letter.DRAFT), failed=_letters(Letter.FAILED))
    .values(
        "pk",
        "roles__pk",
        "roles__role",
        "roles__chair",
        "roles__user__name",
        "roles__user__email",
        "presentation__date",
        "presentation__asked_at",
        "presentation__presenters__pk",
        "organisation_intake__saved_at",
        "organisation_intake__handed_in_at",
        "organisation_intake__gone_through_at",
        "reports__pk",
        "reports__replaced_at",
        "drafts",
        "failed",
    )
)


def read(labs: Iterable[Lab], now: datetime | None = None) -> dict[int, Facts]:
    """The facts of these labs by primary key, in five queries for however many there are.

    Groups are counted here, not in the database: for some dozens of rows that is quicker.
    """
    labs, now = list(labs), now or timezone.now()
    facts = {lab.pk: Facts(lab, now) for lab in labs}
    prefetch_related_objects(labs, SESSIONS)
    for row in PEOPLE.filter(lab_id__in=facts):
        facts[row["lab_id"]].people.append(row)
    _read_initiatives(facts)
    _read_advices(facts)
    _read_outcome(facts)
    return facts


def _read_initiatives(facts: dict[int, Facts]) -> None:
    """A row per visit, with the moments that were offered for it."""
    for row in MOMENTS.filter(lab_id__in=facts):
        moment = row["visits__slots__starts_at"]
        known = facts[row["lab_id"]].initiatives
        if known and (known[-1]["pk"], known[-1]["visits__pk"]) == (row["pk"], row["visits__pk"]):
            known[-1]["moments"].append(moment)
        else:
            known.append(dict(row) | {"moments": [moment]})


def _read_advices(facts: dict[int, Facts]) -> None:
    """The advices, each with its sources and the answers on its present text."""
    for lab_id, pk, version, source, answer, of_version in ADVICES.filter(lab_id__in=facts):
        advice = facts[lab_id].advices.setdefault(pk, {"sources": set(), "answers": set()})
        advice["sources"] |= {source} - {None}
        advice["answers"] |= {answer} if answer and of_version == version else set()


def _read_outcome(facts: dict[int, Facts]) -> None:
    for row in OUTCOME.filter(pk__in=facts):
        about = facts[row["pk"]]
        if row["roles__pk"]:
            about.team[row["roles__pk"]] = dict(row)
        about.presenters |= {row["presentation__presenters__pk"]} - {None}
        about.presented_on = row["presentation__date"]
        about.asked_at = row["presentation__asked_at"]
        about.post = Counter({Letter.DRAFT: row["drafts"] or 0, Letter.FAILED: row["failed"] or 0})
        about.organisation = {
            "saved_at": row["organisation_intake__saved_at"],
            "handed_in_at": row["organisation_intake__handed_in_at"],
            "gone_through_at": row["organisation_intake__gone_through_at"],
        }
        about.is_final |= row["reports__pk"] is not None and row["reports__replaced_at"] is None
