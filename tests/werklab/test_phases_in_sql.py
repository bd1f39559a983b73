"""Where a lab stands is told twice, by `Lab.phase` and in SQL to sort and filter. They agree."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from sessions.models import LabSession, Presentation
from tests.factories import EnrolmentFactory, LabFactory, in_days
from werklab.models import Lab
from werklab.views import reading

DAYS = (-120, -60, -30, -14, -3, 0, 1, 20)
MOMENTS = [
    timedelta(days=days, hours=hours)
    for days, hours in itertools.product((-40, -15, -1, 0, 1, 13, 14, 28, 60), (-7, 0, 5))
]
PHASES = list(Lab.Phase)


def labs_of_all_kinds():
    """Labs in each status, with many dates, with none, with half of them."""
    for status in Lab.Status.values:
        LabFactory(status=status, roles=False)
        LabFactory(status=status, roles=False, sessions=False)
    for days in DAYS:
        for presented in (None, -20, 0, 90):
            lab = LabFactory(begins_in=days, roles=False)
            date = None if presented is None else in_days(days + presented).date()
            Presentation.objects.create(lab=lab, date=date)
    for number in (1, 3):
        half = LabFactory(begins_in=-3, roles=False)
        LabSession.objects.filter(lab=half, number=number).update(starts_at=None, ends_at=None)


def test_the_database_tells_the_same_phase_as_the_model_for_many_labs_and_moments():
    labs_of_all_kinds()
    seen = set()

    for now in (timezone.now() + away for away in MOMENTS):
        in_sql = dict(Lab.objects.with_stage(now).values_list("pk", "stage"))
        facts = reading.read(Lab.objects.all(), now)
        in_python = {pk: PHASES.index(about.phase) for pk, about in facts.items()}
        assert in_sql == in_python
        seen |= set(in_sql.values())

    assert seen == set(range(len(PHASES)))


@pytest.mark.req("REQ-043")
def test_the_database_finds_the_same_labs_with_too_few_people_as_the_overview():
    labs_of_all_kinds()
    for taken in (9, 10):
        lab = LabFactory(begins_in=20, roles=False, taken=taken)
        EnrolmentFactory(lab=lab, status="waiting", seat=None)

    for now in (timezone.now() + away for away in MOMENTS):
        short = {lab.pk: 10 - lab.taken for lab in Lab.objects.short_of_people(now)}
        facts = reading.read(Lab.objects.all(), now)
        assert short == {pk: about.too_few for pk, about in facts.items() if about.too_few}
