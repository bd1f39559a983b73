"""The two answers when a lab may not go ahead: go on all the same, or call it off.

The third answer, other dates, is `programme.change_lab`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions import moves, recipients
from sessions.models import LabSession, Visit
from sessions.recipients import Recipient
from werklab import calendar, enrolment, events, letters
from werklab.errors import Refused
from werklab.models import Enrolment, Lab, LabRole, OutgoingMail, User

KINDS = {
    "participant": "lab_cancelled",
    "coordinator": "lab_cancelled_coordinator",
    "initiative": "lab_cancelled_initiative",
}
# Who said no to a visit does not wait for us.
STILL_EXPECTED = (Visit.Answer.NONE, Visit.Answer.WELCOME, Visit.Answer.OTHER_TIME)


@dataclass(frozen=True)
class Effects:
    """To how many people a change means something, to show before it is done."""

    seated: int
    others: int  # with an offer, on the list, or waiting for a yes
    coordinators: int
    initiatives: list[str]
    to_call: list[Visit]

    @property
    def letters(self) -> int:
        """How many letters it takes."""
        return self.seated + self.others + self.coordinators + len(self.initiatives)


def can_be_cancelled(lab: Lab, now: datetime | None = None) -> bool:
    """Whether there is something to call off: not once it is over."""
    if lab.status in (Lab.Status.CLOSED, Lab.Status.CANCELLED):
        return False
    return lab.ends_at is None or lab.ends_at > (now or timezone.now())


def effects_of_cancelling(lab: Lab) -> Effects:
    """To whom something happens when this lab is called off."""
    return _effects(lab, Enrolment.LIVING, STILL_EXPECTED)


def effects_of_moving(lab: Lab) -> Effects:
    """To whom something happens when session 1 of this lab moves."""
    return _effects(lab, moves.WHO_HEARS, [Visit.Answer.WELCOME])


def _effects(lab: Lab, statuses: Collection[str], answers: Collection[str]) -> Effects:
    places = lab.enrolments.filter(status__in=statuses).order_by()
    status = list(places.values_list("status", flat=True))
    reached, silent = recipients.hosts(lab, answers)
    coordinators = lab.roles.filter(role=LabRole.Role.COORDINATOR)
    participants = places.values("person")
    return Effects(
        seated=status.count(Enrolment.Status.SEATED),
        others=len(status) - status.count(Enrolment.Status.SEATED),
        coordinators=coordinators.exclude(user__in=participants).count(),
        initiatives=[str(visit) for visit in reached],
        to_call=silent,
    )


@transaction.atomic
def cancel_lab(by: User, lab: Lab, why: str, now: datetime | None = None) -> Lab:
    """Call a lab off: nobody gets a seat any more, and whoever counts on it gets a draft.

    Takes the same turn as enrolment does, so that who enrols at this moment is either told with the
    others or finds the door closed. Calendar entries keep their UID and count one up, for a file
    that takes them away. Raises Refused without a reason, and when the lab is over.
    """
    lab = enrolment.take_turn(lab)
    if not can_be_cancelled(lab, now):
        raise Refused(_("This lab is finished. Nothing can be changed any more."))
    if not why.strip():
        raise Refused(_("Tell people why it does not go ahead."))
    lab.status, lab.cancelled_why = Lab.Status.CANCELLED, why.strip()
    lab.save(update_fields=["status", "cancelled_why"])
    _count_up(lab)
    lab = Lab.objects.with_programme().get(pk=lab.pk)
    _drop_letters(lab)
    had_a_file = recipients.addresses_with_a_file(lab)
    for one in recipients.recipients(lab, Enrolment.LIVING, STILL_EXPECTED):
        _tell(one, lab, one.has_entries(had_a_file))
    events.record(by, "lab_cancelled", lab, lab=lab)
    return lab


def _count_up(lab: Lab) -> None:
    """Every calendar entry one change further."""
    visits = Visit.objects.filter(lab_session__lab=lab, slot__isnull=False)
    visits.update(sequence=F("sequence") + 1)
    dated = LabSession.objects.filter(lab=lab, starts_at__isnull=False)
    dated.update(sequence=F("sequence") + 1)


def _drop_letters(lab: Lab) -> None:
    """What nobody has sent yet about a lab that is off is no longer needed."""
    lab.letters.drafts().update(status=OutgoingMail.Status.DROPPED)


def _tell(one: Recipient, lab: Lab, in_calendar: bool) -> None:
    file, line = "", ""
    if in_calendar:
        file = calendar.calendar_file(lab, one.appointments(lab), method="CANCEL")
        line = _("The file with this mail takes the meetings out of your calendar.")
    moment = one.context.get("visit_moment")
    recipients.write(
        KINDS[one.role],
        one,
        lab,
        file,
        why=lab.cancelled_why,
        session_list=letters.programme_lines(lab) or "-",
        calendar_line=line,
        visit_line=_("We had agreed on %(moment)s.") % {"moment": moment} if moment else "",
        lab_url=settings.BASE_URL + lab.get_absolute_url(),
    )


@transaction.atomic
def go_on(by: User, lab: Lab, why: str, now: datetime | None = None) -> Lab:
    """Go ahead with fewer than ten people, with the reason (REQ-043).

    Raises Refused without a reason, when this was decided before, and when the lab is not live.
    """
    now = now or timezone.now()
    lab = Lab.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=lab.pk)
    if lab.status != Lab.Status.LIVE:
        raise Refused(_("There is nothing to decide about this werklab."))
    if lab.decided_at is not None:
        raise Refused(_("This was decided before."))
    if lab.enrolments.seated().count() >= Lab.MIN_PARTICIPANTS:
        raise Refused(_("There are enough people now. It goes ahead."))
    if not why.strip():
        raise Refused(_("Write down why it goes on with fewer people."))
    lab.decided_at, lab.decided_why = now, why.strip()
    lab.save(update_fields=["decided_at", "decided_why"])
    events.record(by, "lab_goes_on", lab, lab=lab)
    return lab


def can_be_decided(lab: Lab, seated: int) -> bool:
    """Whether there is a choice: too few people, and nobody has decided yet."""
    too_few = seated < Lab.MIN_PARTICIPANTS
    return lab.status == Lab.Status.LIVE and lab.decided_at is None and too_few


def must_be_decided(lab: Lab, seated: int, now: datetime | None = None) -> bool:
    """Whether the day to decide has come, before session 1."""
    now = now or timezone.now()
    has_come = lab.decide_on is not None and lab.decide_on <= timezone.localdate(now)
    return has_come and can_be_decided(lab, seated) and not lab.has_begun(now)
