"""A lab in which the coordinator says yes to each enrolment, not only to those from outside."""

import pytest
from django.test import Client

from tests.conftest import person_with
from tests.factories import EnrolmentFactory, LabFactory
from werklab import links
from werklab.enrolment import admit, enrol, refuse
from werklab.errors import Refused
from werklab.models import Enrolment, OutgoingMail

Status = Enrolment.Status
MENNO = {
    "name": "Menno van Dam",
    "email": "menno@oss.example",
    "department": "Zorg en welzijn",
    "function": "Beleidsmedewerker",
    "contact_frequency": "Elke maand",
}
ROLES = [
    ("staff", 302),
    ("trainer", 302),
    ("coordinator", 302),
    ("participant", 403),
    ("stranger", 404),
]


def switch(client, lab, value="on"):
    return client.post(f"/werklabs/{lab.slug}/deelnemers/goedkeuren/", {"approval": value})


def letters_to(address):
    return [letter.kind for letter in OutgoingMail.objects.filter(to=address).order_by("pk")]


@pytest.mark.parametrize(("role", "status"), ROLES)
def test_who_may_ask_for_approval(role, status, client_as):
    lab = LabFactory()

    assert switch(client_as(role, lab), lab).status_code == status

    lab.refresh_from_db()
    assert lab.approves_enrolments == (status == 302)


def test_it_is_switched_on_and_off_and_twice_is_once(client_as):
    lab = LabFactory()
    client = client_as("coordinator", lab)
    switch(client, lab)
    page = client.get(f"/werklabs/{lab.slug}/deelnemers/").content.decode()
    assert "Elke aanmelding wacht op een ja of nee" in page

    switch(client, lab)
    switch(client, lab, "off")

    lab.refresh_from_db()
    assert not lab.approves_enrolments
    assert list(lab.events.order_by("pk").values_list("name", flat=True)) == [
        "approval_on",
        "approval_off",
    ]


def test_everybody_waits_for_a_yes_and_is_told_so():
    lab = LabFactory(approves_enrolments=True)
    coordinator = person_with("coordinator", lab)

    made = enrol(lab, **MENNO)

    assert (made.status, made.seat) == (Status.TO_CONFIRM, None)
    assert letters_to("menno@oss.example") == ["waits_for_approval"]
    assert letters_to(coordinator.email) == ["approval_asked"]
    asked = OutgoingMail.objects.get(kind="approval_asked")
    assert "Menno van Dam (menno@oss.example)" in asked.text
    assert "Beleidsmedewerker" in asked.text
    assert f"/werklabs/{lab.slug}/deelnemers/" in asked.text


def test_the_letter_leads_to_the_own_place_and_the_question_to_the_participants(client_as):
    lab = LabFactory(approves_enrolments=True)
    enrol(lab, **MENNO)
    waits = OutgoingMail.objects.get(kind="waits_for_approval")
    asked = OutgoingMail.objects.get(kind="approval_asked")

    own = links.fill(waits.text).split("in: ")[1].split()[0]

    assert Client().get("/" + own.partition("//")[2].partition("/")[2]).status_code == 200
    page = asked.text.split("aanmelding: ")[1].split()[0]
    there = "/" + page.partition("//")[2].partition("/")[2]
    assert "Menno van Dam" in client_as("coordinator", lab).get(there).content.decode()


def test_somebody_from_outside_gets_the_letter_about_the_address():
    lab = LabFactory(approves_enrolments=True)

    enrol(lab, **MENNO | {"email": "menno@elders.example"})

    assert letters_to("menno@elders.example") == ["waits_for_coordinator"]
    assert OutgoingMail.objects.filter(kind="admission_asked").exists()


def test_the_yes_gives_a_chair_with_the_same_confirmation_and_the_no_none():
    lab = LabFactory(approves_enrolments=True)
    coordinator = person_with("coordinator", lab)
    first, second = enrol(lab, **MENNO), enrol(lab, **MENNO | {"email": "ans@oss.example"})

    admitted = admit(coordinator, first)
    refuse(coordinator, second)

    assert (admitted.status, admitted.seat) == (Status.SEATED, 1)
    assert letters_to("menno@oss.example")[-1] == "place_confirmed"
    assert letters_to("ans@oss.example")[-1] == "not_admitted"


def test_a_trainer_puts_somebody_in_at_once_all_the_same():
    lab = LabFactory(approves_enrolments=True)

    assert enrol(lab, **MENNO, by=person_with("trainer", lab)).status == Status.SEATED


def test_the_public_form_and_the_participants_page_speak_of_the_group_not_of_an_address(client_as):
    lab = LabFactory(approves_enrolments=True)

    response = Client().post(f"/meedoen/{lab.join_code}/aanmelden/", MENNO, follow=True)
    page = client_as("coordinator", lab).get(f"/werklabs/{lab.slug}/deelnemers/").content.decode()

    assert "kijkt de coördinator naar elke aanmelding" in response.content.decode()
    assert "Menno van Dam" in page
    assert "Dit adres is niet van de gemeente" not in page


def test_nobody_is_let_into_a_lab_that_was_called_off():
    lab = LabFactory(status="cancelled")
    waits = EnrolmentFactory(lab=lab, status="to_confirm")

    with pytest.raises(Refused):
        admit(person_with("coordinator", lab), waits)

    waits.refresh_from_db()
    assert waits.status == Status.TO_CONFIRM
