"""What a lab needs before its enrolment opens, and its seats when places change."""

import pytest

from tests.factories import EnrolmentFactory, LabFactory
from werklab import labs
from werklab.errors import Refused


def test_a_lab_with_everything_misses_nothing():
    assert labs.missing_before_enrolment(LabFactory(status="preparing")) == []


@pytest.mark.req("REQ-037", "REQ-038")
@pytest.mark.parametrize("chair", ["municipal", "initiatives"])
def test_a_lab_needs_a_trainer_of_each_background(chair):
    lab = LabFactory(status="preparing")
    lab.roles.filter(chair=chair).delete()

    assert len(labs.missing_before_enrolment(lab)) == 1


@pytest.mark.parametrize(
    "without", [{"enrol_until": None}, {"contact_phone": ""}], ids=["closing day", "phone"]
)
def test_a_lab_needs_a_closing_day_and_a_phone_number(without):
    lab = LabFactory(status="preparing")
    for name, value in without.items():
        setattr(lab, name, value)

    assert len(labs.missing_before_enrolment(lab)) == 1


def test_a_lab_needs_three_dates():
    lab = LabFactory(status="preparing")
    lab.sessions.filter(number=2).update(starts_at=None, ends_at=None)

    assert len(labs.missing_before_enrolment(lab)) == 1


def test_opening_enrolment_without_something_says_all_of_it_and_changes_nothing():
    lab = LabFactory(status="preparing", contact_phone="")
    lab.roles.filter(chair="initiatives").delete()

    with pytest.raises(Refused) as refusal:
        labs.open_enrolment(lab.roles.first().user, lab)

    assert all(sentence in str(refusal.value) for sentence in labs.missing_before_enrolment(lab))
    lab.refresh_from_db()
    assert (lab.status, lab.version) == ("preparing", 0)


def test_a_chair_under_offer_counts_as_taken():
    lab = LabFactory(taken=10)
    EnrolmentFactory(lab=lab, status="offered", seat=11, offered_until=lab.starts_at)

    assert labs.too_few_places(lab, 11) == ""
    assert labs.too_few_places(lab, 10) != ""
