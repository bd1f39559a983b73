"""Many people at the same second: every chair once, nobody lost, the list in its order."""

import contextlib
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from tests.factories import EnrolmentFactory, LabFactory, in_days
from werklab.enrolment import accept_offer, decline_offer, end_offers, enrol, withdraw
from werklab.errors import Refused
from werklab.models import Enrolment, Lab, OutgoingMail, PersonalLink

pytestmark = pytest.mark.django_db(transaction=True)
Status = Enrolment.Status
AT_ONCE = 20


def all_at_once(action, arguments):
    """Do this with each argument, twenty at a time, each with its own connection."""

    def run(argument):
        try:
            return action(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, arguments))


def person(number):
    return {
        "name": f"Mens {number}",
        "email": f"mens-{number}@oss.example",
        "department": "Veiligheid",
        "function": "Adviseur",
        "contact_frequency": "Elke week",
    }


@pytest.mark.req("REQ-043")
def test_a_hundred_people_at_once_take_fifteen_chairs_once_and_queue_in_order():
    lab = LabFactory()

    made = all_at_once(lambda number: enrol(lab, **person(number)), range(100))

    seats = [e.seat for e in lab.enrolments.seated().order_by("number")]
    waiting = list(lab.enrolments.waiting())
    assert len(made) == 100
    assert seats == list(range(1, 16))
    assert [e.place_in_line for e in waiting] == list(range(1, 86))
    assert max(e.number for e in lab.enrolments.seated()) < min(e.number for e in waiting)
    letters = OutgoingMail.objects.values_list("kind", flat=True)
    assert sorted(letters) == ["place_confirmed"] * 15 + ["waiting_list"] * 85
    assert PersonalLink.objects.count() == 100


@pytest.mark.req("REQ-043")
def test_two_people_on_the_last_chair():
    lab = LabFactory(taken=14)

    made = all_at_once(lambda number: enrol(lab, **person(number)), range(2))

    assert sorted(e.seat or 0 for e in made) == [0, 15]


def test_one_form_sent_twenty_times_at_once_is_one_place_and_one_letter():
    lab = LabFactory()

    made = all_at_once(lambda _: enrol(lab, **person(1)), range(20))

    assert len({e.pk for e in made}) == 1
    assert sum(e.just_made for e in made) == 1
    assert OutgoingMail.objects.count() == 1


def test_the_same_person_in_two_labs_at_once_is_one_person():
    labs = [LabFactory(), LabFactory()]

    made = all_at_once(lambda lab: enrol(lab, **person(1)), labs * 5)

    assert len({e.person_id for e in made}) == 1
    assert Enrolment.objects.count() == 2


def test_chairs_given_back_while_others_come_are_each_held_for_one_person():
    lab = LabFactory(taken=15)
    for _ in range(5):
        EnrolmentFactory(lab=lab, status=Status.WAITING)
    leavers = list(lab.enrolments.seated()[:5])
    steps = [lambda e=e: withdraw(None, e) for e in leavers]
    steps += [lambda n=n: enrol(lab, **person(n)) for n in range(5)]
    random.Random(7).shuffle(steps)

    all_at_once(lambda step: step(), steps)

    lab = Lab.objects.get(pk=lab.pk)
    offered = list(lab.enrolments.filter(status=Status.OFFERED))
    seats = sorted(lab.enrolments.on_a_chair().values_list("seat", flat=True))
    assert seats == list(range(1, 16))
    assert len(offered) == 5
    assert {e.person.email.startswith("mens-") for e in offered} == {False}
    assert lab.enrolments.waiting().count() == 5


@pytest.mark.parametrize("answer", [accept_offer, decline_offer])
def test_an_answer_in_the_second_in_which_the_offer_ends_and_the_worker_passes_it_on(answer):
    lab = LabFactory(taken=14)
    until = in_days(3)
    offered = EnrolmentFactory(
        lab=lab, status=Status.OFFERED, seat=15, offered_until=until, number=2001
    )
    others = [EnrolmentFactory(lab=lab, status=Status.WAITING, number=2002 + n) for n in range(3)]
    just_before = until - timedelta(microseconds=1)

    def answered(_):
        with contextlib.suppress(Refused):
            answer(None, offered, just_before)

    steps = [answered, *[lambda _: end_offers(until)] * 3] * 2
    all_at_once(lambda step: step(None), steps)

    offered.refresh_from_db()
    others[0].refresh_from_db()
    kept = offered.status == Status.SEATED
    assert offered.status in (Status.SEATED, Status.WITHDRAWN)
    assert (others[0].status, others[0].seat) == (
        (Status.WAITING, None) if kept else (Status.OFFERED, 15)
    )
    assert {one.status for one in lab.enrolments.filter(number__gt=2002)} == {Status.WAITING}
    told = [letter.kind for letter in OutgoingMail.objects.filter(person=offered.person)]
    assert told in ([["place_confirmed"]] if kept else [["offer_ended"], ["withdrawn"]])
