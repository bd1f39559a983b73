"""The form to schedule a lab: one page, one press."""

from functools import partial

import pytest
from django.test import Client
from django.utils.translation import gettext as _

from tests.factories import EnrolmentFactory, LabFactory, MunicipalityFactory, TrainerFactory
from tests.factories import UserFactory as Person
from tests.sessions.scheduling import day, sessions_typed, typed
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.models import Lab, OutgoingMail

PATH = "/werklabs/nieuw/"


@pytest.fixture(autouse=True)
def vlierhoven():
    return MunicipalityFactory(name="Vlierhoven", mail_domains=[])


@pytest.fixture
def trainers():
    return TrainerFactory(name="Noor Veldman"), TrainerFactory(name="Samir Bakkali")


@pytest.fixture
def trainer(trainers):
    """A client signed in as the trainer who knows the municipality."""
    client = Client()
    client.force_login(trainers[0])
    return client


def test_one_form_makes_a_lab_and_leads_to_its_page(trainer, trainers):
    response = trainer.post(PATH, typed(trainers))

    lab = Lab.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/werklabs/{lab.slug}/")
    assert (lab.slug, lab.status, lab.capacity) == ("vlierhoven", "preparing", 15)
    assert [s.place for s in lab.programme()] == ["Zaal 1", "Zaal 2", "Zaal 3"]
    assert (lab.contact_name, lab.contact_phone) == ("Noor Veldman", "06 1234 5678")


@pytest.mark.parametrize(
    ("role", "status"), [(STAFF, 200), (TRAINER, 200), (COORDINATOR, 403), (PARTICIPANT, 403)]
)
def test_staff_and_trainers_schedule_labs(client_as, role, status, trainers):
    client = client_as(role, LabFactory())

    assert client.get(PATH).status_code == status
    client.post(PATH, typed(trainers))
    assert Lab.objects.filter(municipality__name="Vlierhoven").exists() == (role == STAFF)


def test_a_stranger_signs_in_first(client, trainers):
    response = client.post(PATH, typed(trainers))

    assert (response.status_code, Lab.objects.count()) == (302, 0)
    assert response["Location"].startswith("/inloggen/")


def test_a_trainer_who_came_by_a_participants_link_is_a_participant_only(by_link, trainers):
    client = by_link(EnrolmentFactory(person=trainers[0]))

    assert client.get(PATH).status_code == 403


def test_other_methods_are_refused(trainer):
    assert trainer.put(PATH).status_code == 405


def test_looking_at_the_form_makes_nothing(trainer):
    trainer.get(PATH)

    assert not Lab.objects.exists()


@pytest.mark.parametrize(
    ("background", "chair"),
    [("municipal", "municipal"), ("initiatives", "initiatives"), ("both", "municipal")],
)
@pytest.mark.req("REQ-038")
def test_a_trainer_finds_their_own_name_on_their_own_chair(client, background, chair):
    me = TrainerFactory(background=background)
    client.force_login(me)

    form = client.get(PATH).context["form"]

    assert form.fields[chair].initial == me
    assert [n for n in ("municipal", "initiatives") if form.fields[n].initial == me] == [chair]


@pytest.mark.req("REQ-038")
def test_a_chair_offers_only_who_knows_that_side(trainer, trainers):
    only_one_side = TrainerFactory(background="initiatives")

    response = trainer.post(PATH, typed([only_one_side, trainers[0]]))

    assert list(response.context["form"].errors) == ["municipal"]
    assert not Lab.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"municipality": ""}, "municipality"),
        ({"municipality": "Nergenshuizen"}, "municipality"),
        ({"municipal": "999999"}, "municipal"),
        ({"coordinator_name": " "}, "coordinator_name"),
        ({"coordinator_email": "ilse"}, "coordinator_email"),
        ({"capacity": "9"}, "capacity"),
        ({"capacity": "16"}, "capacity"),
        ({"capacity": "veel"}, "capacity"),
        ({"enrol_until": "binnenkort"}, "enrol_until"),
        ({"enrol_until": partial(day, 31)}, "enrol_until"),
        ({"enrol_until": partial(day, -1)}, "enrol_until"),
        ({"contact_phone": "bel maar"}, "contact_phone"),
        ({"date_1": ""}, "date_1"),
        ({"date_1": "31-02-2027"}, "date_1"),
        ({"date_1": "0027-03-12"}, "date_1"),
        ({"date_1": "9999-12-31"}, "date_1"),
        ({"date_1": partial(day, -1)}, "date_1"),
        ({"date_2": partial(day, 29)}, "date_2"),
        ({"date_3": partial(day, 44)}, "date_3"),
        ({"date_2": partial(day, 30), "starts_2": "12:00"}, "starts_2"),
        ({"starts_1": "half tien"}, "starts_1"),
        ({"ends_3": "09:30"}, "ends_3"),
        ({"ends_3": "09:00"}, "ends_3"),
        ({"place_2": ""}, "place_2"),
        ({"place_2": "x" * 10_000}, "place_2"),
        ({"municipality": "x" * 10_000}, "municipality"),
        ({"coordinator_name": "Ilse\x00"}, "coordinator_name"),
        ({"date_1": "2027-\x00"}, "date_1"),
        ({"municipal": "1\x00"}, "municipal"),
    ],
)
def test_a_wrong_answer_is_told_where_it_was_given_and_all_that_was_typed_stays(
    trainer, trainers, changes, field
):
    answers = typed(trainers, **changes)

    response = trainer.post(PATH, answers)

    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (200, [field])
    assert {name: form[name].value() for name in answers} == {
        name: str(value) for name, value in answers.items()
    } | {chair: str(answers[chair]) for chair in ("municipal", "initiatives")}
    assert not Lab.objects.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.req("REQ-037")
def test_the_same_trainer_twice_is_told_at_the_second_chair(trainer, trainers):
    response = trainer.post(PATH, typed([trainers[0], trainers[0]]))

    assert list(response.context["form"].errors) == ["initiatives"]
    assert not Lab.objects.exists()


def test_several_wrong_answers_are_all_told_at_once(trainer, trainers):
    wrong = {"date_2": day(29), "ends_1": "09:00", "coordinator_name": "", "enrol_until": day(31)}

    response = trainer.post(PATH, typed(trainers, **wrong))

    assert set(response.context["form"].errors) == set(wrong)


def test_dates_and_times_may_be_typed_the_dutch_way(trainer, trainers):
    year, month, date = day(30).split("-")
    dutch = {"date_1": f"{date}-{month}-{year}", "starts_1": "9.30", "ends_1": "13.00"}

    trainer.post(PATH, typed(trainers, **dutch))

    session = Lab.objects.get().programme()[0]
    assert str(session.starts_at.date()) == day(30)


@pytest.mark.parametrize(
    "name",
    ["vlierhoven", "VLIERHOVEN", " Vlierhoven ", "Den Haag", "sud west fryslan", "Bergen NH"],
)
def test_a_municipality_is_known_however_it_is_typed(trainer, trainers, name):
    for known in ("'s-Gravenhage", "Súdwest-Fryslân", "Bergen (NH.)", "Bergen (L.)"):
        MunicipalityFactory(name=known)

    response = trainer.post(PATH, typed(trainers, municipality=name))

    assert (response.status_code, Lab.objects.count()) == (302, 1)


def test_a_slip_of_the_finger_is_answered_with_the_name_that_may_be_meant(trainer, trainers):
    response = trainer.post(PATH, typed(trainers, municipality="Vlierhofen"))

    assert "Vlierhoven" in response.context["form"].errors["municipality"][0]


def test_all_municipalities_are_offered_while_typing(trainer):
    MunicipalityFactory(name="Roermond")

    page = trainer.get(PATH).content.decode()

    assert '<input type="text" name="municipality"' in page
    assert '<option value="Roermond">' in page


@pytest.mark.parametrize(
    "place", ["<script>alert(1)</script>", "Bij de 🌻 van Zoë & co", "Zaal\nB"]
)
def test_what_people_type_is_text(trainer, trainers, place):
    response = trainer.post(PATH, typed(trainers, place_1=place), follow=True)

    assert Lab.objects.get().programme()[0].place == " ".join(place.split())
    assert "<script>alert" not in response.content.decode()


def test_the_form_sent_twice_is_one_lab_and_the_second_time_leads_there_too(trainer, trainers):
    first = trainer.post(PATH, typed(trainers))
    second = trainer.post(PATH, typed(trainers))

    assert first["Location"] == second["Location"]
    assert (Lab.objects.count(), OutgoingMail.objects.count()) == (1, 1)


def test_the_form_sent_again_with_another_answer_says_that_the_lab_is_there(trainer, trainers):
    trainer.post(PATH, typed(trainers))

    response = trainer.post(PATH, typed(trainers, capacity="12"))

    assert response.context["form"].non_field_errors() == [
        _("You scheduled this werklab before. Open it under My werklabs and change it there.")
    ]
    assert list(Lab.objects.values_list("capacity", flat=True)) == [15]


@pytest.mark.req("REQ-073")
def test_the_three_sessions_may_be_parts_of_one_day(trainer, trainers):
    one_day = sessions_typed(30, 30, 30) | {"ends_1": "11:00", "starts_2": "11:00"}
    one_day |= {"ends_2": "13:00", "starts_3": "14:00", "ends_3": "16:00"}

    trainer.post(PATH, typed(trainers, **one_day))

    assert Lab.objects.get().format == Lab.Format.ONE_DAY


def test_who_schedules_for_two_others_must_be_of_staff(client, trainers):
    client.force_login(TrainerFactory())
    response = client.post(PATH, typed(trainers))
    assert list(response.context["form"].errors) == ["municipal"]

    client.force_login(Person(is_staff=True))
    assert client.post(PATH, typed(trainers)).status_code == 302


@pytest.mark.parametrize("municipalities", [1, 8])
def test_the_form_costs_the_same_for_one_and_for_eight(
    trainer, municipalities, django_assert_num_queries
):
    MunicipalityFactory.create_batch(municipalities)

    with django_assert_num_queries(5):
        trainer.get(PATH)
