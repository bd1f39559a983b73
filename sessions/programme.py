"""The programme of a lab: schedule it with its three sessions, and change what was agreed."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions import moves
from sessions.meetings import (
    Meeting,
    change_objections,
    day_to_decide,
    form_of,
    meeting_of,
    meetings_of,
    schedule_objections,
)
from sessions.models import Column, LabSession
from werklab import enrolment, events, labs, letters, people
from werklab.errors import Refused
from werklab.models import Lab, LabRole, Municipality, User

PROGRAMMES_FILE = Path(__file__).parent / "data" / "programmes.json"


@cache
def programmes() -> dict[str, list[dict]]:
    """The templates of the three sessions per form of lab: titles, goals, blocks and columns."""
    return json.loads(PROGRAMMES_FILE.read_text())


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

    `trainers` is by chair: {"municipal": …, "initiatives": …}. The same form sent twice is one lab:
    the second time gives the lab of the first. Raises Refused when something stands in the way (see
    `schedule_objections`), or when these two trainers have another lab here at that moment.
    """
    wrong = schedule_objections(
        by,
        trainers=trainers,
        coordinator_email=coordinator_email,
        meetings=meetings,
        enrol_until=enrol_until,
        now=now,
    )
    if wrong:
        raise Refused(" ".join(wrong.values()))
    # One at a time per municipality: whoever sends a form twice waits here for the first.
    municipality = Municipality.objects.select_for_update().get(pk=municipality.pk)
    coordinator = people.person_for(coordinator_email, coordinator_name)
    fields = {
        "capacity": capacity,
        "enrol_until": enrol_until,
        "contact_phone": contact_phone,
        "format": form_of(meetings),
    }
    lab = scheduled_before(municipality, trainers, meetings)
    if lab is not None:
        return _the_same(lab, meetings, coordinator, fields)
    fields["decide_on"] = day_to_decide(meetings, now)
    lab = labs.open_lab(
        by, municipality=municipality, trainers=trainers, coordinator=coordinator, **fields
    )
    make_sessions(lab, meetings)
    events.record(by, "lab_scheduled", lab, lab=lab)
    labs.invite_coordinator(lab, coordinator)
    return lab


def scheduled_before(
    municipality: Municipality, trainers: dict[str, User], meetings: list[Meeting]
) -> Lab | None:
    """The lab that these two trainers have here from this moment on, if there is one."""
    there = municipality.labs.exclude(status=Lab.Status.CANCELLED)
    for trainer in trainers.values():
        there = there.filter(roles__user=trainer, roles__role=LabRole.Role.TRAINER)
    return there.filter(sessions__number=1, sessions__starts_at=meetings[0].starts_at).first()


def _the_same(lab: Lab, meetings: list[Meeting], coordinator: User, fields: dict) -> Lab:
    """This lab, if it is just what was asked for; otherwise Refused, so that nothing gets lost."""
    as_agreed = all(getattr(lab, name) == value for name, value in fields.items())
    theirs = lab.roles.filter(role=LabRole.Role.COORDINATOR, user=coordinator).exists()
    if as_agreed and theirs and meetings_of(lab) == meetings:
        return lab
    raise Refused(
        _("You scheduled this werklab before. Open it under My werklabs and change it there.")
    )


def make_sessions(lab: Lab, meetings: list[Meeting] | None = None) -> None:
    """Copy the template of the sessions and boards (REQ-042, REQ-057, REQ-062, REQ-068).

    Without meetings they have no dates yet.
    """
    templates = programmes()[lab.format]
    known: Sequence[Meeting | None] = meetings or [None] * len(templates)
    for template, meeting in zip(templates, known, strict=True):
        lab_session = LabSession.objects.create(
            lab=lab,
            number=template["number"],
            title=template["title"],
            goal=template["goal"],
            **(meeting.fields() if meeting else {}),
        )
        add_columns(lab_session)


def add_columns(lab_session: LabSession) -> None:
    """Copy the columns of this session's template onto its board."""
    template = programmes()[lab_session.lab.format][lab_session.number - 1]
    columns = [
        (block["block"], column) for block in template["blocks"] for column in block["columns"]
    ]
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
    decide_on: date | None = None,
    now: datetime | None = None,
) -> tuple[Lab, bool]:
    """Change dates, places and contact of a lab; says whether letters wait that tell of a move.

    A moved session keeps its calendar entry: the same UID with a sequence one higher; personal
    links live as long as the new dates ask; whoever must hear of it gets a draft (see `moves`).
    Raises Refused when the lab is over or something stands in the way (see `change_objections`).
    """
    now = now or timezone.now()
    lab = Lab.objects.select_for_update().select_related("municipality").get(pk=lab.pk)
    if lab.status in (Lab.Status.CLOSED, Lab.Status.CANCELLED):
        raise Refused(_("This lab is finished. Nothing can be changed any more."))
    wrong = change_objections(
        lab,
        meetings=meetings,
        enrol_until=enrol_until,
        capacity=capacity,
        coordinator_email=coordinator_email,
        decide_on=decide_on,
        now=now,
    )
    if wrong:
        raise Refused(" ".join(wrong.values()))
    labs.fit_seats(by, lab, capacity)
    before = meetings_of(lab)
    for lab_session, meeting in zip(lab.programme(), meetings, strict=True):
        _move(lab_session, meeting)
    fields = {
        "decide_on": _decide_on(lab, decide_on, before, meetings, now),
        "enrol_until": enrol_until,
        "capacity": capacity,
        "contact_name": contact_name,
        "contact_email": contact_email,
        "contact_phone": contact_phone,
        "format": form_of(meetings),
    }
    labs.change_fields(lab, mail_domains=mail_domains, **fields)
    labs.change_coordinator(lab, coordinator_name, coordinator_email)
    letters.prolong_links(lab)
    enrolment.offer_free_seats(lab, now)
    events.record(by, "lab_changed", lab, lab=lab, detail=f"capacity {capacity}")
    return lab, moves.write_drafts(lab, before, now)


def _decide_on(
    lab: Lab,
    asked: date | None,
    before: list[Meeting],
    after: list[Meeting],
    now: datetime,
) -> date | None:
    """The day to decide moves along with session 1, unless somebody chose another day."""
    moved = before[0].starts_at != after[0].starts_at
    if moved and asked == lab.decide_on and lab.decided_at is None:
        return day_to_decide(after, now)
    return asked


def _move(lab_session: LabSession, meeting: Meeting) -> None:
    """Put a session at another moment or place; its calendar entry then counts one up."""
    before = meeting_of(lab_session)
    if before == meeting:
        return
    moved = (before.for_participants, before.for_initiatives) != (
        meeting.for_participants,
        meeting.for_initiatives,
    )
    fields = meeting.fields()
    for name, value in fields.items():
        setattr(lab_session, name, value)
    lab_session.sequence += 1 if moved and before.starts_at is not None else 0
    lab_session.save(update_fields=[*fields, "sequence"])
