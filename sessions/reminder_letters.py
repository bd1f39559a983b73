"""What stands in the letters that go by themselves, one function per kind.

Each is handed the lab with its programme, whom or what the reminder is about, the day of the
meeting where it is about one, and the name under which it goes `once`.
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sessions import visit_letters
from sessions.models import LabInitiative, LabSession, Visit
from werklab import calendar, letters, links, mail
from werklab.models import Enrolment, Invitation, Lab, LabRole, OutgoingMail

Written = OutgoingMail | None
DAYS_FOR_INTAKE = timedelta(days=7)  # before session 1, as `Lab.intake_deadline` says


def meetings_on(lab: Lab, day: date, *, initiatives: bool = False) -> list[LabSession]:
    """The sessions of this day: one, or all three parts of it; those at which initiatives are."""
    theirs = calendar.sessions_with_initiatives(lab)
    return [
        session
        for session in lab.programme()
        if session.starts_at
        and timezone.localdate(session.starts_at) == day
        and (not initiatives or session.number in theirs)
    ]


def _own_start(session: LabSession, initiatives: bool) -> str:
    """That the others come at another time, when they do (REQ-076)."""
    if session.begins_for_initiatives == session.starts_at:
        return ""
    if initiatives:
        at = date_format(timezone.localtime(session.starts_at), "G.i")
        return _("The civil servants are there from %(time)s.") % {"time": at}
    at = date_format(timezone.localtime(session.begins_for_initiatives), "G.i")
    return _("The initiatives come at %(time)s.") % {"time": at}


def _meeting(session: LabSession, initiatives: bool) -> str:
    starts_at = session.begins_for_initiatives if initiatives else session.starts_at
    lines = [
        session.title,
        _("When: %(moment)s") % {"moment": letters.moment(starts_at, session.ends_at)},
        _own_start(session, initiatives),
        _("Where: %(place)s") % {"place": session.place} if session.place else "",
        _("How to get there: %(route)s") % {"route": session.route} if session.route else "",
        session.accessibility
        and _("Accessibility: %(accessibility)s") % {"accessibility": session.accessibility},
    ]
    return "\n".join(line for line in lines if line)


def _session(lab: Lab, guest: Enrolment | LabInitiative, day: date, once: str) -> Written:
    """The sessions of one day, each with your own start time, in the calendar file too."""
    initiatives = isinstance(guest, LabInitiative)
    sessions = meetings_on(lab, day, initiatives=initiatives)
    appointments = calendar.session_appointments(lab)
    if initiatives:
        appointments = calendar.initiative_appointments(lab)
    to = _initiative(lab, guest) if isinstance(guest, LabInitiative) else _participant(lab, guest)
    return mail.send(
        "session_reminder",
        to=to["to"],
        lab=lab,
        context={
            **to,
            "session_day": date_format(day, "l j F"),
            "session_title": sessions[0].title if len(sessions) == 1 else lab.title,
            "meetings": "\n\n".join(_meeting(s, initiatives) for s in sessions),
        },
        person=None if isinstance(guest, LabInitiative) else guest.person,
        calendar=calendar.calendar_file(lab, appointments),
        once=once,
    )


def _participant(lab: Lab, enrolment: Enrolment) -> dict[str, str]:
    enrolment.lab = lab
    return {
        "to": enrolment.person.email,
        "first_name": enrolment.person.first_name,
        "programme_url": links.marked_url(letters.link_of(enrolment)),
    }


def _initiative(lab: Lab, guest: LabInitiative) -> dict[str, str]:
    """They have no page of their own; the public one tells what a werklab is and when."""
    page = reverse("werklab:join", args=[lab.join_code])
    contact = guest.initiative.contact
    return {
        "to": contact.email,
        "first_name": contact.first_name,
        "programme_url": settings.BASE_URL + page,
    }


def _intake(lab: Lab, enrolment: Enrolment, day: date, once: str) -> Written:
    enrolment.lab, first = lab, lab.programme()[0]
    before = timezone.localdate(first.starts_at) - DAYS_FOR_INTAKE
    return mail.send(
        "intake_reminder",
        to=enrolment.person.email,
        lab=lab,
        person=enrolment.person,
        context={
            "intake_deadline": date_format(before, "l j F"),
            "intake_url": links.marked_url(letters.link_of(enrolment), "intake/"),
            "first_session": _meeting(first, initiatives=False),
        },
        once=once,
    )


def _visit_asked(lab: Lab, visit: Visit, day: date, once: str) -> Written:
    visit.guest_of.lab = lab
    return visit_letters.remind("visit_reminder", visit, once)


def _visit_agreed(lab: Lab, visit: Visit, day: date, once: str) -> Written:
    visit.guest_of.lab = lab
    return visit_letters.remind("visit_soon", visit, once)


def _invited(lab: Lab, invitation: Invitation, day: date, once: str) -> Written:
    assert invitation.letter is not None
    assert invitation.letter.sent_at is not None
    assert lab.enrol_until is not None
    return mail.send(
        "invite_reminder",
        to=invitation.email,
        lab=lab,
        context={
            "first_name": (invitation.name.split() or [""])[0],
            "invited_day": date_format(timezone.localtime(invitation.letter.sent_at), "l j F"),
            "session_list": letters.programme_lines(lab),
            "enrol_deadline": date_format(lab.enrol_until, "l j F"),
            "enrol_url": settings.BASE_URL + reverse("werklab:join", args=[lab.join_code]),
        },
        once=once,
    )


def _decide(lab: Lab, role: LabRole, day: date, once: str) -> Written:
    return mail.send(
        "decide_to_go_on",
        to=role.user.email,
        lab=lab,
        person=role.user,
        context={
            "taken": lab.enrolments.seated().count(),
            "fewest": Lab.MIN_PARTICIPANTS,
            "decide_day": date_format(day, "l j F"),
            "session_list": letters.programme_lines(lab),
            "decide_url": settings.BASE_URL + reverse("werklab:decide", args=[lab.slug]),
        },
        once=once,
    )


WRITE: dict[str, Callable[..., Written]] = {
    "intake_reminder": _intake,
    "session_reminder": _session,
    "visit_reminder": _visit_asked,
    "visit_soon": _visit_agreed,
    "invite_reminder": _invited,
    "decide_to_go_on": _decide,
}
