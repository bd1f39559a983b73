"""Change what was agreed about a lab, and open its enrolment."""

from functools import partial

import pytest
from django.contrib.messages import get_messages

from tests.conftest import STRANGER
from tests.factories import EnrolmentFactory, LabFactory, in_days
from tests.sessions.scheduling import as_agreed, day
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.models import Lab


def path(lab):
    return f"/werklabs/{lab.slug}/wijzig/"


def levels(response):
    return [message.level_tag for message in get_messages(response.wsgi_request)]


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 302), (TRAINER, 302), (COORDINATOR, 403), (PARTICIPANT, 403), (STRANGER, 404)],
)
def test_who_changes_a_lab(client_as, role, status):
    lab = LabFactory()

    response = client_as(role, lab).post(path(lab), as_agreed(lab, contact_phone="06 9999 9999"))

    lab.refresh_from_db()
    assert response.status_code == status
    assert (lab.contact_phone == "06 9999 9999") == (status == 302)


def test_the_form_shows_what_was_agreed_and_keeps_it_when_nothing_changes(client_as):
    lab = LabFactory()
    trainer, version = client_as(TRAINER, lab), lab.version

    form = trainer.get(path(lab)).context["form"]
    shown = {name: str(form[name].value() or "") for name in form.fields}
    before = [(s.starts_at, s.ends_at, s.place) for s in lab.programme()]
    response = trainer.post(path(lab), as_agreed(lab))

    assert {name: shown[name][:5] for name in shown} == {
        name: value[:5] for name, value in as_agreed(lab).items()
    }
    assert (response.status_code, levels(response)) == (302, ["success"])
    lab.refresh_from_db()
    assert [(s.starts_at, s.ends_at, s.place) for s in lab.programme()] == before
    assert lab.version == version + 1


def test_a_moved_session_leads_to_the_letters_that_tell_of_it(client_as):
    lab = LabFactory(taken=1)

    response = client_as(TRAINER, lab).post(path(lab), as_agreed(lab, date_3=day(90)))

    assert (levels(response), response["Location"]) == (["success"], f"{path(lab)}vertellen/")
    assert lab.ends_at == in_days(90, 13, 30)


@pytest.mark.req("REQ-043")
def test_fewer_places_than_people_is_told_at_the_places(client_as):
    lab = LabFactory(taken=12)

    response = client_as(TRAINER, lab).post(path(lab), as_agreed(lab, capacity="11"))

    assert list(response.context["form"].errors) == ["capacity"]
    lab.refresh_from_db()
    assert lab.capacity == 15


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"date_2": partial(day, 1)}, "date_2"),
        ({"date_1": partial(day, -3), "enrol_until": partial(day, -5)}, "date_1"),
        ({"ends_1": "08:00"}, "ends_1"),
        ({"enrol_until": partial(day, 60)}, "enrol_until"),
        ({"capacity": "16"}, "capacity"),
        ({"contact_email": "samir"}, "contact_email"),
        ({"contact_name": ""}, "contact_name"),
        ({"contact_phone": "0"}, "contact_phone"),
        ({"mail_domains": "oss.example, niet echt een"}, "mail_domains"),
        ({"mail_domains": "oss.example gmail.com"}, "mail_domains"),
        ({"mail_domains": "<script>"}, "mail_domains"),
        ({"mail_domains": "oss.example\x00"}, "mail_domains"),
        ({"mail_domains": "x" * 10_000}, "mail_domains"),
        ({"mail_domains": " ".join(f"d{n}.example" for n in range(11))}, "mail_domains"),
        ({"place_1": "x" * 10_000}, "place_1"),
    ],
)
def test_a_wrong_answer_is_told_where_it_was_given_and_changes_nothing(client_as, changes, field):
    lab = LabFactory()
    answers = as_agreed(lab, **changes)

    response = client_as(TRAINER, lab).post(path(lab), answers)

    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (200, [field])
    assert {name: form[name].value() for name in answers} == answers
    assert as_agreed(Lab.objects.get(pk=lab.pk)) == as_agreed(lab)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("oss.example, @Gemeente.example", ["oss.example", "gemeente.example"]),
        ("oss.example;oss.example\nwijk.oss.example", ["oss.example", "wijk.oss.example"]),
        ("ans@oss.example", ["oss.example"]),
        ("", []),
    ],
)
def test_mail_domains_are_typed_with_commas_or_spaces(client_as, typed, kept):
    lab = LabFactory()

    client_as(TRAINER, lab).post(path(lab), as_agreed(lab, mail_domains=typed))

    lab.municipality.refresh_from_db()
    assert lab.municipality.mail_domains == kept


def test_a_trainer_is_not_the_coordinator_as_well(client_as):
    lab = LabFactory()
    address = lab.roles.filter(role="trainer").first().user.email

    response = client_as(TRAINER, lab).post(path(lab), as_agreed(lab, coordinator_email=address))

    assert list(response.context["form"].errors) == ["coordinator_email"]
    assert lab.roles.filter(role="coordinator").exclude(user__email=address).count() == 1


def test_a_lab_that_is_over_says_that_nothing_changes_any_more(client_as):
    lab = LabFactory(status="closed")

    response = client_as(TRAINER, lab).post(path(lab), as_agreed(lab, contact_phone="06 9999 9999"))

    assert len(response.context["form"].non_field_errors()) == 1
    lab.refresh_from_db()
    assert lab.contact_phone == "06 0000 0000"


def test_a_lab_without_dates_can_get_them(client_as):
    lab = LabFactory(status="preparing")
    answers = as_agreed(lab)
    lab.sessions.update(starts_at=None, ends_at=None, place="")

    assert client_as(TRAINER, lab).get(path(lab)).status_code == 200
    response = client_as(TRAINER, lab).post(path(lab), answers)

    assert (response.status_code, levels(response)) == (302, ["success"])
    assert [s.starts_at is not None for s in lab.programme()] == [True, True, True]


def test_the_waiting_list_gets_the_places_that_come(client_as):
    lab = LabFactory(taken=10, capacity=10)
    first = EnrolmentFactory(lab=lab, status="waiting")

    client_as(TRAINER, lab).post(path(lab), as_agreed(lab, capacity="11"))

    first.refresh_from_db()
    assert first.status == "offered"


# --- open enrolment -------------------------------------------------------------------------------


def opening(lab):
    return f"/werklabs/{lab.slug}/aanmelding-open/"


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 302), (TRAINER, 302), (COORDINATOR, 403), (PARTICIPANT, 403), (STRANGER, 404)],
)
def test_who_opens_enrolment(client_as, role, status):
    lab = LabFactory(status="preparing", ready=True)

    response = client_as(role, lab).post(opening(lab))

    lab.refresh_from_db()
    assert (response.status_code, lab.status == "live") == (status, status == 302)


def test_looking_never_opens_enrolment(client_as):
    lab = LabFactory(status="preparing", ready=True)

    assert client_as(TRAINER, lab).get(opening(lab)).status_code == 405
    lab.refresh_from_db()
    assert lab.status == "preparing"


@pytest.mark.req("REQ-037", "REQ-038")
def test_enrolment_does_not_open_without_two_trainers(client_as):
    lab = LabFactory(status="preparing", ready=True)
    lab.roles.filter(chair="initiatives").delete()

    response = client_as(STAFF, lab).post(opening(lab))

    lab.refresh_from_db()
    assert (lab.status, levels(response)) == ("preparing", ["error"])


def test_opening_twice_changes_nothing_and_says_so(client_as):
    lab = LabFactory(status="preparing", ready=True)
    trainer = client_as(TRAINER, lab)

    trainer.post(opening(lab))
    response = trainer.post(opening(lab))

    assert (response.status_code, levels(response)[-1]) == (302, "error")
    assert lab.events.filter(name="enrolment_opened").count() == 1
