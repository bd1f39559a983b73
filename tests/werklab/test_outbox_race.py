"""Two people at the post of a lab at the same moment: every letter goes out once."""

import pytest

from tests.factories import LabFactory
from tests.werklab.posting import draft, failed
from tests.werklab.test_enrolment_race import all_at_once
from werklab import mail, outbox
from werklab.errors import Refused
from werklab.models import OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)


def tried(action):
    """Whether it was done, by ten people at once."""

    def run(_number):
        try:
            return action() or 1
        except Refused:
            return 0

    return all_at_once(run, range(10))


def test_ten_people_send_one_draft_and_it_goes_once(mailoutbox):
    lab = LabFactory()
    letter, by = draft(lab), lab.roles.first().user

    done = tried(lambda: outbox.send_draft(by, lab, letter))
    mail.deliver()

    assert sum(done) == 1
    assert len(mailoutbox) == 1
    assert lab.events.filter(name="letter_sent").count() == 1


def test_ten_people_send_all_drafts_and_each_goes_once(mailoutbox):
    lab = LabFactory()
    pks, by = [draft(lab).pk for _ in range(20)], lab.roles.first().user

    done = tried(lambda: outbox.send_all(by, lab, pks))
    mail.deliver()

    assert sum(done) == 20
    assert len(mailoutbox) == 20


def test_sent_or_thrown_away_but_never_both(mailoutbox):
    lab = LabFactory()
    by = lab.roles.first().user
    letter = draft(lab)

    def act(number):
        action = outbox.send_draft if number % 2 else outbox.delete_draft
        try:
            action(by, lab, letter)
        except Refused:
            return 0
        return 1

    done = all_at_once(act, range(10))
    mail.deliver()

    assert sum(done) == 1
    assert len(mailoutbox) == OutgoingMail.objects.filter(status="sent").count()
    assert lab.events.count() == 1


def test_ten_people_try_a_failed_letter_again_and_it_goes_once(mailoutbox):
    lab = LabFactory()
    letter, by = failed(lab), lab.roles.first().user

    done = tried(lambda: outbox.try_again(by, lab, letter, to="goed@oss.example"))
    mail.deliver()

    assert sum(done) == 1
    assert len(mailoutbox) == 1
