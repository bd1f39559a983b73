"""The check page: everything that was given, what is missing, and until when it can change."""

import pytest
from django.test import Client
from django.urls import reverse

from intake.given import Given
from tests.factories import EnrolmentFactory, LabFactory, in_days
from tests.intake.filling_in import an_intake
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.models import Consent

NAME = "Mijn naam mag in het advies staan"


@pytest.fixture
def enrolment():
    return EnrolmentFactory()


@pytest.fixture
def client(enrolment):
    client = Client()
    client.force_login(enrolment.person)
    return client


def page_of(enrolment):
    return reverse("intake:check", args=[enrolment.lab.slug])


def html_of(client, enrolment):
    return client.get(page_of(enrolment)).content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [(PARTICIPANT, 200), (TRAINER, 403), (COORDINATOR, 403), (STAFF, 403), ("stranger", 404)],
)
def test_who_sees_the_check_page_and_the_way_in(client_as, role, status):
    lab = LabFactory()
    client = client_as(role, lab)

    check = client.get(reverse("intake:check", args=[lab.slug])).status_code
    way_in = client.get(reverse("intake:answer", args=[lab.slug])).status_code

    assert (check, way_in) == (status, 302 if status == 200 else status)


def test_the_check_page_cannot_be_deleted(client, enrolment):
    assert client.delete(page_of(enrolment)).status_code == 405


def test_before_the_first_answer_it_says_what_is_missing_and_where(client, enrolment):
    response = client.get(page_of(enrolment))

    assert [
        question["url"].partition("/intake/")[2] for question in response.context["missing"]
    ] == [
        "1/#div_id_part_current_role",
        "1/#div_id_part_experience",
        "2/#div_id_part_question",
        "3/#div_id_outcome_insight",
        "3/#div_id_part_key_questions",
        "5/#div_id_part_attendance",
    ]
    assert "6 vragen wachten nog op je antwoord." in response.content.decode()


def test_a_link_to_a_missing_question_leads_to_that_question(client, enrolment):
    for question in client.get(page_of(enrolment)).context["missing"]:
        address, _hash, anchor = question["url"].partition("#")

        assert f'id="{anchor}"' in client.get(address).content.decode()


def test_one_missing_question_is_one(client, enrolment):
    an_intake(enrolment, steps=(1, 2, 3, 4))

    assert "Eén vraag wacht nog op je antwoord." in html_of(client, enrolment)


def test_done_is_said_with_what_comes_next_and_until_when_it_can_change(client, enrolment):
    enrolment.lab.sessions.filter(number=1).update(starts_at=in_days(28, 13, 5))
    an_intake(enrolment)

    html = html_of(client, enrolment)

    assert '<h1 class="h2">Je intake is klaar</h1>' in html
    assert "Je kunt je antwoorden veranderen tot sessie 1 begint" in html
    assert "13.05 uur" in html
    assert "06 0000 0000" in html


def test_all_twenty_questions_stand_on_it_with_what_was_given(client, enrolment):
    an_intake(
        enrolment,
        part_current_role=Given(["Anders, namelijk:"], "Ik regel de zaal"),
        part_consents=Given([NAME]),
        part_diet=Given("Zonder <noten>"),
    )

    response = client.get(page_of(enrolment))

    questions = [
        answer
        for step in response.context["steps"]
        for part in step["parts"]
        for answer in part["answers"]
    ]
    lines = {answer["label"]: answer["lines"] for answer in questions}
    assert len(lines) == 20
    assert lines["Wat is je functie?"] == ["Beleidsmedewerker"]
    assert lines["Welke rol heb je bij initiatieven?"] == ["Anders, namelijk: Ik regel de zaal"]
    assert (
        lines["Hoe sta je er nu voor?"][1] == "Ik weet welke vaardigheden ik nodig heb: 3 van de 5"
    )
    assert lines["Waar geef je toestemming voor?"] == [NAME]
    assert lines["Wat heb je nodig van jezelf?"] == []
    assert "Zonder &lt;noten&gt;" in response.content.decode()


def test_each_screen_has_a_link_to_change_it(client, enrolment):
    html = html_of(client, enrolment)

    for step in range(1, 6):
        assert f'href="/werklabs/{enrolment.lab.slug}/intake/{step}/"' in html


def test_nobody_sees_the_answers_of_somebody_else(enrolment):
    an_intake(enrolment, part_question=Given("Mijn geheime vraag"))
    other = EnrolmentFactory(lab=enrolment.lab)
    client = Client()
    client.force_login(other.person)

    assert "Mijn geheime vraag" not in html_of(client, enrolment)


def test_from_session_1_on_it_is_to_read_but_consent_may_change():
    begun = EnrolmentFactory(lab=LabFactory(begins_in=-1))
    Consent.objects.create(enrolment=begun, kind="photo")
    client = Client()
    client.force_login(begun.person)

    html = html_of(client, begun)
    response = client.post(page_of(begun), {"consents": [NAME]})

    assert "Sessie 1 is begonnen" in html
    assert 'name="csrfmiddlewaretoken"' in html
    assert f"/werklabs/{begun.lab.slug}/intake/1/" not in html
    assert response.status_code == 302
    assert [consent.kind for consent in begun.consents.all()] == ["name"]


def test_unticking_all_consents_takes_them_all_back(client, enrolment):
    Consent.objects.create(enrolment=enrolment, kind="name")

    client.post(page_of(enrolment), {})

    assert not Consent.objects.exists()


def test_a_consent_that_does_not_exist_is_refused(client, enrolment):
    Consent.objects.create(enrolment=enrolment, kind="name")

    response = client.post(page_of(enrolment), {"consents": ["Alles mag"]})

    assert (response.status_code, list(response.context["consent_form"].errors)) == (
        200,
        ["consents"],
    )
    assert [consent.kind for consent in Consent.objects.all()] == ["name"]


def test_the_check_page_costs_the_same_when_it_is_empty_and_full(
    client, enrolment, django_assert_num_queries
):
    with django_assert_num_queries(6):
        client.get(page_of(enrolment))
    an_intake(enrolment)

    with django_assert_num_queries(7):  # one more: the answers themselves
        client.get(page_of(enrolment))
