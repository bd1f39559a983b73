"""Two people at the same moment: whoever is second waits, and nothing is done twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from initiatives import register
from initiatives.models import Initiative
from sessions import visits
from sessions.models import LabInitiative, Visit
from tests.conftest import person_with
from tests.factories import InitiativeFactory, LabFactory, UserFactory, chosen
from werklab.access import TRAINER
from werklab.errors import Refused
from werklab.models import Event, OutgoingMail, PersonalLink

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Do these at the same moment, each with a connection of its own; says how each ended."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            act()
        except Refused:
            return "refused"
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def in_lab():
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    moment = (lab.starts_at, lab.sessions.get(number=1).ends_at)
    chosen(lab, initiative)
    return lab, initiative, person_with(TRAINER, lab), [moment]


def test_two_trainers_who_ask_the_same_initiative_make_one_visit():
    lab, initiative, trainer, slots = in_lab()

    def ask():
        visits.ask(trainer, lab, initiative, "Kruidenpad 14", 5, slots)

    assert at_once(ask, ask) == ["done", "refused"]
    assert (Visit.objects.count(), LabInitiative.objects.count()) == (1, 1)
    assert OutgoingMail.objects.count() == 1


def test_two_people_who_give_the_same_answer_give_one():
    lab, initiative, trainer, slots = in_lab()
    visit = visits.ask(trainer, lab, initiative, "Kruidenpad 14", 5, slots)

    def yes():
        visits.answer(visit, Visit.Answer.WELCOME)

    assert at_once(yes, yes) == ["done", "done"]
    assert OutgoingMail.objects.filter(kind="visit_confirmed").count() == 1
    assert Event.objects.filter(name="visit_confirmed").count() == 1


def test_two_people_who_answer_differently_leave_one_answer_and_both_are_heard():
    lab, initiative, trainer, slots = in_lab()
    visit = visits.ask(trainer, lab, initiative, "Kruidenpad 14", 5, slots)

    done = at_once(
        lambda: visits.answer(visit, Visit.Answer.WELCOME),
        lambda: visits.answer(visit, Visit.Answer.NOT_NOW),
    )

    visit.refresh_from_db()
    last = Event.objects.filter(object_type="visit", object_id=visit.pk).first()
    names = {Visit.Answer.WELCOME: "visit_confirmed", Visit.Answer.NOT_NOW: "visit_declined"}
    assert done == ["done", "done"]
    assert last.name == names[visit.answer]
    assert (visit.slot is not None) == (visit.answer == Visit.Answer.WELCOME)
    assert OutgoingMail.objects.filter(kind="visit_answered_yes").count() == 2
    assert OutgoingMail.objects.filter(kind="visit_declined").count() == 2


def test_two_people_who_write_the_same_initiative_down_write_one():
    lab, _initiative, trainer, _slots = in_lab()

    def add():
        register.add(
            trainer, municipality=lab.municipality, name="De Kruidhoek", description="Een tuin."
        )

    assert at_once(add, add) == ["done", "refused"]
    assert Initiative.objects.filter(name="De Kruidhoek").count() == 1


def test_an_answer_and_other_moments_at_once_leave_a_whole_visit():
    lab, initiative, trainer, slots = in_lab()
    visit = visits.ask(trainer, lab, initiative, "Kruidenpad 14", 5, slots)
    later = [(lab.sessions.get(number=2).starts_at, lab.sessions.get(number=2).ends_at)]

    done = at_once(
        lambda: visits.answer(visit, Visit.Answer.WELCOME, slot=visit.slots.get()),
        lambda: visits.offer(UserFactory(), visit, later),
    )

    visit.refresh_from_db()
    assert done in (["done", "done"], ["done", "refused"])
    assert (visit.answer, visit.slot) == (Visit.Answer.NONE, None)
    assert [slot.starts_at for slot in visit.slots.all()] == [later[0][0]]
    assert PersonalLink.objects.count() == 1
