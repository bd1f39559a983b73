"""`manage.py work`: everything that is due, again and again, until somebody says stop."""

import logging
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.utils import timezone

from tests.factories import EnrolmentFactory, LabFactory, UserFactory
from tests.served import ROOT, environment
from werklab import mail
from werklab.management.commands import work
from werklab.models import Enrolment, OutgoingMail


def test_one_round_passes_on_offers_and_posts_the_letters_about_it():
    lab = LabFactory(taken=14)
    late = timezone.now() - timedelta(minutes=1)
    offered = EnrolmentFactory(lab=lab, status="offered", seat=15, offered_until=late)
    waits = EnrolmentFactory(lab=lab, status="waiting")

    call_command("work", "--once")

    offered.refresh_from_db()
    waits.refresh_from_db()
    assert (offered.status, waits.status) == (Enrolment.Status.WITHDRAWN, Enrolment.Status.OFFERED)
    assert [m.to for m in outbox.outbox] == [[offered.person.email], [waits.person.email]]


def test_a_second_round_does_nothing_twice():
    mail.send("withdrawn", to="a@oss.example", lab=LabFactory(), person=UserFactory())

    call_command("work", "--once")
    call_command("work", "--once")

    assert len(outbox.outbox) == 1


def test_a_task_that_fails_is_logged_and_the_others_are_done(monkeypatch, caplog):
    def broken():
        raise ZeroDivisionError

    monkeypatch.setattr(work, "TASKS", [broken, mail.deliver])
    mail.send("withdrawn", to="a@oss.example", lab=LabFactory(), person=UserFactory())

    with caplog.at_level(logging.ERROR):
        call_command("work", "--once")

    assert OutgoingMail.objects.get().status == OutgoingMail.Status.SENT
    assert "could not finish" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_it_does_all_that_privacy_and_letters_promise():
    names = {f"{task.__module__}.{task.__name__}" for task in work.TASKS}

    assert names == {
        "werklab.enrolment.end_offers",
        "sessions.reminders.remind",
        "sessions.visit_notes.settle_notes",
        "initiatives.agreements.remind",
        "werklab.mail.deliver",
        "intake.answers.wipe_logistics",
        "werklab.signing_in.wipe_codes",
        "werklab.browsers.forget_ended",
        "initiatives.importing.throw_away_old",
    }


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_neatly_after_what_is_in_hand(number, tmp_path):
    variables = environment(var=tmp_path)
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "-v0"], cwd=ROOT, env=variables, check=True)
    worker = subprocess.Popen(
        [*manage, "work", "--every", "30", "-v2"], cwd=ROOT, env=variables, stdout=subprocess.PIPE
    )
    killer = threading.Timer(60, worker.kill)
    killer.start()

    assert worker.stdout.readline() == b"At work.\n"
    os.kill(worker.pid, number)

    assert worker.wait(30) == 0
    killer.cancel()
    worker.stdout.close()
