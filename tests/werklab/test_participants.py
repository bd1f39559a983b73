"""Who is in a lab, for trainer and coordinator: seats, list, people from outside, the mix."""

import re

import pytest
from django.core.cache import caches
from django.utils.html import escape

from tests.factories import EnrolmentFactory, LabFactory, in_days
from werklab import participants
from werklab.models import Enrolment, OutgoingMail
from werklab.views.enrolments import _remembered

Status = Enrolment.Status
ANS = {
    "name": "Ans de Boer",
    "email": "ans@oss.example",
    "department": "Veiligheid",
    "function": "Adviseur",
    "contact_frequency": "Elke week",
}


@pytest.fixture(autouse=True)
def _nothing_remembered():
    caches["fragments"].clear()


def path(lab, tail=""):
    return f"/werklabs/{lab.slug}/deelnemers/{tail}"


def crowd(people):
    """So many of every kind."""
    lab = LabFactory(taken=people)
    for _ in range(people):
        EnrolmentFactory(lab=lab, status="waiting")
        EnrolmentFactory(lab=lab, status="to_confirm")
    return lab


ROLES = [
    ("staff", 200),
    ("trainer", 200),
    ("coordinator", 200),
    ("participant", 403),
    ("stranger", 404),
]


@pytest.mark.parametrize(("role", "status"), ROLES)
def test_who_may_see_who_takes_part(role, status, client_as):
    lab = LabFactory()

    assert client_as(role, lab).get(path(lab)).status_code == status


@pytest.mark.parametrize(("role", "status"), ROLES)
@pytest.mark.parametrize("tail", ["afmelden/", "toelaten/", "weigeren/"])
def test_who_may_decide_about_somebody(role, status, tail, client_as):
    lab = LabFactory()
    somebody = EnrolmentFactory(lab=lab, status="to_confirm")
    client = client_as(role, lab)

    assert client.get(path(lab, f"{somebody.pk}/{tail}")).status_code == 405
    response = client.post(path(lab, f"{somebody.pk}/{tail}"))

    somebody.refresh_from_db()
    assert response.status_code == (302 if status == 200 else status)
    assert (somebody.status != Status.TO_CONFIRM) == (status == 200)


@pytest.mark.parametrize("tail", ["afmelden/", "toelaten/", "weigeren/"])
def test_nobody_of_another_lab_is_touched(tail, client_as):
    lab, other = LabFactory(), LabFactory()
    somebody = EnrolmentFactory(lab=other, status="to_confirm")

    assert client_as("trainer", lab).post(path(lab, f"{somebody.pk}/{tail}")).status_code == 404
    somebody.refresh_from_db()
    assert somebody.status == Status.TO_CONFIRM


def test_seats_in_their_order_and_the_list_in_its_order(client_as):
    lab = LabFactory(taken=2)
    EnrolmentFactory(lab=lab, seat=5)
    offered = EnrolmentFactory(lab=lab, status="offered", seat=3, offered_until=in_days(2))
    waits = EnrolmentFactory(lab=lab, status="waiting")
    lab.enrolments.filter(seat=1).update(seat=9)

    page = participants.overview(lab)
    html = client_as("coordinator", lab).get(path(lab)).content.decode()

    assert [row["seat"] for row in page["seated"]] == [2, 5, 9]
    assert [(row["pk"], row["place"]) for row in page["line"]] == [(offered.pk, 1), (waits.pk, 2)]
    assert page["taken"] == 4
    assert "aangeboden" in html


def test_withdrawing_somebody_who_called(client_as):
    lab = LabFactory(taken=1)
    somebody = lab.enrolments.get()

    client_as("coordinator", lab).post(path(lab, f"{somebody.pk}/afmelden/"))

    somebody.refresh_from_db()
    assert (somebody.status, somebody.seat) == (Status.WITHDRAWN, None)
    assert OutgoingMail.objects.get().to == somebody.person.email


def test_the_second_press_on_withdraw_says_that_it_was_done(client_as):
    lab = LabFactory(taken=1)
    client, where = client_as("coordinator", lab), path(lab, f"{lab.enrolments.get().pk}/afmelden/")
    client.post(where)

    response = client.post(where, follow=True)

    assert "al eerder teruggegeven" in response.content.decode()
    assert OutgoingMail.objects.count() == 1


def test_admitting_and_refusing_people_from_outside(client_as):
    lab = LabFactory()
    yes, no = (EnrolmentFactory(lab=lab, status="to_confirm") for _ in range(2))
    client = client_as("coordinator", lab)

    client.post(path(lab, f"{yes.pk}/toelaten/"))
    client.post(path(lab, f"{no.pk}/weigeren/"))

    yes.refresh_from_db()
    no.refresh_from_db()
    assert (yes.status, yes.seat, no.status) == (Status.SEATED, 1, Status.REFUSED)


def test_putting_somebody_in_sends_the_same_letter(client_as):
    lab = LabFactory()
    client = client_as("coordinator", lab)
    assert 'name="contact_frequency"' in client.get(path(lab) + "?erbij=1").content.decode()

    response = client.post(path(lab), ANS | {"email": "ans@elders.example"}, follow=True)

    made = lab.enrolments.get()
    assert (made.status, made.seat) == (Status.SEATED, 1)
    assert OutgoingMail.objects.get().kind == "place_confirmed"
    assert "Ans de Boer heeft stoel 1" in response.content.decode()
    assert lab.events.get().by is not None


def test_putting_in_who_is_in_already_says_so(client_as):
    lab = LabFactory()
    client = client_as("coordinator", lab)
    client.post(path(lab), ANS)

    response = client.post(path(lab), ANS, follow=True)

    assert "stond er al in" in response.content.decode()
    assert lab.enrolments.count() == 1


def test_a_form_with_an_error_keeps_what_was_typed(client_as):
    lab = LabFactory()

    response = client_as("coordinator", lab).post(path(lab), ANS | {"email": "geen adres"})

    assert response.status_code == 200
    assert 'value="Ans de Boer"' in response.content.decode()
    assert not lab.enrolments.exists()


def test_nobody_is_put_in_a_lab_that_is_over(client_as):
    lab = LabFactory(status="closed")
    client = client_as("coordinator", lab)

    response = client.post(path(lab), ANS)

    assert response.context["form"].non_field_errors()
    assert "erbij" not in client.get(path(lab)).content.decode()
    assert not lab.enrolments.exists()


def test_names_are_text(client_as):
    lab = LabFactory()
    name = "<img src=x onerror=alert(1)> 😀"
    EnrolmentFactory(lab=lab, person__name=name)

    html = client_as("trainer", lab).get(path(lab)).content.decode()

    assert escape(name) in html
    assert "<img src=x" not in html


def test_the_coordinator_sees_how_many_intakes_there_are_but_not_whose(client_as):
    lab = LabFactory(taken=3)

    html = client_as("coordinator", lab).get(path(lab)).content.decode()

    assert "3 nog niet begonnen" in html
    assert len(re.findall("nog niet begonnen", html)) == 1


# --- the mix ----------------------------------------------------------------------------------


FIELDS = ["Veiligheid", "Zorg en welzijn"] * 8


def group(*often):
    lab = LabFactory()
    for answer, field in zip(often, FIELDS, strict=False):
        EnrolmentFactory(lab=lab, contact_frequency=answer, department=field)
    return participants.overview(lab)


@pytest.mark.req("REQ-110")
@pytest.mark.parametrize(
    ("often", "hint"),
    [
        ([], ""),
        (["Elke week"], "Niemand in deze groep heeft weinig contact"),
        (["Elke maand"] * 5, "Niemand in deze groep heeft weinig contact"),
        (["Elke week", "Zelden of nooit"], ""),
        (["Een paar keer per jaar"] * 4 + ["Elke week"], "Bijna niemand"),
        (["Zelden of nooit"] * 3 + ["Elke week"] * 2, ""),
    ],
)
def test_the_mix_gives_a_hint_when_it_is_one_sided(often, hint):
    found = group(*often)["hint"]

    assert found.startswith(hint)
    assert bool(found) == bool(hint)


@pytest.mark.req("REQ-110")
def test_the_mix_counts_how_often_people_meet_initiatives():
    contact = group("Elke week", "Elke week", "Zelden of nooit")["contact"]

    assert {words: [number for number, _css, _words in part] for words, part in contact} == {
        "Elke week": [2],
        "Elke maand": [0],
        "Een paar keer per jaar": [0],
        "Zelden of nooit": [1],
    }


@pytest.mark.req("REQ-111")
def test_the_mix_counts_fields_of_policy_of_who_takes_part():
    lab = LabFactory()
    for field in ("Veiligheid", "Veiligheid", "Griffie"):
        EnrolmentFactory(lab=lab, department=field)
    EnrolmentFactory(lab=lab, status="waiting", department="Juridisch")

    assert participants.overview(lab)["departments"] == [("Veiligheid", 2), ("Griffie", 1)]


@pytest.mark.req("REQ-111")
@pytest.mark.parametrize(("others", "hint"), [(["Veiligheid"] * 2, True), (["Griffie"] * 2, False)])
def test_a_group_of_one_field_of_policy_gives_a_hint(others, hint):
    lab = LabFactory()
    for field in ["Veiligheid", *others]:
        EnrolmentFactory(lab=lab, department=field, contact_frequency="Zelden of nooit")

    assert ("één beleidsveld" in participants.overview(lab)["hint"]) == hint


@pytest.mark.req("REQ-043")
@pytest.mark.parametrize(
    ("taken", "begins_in", "short"), [(9, 28, True), (10, 28, False), (9, 29, False)]
)
def test_too_few_people_shows_two_weeks_before_enrolment_closes(taken, begins_in, short):
    lab = LabFactory(begins_in=begins_in)  # closes two weeks before session 1

    assert participants.is_short(lab, taken) == short


@pytest.mark.parametrize("people", [1, 7])
def test_the_page_costs_six_queries_once_and_three_after_that(
    people, client_as, django_assert_num_queries
):
    lab = crowd(people)
    client = client_as("trainer", lab)

    with django_assert_num_queries(6):
        client.get(path(lab))
    with django_assert_num_queries(3):
        client.get(path(lab))


def test_what_is_remembered_is_made_anew_after_each_change(client_as):
    lab = LabFactory(taken=2)
    client, somebody = client_as("coordinator", lab), lab.enrolments.get(seat=2)
    assert somebody.person.name in client.get(path(lab)).content.decode()

    client.post(path(lab, f"{somebody.pk}/afmelden/"))

    client.get(path(lab))  # tells that it was done
    assert somebody.person.name not in client.get(path(lab)).content.decode()


def test_no_token_is_remembered(client_as):
    lab = LabFactory(taken=1)

    client_as("coordinator", lab).get(path(lab))

    assert "csrfmiddlewaretoken" not in _remembered(lab)
