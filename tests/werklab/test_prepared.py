"""A prepared queryset answers as the queryset does, on its first and on its next question."""

import pytest

from tests.factories import LabFactory
from werklab.models import Lab
from werklab.prepared import Prepared

pytestmark = pytest.mark.django_db


def test_it_gives_the_rows_of_its_queryset_for_each_number():
    labs = [LabFactory(), LabFactory()]
    fields = ("pk", "title", "capacity", "created_at", "municipality__mail_domains")
    ask = Prepared(lambda lab: Lab.objects.filter(pk=lab).values_list(*fields))

    for lab in [*labs, labs[0]]:
        assert ask(lab.pk) == list(Lab.objects.filter(pk=lab.pk).values_list(*fields))
    assert ask(0) == []


def test_it_puts_each_number_in_its_own_place():
    lab = LabFactory(capacity=12)
    ask = Prepared(
        lambda pk, capacity: Lab.objects.filter(capacity=capacity, pk=pk).values_list("pk"),
        numbers=2,
    )

    assert ask(lab.pk, 12) == [(lab.pk,)]
    assert ask(lab.pk, 13) == []


def test_it_asks_one_query(django_assert_num_queries):
    ask = Prepared(lambda lab: Lab.objects.filter(pk=lab).values_list("pk"))

    with django_assert_num_queries(1):
        ask(1)


def test_a_number_that_the_queryset_forgets_is_refused():
    ask = Prepared(lambda lab: Lab.objects.values_list("pk"))

    with pytest.raises(ValueError, match="not used"):
        ask(1)
