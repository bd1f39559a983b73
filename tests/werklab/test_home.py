"""The front door: what a werklab is, and somebody's own labs with what to do now."""

import pytest
from django.conf import settings

from tests.conftest import person_with
from tests.factories import (
    EnrolmentFactory,
    LabFactory,
    TrainerFactory,
    UserFactory,
)
from werklab import access
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.models import LabRole


def titles(response):
    """The labs in the list, from above."""
    return [row["title"] for group in response.context["groups"] for row in group["rows"]]


def job_urls(response):
    """Where to do what needs me now."""
    return [job.url for job in response.context["jobs"]]


@pytest.mark.req("REQ-045")
def test_a_passer_by_can_mail_the_contact_person_with_the_subject_filled_in(client):
    page = client.get("/").content.decode()

    assert f'href="mailto:{settings.SITE_CONTACT_EMAIL}?subject=Werklab"' in page
    assert settings.SITE_CONTACT_PHONE in page


@pytest.mark.req("REQ-044")
def test_no_amount_stands_on_the_public_page(client):
    page = client.get("/").content.decode().lower()

    assert "€" not in page
    assert "euro" not in page


def test_the_public_page_tells_about_the_three_sessions_without_asking_the_database(
    client, django_assert_num_queries
):
    with django_assert_num_queries(0):
        page = client.get("/").content.decode()

    assert "Op de koffie bij bewonersinitiatieven" in page
    assert "Je eigen rol" in page


def test_the_front_door_is_for_looking(client):
    assert client.post("/").status_code == 405


@pytest.mark.req("REQ-048")
@pytest.mark.parametrize("role", [TRAINER, COORDINATOR, PARTICIPANT])
def test_everybody_sees_their_own_labs_and_nobody_else_s(client_as, role):
    mine, other = LabFactory(), LabFactory()

    response = client_as(role, mine).get("/")

    assert titles(response) == [mine.title]
    assert other.title not in response.content.decode()


@pytest.mark.parametrize("role", access.ROLES)
def test_the_list_and_the_door_agree_on_what_somebody_may(role):
    lab, other = LabFactory(), LabFactory()
    person = person_with(role, lab)

    for one in access.labs_seen_by(person):
        assert access.lab_for(person, one.slug) == (one, access.abilities(one))
    assert set(access.labs_seen_by(person)) == ({lab, other} if role == STAFF else {lab})


def test_who_came_by_a_link_has_a_list_of_one():
    enrolment = EnrolmentFactory()
    EnrolmentFactory(person=enrolment.person)
    enrolment.person.by_link = enrolment

    assert list(access.labs_seen_by(enrolment.person)) == [enrolment.lab]


def test_staff_see_every_lab(client_as):
    labs = LabFactory.create_batch(2)

    response = client_as(STAFF, labs[0]).get("/")

    assert sorted(titles(response)) == sorted(lab.title for lab in labs)


def test_a_participant_who_came_by_a_link_goes_to_their_one_lab(by_link):
    enrolment = EnrolmentFactory()

    response = by_link(enrolment).get("/")

    assert (response.status_code, response["Location"]) == (302, enrolment.lab.get_absolute_url())


def test_somebody_on_the_waiting_list_goes_to_their_place(by_link):
    enrolment = EnrolmentFactory(status="waiting")

    response = by_link(enrolment).get("/")

    assert response["Location"] == f"/werklabs/{enrolment.lab.slug}/plek/"


def test_somebody_on_the_waiting_list_who_signed_in_finds_their_place_too(client):
    enrolment = EnrolmentFactory(status="waiting")
    client.force_login(enrolment.person)

    page = client.get("/").content.decode()

    assert f'href="/werklabs/{enrolment.lab.slug}/plek/"' in page


def test_a_trainer_without_a_lab_is_asked_to_schedule_one(client):
    client.force_login(TrainerFactory())

    assert 'href="/werklabs/nieuw/"' in client.get("/").content.decode()


def test_a_coordinator_without_a_lab_is_not(client):
    client.force_login(UserFactory())

    assert 'href="/werklabs/nieuw/"' not in client.get("/").content.decode()


@pytest.mark.parametrize(("role", "seen"), [(STAFF, True), (TRAINER, False), (COORDINATOR, False)])
def test_the_list_of_trainers_is_for_staff(client_as, role, seen):
    page = client_as(role, LabFactory()).get("/").content.decode()

    assert ('href="/trainers/"' in page) == seen


def test_what_needs_me_stands_above_the_list_and_what_is_over_below(client):
    trainer = TrainerFactory()
    busy = LabFactory(status="preparing", roles=False)
    calm = LabFactory(roles=False, status="cancelled")
    for lab in (busy, calm):
        LabRole.objects.create(lab=lab, user=trainer, role="trainer", chair="municipal")
    client.force_login(trainer)

    response = client.get("/")

    assert titles(response) == [busy.title, calm.title]
    assert busy.get_absolute_url() in job_urls(response)
    assert {job.lab for job in response.context["jobs"]} == {busy.title}


def test_a_participant_first_does_the_intake(client_as):
    lab = LabFactory()

    assert job_urls(client_as(PARTICIPANT, lab).get("/"))[0] == f"/werklabs/{lab.slug}/intake/"


@pytest.mark.req("REQ-043")
@pytest.mark.parametrize(("taken", "urgent"), [(9, True), (10, False)])
def test_too_few_people_stands_above_the_list(client_as, taken, urgent):
    lab = LabFactory(taken=taken, begins_in=20)

    assert bool(client_as(TRAINER, lab).get("/").context["urgent"]) == urgent
