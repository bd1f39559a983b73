"""The actions of choosing together and of the notes of a visit: see test_versions."""

from datetime import timedelta

from django.utils import timezone

from sessions import choosing, visit_notes
from sessions.models import VisitNote
from tests.factories import InitiativeFactory, LabInitiativeFactory, VisitFactory
from tests.werklab.actions_of_post import trainer


def over(lab):
    """A visit that has been, and the moment after it."""
    visit = VisitFactory(guest_of__lab=lab)
    visit.answer, visit.slot = "welcome", visit.slots.get()
    visit.answered_at = timezone.now()
    visit.save()
    return visit, visit.slot.ends_at + timedelta(hours=1)


def note_of(visit, **state):
    """A note of this visit."""
    return VisitNote.objects.create(visit=visit, kind="strength", text="Iedereen helpt.", **state)


def put_on_list(lab):
    """An initiative comes on the list."""
    initiative = InitiativeFactory(municipality=lab.municipality)
    return lambda: choosing.put_on(trainer(lab), lab, initiative)


def say(lab):
    """A side says what it thinks."""
    row = LabInitiativeFactory(lab=lab)
    return lambda: choosing.say(trainer(lab), row, choosing.LSA, "yes")


def write_note(lab):
    """Somebody writes down what was heard."""
    visit, now = over(lab)
    return lambda: visit_notes.write(trainer(lab), visit, "strength", "Iedereen helpt.", now=now)


def change_note(lab):
    """Other words for a note."""
    visit, now = over(lab)
    note = note_of(visit)
    return lambda: visit_notes.change(trainer(lab), note, "Iedereen doet mee.", now=now)


def remove_note(lab):
    """A note goes away."""
    visit, now = over(lab)
    note = note_of(visit)
    return lambda: visit_notes.remove(trainer(lab), note, now=now)


def send_notes(lab):
    """The notes lie before the initiative."""
    visit, now = over(lab)
    note_of(visit)
    return lambda: visit_notes.send(trainer(lab), visit, now=now)


def answer_notes(lab):
    """The initiative agrees."""
    visit, now = over(lab)
    note_of(visit, state="sent", sent_at=now)
    return lambda: visit_notes.answer(visit, {}, agrees=True, now=now)


def settle_notes(lab):
    """Seven days without an answer."""
    visit, now = over(lab)
    note_of(visit, state="sent", sent_at=now)
    return lambda: visit_notes.settle_notes(now + timedelta(days=7))


OF_VISITS = {
    "choosing.put_on": put_on_list,
    "choosing.say": say,
    "visit_notes.write": write_note,
    "visit_notes.change": change_note,
    "visit_notes.remove": remove_note,
    "visit_notes.send": send_notes,
    "visit_notes.answer": answer_notes,
    "visit_notes.settle_notes": settle_notes,
}
