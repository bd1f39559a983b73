"""Every way into a lab ends with the same confirmation: nobody is in without knowing it."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.factories import EnrolmentFactory, LabFactory, UserFactory
from werklab import letters, links
from werklab.enrolment import end_offers, enrol, withdraw
from werklab.invitations import prepare
from werklab.models import Enrolment, OutgoingMail

ANS = {
    "name": "Ans de Boer",
    "email": "ans@oss.example",
    "department": "Veiligheid",
    "function": "Adviseur",
    "contact_frequency": "Elke week",
}


def is_confirmed(lab, email="ans@oss.example"):
    """Ans has a chair and one letter that says which, with dates, calendar and a working link."""
    enrolment = lab.enrolments.seated().get(person__email=email)
    letter = OutgoingMail.objects.get(to=email, kind="place_confirmed", lab=lab)
    text = links.fill(letter.text)
    own = re.search(r"//[^/]+(/mijn/\S+/plek/)", text)[1]
    assert f"Stoel {enrolment.seat} is voor jou" in text
    assert letters.programme_lines(lab) in text
    assert letter.status == OutgoingMail.Status.DUE
    assert letter.calendar.count("BEGIN:VEVENT") == 3
    assert Client().get(own).status_code == 200
    return True


def by_the_form(lab):
    return Client().post(f"/meedoen/{lab.join_code}/aanmelden/", ANS)


def test_by_the_public_form():
    lab = LabFactory()

    by_the_form(lab)

    assert is_confirmed(lab)


def test_by_an_invitation_from_a_pasted_list():
    lab = LabFactory()
    prepare(UserFactory(), lab, {"ans@oss.example": "Ans de Boer"})
    invitation = OutgoingMail.objects.get(kind="invite_enrol")
    page = re.search(r"//[^/]+(/meedoen/\S+)", invitation.text)[1]

    html = Client().get(page).content.decode()
    form = re.search(r'href="(/meedoen/[^"]+/aanmelden/)"', html)[1]
    Client().post(form, ANS)

    assert is_confirmed(lab)


@pytest.mark.parametrize("role", ["trainer", "coordinator", "staff"])
def test_typed_in_by_somebody_of_the_team(role, client_as):
    lab = LabFactory()

    client_as(role, lab).post(f"/werklabs/{lab.slug}/deelnemers/", ANS)

    assert is_confirmed(lab)


def test_admitted_by_the_coordinator(client_as):
    lab = LabFactory(approves_enrolments=True)
    by_the_form(lab)
    made = lab.enrolments.get()

    client_as("coordinator", lab).post(f"/werklabs/{lab.slug}/deelnemers/{made.pk}/toelaten/")

    assert is_confirmed(lab)


def test_from_the_waiting_list_after_a_yes(by_link):
    lab = LabFactory(taken=15)
    by_the_form(lab)
    withdraw(None, lab.enrolments.get(seat=3))
    waits = lab.enrolments.get(person__email="ans@oss.example")

    by_link(waits).post(f"/werklabs/{lab.slug}/plek/aanbod/", {"answer": "yes"})

    assert is_confirmed(lab)


def test_on_a_chair_that_a_colleague_hands_over(by_link):
    giver = EnrolmentFactory()

    by_link(giver).post(f"/werklabs/{giver.lab.slug}/plek/overdragen/", ANS)

    assert is_confirmed(giver.lab)


# --- the offer in between ---------------------------------------------------------------------


def test_the_offer_says_in_letter_and_page_until_when_and_no_is_as_easy_as_yes(by_link):
    lab = LabFactory(taken=15)
    waits = EnrolmentFactory(lab=lab, status="waiting")
    withdraw(None, lab.enrolments.get(seat=3))
    waits.refresh_from_db()

    letter = OutgoingMail.objects.get(kind="place_offered")
    page = by_link(waits).get(f"/werklabs/{lab.slug}/plek/").content.decode()

    told = re.search(r"Zeg ja vóór (\w+ \d+ \w+), (\d+\.\d\d) uur", letter.text)
    assert f"tot {told[1]}, {told[2]}" in page
    assert "No, thank you" not in page
    assert "Nee, dank je" in page


def test_a_yes_in_the_second_in_which_the_offer_ends_is_too_late_for_everybody(by_link):
    lab = LabFactory(taken=15)
    first, second = (EnrolmentFactory(lab=lab, status="waiting") for _ in range(2))
    withdraw(None, lab.enrolments.get(seat=3))
    first.refresh_from_db()
    client = by_link(first)

    assert end_offers(first.offered_until - timedelta(microseconds=1)) == 0
    assert end_offers(first.offered_until) == 1
    answer = client.post(f"/werklabs/{lab.slug}/plek/aanbod/", {"answer": "yes"}, follow=True)

    assert "voorbij" in answer.content.decode()
    second.refresh_from_db()
    assert (second.status, second.seat) == (Enrolment.Status.OFFERED, 3)
    assert lab.enrolments.on_a_chair().count() == 15


def test_an_offer_of_a_lab_that_was_called_off_is_over(by_link):
    lab = LabFactory(taken=15)
    waits = EnrolmentFactory(lab=lab, status="waiting")
    withdraw(None, lab.enrolments.get(seat=3))
    waits.refresh_from_db()
    type(lab).objects.update(status="cancelled")

    page = by_link(waits).post(f"/werklabs/{lab.slug}/plek/aanbod/", {"answer": "yes"}, follow=True)

    waits.refresh_from_db()
    assert "neemt niemand meer op" in page.content.decode()
    assert waits.status == Enrolment.Status.OFFERED
    assert end_offers(waits.offered_until) == 0


def test_who_enrols_at_the_form_of_a_lab_that_was_called_off_meanwhile_is_told_so():
    lab = LabFactory()
    type(lab).objects.update(status="cancelled")

    response = by_the_form(lab)

    assert response.status_code == 200
    assert response.context["form"].non_field_errors()
    assert response.context["form"]["name"].value() == "Ans de Boer"
    assert not lab.enrolments.exists()


@pytest.mark.parametrize("people", [1, 8])
def test_a_letter_that_did_not_arrive_shows_on_the_person(
    people, client_as, django_assert_max_num_queries
):
    lab = LabFactory()
    for number in range(people):
        made = enrol(lab, **ANS | {"email": f"m{number}@oss.example", "name": f"Mens {number}"})
        OutgoingMail.objects.filter(person=made.person).update(status="failed")
    client = client_as("coordinator", lab)

    with django_assert_max_num_queries(6):
        html = client.get(f"/werklabs/{lab.slug}/deelnemers/").content.decode()

    assert html.count("brief kwam niet aan") == people
    assert html.count(f'href="/werklabs/{lab.slug}/post/#failed"') == people
