"""The seats of a lab when its places change."""

from tests.factories import EnrolmentFactory, LabFactory
from werklab import labs


def test_a_chair_under_offer_counts_as_taken():
    lab = LabFactory(taken=10)
    EnrolmentFactory(lab=lab, status="offered", seat=11, offered_until=lab.starts_at)

    assert labs.too_few_places(lab, 11) == ""
    assert labs.too_few_places(lab, 10) != ""
