"""A bad day for the post: the server drops, delays, refuses and dies; the worker is killed."""

import random
import time
from collections import Counter

import pytest
from django.db import connection

from tests.factories import LabFactory, UserFactory
from tests.journeys.post_office import GONE, PATIENCE, Moods, at_work, post_office
from werklab import mail
from werklab.models import OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)
Status = OutgoingMail.Status
SEED, KILLS, LETTERS, UNKNOWN = 2027, 20, 60, 6
SOON = {"MAIL_LEASE": "1", "MAIL_PAUSES": "0.1,0.1,0.2,0.2,0.3"}


def write(count, unknown=0):
    """So many letters that are due, some of them to people who are not there."""
    lab, person = LabFactory(), UserFactory()
    for number in range(count):
        who = GONE if number < unknown else "mens-"
        mail.send("withdrawn", to=f"{who}{number}@oss.example", lab=lab, person=person)
    return set(OutgoingMail.objects.values_list("message_id", flat=True))


def left():
    return OutgoingMail.objects.filter(status=Status.DUE).count()


def wait_until_all_went():
    deadline = time.monotonic() + PATIENCE
    while left() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left() == 0


def shown_as(status):
    return set(OutgoingMail.objects.filter(status=status).values_list("message_id", flat=True))


def test_no_letter_is_lost_and_none_comes_twice_but_for_a_kill(tmp_path, record_property):
    due, dice = write(LETTERS, UNKNOWN), random.Random(SEED)
    moods = Moods(SEED, slow=(0.01, 0.08), chance=0.08)

    with post_office(moods) as variables:
        for _kill in range(KILLS):
            with at_work(variables | SOON, tmp_path) as worker:
                time.sleep(dice.uniform(0, 0.4))
                worker.kill()
        left_after_the_kills = left()
        with at_work(variables | SOON, tmp_path):
            wait_until_all_went()

    copies = Counter(moods.received)
    extra = sum(copies.values()) - len(copies)
    record_property("extra copies", extra)
    print(f"{connection.vendor}: {len(due)} letters, {KILLS} kills, {moods.troubles} troubles,")
    print(f"{left_after_the_kills} left after the kills, {extra} extra copies,")
    print(f"{len(shown_as(Status.FAILED))} failed of which {UNKNOWN} unknown")
    assert set(copies) | shown_as(Status.FAILED) == due
    assert shown_as(Status.SENT) <= set(copies)
    assert left_after_the_kills > 0
    assert moods.troubles > 0
    assert extra <= KILLS
    unknown = OutgoingMail.objects.filter(to__startswith=GONE)
    assert {letter.status for letter in unknown} == {Status.FAILED}
    assert moods.refused <= UNKNOWN + KILLS


def test_two_workers_at_once_post_each_letter_once_however_slow_the_server(tmp_path):
    due = write(40)
    moods = Moods(SEED, slow=(0.08, 0.12))

    with post_office(moods) as variables:
        # The lease is enough for the letters in hand, not for a whole round.
        variables |= {"MAIL_LEASE": "2"}
        with at_work(variables, tmp_path), at_work(variables, tmp_path):
            wait_until_all_went()

    assert Counter(moods.received) == Counter(due)
    assert shown_as(Status.SENT) == due


def test_a_server_slower_than_the_lease_gets_each_letter_once_from_two_workers(tmp_path):
    due = write(10)
    moods = Moods(SEED, slow=(0.25, 0.3))

    with post_office(moods) as variables:
        # The lease is enough for one letter or two, not for all that a worker has in hand.
        variables |= {"MAIL_LEASE": "1"}
        with at_work(variables, tmp_path), at_work(variables, tmp_path):
            wait_until_all_went()

    assert Counter(moods.received) == Counter(due)
    assert shown_as(Status.SENT) == due


def test_a_person_who_does_not_exist_is_shown_as_failed_at_the_first_try(tmp_path):
    write(3, unknown=1)
    moods = Moods(SEED, slow=(0, 0))

    with post_office(moods) as variables, at_work(variables, tmp_path):
        wait_until_all_went()

    failed = OutgoingMail.objects.get(status=Status.FAILED)
    assert (failed.to, failed.attempts, moods.refused) == (f"{GONE}0@oss.example", 1, 1)
    assert "No such person here" in failed.last_error
    assert shown_as(Status.SENT) == set(moods.received)
