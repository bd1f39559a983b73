"""Who is in a lab, as trainer and coordinator read it: seats, waiting list, mix of the group."""

from collections import Counter
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from werklab.models import ContactFrequency, Enrolment, Lab, OutgoingMail

Status = Enrolment.Status
LITTLE = {ContactFrequency.YEARLY, ContactFrequency.RARELY}
COLOURS = dict(zip(ContactFrequency.values, ("k5", "k4", "k2", "k1"), strict=True))
SHOWN = (
    *("pk", "number", "seat", "status", "offered_until", "department", "function"),
    *("contact_frequency", "person_id", "person__name", "person__email"),
)


def overview(lab: Lab) -> dict:
    """Everybody with a living place, in the order in which they sit and wait; one query."""
    rows = list(lab.enrolments.living().order_by("number").values(*SHOWN))
    owns = lab.municipality.owns_address
    by_status = {status: [row for row in rows if row["status"] == status] for status in Status}
    seated = sorted(by_status[Status.SEATED], key=lambda row: row["seat"])
    waiting = by_status[Status.OFFERED] + by_status[Status.WAITING]
    return {
        "seated": seated,
        "line": [row | {"place": place} for place, row in enumerate(waiting, start=1)],
        "asking": [
            row | {"is_outside": not owns(row["person__email"])}
            for row in by_status[Status.TO_CONFIRM]
        ],
        "taken": len(seated) + len(by_status[Status.OFFERED]),
        "departments": Counter(row["department"] for row in seated).most_common(),
        "contact": contact(seated),
        "hint": hint(seated),
    }


def contact(seated: list[dict]) -> list[tuple[str, list[tuple[int, str, str]]]]:
    """How often the group meets initiatives, a row of squares each (REQ-110)."""
    counts = Counter(row["contact_frequency"] for row in seated)
    return [(value, [(counts[value], COLOURS[value], value)]) for value in ContactFrequency.values]


def hint(seated: list[dict]) -> str:
    """What the mix asks for, in a sentence; empty when it is fine (REQ-110, REQ-111)."""
    if not seated:
        return ""
    little = sum(row["contact_frequency"] in LITTLE for row in seated)
    if little == 0:
        return _("Nobody in this group has little contact with initiatives. Invite them too.")
    if len(seated) >= 5 and little >= len(seated) - 1:
        return _("Hardly anybody in this group has contact with initiatives.")
    if len(seated) >= 3 and len({row["department"] for row in seated}) == 1:
        return _("Everybody comes from one field of policy. Invite people from other fields too.")
    return ""


def unreached(lab: Lab) -> frozenset[int]:
    """The people of this lab whom a letter did not reach, by primary key; one query.

    As long as nobody has tried it again or put it away: then the outbox shows it too.
    """
    failed = lab.letters.filter(person__isnull=False, status=OutgoingMail.Status.FAILED)
    return frozenset(failed.order_by().values_list("person", flat=True))


def is_short(lab: Lab, taken: int, now: datetime | None = None) -> bool:
    """Whether the minimum is not reached while enrolment closes within two weeks."""
    if lab.enrol_until is None or lab.status != Lab.Status.LIVE:
        return False
    days_left = (lab.enrol_until - timezone.localdate(now)).days
    return taken < Lab.MIN_PARTICIPANTS and days_left <= 14
