"""Who may what: every ability for every role, by account and by link."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from tests.conftest import STRANGER, person_with
from tests.factories import EnrolmentFactory, LabFactory, TrainerFactory, UserFactory
from werklab import access
from werklab.access import COORDINATOR, MAY, MAY_ANYWHERE, PARTICIPANT, ROLES, STAFF, TRAINER
from werklab.models import LabRole, User

# Written out once more: whoever changes the table in access.py changes it here too, on purpose.
TABLE = {
    "see_lab": "staff trainer coordinator participant",
    "schedule_sessions": "staff trainer",
    "manage_enrolment": "staff trainer coordinator",
    "cancel_lab": "staff trainer",
    "replace_trainer": "staff trainer",
    "decide_to_go_on": "staff trainer coordinator",
    "see_price": "staff",
    "manage_post": "staff trainer coordinator",
    "edit_letters": "staff trainer",
    "answer_organisation_intake": "coordinator",
    "read_organisation_intake": "trainer coordinator",
    "read_sensitive_answers": "trainer",
    "go_through_organisation_intake": "trainer",
    "see_visits": "staff trainer coordinator",
    "plan_visits": "staff trainer",
    "choose_for_municipality": "coordinator",
    "run_sessions": "staff trainer",
    "read_register": "staff trainer coordinator",
    "edit_register": "staff trainer coordinator",
    "answer_intake": "participant",
    "read_intakes": "trainer",
    "add_card": "trainer participant",
    "vote": "trainer participant",
    "write_advice": "trainer participant",
    "record_endorsement": "trainer",
    "name_presenters": "staff trainer coordinator",
    "finalise_advice": "staff trainer",
    "download_advice": "staff trainer coordinator participant",
    "download_draft": "staff trainer coordinator",
    "read_logbook": "staff trainer",
}
EVERYWHERE = {
    "create_lab": "staff trainer",
    "manage_trainers": "staff",
    "handle_requests": "staff",
}


def by_link(enrolment):
    """The person of this enrolment, come by their own link."""
    user = User.objects.get(pk=enrolment.person_id)
    user.by_link = enrolment
    return user


def abilities(user, lab):
    """What this person may do here, asked in the three ways that exist; they must agree."""
    may = {ability for ability in MAY if access.may(user, ability, lab)}
    listed = {ability for ability in MAY if lab in access.labs_for(user, ability)}
    try:
        _lab, at_the_door = access.lab_for(user, lab.slug)
    except Http404:
        at_the_door = set()
    assert may == listed == at_the_door
    return may


def of(role):
    return {ability for ability, roles in TABLE.items() if role in roles.split()}


def test_the_table_is_the_one_that_was_agreed():
    assert {ability: set(roles.split()) for ability, roles in TABLE.items()} == MAY
    assert {ability: set(roles.split()) for ability, roles in EVERYWHERE.items()} == MAY_ANYWHERE


@pytest.mark.parametrize("role", [*ROLES, STRANGER])
def test_each_role_may_what_the_table_says_in_its_own_lab(role):
    lab = LabFactory()

    assert abilities(person_with(role, lab), lab) == of(role)


@pytest.mark.parametrize("role", [TRAINER, COORDINATOR, PARTICIPANT])
def test_nobody_may_anything_in_another_lab(role):
    lab, other = LabFactory(), LabFactory()

    assert abilities(person_with(role, lab), other) == set()


def test_staff_may_in_every_lab():
    staff = UserFactory(is_staff=True)

    assert abilities(staff, LabFactory()) == of(STAFF)


def test_a_trainer_in_the_pool_who_does_not_lead_this_lab_is_a_stranger_in_it():
    assert abilities(TrainerFactory(), LabFactory()) == set()


@pytest.mark.parametrize("status", ["to_confirm", "waiting", "withdrawn", "refused", "offered"])
def test_who_has_no_seat_may_nothing(status):
    more = {"seat": 3, "offered_until": "2099-01-01T00:00Z"} if status == "offered" else {}
    enrolment = EnrolmentFactory(status=status, **more)

    assert abilities(enrolment.person, enrolment.lab) == set()
    assert abilities(by_link(enrolment), enrolment.lab) == set()


def test_who_came_by_link_is_a_participant():
    enrolment = EnrolmentFactory()

    assert abilities(by_link(enrolment), enrolment.lab) == of(PARTICIPANT)


def test_who_came_by_link_is_a_participant_in_that_one_lab_alone():
    enrolment = EnrolmentFactory()
    elsewhere = EnrolmentFactory(person=enrolment.person)

    assert abilities(by_link(enrolment), elsewhere.lab) == set()
    assert abilities(enrolment.person, elsewhere.lab) == of(PARTICIPANT)


@pytest.mark.parametrize("role", ["trainer", "coordinator"])
def test_a_link_gives_no_more_than_a_participant_may_whatever_else_they_are(role):
    enrolment = EnrolmentFactory()
    chair = {"chair": "municipal"} if role == "trainer" else {}
    LabRole.objects.filter(lab=enrolment.lab, role=role).delete()
    LabRole.objects.create(lab=enrolment.lab, user=enrolment.person, role=role, **chair)
    User.objects.filter(pk=enrolment.person_id).update(is_staff=True, background="both")

    visitor = by_link(enrolment)

    assert abilities(visitor, enrolment.lab) == of(PARTICIPANT)
    assert not any(access.may_anywhere(visitor, ability) for ability in MAY_ANYWHERE)


def test_a_coordinator_who_takes_part_still_reads_no_intakes():
    lab = LabFactory()
    coordinator = person_with(COORDINATOR, lab)
    EnrolmentFactory(lab=lab, person=coordinator)

    assert abilities(coordinator, lab) == of(COORDINATOR) | of(PARTICIPANT)
    assert "read_intakes" not in abilities(coordinator, lab)


def test_staff_read_no_intakes():
    assert "read_intakes" not in abilities(UserFactory(is_staff=True), LabFactory())


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ({"is_staff": True}, {"create_lab", "manage_trainers", "handle_requests"}),
        ({"background": "municipal"}, {"create_lab"}),
        (
            {"is_staff": True, "background": "both"},
            {"create_lab", "manage_trainers", "handle_requests"},
        ),
        ({}, set()),
    ],
)
def test_what_people_may_outside_a_lab(who, allowed):
    user = UserFactory(**who)

    assert {ability for ability in MAY_ANYWHERE if access.may_anywhere(user, ability)} == allowed


def test_a_passer_by_may_nothing_anywhere():
    assert not any(access.may_anywhere(AnonymousUser(), ability) for ability in MAY_ANYWHERE)


@pytest.mark.parametrize(("role", "status"), [(TRAINER, 200), (PARTICIPANT, 403), (STRANGER, 404)])
def test_what_is_not_yours_to_see_is_not_found_and_what_is_not_yours_to_do_is_forbidden(
    role, status, client_as
):
    lab = LabFactory()

    assert client_as(role, lab).get(f"/werklabs/{lab.slug}/intakes/").status_code == status


def test_the_door_asks_one_question(django_assert_num_queries):
    lab = LabFactory()
    trainer = person_with(TRAINER, lab)

    with django_assert_num_queries(1):
        access.lab_for(trainer, lab.slug)
