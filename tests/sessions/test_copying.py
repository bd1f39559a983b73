"""Copy an earlier lab: what was agreed comes along, people and what came out of it never do."""

import re
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from sessions import copying
from sessions.copying import COMES_ALONG
from sessions.forms.agreement import SAVE_ANYWAY
from sessions.team import trainers_of
from tests.conftest import STRANGER, person_with
from tests.factories import (
    AMSTERDAM,
    AdviceFactory,
    CardFactory,
    EnrolmentFactory,
    LabFactory,
    TrainerFactory,
    UserFactory,
    VisitFactory,
    as_of_now,
    in_days,
)
from tests.intake.organising import an_organisation_intake
from tests.sessions.scheduling import day
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.errors import Refused
from werklab.links import fill
from werklab.models import Lab, LetterText, OutgoingMail

ILSE = {"coordinator_name": "Ilse de Boer", "coordinator_email": "ilse@oss.example"}


def path(lab):
    return f"/werklabs/{lab.slug}/kopie/"


def earlier():
    """A lab in which everything happened that can happen."""
    lab = LabFactory(
        taken=10,
        begins_in=40,
        capacity=12,
        approves_enrolments=True,
        price="duizend",
        staff_notes="!",
    )
    lab.sessions.update(route="Bus 4", accessibility="Drempelvrij")
    LetterText.objects.create(lab=lab, kind="withdrawn", subject="Dag", body="Tot ziens.")
    VisitFactory(guest_of__lab=lab)
    AdviceFactory(lab=lab, sources=[CardFactory(lab=lab)])
    an_organisation_intake(lab)
    return lab


def copied(by, lab, what=COMES_ALONG, **more):
    return copying.copy_lab(by, lab, what=set(what), **ILSE | more)


@pytest.fixture
def staff():
    return UserFactory(is_staff=True, name="Anouk Vuurtoren", phone="06 0000 0009")


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 200), (TRAINER, 200), (COORDINATOR, 403), (PARTICIPANT, 403), (STRANGER, 404)],
)
def test_who_copies_a_lab(client_as, role, status):
    lab = LabFactory(taken=1)
    client = client_as(role, lab)

    assert client.get(path(lab)).status_code == status
    client.post(path(lab), {"what": ["trainers"], "first_day": day(60), **ILSE})

    assert (Lab.objects.count() == 2) == (status == 200)


def test_who_came_by_a_link_copies_nothing_even_as_a_trainer(by_link):
    place = EnrolmentFactory(person=TrainerFactory())

    assert by_link(place).get(path(place.lab)).status_code == 403


def test_everything_that_was_agreed_comes_along(staff):
    lab = earlier()

    copy = copied(staff, lab, first_day=in_days(100).date())

    assert trainers_of(copy) == trainers_of(lab)
    assert [(s.title, s.goal, s.place, s.route, s.accessibility) for s in copy.programme()] == [
        (s.title, s.goal, s.place, s.route, s.accessibility) for s in lab.programme()
    ]
    names = ("capacity", "approves_enrolments", "contact_name", "contact_email", "contact_phone")
    assert [getattr(copy, name) for name in names] == [getattr(lab, name) for name in names]
    assert list(copy.letter_texts.values_list("kind", "subject", "body")) == [
        ("withdrawn", "Dag", "Tot ziens.")
    ]
    assert (copy.status, copy.municipality) == ("preparing", lab.municipality)
    assert copy.roles.get(role="coordinator").user.email == "ilse@oss.example"


def test_people_answers_visits_cards_advice_and_price_never_come_along(staff):
    lab = earlier()

    copy = copied(staff, lab)

    assert not copy.enrolments.exists()
    assert not copy.initiatives.exists()
    assert not copy.advices.exists()
    assert not hasattr(copy, "organisation_intake")
    assert not any(s.visits.exists() for s in copy.sessions.all())
    assert [s.columns.filter(cards__isnull=False).count() for s in copy.sessions.all()] == [0, 0, 0]
    assert all(s.columns.exists() for s in copy.sessions.all())
    assert (copy.price, copy.staff_notes) == ("", "")
    assert copy.join_code != lab.join_code
    assert not copy.roles.filter(user=person_with(COORDINATOR, lab)).exists()


def test_what_is_not_ticked_stays_behind(staff):
    copy = copied(staff, earlier(), what=[])

    assert trainers_of(copy) == {}
    assert [(s.place, s.route, s.accessibility) for s in copy.programme()] == [("", "", "")] * 3
    assert (copy.capacity, copy.approves_enrolments) == (15, False)
    assert copy.contact_name == "Anouk Vuurtoren"
    assert not copy.letter_texts.exists()


def test_the_sessions_keep_their_hours_and_the_days_between_them(staff):
    lab = LabFactory(begins_in=40)
    first = lab.sessions.get(number=1)
    first.initiatives_start_at = first.starts_at + timedelta(hours=1)
    first.save()

    copy = copied(staff, lab, first_day=in_days(140).date())

    before, after = lab.programme(), copy.programme()
    assert [s.starts_at for s in after] == [in_days(140), in_days(154), in_days(168)]
    assert [s.ends_at - s.starts_at for s in after] == [s.ends_at - s.starts_at for s in before]
    assert after[0].initiatives_start_at == after[0].starts_at + timedelta(hours=1)
    assert copy.enrol_until == in_days(126).date()
    assert copy.decide_on == in_days(119).date()


def test_half_past_nine_stays_half_past_nine_over_the_change_of_the_clock(staff):
    lab = LabFactory()
    starts_at = datetime(2027, 1, 12, 9, 30, tzinfo=AMSTERDAM)
    for number in (1, 2, 3):
        moved = starts_at + timedelta(days=number)
        ends_at = moved + timedelta(hours=4)
        lab.sessions.filter(number=number).update(starts_at=moved, ends_at=ends_at)
    now = datetime(2027, 1, 1, 12, tzinfo=AMSTERDAM)

    copy = copied(staff, lab, first_day=datetime(2027, 7, 6, tzinfo=AMSTERDAM).date(), now=now)

    moments = [timezone.localtime(s.starts_at).isoformat() for s in copy.programme()]
    assert moments[0] == "2027-07-06T09:30:00+02:00"


def test_without_a_first_day_there_are_no_dates_yet(staff):
    copy = copied(staff, LabFactory())

    assert [s.starts_at for s in copy.programme()] == [None, None, None]
    assert copy.enrol_until is None


def test_a_trainer_who_is_no_longer_in_the_pool_stays_behind(staff):
    lab = LabFactory()
    gone = trainers_of(lab)["municipal"]
    gone.background = ""
    gone.save()

    assert list(trainers_of(copied(staff, lab))) == ["initiatives"]


def test_a_trainer_who_brings_no_trainers_sits_in_the_new_lab_themselves(client_as):
    lab = LabFactory()
    client = client_as(TRAINER, lab)

    response = client.post(path(lab), ILSE, follow=True)

    copy = Lab.objects.exclude(pk=lab.pk).get()
    assert response.redirect_chain == [(copy.get_absolute_url(), 302)]
    assert trainers_of(copy) == {"municipal": person_with(TRAINER, lab)}
    assert 'id="h-ready"' in response.content.decode()


def test_the_coordinator_gets_the_invitation_and_comes_in_by_it(staff):
    copied(staff, LabFactory(), what=[])

    letter = OutgoingMail.objects.get()
    assert (letter.kind, letter.to) == ("coordinator_invited", "ilse@oss.example")
    assert "De data volgen nog." in letter.text
    client = Client()
    client.force_login(letter.person)
    way = re.search(r"https?://[^/\s]+(/werklabs/\S+)", fill(letter.text))[1]
    assert client.get(way).status_code == 200


@pytest.mark.parametrize("first_day", ["", partial(day, 60)])
def test_the_form_sent_twice_is_one_lab(client_as, first_day):
    lab = LabFactory()
    client = client_as(STAFF, lab)
    answers = as_of_now({"what": ["trainers"], "first_day": first_day, **ILSE})

    first, second = client.post(path(lab), answers), client.post(path(lab), answers)

    assert first["Location"] == second["Location"]
    assert (Lab.objects.count(), OutgoingMail.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"coordinator_name": ""}, "coordinator_name"),
        ({"coordinator_email": "ilse"}, "coordinator_email"),
        ({"first_day": partial(day, 0)}, "first_day"),
        ({"first_day": partial(day, -3)}, "first_day"),
        ({"first_day": "morgen"}, "first_day"),
        ({"first_day": "9999-01-01"}, "first_day"),
        ({"what": ["mensen"]}, "what"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field_and_makes_nothing(client_as, changes, field):
    lab = LabFactory()
    answers = {"what": ["trainers"], "first_day": day(60), **ILSE, **as_of_now(changes)}

    response = client_as(STAFF, lab).post(path(lab), answers)

    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert (Lab.objects.count(), OutgoingMail.objects.count()) == (1, 0)


def test_a_trainer_who_comes_along_is_not_the_coordinator(staff):
    lab = LabFactory()
    trainer = trainers_of(lab)["municipal"]

    with pytest.raises(Refused):
        copied(staff, lab, coordinator_email=trainer.email)

    assert Lab.objects.count() == 1


def test_the_lab_page_leads_to_the_copy_for_who_makes_labs(client_as):
    lab = LabFactory()

    assert path(lab) in client_as(TRAINER, lab).get(lab.get_absolute_url()).content.decode()
    assert path(lab) not in client_as(COORDINATOR, lab).get(lab.get_absolute_url()).content.decode()


def test_a_copy_on_days_on_which_its_trainers_are_busy_must_be_accepted(client_as):
    lab = LabFactory(begins_in=40)
    client, answers = client_as(STAFF, lab), {"what": ["trainers"], "first_day": day(54), **ILSE}

    response = client.post(path(lab), answers)

    assert lab.title in str(response.context["form"].errors)
    assert Lab.objects.count() == 1
    assert client.post(path(lab), answers | {SAVE_ANYWAY: "on"}).status_code == 302
    assert Lab.objects.count() == 2
