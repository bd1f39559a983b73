"""Notes of a visit: what was heard, in the residents' words, under the five questions.

The group writes; a trainer lays it before the initiative, which puts it right by its link, takes
something out or agrees. What they agree on, or leave unanswered for seven days, becomes a card on
the board of session 1: only from there can it go on to the advice. The logbook tells that it
happened, never what was written.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions import advice, boards, visit_letters
from sessions.models import VISIT_KINDS, Card, Column, Report, Side, Visit, VisitNote
from werklab import events
from werklab.errors import Refused
from werklab.models import Event, Lab, User

log = logging.getLogger(__name__)

State = VisitNote.State
LONGEST = Card.MOST_CHARACTERS
ANSWER_WITHIN = timedelta(days=7)


def _with_turn(visit: Visit, now: datetime) -> Lab:
    """Wait for whoever writes in this lab now; raises Refused when nothing can be noted."""
    lab = advice.take_turn(visit.guest_of.lab)
    if lab.status != Lab.Status.LIVE:
        raise Refused(_("This lab is not open. Nothing can be noted now."))
    if visit.slot is None or visit.slot.starts_at > now:
        raise Refused(_("The visit has not been yet. Afterwards you write down what you heard."))
    return lab


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(_("Write what they said."))
    if len(text) > LONGEST:
        raise Refused(_("Keep it shorter: at most %(most)s characters.") % {"most": LONGEST})
    return text


@transaction.atomic
def write(
    by: User, visit: Visit, kind: str, text: str, *, now: datetime | None = None
) -> VisitNote:
    """Write down what was heard under one of the five questions; the group sees it, nobody else."""
    lab, text = _with_turn(visit, now or timezone.now()), _checked(text)
    if kind not in VISIT_KINDS:
        raise Refused(_("Choose one of the five questions."))
    note = visit.notes.filter(kind=kind, text=text).first()
    if note is None:
        note = VisitNote.objects.create(visit=visit, kind=kind, text=text)
        events.record(by, "visit_note_written", visit, lab=lab)
    return note


def _draft(note: VisitNote, now: datetime) -> tuple[VisitNote, Lab]:
    """A note that still is the group's own; raises Refused once the initiative has it."""
    lab = _with_turn(note.visit, now)
    fresh = VisitNote.objects.select_related("visit").filter(pk=note.pk).first()
    if fresh is None:
        raise Refused(_("Somebody took this note away."))
    if fresh.state != State.DRAFT:
        raise Refused(_("The initiative has this note now. Only they can change it."))
    return fresh, lab


@transaction.atomic
def change(by: User, note: VisitNote, text: str, *, now: datetime | None = None) -> VisitNote:
    """Other words for a note that was not laid before the initiative yet."""
    note, lab = _draft(note, now or timezone.now())
    note.text = _checked(text)
    note.save(update_fields=["text"])
    events.record(by, "visit_note_changed", note.visit, lab=lab)
    return note


@transaction.atomic
def remove(by: User, note: VisitNote, *, now: datetime | None = None) -> None:
    """Take away a note that was not laid before the initiative yet."""
    note, lab = _draft(note, now or timezone.now())
    note.delete()
    events.record(by, "visit_note_removed", note.visit, lab=lab)


@transaction.atomic
def send(by: User, visit: Visit, *, now: datetime | None = None) -> int:
    """Lay all new notes of a visit before the initiative, by a letter with its own link.

    How many were laid before it. Raises Refused when there is nothing new to read.
    """
    now = now or timezone.now()
    lab = _with_turn(visit, now)
    count = visit.notes.filter(state=State.DRAFT).update(state=State.SENT, sent_at=now)
    if not count:
        raise Refused(_("There is nothing new to send. Write a note first."))
    events.record(by, "visit_notes_sent", visit, lab=lab)
    visit_letters.lay_notes_before(visit)
    return count


def with_initiative(visit: Visit) -> list[VisitNote]:
    """The notes that lie before the initiative now."""
    return list(visit.notes.filter(state=State.SENT))


@transaction.atomic
def answer(
    visit: Visit, texts: Mapping[int, str], *, agrees: bool, now: datetime | None = None
) -> Visit:
    """What the initiative makes of the notes that lie before it, by its link.

    `texts` holds, by key, how a note should read; an empty one is taken out. Who `agrees` lets all
    of them go on to the board. Notes that were settled in the meantime stay as they are.
    """
    now = now or timezone.now()
    lab = advice.take_turn(visit.guest_of.lab)
    if lab.status != Lab.Status.LIVE:
        raise Refused(_("The werklab is over. Nothing can be changed any more."))
    notes, changed = with_initiative(visit), False
    for note in notes:
        text = texts.get(note.pk, note.text).strip()
        if len(text) > LONGEST:
            raise Refused(_("Keep it shorter: at most %(most)s characters.") % {"most": LONGEST})
        changed |= _put_right(note, text)
    if agrees:
        _settle(visit, with_initiative(visit), now)
    if notes and (changed or agrees):
        name = "visit_notes_agreed" if agrees else "visit_notes_corrected"
        events.record(None, name, visit, lab=lab, by_name=str(visit), via=Event.Via.LINK)
    return visit


def _put_right(note: VisitNote, text: str) -> bool:
    """Whether the initiative wanted another text, or none."""
    if text == note.text:
        return False
    if not text:
        note.delete()
        return True
    note.text, note.by_initiative = text, True
    note.save(update_fields=["text", "by_initiative"])
    return True


def _settle(visit: Visit, notes: Sequence[VisitNote], now: datetime) -> None:
    """These notes are agreed; each hangs on the board of session 1 once."""
    columns = {one.kind: one for one in Column.objects.filter(lab_session=visit.lab_session_id)}
    for note in notes:
        column = columns.get(note.kind)
        if column is not None and note.card_id is None:
            note.card, _secret = boards.add_card(
                None, column, text=note.text, side=Side.INITIATIVE, heard_at=visit.guest_of
            )
        note.state, note.agreed_at = State.AGREED, now
        note.save(update_fields=["card", "state", "agreed_at"])


def settle_notes(now: datetime | None = None) -> int:
    """Let go on what lay before an initiative for seven days: the worker's task, safe to run twice.

    How many visits had such notes. One that fails is logged and does not hold up the others.
    """
    now = now or timezone.now()
    waited = VisitNote.objects.filter(state=State.SENT, sent_at__lte=now - ANSWER_WITHIN)
    open_labs = waited.filter(visit__guest_of__lab__status=Lab.Status.LIVE).exclude(
        visit__guest_of__lab__in=Report.objects.standing().order_by().values("lab")
    )
    settled = 0
    for pk in sorted(set(open_labs.order_by().values_list("visit", flat=True))):
        try:
            settled += _settle_unanswered(pk, now)
        except Exception:
            log.exception("The notes of visit %s could not be settled", pk)
    return settled


@transaction.atomic
def _settle_unanswered(pk: int, now: datetime) -> bool:
    visit = Visit.objects.select_related("guest_of__lab", "guest_of__initiative").get(pk=pk)
    lab = advice.take_turn(visit.guest_of.lab)
    notes = [note for note in with_initiative(visit) if _waited(note, now)]
    _settle(visit, notes, now)
    if notes:
        events.record(None, "visit_notes_settled", visit, lab=lab, via=Event.Via.WORKER)
    return bool(notes)


def _waited(note: VisitNote, now: datetime) -> bool:
    return note.sent_at is not None and note.sent_at <= now - ANSWER_WITHIN
