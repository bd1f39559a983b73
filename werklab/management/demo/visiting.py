"""The visits of a demo lab: when and where, who of the group came along, what was heard."""

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from sessions import visit_notes
from sessions.models import (
    VISIT_KINDS,
    Card,
    LabInitiative,
    Side,
    Visit,
    VisitGuest,
    VisitNote,
    VisitSlot,
)
from werklab.management.demo.dates import begin_of
from werklab.models import Enrolment, Lab, LabRole

ASKED_BEFORE, ANSWERED_AFTER = timedelta(days=40), timedelta(days=3)
SENT_AFTER, AGREED_AFTER = timedelta(days=1), timedelta(days=4)
ABOUT = ("group_size", "route", "accessibility", "compensation")


def add_visits(
    lab: Lab, rows: list[dict], initiatives: dict[str, LabInitiative], enrolled: list[Enrolment]
) -> dict[str, Visit]:
    """Visits in session 1, with their slots, answers and groups, by the key of the initiative."""
    lab_session = lab.sessions.get(number=1)
    day = timezone.localtime(lab_session.starts_at)
    asked_at = min(day - ASKED_BEFORE, timezone.now() - timedelta(days=6))
    visits, guests = {}, []
    people = {enrolment.person.name: enrolment for enrolment in enrolled}
    for row in rows:
        visit = visits[row["initiative"]] = Visit.objects.create(
            lab_session=lab_session,
            guest_of=initiatives[row["initiative"]],
            place=row["place"],
            asked_at=asked_at,
            **{field: row[field] for field in ABOUT if field in row},
        )
        for number, (start, end) in enumerate(row["slots"], start=1):
            VisitSlot.objects.create(
                visit=visit, number=number, starts_at=_at(day, start), ends_at=_at(day, end)
            )
        if row["answer"] != Visit.Answer.NONE:
            visit.answer = row["answer"]
            visit.answered_at = visit.asked_at + ANSWERED_AFTER
            visit.slot = visit.slots.first() if row["answer"] == Visit.Answer.WELCOME else None
            visit.other_time, visit.note = row.get("other_time", ""), row.get("note", "")
            visit.save()
        guests += [
            VisitGuest(visit=visit, enrolment=people[name]) for name in row.get("guests", [])
        ]
    VisitGuest.objects.bulk_create(guests)
    return visits


def _at(day: datetime, time: str) -> datetime:
    hour, minute = map(int, time.split(":"))
    return day.replace(hour=hour, minute=minute)


def add_notes(
    lab: Lab,
    rows: list[dict],
    visits: dict[str, Visit],
    cards: dict[str, Card],
    shift: timedelta,
) -> None:
    """What initiatives said on a visit and agreed to is on the board; some lies there or waits."""
    _add_agreed(visits, cards)
    now = begin_of(shift)
    trainer = lab.roles.get(chair=LabRole.Chair.INITIATIVES).user
    for laid in (True, False):
        told = [row for row in rows if (row["state"] == VisitNote.State.SENT) is laid]
        for row in told:
            visit_notes.write(trainer, visits[row["initiative"]], row["kind"], row["text"], now=now)
        for key in sorted({row["initiative"] for row in told if laid}):
            visit_notes.send(trainer, visits[key], now=now)


def _add_agreed(visits: dict[str, Visit], cards: dict[str, Card]) -> None:
    """A note for each card that an initiative gave the group on its visit."""
    slots = {visit.guest_of_id: (visit, visit.slot) for visit in visits.values() if visit.slot}
    notes = []
    for card in cards.values():
        if card.side != Side.INITIATIVE or card.column.kind not in VISIT_KINDS:
            continue
        if card.heard_at_id not in slots:
            continue
        visit, slot = slots[card.heard_at_id]
        notes.append(
            VisitNote(
                visit=visit,
                kind=card.column.kind,
                text=card.text,
                state=VisitNote.State.AGREED,
                sent_at=slot.ends_at + SENT_AFTER,
                agreed_at=slot.ends_at + AGREED_AFTER,
                card=card,
            )
        )
    VisitNote.objects.bulk_create(notes)


def move(lab: Lab, by: timedelta, shift: timedelta) -> None:
    """Move along when notes were laid before an initiative and agreed on; visits move as slots."""
    until = begin_of(shift) + timedelta(days=1) - by
    VisitNote.objects.filter(visit__lab_session__lab=lab, sent_at__lte=until).update(
        sent_at=F("sent_at") + by, agreed_at=F("agreed_at") + by
    )
