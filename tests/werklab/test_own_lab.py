"""A participant's own page of a lab."""

import pytest

from sessions.models import Report
from tests.factories import (
    EnrolmentFactory,
    LabFactory,
)


def test_a_participant_sees_their_seat_the_three_dates_and_the_intake(by_link):
    lab = LabFactory(taken=3)
    enrolment = EnrolmentFactory(lab=lab)

    response = by_link(enrolment).get(lab.get_absolute_url())

    page = response.content.decode()
    assert response.context["seat"] == 4
    assert [row["starts"] for row in response.context["sessions"]] == [
        s.starts_at for s in lab.programme()
    ]
    assert page.count("Buurthuis De Dorsvloer") == 3
    assert response.context["step"].url == f"/werklabs/{lab.slug}/intake/"
    assert f"/meedoen/{lab.join_code}/agenda.ics" in page
    assert f"/werklabs/{lab.slug}/plek/" in page


def test_a_participant_sees_nothing_of_the_others(by_link):
    lab = LabFactory(taken=3)
    enrolment = EnrolmentFactory(lab=lab)
    others = lab.enrolments.exclude(pk=enrolment.pk).select_related("person")

    page = by_link(enrolment).get(lab.get_absolute_url()).content.decode()

    assert [str(o.person) for o in others if str(o.person) in page or o.person.email in page] == []


@pytest.mark.parametrize(
    ("begins_in", "where"),
    [(20, "intake/"), (-1, "sessies/1/"), (-15, "sessies/2/"), (-40, "advies/")],
)
def test_what_a_participant_does_first_follows_the_calendar(by_link, begins_in, where):
    lab = LabFactory(begins_in=begins_in)

    response = by_link(EnrolmentFactory(lab=lab)).get(lab.get_absolute_url())

    assert response.context["step"].url == f"/werklabs/{lab.slug}/{where}"


def test_a_final_advice_is_what_a_participant_downloads(by_link):
    lab = LabFactory(begins_in=-40)
    Report.objects.create(lab=lab, number=1, pdf=b"%PDF", sha256="0" * 64)

    response = by_link(EnrolmentFactory(lab=lab)).get(lab.get_absolute_url())

    assert response.context["step"].url == f"/werklabs/{lab.slug}/advies.pdf"


@pytest.mark.parametrize("people", [1, 8])
def test_a_participants_page_costs_the_same_for_one_and_for_eight(
    by_link, people, django_assert_num_queries
):
    lab = LabFactory(taken=people)
    client = by_link(lab.enrolments.first())

    with django_assert_num_queries(8):
        client.get(lab.get_absolute_url())
