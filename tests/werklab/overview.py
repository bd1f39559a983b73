"""A lab at work, for the tests of what its overview shows."""

from django.utils import timezone

from sessions.models import Visit
from tests.factories import LabInitiativeFactory, VisitFactory
from werklab import access
from werklab.access import COORDINATOR, TRAINER
from werklab.models import Lab
from werklab.views import reading, todo

EVERYTHING = frozenset(access.MAY)
TRAINERS = frozenset(ability for ability, roles in access.MAY.items() if TRAINER in roles)
COORDINATORS = frozenset(ability for ability, roles in access.MAY.items() if COORDINATOR in roles)


def facts_of(lab, now=None):
    """What the overview knows of this lab."""
    return reading.read([Lab.objects.get(pk=lab.pk)], now)[lab.pk]


def urls(lab, may=TRAINERS, now=None):
    """Where the things to do in this lab are done, without the lab's own address."""
    tasks = todo.tasks(facts_of(lab, now), may)
    return [task.url.removeprefix(f"/werklabs/{lab.slug}/") for task in tasks]


def visit(lab, answer="welcome", **fields):
    """A visit in this lab that was answered like this."""
    made = VisitFactory(guest_of=LabInitiativeFactory(lab=lab, **fields))
    if answer != Visit.Answer.NONE:
        made.answer, made.answered_at = answer, timezone.now()
        made.slot = made.slots.first() if answer == Visit.Answer.WELCOME else None
        made.save()
    return made
