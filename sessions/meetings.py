"""When the three sessions are, and what cannot be in a programme.

The objections are sentences by the field of the form that they are about, so that a form shows
them where something was typed, and an action refuses with the same words.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from sessions.models import LabSession
from werklab import labs, letters
from werklab.models import Lab, LabRole, User

DECIDE_BEFORE = timedelta(days=21)


@dataclass(frozen=True)
class Meeting:
    """When and where one session is; initiatives may be expected later than all others."""

    starts_at: datetime
    ends_at: datetime
    place: str
    initiatives_start_at: datetime | None = None
    route: str = ""
    accessibility: str = ""

    def fields(self) -> dict:
        """The same by the names of the fields of a session."""
        return dict(zip(self.__dataclass_fields__, astuple(self), strict=True))

    @property
    def for_initiatives(self) -> tuple[datetime, datetime, str]:
        """From when to when initiatives are expected, and where."""
        return (self.initiatives_start_at or self.starts_at, self.ends_at, self.place)

    @property
    def for_participants(self) -> tuple[datetime, datetime, str]:
        """From when to when participants are expected, and where."""
        return (self.starts_at, self.ends_at, self.place)


def meeting_of(session: LabSession) -> Meeting:
    """When and where this session is now."""
    return Meeting(**{name: getattr(session, name) for name in Meeting.__dataclass_fields__})


def meetings_of(lab: Lab) -> list[Meeting]:
    """The sessions of a lab, in order; without dates in a lab of long ago."""
    return [meeting_of(session) for session in lab.programme()]


def day_to_decide(meetings: list[Meeting], now: datetime | None = None) -> date:
    """Three weeks before session 1 there is still time to move it or call it off (REQ-043)."""
    three_weeks_before = timezone.localdate(meetings[0].starts_at) - DECIDE_BEFORE
    return max(three_weeks_before, timezone.localdate(now or timezone.now()))


def double_bookings(
    trainers: Iterable[User], meetings: list[Meeting], besides: Lab | None = None
) -> list[str]:
    """Where these trainers are at one of these moments: a sentence per session of another lab.

    Of the lab `besides` only the sessions that move count: what stands was accepted before.
    """
    asked = set(meetings) - set(meetings_of(besides) if besides else ())
    moments = [(meeting.starts_at, meeting.ends_at) for meeting in asked]
    busy = LabSession.objects.led_by(trainers).overlapping(moments)
    if besides is not None:
        busy = busy.exclude(lab=besides)
    return [
        _("%(trainer)s is at %(lab)s then, session %(number)s: %(moment)s.")
        % {
            "trainer": session.busy,
            "lab": session.lab.title,
            "number": session.number,
            "moment": letters.moment(session.starts_at, session.ends_at),
        }
        for session in busy.select_related("lab").order_by("starts_at", "pk", "busy")
    ]


def form_of(meetings: list[Meeting]) -> str:
    """Three parts of one day, or three sessions (REQ-073)."""
    days = {timezone.localdate(meeting.starts_at) for meeting in meetings}
    return Lab.Format.ONE_DAY if len(days) == 1 else Lab.Format.THREE_SESSIONS


def _order_objections(meetings: list[Meeting], enrol_until: date) -> dict[str, str]:
    """A session ends after it begins, and begins after the one before has ended.

    Three parts of one day are fine (REQ-073). Enrolment closes before session 1.
    """
    wrong = {}
    for number, meeting in enumerate(meetings, start=1):
        numbers = {"number": number, "before": number - 1}
        before = meetings[number - 2] if number > 1 else None
        if meeting.ends_at <= meeting.starts_at:
            wrong[f"ends_{number}"] = _("Session %(number)s ends before it begins.") % numbers
        if before and meeting.starts_at < before.ends_at:
            same_day = timezone.localdate(meeting.starts_at) == timezone.localdate(before.starts_at)
            wrong[f"{'starts' if same_day else 'date'}_{number}"] = (
                _("Session %(number)s begins before session %(before)s has ended.") % numbers
            )
        theirs = meeting.initiatives_start_at
        if theirs and not meeting.starts_at <= theirs < meeting.ends_at:
            wrong[f"initiatives_{number}"] = (
                _("Choose a time between the begin and the end of session %(number)s.") % numbers
            )
    if enrol_until > timezone.localdate(meetings[0].starts_at):
        wrong["enrol_until"] = _("Enrolment closes at the latest on the day of session 1.")
    return wrong


def schedule_objections(
    by: User,
    *,
    trainers: dict[str, User],
    coordinator_email: str,
    meetings: list[Meeting],
    enrol_until: date,
    now: datetime | None = None,
) -> dict[str, str]:
    """What stands in the way of scheduling this lab; empty when nothing does.

    A trainer schedules labs of their own; staff schedule for others (REQ-037).
    """
    now = now or timezone.now()
    wrong = _order_objections(meetings, enrol_until)
    if meetings[0].starts_at <= now:
        wrong["date_1"] = _("Session 1 is in the past. Choose a day that is still to come.")
        wrong.pop("enrol_until", None)
    elif enrol_until < timezone.localdate(now):
        wrong["enrol_until"] = _("This day is over. Choose a day that is still to come.")
    both = set(trainers.values())
    if len(both) < len(trainers):
        wrong[LabRole.Chair.INITIATIVES] = _("Choose two different trainers.")
    elif len(both) == len(LabRole.Chair) and by not in both and not by.is_staff:
        wrong[LabRole.Chair.MUNICIPAL] = _("Choose yourself as one of the two trainers.")
    if coordinator_email.strip().lower() in {trainer.email for trainer in both}:
        wrong["coordinator_email"] = _("A trainer cannot be the coordinator as well.")
    return wrong


def change_objections(
    lab: Lab,
    *,
    meetings: list[Meeting],
    enrol_until: date,
    capacity: int,
    coordinator_email: str,
    decide_on: date | None = None,
    now: datetime | None = None,
) -> dict[str, str]:
    """What stands in the way of this change; empty when nothing does.

    A session that is still to come cannot be moved into the past; one that has been may be put
    right. Enrolment may be closed by a day that is over.
    """
    now = now or timezone.now()
    wrong = _order_objections(meetings, enrol_until)
    for number, (before, after) in enumerate(
        zip(meetings_of(lab), meetings, strict=False), start=1
    ):
        still_to_come = before.starts_at is not None and before.starts_at > now
        if still_to_come and after.starts_at <= now:
            wrong[f"date_{number}"] = _("This moment is over. Choose a day that is still to come.")
    first_day = timezone.localdate(meetings[0].starts_at)
    if decide_on and decide_on != lab.decide_on and decide_on > first_day:
        wrong["decide_on"] = _("Decide at the latest on the day of session 1.")
    if sentence := labs.too_few_places(lab, capacity):
        wrong["capacity"] = sentence
    trainers = lab.roles.filter(role=LabRole.Role.TRAINER)
    if trainers.filter(user__email=coordinator_email.strip().lower()).exists():
        wrong["coordinator_email"] = _("A trainer cannot be the coordinator as well.")
    return wrong
