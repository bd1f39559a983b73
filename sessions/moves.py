"""The letters about a session that moved: one draft for each whom it concerns, and nobody else.

A draft says when the session was, as this person knows it, and when it is now. What nobody has
sent yet is written anew at the next move: from the moment they know to the one that holds.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions import recipients
from sessions.meetings import Meeting, meeting_of
from sessions.models import KnownMoment, LabSession, Visit
from sessions.recipients import Recipient
from werklab import calendar, letters
from werklab.models import Enrolment, Lab, OutgoingMail

Moment = tuple[datetime, datetime, str]  # begin, end, place
Known = dict[int, Moment]  # by the primary key of a session: when somebody thinks it is
KINDS = {
    "participant": "sessions_moved",
    "coordinator": "sessions_moved_coordinator",
    "initiative": "sessions_moved_initiative",
}
WHO_HEARS = (Enrolment.Status.SEATED, Enrolment.Status.OFFERED, Enrolment.Status.WAITING)
WITH_INITIATIVES = (1, 3)  # in session 1 the group is their guest, in session 3 they are ours


def write_drafts(lab: Lab, before: Sequence[Meeting], now: datetime | None = None) -> bool:
    """Write a draft to everybody for whom a session is at another moment or place than before.

    Part of `programme.change_lab`. Says whether there are letters to send now.
    """
    prefetch_related_objects([lab], "sessions")
    moved = {role: _moved(lab, before, role, now or timezone.now()) for role in KINDS}
    if not any(moved.values()):
        return False
    known_before = _take_back(lab)
    people = recipients.recipients(lab, WHO_HEARS, [Visit.Answer.WELCOME])
    written = [
        _write(lab, one, moved[one.role] | known_before.get(one.to, {}), before) for one in people
    ]
    return any(written)


def view_of(meeting: Meeting, role: str) -> Moment:
    """A session as somebody with this role is told of it."""
    return meeting.for_initiatives if role == "initiative" else meeting.for_participants


def _moved(lab: Lab, before: Sequence[Meeting], role: str, now: datetime) -> Known:
    """The sessions that are no longer when or where they were; not what is over by any clock."""
    found = {}
    for session, old in zip(lab.programme(), before, strict=True):
        new = meeting_of(session)
        if old.starts_at is None or view_of(old, role) == view_of(new, role):
            continue
        if max(old.ends_at, new.ends_at) <= now:
            continue
        if role != "initiative" or session.number in WITH_INITIATIVES:
            found[session.pk] = view_of(old, role)
    return found


def _take_back(lab: Lab) -> dict[str, Known]:
    """Take the drafts of earlier moves away; what their readers know, by address."""
    drafts = list(lab.letters.drafts().filter(kind__in=KINDS.values()).select_for_update())
    known: dict[str, Known] = {letter.to: {} for letter in drafts}
    for moment in KnownMoment.objects.filter(letter__in=drafts).select_related("letter"):
        told = (moment.starts_at, moment.ends_at, moment.place)
        known[moment.letter.to][moment.lab_session_id] = told
    OutgoingMail.objects.filter(pk__in=[letter.pk for letter in drafts]).delete()
    return known


def _write(lab: Lab, one: Recipient, known: Known, before: Sequence[Meeting]) -> bool:
    """This person's draft, unless all is again as they know it."""
    told = [
        (session, known[session.pk])
        for session in lab.programme()
        if session.pk in known and known[session.pk] != view_of(meeting_of(session), one.role)
    ]
    if not told:
        return False
    seated, offered = one.status == Enrolment.Status.SEATED, one.role != "participant"
    file = calendar.calendar_file(lab, one.appointments(lab)) if seated or offered else ""
    letter = recipients.write(
        KINDS[one.role],
        one,
        lab,
        file,
        moved_list="\n".join(_line(session, old, one.role) for session, old in told),
        session_list=letters.programme_lines(lab),
        lab_url=settings.BASE_URL + lab.get_absolute_url(),
        visit_line=_visit_line(one.visit, told, before) if one.visit else "",
    )
    KnownMoment.objects.bulk_create(
        KnownMoment(
            letter=letter, lab_session=session, starts_at=old[0], ends_at=old[1], place=old[2]
        )
        for session, old in told
    )
    return True


def _line(session: LabSession, old: Moment, role: str) -> str:
    """What was and what is, in one line of a list."""
    new = view_of(meeting_of(session), role)
    words = {
        "number": session.number,
        "new": ", ".join(filter(None, (letters.moment(new[0], new[1]), session.whereabouts))),
        "old": ", ".join(filter(None, (letters.moment(old[0], old[1]), old[2]))),
    }
    return "- " + _("Session %(number)s is now: %(new)s. It was: %(old)s.") % words


def _visit_line(
    visit: Visit, told: list[tuple[LabSession, Moment]], before: Sequence[Meeting]
) -> str:
    """What becomes of the visit that was agreed: on the day that session 1 left it cannot be."""
    assert visit.slot is not None
    day = timezone.localdate(visit.slot.starts_at)
    moment = {"moment": letters.moment(visit.slot.starts_at, visit.slot.ends_at)}
    for session, old in told:
        left = timezone.localdate(old[0]) == day != timezone.localdate(session.starts_at)
        if session.number == 1 and left:
            words = _("We were to visit you on %(moment)s. We ask you for another moment.")
            return words % moment
    return _("Our visit to you stays on %(moment)s.") % moment
