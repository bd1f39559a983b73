"""The five screens: what may go wrong on them, and what is kept all the same."""

import pytest
from django.test import Client

from intake.models import Answer, Intake
from tests.conftest import STRANGER, person_with
from tests.factories import EnrolmentFactory, LabFactory, UserFactory
from tests.intake.filling_in import SCREENS, an_intake, answers_of, steps_url
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.enrolment import withdraw
from werklab.models import Consent, Enrolment, Lab, LabRole

WHO_MAY = [(PARTICIPANT, 200), (TRAINER, 403), (COORDINATOR, 403), (STAFF, 403), (STRANGER, 404)]
THREE_TOO_MANY = [
    "Hoe bouw ik vertrouwen op?",
    "Hoe ga ik om met verschillende belangen?",
    "Wat heb ik nodig van de organisatie?",
    "Hoe bewaak ik het algemeen belang?",
]


@pytest.fixture
def enrolment():
    return EnrolmentFactory()


@pytest.fixture
def client(enrolment):
    """Signed in as that participant."""
    client = Client()
    client.force_login(enrolment.person)
    return client


def send(client, enrolment, step, back=False, **changes):
    """Fill in a screen as in SCREENS, but for the changes; None leaves a question open."""
    sent = SCREENS[step] | changes | ({"back": "1"} if back else {})
    sent = {name: value for name, value in sent.items() if value is not None}
    return client.post(steps_url(enrolment.lab, step), sent)


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


# --- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), WHO_MAY)
def test_who_sees_a_screen(client_as, role, status):
    lab = LabFactory()

    assert client_as(role, lab).get(steps_url(lab, 1)).status_code == status


@pytest.mark.parametrize(("role", "status"), WHO_MAY)
def test_who_fills_in_a_screen(client_as, role, status):
    lab = LabFactory()

    response = client_as(role, lab).post(steps_url(lab, 1), SCREENS[1])

    assert response.status_code == (302 if status == 200 else status)
    assert Intake.objects.count() == int(role == PARTICIPANT)


@pytest.mark.parametrize("page", ["", "1/", "nakijken/"])
def test_a_passer_by_is_asked_to_sign_in(page):
    lab = LabFactory()

    response = Client().get(f"/werklabs/{lab.slug}/intake/{page}")

    assert response.status_code == 302
    assert response.url.startswith("/inloggen/")


@pytest.mark.parametrize("status", ["to_confirm", "waiting"])
def test_somebody_without_a_chair_has_no_intake(status):
    waiting = EnrolmentFactory(status=status, seat=None)
    client = Client()
    client.force_login(waiting.person)

    assert client.get(steps_url(waiting.lab, 1)).status_code == 404
    assert client.post(steps_url(waiting.lab, 1), SCREENS[1]).status_code == 404
    assert not Intake.objects.exists()


def test_somebody_who_gave_the_chair_back_has_no_intake_any_more(client, enrolment):
    withdraw(enrolment.person, enrolment)

    assert send(client, enrolment, 1).status_code == 404
    assert not Intake.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete"])
def test_a_screen_knows_get_and_post_only(client, enrolment, method):
    assert getattr(client, method)(steps_url(enrolment.lab, 1)).status_code == 405


def test_the_way_in_and_the_group_page_cannot_be_posted_to(client_as):
    lab = LabFactory()

    assert client_as(PARTICIPANT, lab).post(f"/werklabs/{lab.slug}/intake/").status_code == 405
    assert client_as(TRAINER, lab).post(f"/werklabs/{lab.slug}/intakes/").status_code == 405


@pytest.mark.parametrize("step", [0, 6, 99])
def test_there_are_five_screens_and_no_more(client, enrolment, step):
    assert client.get(steps_url(enrolment.lab, step)).status_code == 404
    assert client.post(steps_url(enrolment.lab, step), SCREENS[1]).status_code == 404


def test_a_coordinator_who_takes_part_fills_in_only_their_own(enrolment):
    lab = enrolment.lab
    coordinator = person_with(COORDINATOR, lab)
    own = EnrolmentFactory(lab=lab, person=coordinator)
    an_intake(enrolment)
    client = Client()
    client.force_login(coordinator)

    send(client, own, 2, part_question="Mijn eigen vraag")

    assert answers_of(own)["part_question"] == "Mijn eigen vraag"
    assert answers_of(enrolment)["part_question"].startswith("Hoe zeg ik eerlijk")
    assert client.get(f"/werklabs/{lab.slug}/intakes/").status_code == 403


def test_by_link_somebody_fills_in_their_own_intake_and_no_other_labs(by_link, enrolment):
    elsewhere = EnrolmentFactory(person=enrolment.person)
    client = by_link(enrolment)

    here = send(client, enrolment, 2)
    there = send(client, elsewhere, 2)

    assert (here.status_code, there.status_code) == (302, 404)
    assert [intake.enrolment for intake in Intake.objects.all()] == [enrolment]


# --- going through --------------------------------------------------------------------------------


def test_five_screens_and_the_intake_is_done(client, enrolment):
    ways = [send(client, enrolment, step).url for step in range(1, 6)]

    slug = enrolment.lab.slug
    assert ways == [
        *(f"/werklabs/{slug}/intake/{step}/" for step in (2, 3, 4, 5)),
        f"/werklabs/{slug}/intake/nakijken/",
    ]
    assert Intake.objects.get().done_at is not None


def test_looking_at_every_page_changes_nothing(client, enrolment):
    for page in ["", *(f"{step}/" for step in range(1, 6)), "nakijken/"]:
        client.get(f"/werklabs/{enrolment.lab.slug}/intake/{page}", follow=True)

    assert not Intake.objects.exists()
    assert Lab.objects.get().version == 0


def test_what_the_enrolment_asked_is_filled_in_already(client, enrolment):
    html = client.get(steps_url(enrolment.lab, 1)).content.decode()

    assert 'value="Beleidsmedewerker"' in html
    assert '<option value="Zorg en welzijn" selected>' in html
    assert 'value="Elke maand" id="id_part_contact_frequency_1" checked' in html


def test_own_words_from_the_enrolment_are_filled_in_too(client, enrolment):
    Enrolment.objects.update(department="Erfgoed")

    html = client.get(steps_url(enrolment.lab, 1)).content.decode()

    assert '<option value="Anders, namelijk:" selected data-own>' in html
    assert 'value="Erfgoed"' in html


def test_on_another_device_one_goes_on_at_the_first_open_screen(client, enrolment):
    send(client, enrolment, 1)
    send(client, enrolment, 2)
    other = Client()
    other.force_login(enrolment.person)

    there = other.get(f"/werklabs/{enrolment.lab.slug}/intake/")

    assert there.url == steps_url(enrolment.lab, 3)
    assert "Hoe zeg ik eerlijk" in other.get(steps_url(enrolment.lab, 2)).content.decode()


@pytest.mark.parametrize(
    ("kept", "page"),
    [((), "1/"), ((1, 2, 3), "4/"), ((2, 3, 4, 5), "1/"), ((1, 2, 3, 4, 5), "nakijken/")],
)
def test_the_way_in_leads_to_what_is_open(client, enrolment, kept, page):
    for step in kept:
        send(client, enrolment, step)

    response = client.get(f"/werklabs/{enrolment.lab.slug}/intake/")

    assert response.url == f"/werklabs/{enrolment.lab.slug}/intake/{page}"


def test_who_was_done_and_changes_one_screen_comes_back_to_the_check_page(client, enrolment):
    an_intake(enrolment)

    response = send(client, enrolment, 2, part_question="Een andere vraag")

    assert response.url.endswith("/intake/nakijken/")


def test_back_keeps_what_there_is_and_insists_on_nothing(client, enrolment):
    response = send(client, enrolment, 2, back=True, part_question=None, part_bring="Lef")

    assert response.url == steps_url(enrolment.lab, 1)
    assert answers_of(enrolment)["part_bring"] == "Lef"
    assert "part_question" not in answers_of(enrolment)


def test_a_form_sent_twice_is_kept_once(client, enrolment):
    send(client, enrolment, 2)
    send(client, enrolment, 2)

    assert (Intake.objects.count(), Answer.objects.count()) == (1, 1)


# --- what may be wrong ----------------------------------------------------------------------------


def test_what_is_right_is_kept_although_something_else_is_wrong(client, enrolment):
    response = send(client, enrolment, 2, part_case="x" * 2001, part_bring="Een fiets")

    assert response.status_code == 200
    assert errors_of(response) == {
        "part_case": ["Maak dit korter: hoogstens 2000 tekens. Je schreef er 2001."]
    }
    assert answers_of(enrolment)["part_bring"] == "Een fiets"
    assert answers_of(enrolment)["part_question"].startswith("Hoe zeg ik")
    assert "part_case" not in answers_of(enrolment)
    assert "x" * 2001 in response.content.decode()


def test_a_page_with_errors_says_so_in_its_title_and_says_when_it_was_saved(client, enrolment):
    html = send(client, enrolment, 2, part_question="").content.decode()

    assert "<title>Fout: Stap 2 van 5: Wat je meebrengt" in html
    assert "Opgeslagen om" in html


def test_what_is_needed_says_what_to_do(client, enrolment):
    text = errors_of(send(client, enrolment, 2, part_question=""))
    choice = errors_of(send(client, enrolment, 1, part_experience=None, part_current_role=None))
    scale = errors_of(send(client, enrolment, 3, outcome_tools=None))

    assert text == {"part_question": ["Schrijf hier je antwoord."]}
    assert choice == {
        "part_current_role": ["Kies minstens één antwoord."],
        "part_experience": ["Kies één antwoord."],
    }
    assert scale == {"outcome_tools": ["Kies één antwoord."]}


def test_the_other_statements_are_kept_when_one_is_open(client, enrolment):
    send(client, enrolment, 3, outcome_tools=None, outcome_energy="5")

    assert answers_of(enrolment)["outcomes_before"] == {
        "outcome_insight": 3,
        "outcome_skills": 3,
        "outcome_energy": 5,
    }


@pytest.mark.parametrize(("number", "status"), [(3, 302), (4, 200)])
def test_at_most_three_questions_can_be_chosen(client, enrolment, number, status):
    response = send(client, enrolment, 3, part_key_questions=THREE_TOO_MANY[:number])

    assert response.status_code == status
    assert ("part_key_questions" in answers_of(enrolment)) is (number == 3)


def test_too_many_choices_names_both_numbers(client, enrolment):
    response = send(client, enrolment, 3, part_key_questions=THREE_TOO_MANY)

    assert errors_of(response) == {
        "part_key_questions": ["Kies hoogstens 3 antwoorden. Je koos er 4."]
    }


def test_something_else_asks_for_own_words(client, enrolment):
    response = send(client, enrolment, 1, part_current_role=["Anders, namelijk:"])

    assert errors_of(response) == {
        "part_current_role_own": ["Schrijf in een paar woorden wat je bedoelt."]
    }
    assert "part_current_role" not in answers_of(enrolment)


def test_own_words_are_kept_with_something_else(client, enrolment):
    send(
        client,
        enrolment,
        1,
        part_current_role=["Anders, namelijk:"],
        part_current_role_own="Ik regel de zaal",
    )

    assert Answer.objects.get(question__key="part_current_role").other == "Ik regel de zaal"


def test_own_words_without_something_else_do_not_count(client, enrolment):
    response = send(client, enrolment, 1, part_current_role_own="x" * 500)

    assert response.status_code == 302
    assert Answer.objects.get(question__key="part_current_role").other == ""


@pytest.mark.parametrize(("longest", "status"), [(80, 302), (81, 200)])
def test_own_words_for_the_field_of_policy_fit_the_enrolment(client, enrolment, longest, status):
    own = {"part_department": "Anders, namelijk:", "part_department_own": "x" * longest}

    assert send(client, enrolment, 1, **own).status_code == status


@pytest.mark.parametrize(
    ("step", "name", "value"),
    [
        (1, "part_experience", "Ik ben de baas"),
        (1, "part_current_role", ["Burgemeester"]),
        (1, "part_department", "Anders"),
        (3, "outcome_skills", "6"),
        (3, "outcome_skills", "veel"),
        (5, "part_consents", ["Alles mag"]),
        (5, "part_attendance", ["Sessie 4"]),
    ],
)
def test_an_answer_that_was_not_on_offer_is_refused(client, enrolment, step, name, value):
    response = send(client, enrolment, step, **{name: value})

    assert list(errors_of(response)) == [name]
    assert errors_of(response)[name][0].startswith("Kies")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "🌱 Én accenten", "a\r\nb", "'; --"])
def test_text_is_text(client, enrolment, text):
    send(client, enrolment, 2, part_question=text)

    assert answers_of(enrolment)["part_question"] == text.replace("\r\n", "\n")
    assert "<script>alert" not in client.get(steps_url(enrolment.lab, 2)).content.decode()


@pytest.mark.parametrize("name", ["part_question", "part_case"])
def test_a_nul_is_refused_in_words(client, enrolment, name):
    response = send(client, enrolment, 2, **{name: "een\x00nul"})

    assert errors_of(response) == {
        name: ["Er staat een teken in dat we niet kunnen bewaren. Typ de tekst opnieuw."]
    }


def test_ten_thousand_signs_are_refused_in_words_and_stay_on_the_screen(client, enrolment):
    response = send(client, enrolment, 5, part_access="é" * 10_000)

    assert errors_of(response) == {
        "part_access": ["Maak dit korter: hoogstens 2000 tekens. Je schreef er 10000."]
    }
    assert "é" * 10_000 in response.content.decode()


def test_two_thousand_signs_with_line_breaks_fit(client, enrolment):
    assert send(client, enrolment, 2, part_case="a\r\n" * 1000).status_code == 302


def test_ticking_a_consent_gives_it_and_unticking_takes_it_back(client, enrolment):
    name = "Mijn naam mag in het advies staan"
    send(client, enrolment, 5, part_consents=[name])
    given_first = [consent.kind for consent in Consent.objects.all()]

    send(client, enrolment, 5)

    assert given_first == ["name"]
    assert not Consent.objects.exists()


# --- from session 1 on ----------------------------------------------------------------------------


@pytest.fixture
def begun():
    """Somebody in a lab that has begun."""
    return EnrolmentFactory(lab=LabFactory(begins_in=-1))


def test_from_session_1_on_a_screen_is_refused_and_nothing_changes(begun):
    client = Client()
    client.force_login(begun.person)

    response = send(client, begun, 1, part_role="Wethouder", part_experience=None)

    begun.refresh_from_db()
    assert response.status_code == 403
    assert "Sessie 1 is begonnen. Je intake kan niet meer veranderen." in response.content.decode()
    assert "Wethouder" in response.content.decode()
    assert begun.function == "Beleidsmedewerker"
    assert not Intake.objects.exists()
    assert not begun.lab.events.exists()


@pytest.mark.parametrize("page", ["", "1/", "5/"])
def test_from_session_1_on_there_is_only_a_page_to_read(begun, page):
    client = Client()
    client.force_login(begun.person)

    response = client.get(f"/werklabs/{begun.lab.slug}/intake/{page}")

    assert response.url == f"/werklabs/{begun.lab.slug}/intake/nakijken/"


# --- what is said at the input --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "with_name", "without"),
    [(1, True, True), (2, True, True), (3, False, True), (4, False, True), (5, True, False)],
)
def test_every_screen_says_whether_trainers_see_a_name(client, enrolment, step, with_name, without):
    html = client.get(steps_url(enrolment.lab, step)).content.decode()

    assert ("De trainers zien dit met je naam." in html) is with_name
    assert ("De trainers zien dit zonder je naam." in html) is without


def test_title_and_heading_say_which_step_it_is(client, enrolment):
    html = client.get(steps_url(enrolment.lab, 4)).content.decode()

    assert "<title>Stap 4 van 5: Wat je nodig hebt" in html
    assert '<h1 class="h2">Stap 4 van 5: Wat je nodig hebt</h1>' in html
    assert "Intake, deel 4 van 5" in html


@pytest.mark.parametrize("step", [1, 5])
def test_a_screen_costs_the_same_for_an_empty_and_a_full_intake(
    client, enrolment, django_assert_max_num_queries, step
):
    with django_assert_max_num_queries(7):
        client.get(steps_url(enrolment.lab, step))
    an_intake(enrolment)
    LabRole.objects.create(lab=enrolment.lab, user=UserFactory(), role="coordinator")

    with django_assert_max_num_queries(7):
        client.get(steps_url(enrolment.lab, step))
