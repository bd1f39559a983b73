"""The lab on one screen: who sees what, what it costs, and how long it is kept."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client

from sessions.models import Presentation, Presenter, Visit
from tests.conftest import STRANGER
from tests.factories import (
    AdviceFactory,
    CardFactory,
    EndorsementFactory,
    EnrolmentFactory,
    InitiativeFactory,
    LabFactory,
    LabInitiativeFactory,
    UserFactory,
    in_days,
)
from tests.werklab.overview import EVERYTHING, TRAINERS, facts_of, visit
from werklab import access, events
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.models import Enrolment, Lab, LabRole
from werklab.views.cockpit import cockpit


@pytest.mark.parametrize(
    ("role", "template"),
    [
        (STAFF, "werklab/lab.html"),
        (TRAINER, "werklab/lab.html"),
        (COORDINATOR, "werklab/lab.html"),
        (PARTICIPANT, "werklab/lab_participant.html"),
        (STRANGER, "404.html"),
    ],
)
def test_each_role_has_its_own_page_of_a_lab(client_as, role, template):
    lab = LabFactory()

    response = client_as(role, lab).get(lab.get_absolute_url())

    assert template in [used.name for used in response.templates]
    assert response.status_code == (404 if role == STRANGER else 200)


@pytest.mark.parametrize("status", ["waiting", "to_confirm", "withdrawn", "refused"])
def test_without_a_seat_there_is_no_lab_to_see(client, status):
    enrolment = EnrolmentFactory(status=status)
    client.force_login(enrolment.person)

    assert client.get(enrolment.lab.get_absolute_url()).status_code == 404


def test_a_participant_of_one_lab_does_not_see_another(by_link):
    client = by_link(EnrolmentFactory())

    assert client.get(LabFactory().get_absolute_url()).status_code == 404


def test_the_page_is_for_looking(client_as):
    lab = LabFactory()

    assert client_as(TRAINER, lab).post(lab.get_absolute_url()).status_code == 405


def test_somebody_unknown_signs_in_first(client):
    response = client.get(LabFactory().get_absolute_url())

    assert response["Location"].startswith("/inloggen/")


def test_a_coordinator_reads_how_many_intakes_are_done_and_nothing_more(client_as):
    lab = LabFactory(taken=2)

    page = client_as(COORDINATOR, lab).get(lab.get_absolute_url()).content.decode()

    assert f"/werklabs/{lab.slug}/intakes/" not in page
    assert f"/werklabs/{lab.slug}/logboek/" not in page
    assert f"/werklabs/{lab.slug}/wijzig/" not in page


def test_a_coordinator_who_takes_part_finds_their_own_place_on_the_cockpit(client):
    lab = LabFactory()
    person = lab.roles.get(role=LabRole.Role.COORDINATOR).user
    EnrolmentFactory(lab=lab, person=person)
    client.force_login(person)

    page = client.get(lab.get_absolute_url()).content.decode()

    assert f'href="/werklabs/{lab.slug}/plek/"' in page


def test_the_visits_stand_there_with_what_was_answered(client_as):
    lab = LabFactory()
    for answer in Visit.Answer.values:
        visit(lab, answer)
    LabInitiativeFactory(lab=lab)

    page = cockpit(lab, TRAINERS)["body"]

    assert page.count("data-label") == 3 * 5


def test_what_people_typed_is_text_on_the_cockpit_too():
    lab = LabFactory()
    name = "<script>alert(1)</script> 🌻"
    visit(lab, initiative=InitiativeFactory(municipality=lab.municipality, name=name))

    page = cockpit(lab, EVERYTHING)["body"]

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 🌻" in page


def test_the_group_is_mailed_without_showing_anybody_the_others(client_as):
    lab = LabFactory(taken=2)
    EnrolmentFactory(lab=lab, status="waiting")
    addresses = lab.enrolments.seated().values_list("person__email", flat=True)

    page = client_as(COORDINATOR, lab).get(lab.get_absolute_url()).content.decode()

    assert f'href="mailto:?bcc={",".join(addresses)}&amp;subject=Werklab' in page


def fill(lab, rows):
    """So many rows of everything that the cockpit shows."""
    EnrolmentFactory.create_batch(rows, lab=lab)
    for _row in range(rows):
        EnrolmentFactory(lab=lab, status="waiting")
        answer = EndorsementFactory(
            advice=AdviceFactory(lab=lab, sources=[CardFactory(lab=lab)]),
            initiative=visit(lab).guest_of,
        )
        presentation, _made = Presentation.objects.get_or_create(lab=lab)
        if presentation.presenters.count() < 2:
            Presenter.objects.create(
                presentation=presentation,
                number=presentation.presenters.count() + 1,
                initiative=answer.initiative,
                name="Fatma",
            )


@pytest.mark.parametrize("role", [STAFF, TRAINER, COORDINATOR])
@pytest.mark.parametrize("rows", [1, 8])
def test_the_cockpit_costs_the_same_for_one_and_for_eight(
    client_as, role, rows, django_assert_num_queries
):
    lab = LabFactory(begins_in=-40)
    fill(lab, rows)
    client = client_as(role, lab)

    with django_assert_num_queries(8):
        client.get(lab.get_absolute_url())
    with django_assert_num_queries(3):
        client.get(lab.get_absolute_url())


def test_a_lab_in_preparation_costs_no_more(client_as, django_assert_max_num_queries):
    lab = LabFactory(status="preparing")
    client = client_as(TRAINER, lab)

    with django_assert_max_num_queries(12):
        client.get(lab.get_absolute_url())


def test_the_page_is_kept_until_something_is_recorded():
    lab = LabFactory()
    before = cockpit(lab, TRAINERS)["body"]
    EnrolmentFactory(lab=lab)
    assert cockpit(lab, TRAINERS)["body"] == before

    events.record(None, "enrolled", lab=lab)
    assert cockpit(Lab.objects.get(pk=lab.pk), TRAINERS)["body"] != before


def test_nobody_gets_the_page_that_was_kept_for_somebody_who_may_more(client_as):
    lab = LabFactory(taken=1)
    client_as(STAFF, lab).get(lab.get_absolute_url())
    client_as(TRAINER, lab).get(lab.get_absolute_url())

    page = client_as(COORDINATOR, lab).get(lab.get_absolute_url()).content.decode()

    assert "/intakes/" not in page
    assert "/logboek/" not in page


def test_nothing_of_the_visitor_is_kept():
    lab = LabFactory(status="preparing")
    client = Client()
    client.force_login(UserFactory(is_staff=True, name="Astrid Zeldzaam"))
    client.get(lab.get_absolute_url())

    kept = cockpit(lab, frozenset(a for a, roles in access.MAY.items() if STAFF in roles))

    assert "Astrid" not in str(kept)
    assert "csrf" not in str(kept)


def test_the_next_day_has_its_own_page():
    lab = LabFactory()

    lines = {cockpit(lab, TRAINERS, in_days(days))["line"] for days in (0, 1)}

    assert len(lines) == 2


def test_a_page_is_not_kept_past_the_beginning_of_a_session(monkeypatch):
    lab = LabFactory(begins_in=0)
    Lab.objects.filter(pk=lab.pk).update(enrol_until=in_days(-1).date())
    lab.refresh_from_db()
    kept = {}
    monkeypatch.setattr(
        type(caches["fragments"]), "set", lambda cache, key, value, timeout: kept.update(t=timeout)
    )

    cockpit(lab, TRAINERS, lab.starts_at - timedelta(minutes=10))

    assert 600 <= kept["t"] <= 601


def test_a_session_that_begins_changes_the_page_of_that_same_day():
    lab = LabFactory(begins_in=0)

    before = facts_of(lab, lab.starts_at - timedelta(minutes=1)).phase_number
    after_it = facts_of(lab, lab.starts_at + timedelta(minutes=1)).phase_number

    assert (before, after_it) == (2, 3)


def test_the_people_are_counted_by_what_they_are():
    lab = LabFactory(taken=2)
    for status in ("waiting", "to_confirm", "withdrawn", "refused"):
        EnrolmentFactory(lab=lab, status=status)

    facts = facts_of(lab)

    assert (len(facts.seated), facts.count[Enrolment.Status.WAITING], facts.places_left) == (
        2,
        1,
        13,
    )


@pytest.mark.parametrize("role", [STAFF, TRAINER, COORDINATOR])
def test_what_goes_out_by_itself_is_announced(client_as, role):
    lab = LabFactory(begins_in=20, taken=4)

    page = client_as(role, lab).get(lab.get_absolute_url()).content.decode()

    assert "vanzelf uit, naar 4 mensen" in page
    assert f'href="/werklabs/{lab.slug}/post/"' in page


@pytest.mark.parametrize("rows", [1, 8])
def test_the_announcement_adds_the_same_few_queries_for_one_and_for_eight(
    client_as, rows, django_assert_num_queries
):
    lab = LabFactory(begins_in=20, taken=rows)
    for _row in range(rows):
        visit(lab)
    client = client_as(TRAINER, lab)

    with django_assert_num_queries(12):
        client.get(lab.get_absolute_url())
    with django_assert_num_queries(3):
        client.get(lab.get_absolute_url())
