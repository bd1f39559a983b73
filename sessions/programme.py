"""The programme of a lab: schedule it with its three sessions, and change what was agreed."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions.models import Column, LabSession
from werklab import enrolment, events, labs, people
from werklab.errors import Refused
from werklab.models import Lab, Municipality, User

PROGRAMMES_FILE = Path(__file__).parent / "data" / "programmes.json"


@dataclass(frozen=True)
class Meeting:
    """When and where one session is."""

    starts_at: datetime
    ends_at: datetime
    place: str


@cache
def programmes() -> dict[str, list[dict]]:
    """The templates of the three sessions per form of lab: titles, goals, blocks and columns."""
    return json.loads(PROGRAMMES_FILE.read_text())


def check_order(meetings: list[Meeting]) -> None:
    """Raise Refused when a session ends before it begins, or begins before the last one ended.

    Three parts of one day are fine (REQ-073); out of order never is.
    """
    for number, meeting in enumerate(meetings, start=1):
        if meeting.ends_at <= meeting.starts_at:
            raise Refused(_("Session %(number)s ends before it begins.") % {"number": number})
        if number > 1 and meeting.starts_at < meetings[number - 2].ends_at:
            raise Refused(
                _("Session %(number)s begins before session %(before)s has ended.")
                % {"number": number, "before": number - 1}
            )


def check_closing_day(enrol_until: date, meetings: list[Meeting]) -> None:
    """Raise Refused when enrolment would close after session 1 has begun."""
    if enrol_until > timezone.localdate(meetings[0].starts_at):
        raise Refused(_("Enrolment closes at the latest on the day of session 1."))


@transaction.atomic
def schedule_lab(
    by: User,
    *,
    municipality: Municipality,
    trainers: dict[str, User],
    coordinator_name: str,
    coordinator_email: str,
    meetings: list[Meeting],
    enrol_until: date,
    capacity: int,
    contact_phone: str,
    now: datetime | None = None,
) -> Lab:
    """Make a lab with trainers, coordinator, three sessions and their boards; tell the coordinator.

    `trainers` is by chair: {"municipal": …, "initiatives": …}. Raises Refused when the sessions are
    out of order or in the past, or when both chairs have the same trainer.
    """
    check_order(meetings)
    check_closing_day(enrol_until, meetings)
    if meetings[0].starts_at <= (now or timezone.now()):
        raise Refused(_("Session 1 is in the past. Choose a day that is still to come."))
    one_day = len({timezone.localdate(meeting.starts_at) for meeting in meetings}) == 1
    coordinator = people.person_for(coordinator_email, coordinator_name)
    lab = labs.open_lab(
        by,
        municipality=municipality,
        trainers=trainers,
        coordinator=coordinator,
        capacity=capacity,
        enrol_until=enrol_until,
        contact_phone=contact_phone,
        format=Lab.Format.ONE_DAY if one_day else Lab.Format.THREE_SESSIONS,
    )
    make_sessions(lab, meetings)
    events.record(by, "lab_scheduled", lab, lab=lab)
    labs.invite_coordinator(lab, coordinator)
    return lab


def make_sessions(lab: Lab, meetings: list[Meeting]) -> None:
    """Copy the template's sessions and board columns into a lab (REQ-042, REQ-057, REQ-062, REQ-068)."""
    for template, meeting in zip(programmes()[lab.format], meetings, strict=True):
        lab_session = LabSession.objects.create(
            lab=lab,
            number=template["number"],
            title=template["title"],
            goal=template["goal"],
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            place=meeting.place,
        )
        columns = [(block["block"], column) for block in template["blocks"] for column in block["columns"]]
        Column.objects.bulk_create(
            Column(lab_session=lab_session, order=order, block=block, **column)
            for order, (block, column) in enumerate(columns, start=1)
        )


@transaction.atomic
def change_lab(
    by: User,
    lab: Lab,
    *,
    meetings: list[Meeting],
    enrol_until: date,
    capacity: int,
    contact_name: str,
    contact_email: str,
    contact_phone: str,
    coordinator_name: str,
    coordinator_email: str,
    mail_domains: list[str],
) -> tuple[Lab, bool]:
    """Change dates, places and contact of a lab; says whether a session was moved.

    A moved session keeps its calendar entry: the same UID with a sequence one higher. Raises
    Refused when the order is wrong, too few places would be left, or the lab is over.
    """
    lab = Lab.objects.select_for_update().select_related("municipality").get(pk=lab.pk)
    if lab.status in (Lab.Status.CLOSED, Lab.Status.CANCELLED):
        raise Refused(_("This lab is finished. Nothing can be changed any more."))
    check_order(meetings)
    check_closing_day(enrol_until, meetings)
    labs.fit_seats(lab, capacity)
    moved = [
        _move(lab_session, meeting)
        for lab_session, meeting in zip(lab.programme(), meetings, strict=True)
    ]
    lab.enrol_until, lab.capacity = enrol_until, capacity
    lab.contact_name, lab.contact_email = contact_name, contact_email
    lab.contact_phone = contact_phone
    lab.save(
        update_fields=["enrol_until", "capacity", "contact_name", "contact_email", "contact_phone"]
    )
    lab.municipality.mail_domains = mail_domains
    lab.municipality.save(update_fields=["mail_domains"])
    labs.change_coordinator(lab, coordinator_name, coordinator_email)
    enrolment.offer_free_seats(lab, timezone.now())
    events.record(by, "lab_changed", lab, lab=lab)
    return lab, any(moved)


def _move(lab_session: LabSession, meeting: Meeting) -> bool:
    before = (lab_session.starts_at, lab_session.ends_at, lab_session.place)
    after = (meeting.starts_at, meeting.ends_at, meeting.place)
    if before == after:
        return False
    lab_session.starts_at, lab_session.ends_at, lab_session.place = after
    lab_session.sequence += 1
    lab_session.save(update_fields=["starts_at", "ends_at", "place", "sequence"])
    return True
