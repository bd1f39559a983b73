"""Put trainers on the chairs of a lab, and another in the place of who fell ill."""

import re

import pytest
from django.test import Client

from sessions import team
from sessions.forms.agreement import SAVE_ANYWAY
from tests.conftest import STRANGER, person_with
from tests.factories import (
    EnrolmentFactory,
    LabFactory,
    LabInitiativeFactory,
    TrainerFactory,
    UserFactory,
    VisitFactory,
)
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.errors import Refused
from werklab.links import fill
from werklab.models import OutgoingMail


def path(lab):
    return f"/werklabs/{lab.slug}/trainers/"


def pair(lab):
    now = team.trainers_of(lab)
    return now["municipal"], now["initiatives"]


def drafts(lab):
    return list(lab.letters.drafts())


@pytest.fixture
def staff():
    return UserFactory(is_staff=True, name="Anouk Vuurtoren")


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 200), (TRAINER, 200), (COORDINATOR, 403), (PARTICIPANT, 403), (STRANGER, 404)],
)
def test_who_replaces_a_trainer(client_as, role, status):
    lab = LabFactory(taken=1)
    before, instead = pair(lab), TrainerFactory()
    client = client_as(role, lab)

    assert client.get(path(lab)).status_code == status
    client.post(path(lab), {"municipal": before[0].pk, "initiatives": instead.pk})

    assert (pair(lab)[1] == instead) == (status == 200)


@pytest.mark.req("REQ-037", "REQ-038")
def test_another_of_the_same_background_takes_the_chair(staff):
    lab = LabFactory()
    stays, ill = pair(lab)
    instead = TrainerFactory(background="initiatives")

    assert team.put_trainers(staff, lab, {"initiatives": instead}) == ["initiatives"]

    assert pair(lab) == (stays, instead)
    assert not lab.roles.filter(user=ill).exists()
    assert lab.events.get().name == "trainers_changed"


def test_who_is_new_gets_a_letter_at_once_that_leads_to_the_lab(staff):
    lab = LabFactory()
    instead = TrainerFactory(name="Mila de Wit")

    team.put_trainers(staff, lab, {"initiatives": instead})

    letter = OutgoingMail.objects.get(kind="trainer_assigned")
    assert (letter.to, letter.status) == (instead.email, "due")
    assert "Buurthuis De Dorsvloer" in letter.text
    client = Client()
    client.force_login(instead)
    way = re.search(r"https?://[^/\s]+(/werklabs/\S+)", fill(letter.text))[1]
    assert client.get(way).status_code == 200


def test_whom_it_concerns_get_a_draft_that_waits(staff):
    lab = LabFactory(taken=2)
    EnrolmentFactory(lab=lab, status="waiting")
    asked, no = VisitFactory(guest_of__lab=lab), VisitFactory(guest_of__lab=lab)
    no.answer, no.answered_at = "not_now", no.asked_at
    no.save()
    LabInitiativeFactory(lab=lab)
    ill = pair(lab)[1]

    team.put_trainers(staff, lab, {"initiatives": TrainerFactory(name="Mila de Wit")})

    waiting = drafts(lab)
    seated = {e.person.email for e in lab.enrolments.seated()}
    coordinator = person_with(COORDINATOR, lab).email
    host = asked.guest_of.initiative.contact
    assert {letter.kind for letter in waiting} == {"trainer_changed"}
    assert sorted(letter.to for letter in waiting) == sorted({*seated, coordinator, host.email})
    for letter in waiting:
        assert f"Mila de Wit in plaats van {ill}" in letter.text
        way = re.search(r"https?://[^/\s]+(/meedoen/\S+)", fill(letter.text))[1]
        assert Client().get(way).status_code == 200
    to_host = next(letter for letter in waiting if letter.to == host.email)
    assert to_host.text.startswith(f"Hoi {host.first_name},")


def test_filling_an_empty_chair_tells_only_who_sits_there(staff):
    lab = LabFactory(taken=1)
    lab.roles.filter(chair="initiatives").delete()

    team.put_trainers(staff, lab, {"initiatives": TrainerFactory()})

    assert [letter.kind for letter in lab.letters.all()] == ["trainer_assigned"]


def test_two_trainers_who_change_chairs_get_no_letters(staff):
    lab = LabFactory(taken=1)
    municipal, initiatives = pair(lab)

    team.put_trainers(staff, lab, {"municipal": initiatives, "initiatives": municipal})

    assert pair(lab) == (initiatives, municipal)
    assert not lab.letters.exists()


def test_the_same_trainers_again_change_nothing(client_as):
    lab = LabFactory()
    municipal, initiatives = pair(lab)

    answers = {"municipal": municipal.pk, "initiatives": initiatives.pk}
    client_as(STAFF, lab).post(path(lab), answers)

    lab.refresh_from_db()
    assert (lab.version, lab.letters.count()) == (0, 0)


def test_nobody_is_sent_to_the_phone_of_who_fell_ill(staff):
    lab = LabFactory()
    ill = pair(lab)[0]
    lab.contact_name, lab.contact_email = ill.name, ill.email
    lab.save()
    instead = TrainerFactory(name="Mila de Wit", phone="06 7777 7777")

    team.put_trainers(staff, lab, {"municipal": instead})

    lab.refresh_from_db()
    assert (lab.contact_name, lab.contact_email) == ("Mila de Wit", instead.email)
    assert lab.contact_phone == "06 7777 7777"


def wrong(lab):
    municipal, initiatives = pair(lab)
    coordinator = person_with(COORDINATOR, lab)
    coordinator.background = "both"
    coordinator.save()
    one_side = TrainerFactory(background="municipal")
    return {
        "the same twice": {"municipal": municipal.pk, "initiatives": municipal.pk},
        "the coordinator": {"municipal": municipal.pk, "initiatives": coordinator.pk},
        "the other background": {"municipal": municipal.pk, "initiatives": one_side.pk},
        "nobody": {"municipal": municipal.pk, "initiatives": ""},
        "no number": {"municipal": municipal.pk, "initiatives": "9\x00"},
    }


@pytest.mark.parametrize(
    "case", ["the same twice", "the coordinator", "the other background", "nobody", "no number"]
)
def test_a_wrong_choice_is_told_at_its_chair_and_changes_nothing(client_as, case):
    lab = LabFactory()
    before = pair(lab)

    response = client_as(STAFF, lab).post(path(lab), wrong(lab)[case])

    assert (response.status_code, list(response.context["form"].errors)) == (200, ["initiatives"])
    assert (pair(lab), lab.letters.count()) == (before, 0)


@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_a_lab_that_is_over_keeps_its_trainers(staff, status):
    lab = LabFactory(status=status)
    before = pair(lab)

    with pytest.raises(Refused):
        team.put_trainers(staff, lab, {"municipal": TrainerFactory()})

    assert pair(lab) == before


def test_a_trainer_who_puts_another_in_their_own_place_leaves_the_lab(client_as):
    lab = LabFactory()
    me = person_with(TRAINER, lab)
    chair = lab.roles.get(user=me).chair
    both = {c: trainer.pk for c, trainer in team.trainers_of(lab).items()}

    response = client_as(TRAINER, lab).post(path(lab), both | {chair: TrainerFactory().pk})

    assert response["Location"] == "/"


def test_a_trainer_who_left_the_pool_may_stay_on_their_chair(client_as):
    lab = LabFactory()
    municipal, initiatives = pair(lab)
    type(municipal).objects.filter(pk=municipal.pk).update(is_active=False)

    page = client_as(STAFF, lab).get(path(lab)).content.decode()

    assert f'<option value="{municipal.pk}" selected>' in page


@pytest.mark.parametrize("count", [1, 8])
def test_the_page_costs_the_same_for_one_and_for_eight(
    client_as, count, django_assert_max_num_queries
):
    lab = LabFactory()
    TrainerFactory.create_batch(count)
    client = client_as(STAFF, lab)

    with django_assert_max_num_queries(9):
        client.get(path(lab))


def test_a_double_booking_is_shown_and_must_be_accepted(client_as):
    lab, other = LabFactory(), LabFactory()
    municipal, initiatives = pair(lab)
    busy = pair(other)[1]
    client, answers = client_as(STAFF, lab), {"municipal": municipal.pk, "initiatives": busy.pk}

    response = client.post(path(lab), answers)

    assert other.title in str(response.context["form"].errors)
    assert pair(lab)[1] == initiatives
    client.post(path(lab), answers | {SAVE_ANYWAY: "on"})
    assert pair(lab)[1] == busy
