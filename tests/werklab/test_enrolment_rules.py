"""Whatever people do in whatever order: never too many, no chair twice, no jump in the list."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.factories import LabFactory, UserFactory
from tests.werklab.enrolment_rules import Broken, agrees, replay
from werklab import enrolment as places
from werklab.errors import Refused
from werklab.handing_over import hand_over
from werklab.models import Enrolment

PEOPLE = st.integers(min_value=1, max_value=24)
ANSWERS = {
    "department": "Veiligheid",
    "function": "Adviseur",
    "contact_frequency": "Elke week",
}


class Hands(RuleBasedStateMachine):
    """A lab of ten chairs, and 24 people who do what they can do, and what they cannot do."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.lab = LabFactory(capacity=10)
        self.team, self.now = UserFactory(), timezone.now()

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def attempt(self, action, *args, **fields):
        """Do this; a refusal is an answer too, and changes nothing (the record would show it)."""
        with suppress(Refused):
            action(*args, now=self.now, **fields)

    def place_of(self, number):
        mine = self.lab.enrolments.filter(person__email=f"m{number}@oss.example")
        return mine.order_by("-number").select_related("person", "lab__municipality").first()

    def who(self, number):
        return {"name": f"Mens {number}", "email": f"m{number}@oss.example"}

    @rule(number=PEOPLE)
    def enrol(self, number):
        self.attempt(places.enrol, self.lab, **self.who(number), **ANSWERS)

    @initialize(people=st.sampled_from([9, 12, 14]))
    def the_first_come(self, people):
        for number in range(1, people + 1):
            self.enrol(number)

    @rule(number=PEOPLE)
    def typed_in(self, number):
        self.attempt(places.enrol, self.lab, by=self.team, **self.who(number), **ANSWERS)

    @rule(number=PEOPLE)
    def from_outside(self, number):
        who = {"name": f"Gast {number}", "email": f"g{number}@elders.example"}
        self.attempt(places.enrol, self.lab, **who, **ANSWERS)

    @rule(yes=st.booleans())
    def the_coordinator_answers(self, yes):
        asks = self.lab.enrolments.filter(status=Enrolment.Status.TO_CONFIRM).first()
        if asks and yes:
            places.admit(self.team, asks)
        elif asks:
            places.refuse(self.team, asks)

    @rule(number=PEOPLE)
    def withdraw(self, number):
        if mine := self.place_of(number):
            self.attempt(places.withdraw, None, mine)

    @rule(seat=st.integers(min_value=1, max_value=10))
    def leave_a_chair(self, seat):
        if mine := self.lab.enrolments.seated().filter(seat=seat).first():
            self.attempt(places.withdraw, None, mine)

    @rule(number=PEOPLE, yes=st.booleans())
    def answer_an_offer(self, number, yes):
        offered = self.lab.enrolments.filter(status=Enrolment.Status.OFFERED).first()
        if mine := offered or self.place_of(number):
            self.attempt(places.accept_offer if yes else places.decline_offer, None, mine)

    @rule(number=PEOPLE, to=PEOPLE)
    def hand_over(self, number, to):
        if mine := self.place_of(number):
            fields = {key: ANSWERS[key] for key in ("function", "contact_frequency")}
            self.attempt(hand_over, mine.person, mine, **self.who(to), **fields)

    @rule(hours=st.sampled_from([1, 71, 72]))
    def time_passes(self, hours):
        self.now = min(self.now + timedelta(hours=hours), timezone.now() + timedelta(days=10))
        places.end_offers(self.now)

    @rule(on=st.booleans())
    def approval(self, on):
        type(self.lab).objects.filter(pk=self.lab.pk).update(approves_enrolments=on)

    @invariant()
    def the_record_says_what_the_rows_say(self):
        agrees(self.lab)


def test_whatever_people_do_the_rules_hold():
    run_state_machine_as_test(
        Hands,
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize(
    ("record", "what"),
    [
        ([("enrolled", 1, "seat 1"), ("enrolled", 2, "seat 1")], "chair 1 twice"),
        ([("enrolled", 1, "seat 3")], "not there"),
        ([("enrolled", 1, "waiting 1"), ("enrolled", 2, "seat 1")], "jumps"),
        ([("enrolled", 1, "seat 1"), ("enrolled", 1, "seat 2")], "two places"),
        (
            [
                ("enrolled", 1, "waiting 7"),
                ("enrolled", 2, "waiting 8"),
                ("place_offered", 2, "offered 1"),
            ],
            "past 1",
        ),
        ([("enrolled", 1, "seat 1"), ("withdrawn", 1, "left seat 2")], "have not"),
        ([("enrolled", 1, "seat 1"), ("handed_over", 2, "seat 1 from 9")], "have not"),
        ([("offer_accepted", 1, "seat 1")], "no offer"),
        ([("enrolment_admitted", 1, "seat 1")], "nowhere"),
    ],
)
def test_a_record_that_breaks_a_rule_is_noticed(record, what):
    with pytest.raises(Broken, match=what):
        replay(record, 2)


def test_rows_that_do_not_follow_from_the_record_are_noticed():
    lab = LabFactory()
    places.enrol(lab, name="Mens", email="m@oss.example", **ANSWERS)
    assert agrees(lab).seated
    lab.enrolments.update(seat=2)

    with pytest.raises(Broken, match="the rows say"):
        agrees(lab)
