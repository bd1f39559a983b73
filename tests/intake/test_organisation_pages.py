"""The pages of the organisation's intake: who gets them, what may go wrong, what they cost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from intake import organisation
from intake.given import Given
from intake.models import OrganisationAnswer, OrganisationIntake
from tests.conftest import STRANGER, person_with
from tests.factories import EnrolmentFactory, LabFactory, UserFactory
from tests.intake.organising import SCREENS, SECRET, an_organisation_intake, answers_of, page
from tests.werklab.overview import COORDINATORS, TRAINERS, facts_of
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.models import Event, Lab, LabRole
from werklab.views import todo

OTHERS = [(STAFF, 403), (PARTICIPANT, 403), (STRANGER, 404)]
WHO_ANSWERS = [(COORDINATOR, 200), (TRAINER, 403), *OTHERS]
WHO_READS = [(COORDINATOR, 200), (TRAINER, 200), *OTHERS]


@pytest.fixture
def lab():
    return LabFactory()


@pytest.fixture
def client(lab, client_as):
    """Signed in as the coordinator."""
    return client_as(COORDINATOR, lab)


@pytest.fixture
def colleague(lab):
    """A second coordinator, signed in."""
    other = UserFactory(name="Tweede Coördinator")
    LabRole.objects.create(lab=lab, user=other, role=COORDINATOR)
    client = Client()
    client.force_login(other)
    return client


def send(client, lab, step, back=False, **changes):
    """Fill in a screen as in SCREENS, but for the changes; None leaves a question open."""
    sent = SCREENS[step] | changes | ({"back": "1"} if back else {})
    sent = {name: value for name, value in sent.items() if value is not None}
    return client.post(page(lab, f"{step}/"), sent)


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def html(response):
    return response.content.decode()


# --- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["1/", "nakijken/"])
@pytest.mark.parametrize(("role", "status"), WHO_ANSWERS)
def test_who_sees_the_screens_and_the_check_page(client_as, lab, role, status, name):
    assert client_as(role, lab).get(page(lab, name)).status_code == status


@pytest.mark.parametrize(("role", "status"), WHO_ANSWERS)
def test_who_fills_in_a_screen(client_as, lab, role, status):
    response = send(client_as(role, lab), lab, 1)

    assert response.status_code == (302 if status == 200 else status)
    assert OrganisationIntake.objects.count() == int(role == COORDINATOR)


@pytest.mark.parametrize(("role", "status"), WHO_ANSWERS)
def test_who_hands_it_in(client_as, lab, role, status):
    an_organisation_intake(lab, hand_in=False)

    response = client_as(role, lab).post(page(lab, "nakijken/"))

    assert response.status_code == (302 if status == 200 else status)
    assert organisation.is_handed_in(lab) is (role == COORDINATOR)


@pytest.mark.parametrize(("role", "status"), WHO_READS)
def test_who_reads_what_was_handed_in(client_as, lab, role, status):
    an_organisation_intake(lab)

    response = client_as(role, lab).get(page(lab, "lezen/"))

    assert response.status_code == status
    assert ("Ons antwoord laat te lang" in html(response)) is (status == 200)


@pytest.mark.parametrize(("role", "status"), [(TRAINER, 302), (COORDINATOR, 403), *OTHERS])
def test_who_writes_down_that_it_was_gone_through(client_as, lab, role, status):
    an_organisation_intake(lab)

    today = timezone.localdate().isoformat()
    response = client_as(role, lab).post(page(lab, "doorgenomen/"), {"gone_through_on": today})

    assert response.status_code == status
    assert OrganisationIntake.objects.get().is_settled is (role == TRAINER)


@pytest.mark.parametrize("name", ["", "1/", "nakijken/", "lezen/"])
def test_a_passer_by_is_asked_to_sign_in(lab, name):
    response = Client().get(page(lab, name))

    assert (response.status_code, response.url[:10]) == (302, "/inloggen/")


def test_by_link_a_participant_who_is_coordinator_too_gets_none_of_it(by_link, lab):
    enrolment = EnrolmentFactory(lab=lab, person=person_with(COORDINATOR, lab))

    assert by_link(enrolment).get(page(lab, "1/")).status_code == 403


@pytest.mark.parametrize(("role", "where"), [(COORDINATOR, "1/"), (TRAINER, "lezen/")])
def test_the_way_in_leads_each_to_their_own_page(client_as, lab, role, where):
    assert client_as(role, lab).get(page(lab)).url == page(lab, where)


def test_going_through_is_posted_and_reading_is_not(client_as, lab):
    trainer = client_as(TRAINER, lab)

    assert trainer.get(page(lab, "doorgenomen/")).status_code == 405
    assert trainer.post(page(lab, "lezen/")).status_code == 405


# --- what is sensitive ----------------------------------------------------------------------------


def test_another_coordinator_sees_a_sensitive_answer_on_no_page(lab, colleague):
    an_organisation_intake(lab, org_sensitive=Given(SECRET))

    pages = [colleague.get(page(lab, name)) for name in ("3/", "nakijken/", "lezen/")]

    assert all(SECRET not in html(answer) for answer in pages)
    assert all("Een collega heeft dit beantwoord" in html(answer) for answer in pages)
    assert 'name="org_sensitive"' not in html(pages[0])
    assert 'name="org_expectations_residents"' in html(pages[0])


def test_its_writer_and_the_trainers_read_it(client, client_as, lab):
    an_organisation_intake(lab, org_sensitive=Given(SECRET))

    pages = [client.get(page(lab, name)) for name in ("3/", "nakijken/", "lezen/")]
    pages.append(client_as(TRAINER, lab).get(page(lab, "lezen/")))

    assert all(SECRET in html(answer) for answer in pages)


@pytest.mark.parametrize("role", [STAFF, TRAINER, COORDINATOR, PARTICIPANT])
def test_it_stands_nowhere_else_in_the_lab(client_as, lab, role):
    an_organisation_intake(lab, org_sensitive=Given(SECRET))
    reader = UserFactory()
    if role == COORDINATOR:
        LabRole.objects.create(lab=lab, user=reader, role=COORDINATOR)
        visitor = Client()
        visitor.force_login(reader)
    else:
        visitor = client_as(role, lab)

    for path in ("", "logboek/", "advies/rapport/", "intakes/", "deelnemers/", "advies/"):
        response = visitor.get(f"/werklabs/{lab.slug}/{path}", follow=True)
        assert SECRET not in html(response), path


def test_a_colleague_who_saves_the_screen_leaves_it_as_it_was(lab, colleague):
    an_organisation_intake(lab, hand_in=False, org_sensitive=Given(SECRET))

    response = send(colleague, lab, 3, org_initiatives="Samen aan Tafel")

    assert response.status_code == 302
    assert answers_of(lab)["org_sensitive"] == SECRET
    assert answers_of(lab)["org_initiatives"] == "Samen aan Tafel"


def test_two_who_answer_it_at_once_lose_nothing(lab, colleague):
    an_organisation_intake(lab, hand_in=False, org_sensitive=Given(SECRET))

    response = send(colleague, lab, 3, org_sensitive="Wat ik zelf zag", org_initiatives="Blok 9")

    assert response.status_code == 403
    assert "Haal je antwoord daar weg" in html(response)
    assert "Wat ik zelf zag" in html(response)
    assert "Blok 9" in html(response)
    assert SECRET not in html(response)
    assert answers_of(lab)["org_sensitive"] == SECRET


def test_before_it_is_handed_in_the_trainers_read_no_answer(client_as, lab):
    an_organisation_intake(lab, hand_in=False)

    answer = html(client_as(TRAINER, lab).get(page(lab, "lezen/")))

    assert "Ons antwoord" not in answer
    assert "Je kunt het lezen als het ingeleverd is" in answer


# --- going through it -----------------------------------------------------------------------------


def test_five_screens_then_look_through_and_hand_in(client, lab):
    ways = [send(client, lab, step).url for step in range(1, 6)]
    check = html(client.get(ways[-1]))
    client.post(ways[-1])

    assert ways == [page(lab, name) for name in ("2/", "3/", "4/", "5/", "nakijken/")]
    assert "Alles wat nodig is, is ingevuld" in check
    assert "De trainers nemen de intake met je door" in html(client.get(ways[-1]))
    assert answers_of(lab)["org_mt_date"] == "2027-03-17"
    assert answers_of(lab)["org_relation"] == 3


@pytest.mark.req("REQ-039")
def test_a_question_may_wait_and_the_check_page_says_which_are_still_open(client, lab):
    response = send(client, lab, 1, org_reason="", org_goals=None)

    asked = client.get(page(lab, "nakijken/")).context["missing"]
    assert response.url == page(lab, "2/")
    assert [question["url"].partition("/organisatie/")[2] for question in asked][:3] == [
        "1/#div_id_org_reason",
        "1/#div_id_org_goals",
        "2/#div_id_org_developments",
    ]
    for question in asked:
        address, _hash, anchor = question["url"].partition("#")
        assert f'id="{anchor}"' in html(client.get(address))


def test_handing_in_too_early_says_what_to_do(client, lab):
    send(client, lab, 1)

    answer = client.post(page(lab, "nakijken/"), follow=True)

    assert "Er wachten nog vragen op je antwoord" in html(answer)
    assert not organisation.is_handed_in(lab)


def test_another_coordinator_goes_on_where_the_first_stopped(client, lab, colleague):
    send(client, lab, 1)
    send(client, lab, 2)

    assert colleague.get(page(lab)).url == page(lab, "3/")
    assert "Omgevingswet en omgevingsplan" in html(colleague.get(page(lab, "2/")))


def test_what_was_kept_is_filled_in_again(client, lab):
    for step in (3, 4):
        send(client, lab, step)

    third, fourth = (html(client.get(page(lab, f"{step}/"))) for step in (3, 4))

    assert 'value="3" id="id_org_relation_2" checked' in third
    assert 'value="2027-03-17"' in fourth


def test_back_keeps_what_there_is(client, lab):
    response = send(client, lab, 2, back=True)

    assert response.url == page(lab, "1/")
    assert answers_of(lab)["org_contact_structure"] == "Dat verschilt per keer"


def test_looking_at_every_page_changes_nothing(client, lab):
    for name in ["", *(f"{step}/" for step in range(1, 6)), "nakijken/", "lezen/"]:
        client.get(page(lab, name), follow=True)

    assert not OrganisationIntake.objects.exists()
    assert Lab.objects.get().version == 0


@pytest.mark.parametrize("step", [0, 6, 99])
def test_there_are_five_screens_and_no_more(client, lab, step):
    assert client.get(page(lab, f"{step}/")).status_code == 404
    assert client.post(page(lab, f"{step}/"), SCREENS[1]).status_code == 404


def test_the_answers_are_read_in_words(client, lab):
    an_organisation_intake(lab)

    parts = [
        part for step in client.get(page(lab, "lezen/")).context["steps"] for part in step["parts"]
    ]

    lines = {answer["label"]: answer["lines"] for part in parts for answer in part["answers"]}
    assert len(lines) == 20
    assert lines["Hoe is de samenwerking met initiatieven nu?"] == ["gaat wel, 3 van de 5"]
    assert lines["Wanneer kan het advies in het managementteam komen?"] == [
        "woensdag 17 maart 2027"
    ]


# --- what may be wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "name", "value", "words"),
    [
        (1, "org_reason", "x" * 2001, "Maak dit korter"),
        (1, "org_background", ["Anders, namelijk:"], "Schrijf in een paar woorden"),
        (1, "org_goals", ["Wereldvrede"], "Kies uit de antwoorden"),
        (2, "org_contact_structure", "De burgemeester", "Kies een van de antwoorden"),
        (3, "org_relation", "6", "Kies een van de antwoorden"),
        (3, "org_sensitive", "een\x00nul", "Er staat een teken in"),
        (4, "org_mt_date", "31-02-2027", "Kies een dag die bestaat"),
        (5, "org_contact", "x" * 201, "Maak dit korter"),
    ],
)
def test_what_is_wrong_is_said_at_its_question_and_the_rest_is_kept(
    client, lab, step, name, value, words
):
    response = send(client, lab, step, **{name: value})

    assert response.status_code == 200
    (error,) = errors_of(response).values()
    assert error[0].startswith(words)
    assert name not in answers_of(lab)
    assert answers_of(lab).keys() == SCREENS[step].keys() - {name}
    assert "<title>Fout:" in html(response)
    typed = value if isinstance(value, str) else value[0]
    assert step in (2, 3) or typed == "Wereldvrede" or typed in html(response)


def test_four_goals_are_one_too_many(client, lab):
    goals = [
        "Initiatieven beter leren kennen",
        "Meer ruimte geven aan initiatieven",
        "Een gedeelde kijk op samenwerken",
        "Een advies voor het managementteam",
    ]

    response = send(client, lab, 1, org_goals=goals)

    assert errors_of(response) == {"org_goals": ["Kies hoogstens 3 antwoorden. Je koos er 4."]}
    assert send(client, lab, 1, org_goals=goals[:3]).status_code == 302


def test_once_handed_in_what_is_needed_must_stay(client, lab):
    an_organisation_intake(lab)

    response = send(client, lab, 1, org_reason="", org_success="Meer rust")

    assert errors_of(response) == {"org_reason": ["Schrijf hier je antwoord."]}
    assert answers_of(lab)["org_reason"].startswith("Ons antwoord")
    assert answers_of(lab)["org_success"] == "Meer rust"


def test_a_wrong_day_and_a_long_remark_are_said_and_stay(client_as, lab):
    an_organisation_intake(lab)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    trainer = client_as(TRAINER, lab)

    long = trainer.post(page(lab, "doorgenomen/"), {"remark": "x" * 2001})
    early = trainer.post(page(lab, "doorgenomen/"), {"gone_through_on": tomorrow, "remark": "Ja"})

    assert set(errors_of(long)) == {"gone_through_on", "remark"}
    assert "x" * 2001 in html(long)
    assert errors_of(early) == {"__all__": ["Kies vandaag of een dag die al geweest is."]}
    assert OrganisationIntake.objects.get().gone_through_at is None


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "🌱 Én accenten", "'; --"])
def test_text_is_text_on_every_page(client, client_as, lab, text):
    send(client, lab, 1, org_reason=text)
    an_organisation_intake(lab, steps=(2, 3, 4, 5))
    trainer = client_as(TRAINER, lab)
    today = timezone.localdate().isoformat()
    trainer.post(page(lab, "doorgenomen/"), {"gone_through_on": today, "remark": text})

    pages = [client.get(page(lab, name)) for name in ("1/", "nakijken/", "lezen/")]
    pages.append(trainer.get(page(lab, "lezen/")))

    assert answers_of(lab)["org_reason"] == text
    assert OrganisationIntake.objects.get().remark == text
    assert not any("<script>alert" in html(answer) for answer in pages)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example("\x00")
@example("\u202e omgekeerd")
@example("👩‍🌾" * 50)
@example("x" * 10_000)
@example("\ue000")
@given(st.text(max_size=400))
def test_any_text_is_kept_as_it_is_or_refused_in_words(client, lab, text):
    OrganisationIntake.objects.all().delete()

    response = send(client, lab, 1, org_reason=text)

    kept = answers_of(lab).get("org_reason")
    if response.status_code == 200:
        assert "org_reason" in errors_of(response)
        assert kept is None
    else:
        said = text.strip().replace("\r\n", "\n")
        assert (kept or "") == said
        assert client.get(page(lab, "1/")).status_code == 200


# --- once session 1 has begun ---------------------------------------------------------------------


def test_from_session_1_on_it_is_to_read_and_says_whom_to_call(client_as):
    lab = LabFactory()
    an_organisation_intake(lab)
    lab.sessions.filter(number=1).update(starts_at=timezone.now() - timedelta(hours=1))
    client = client_as(COORDINATOR, lab)

    check = html(client.get(page(lab), follow=True))
    step = client.get(page(lab, "1/"))
    late = send(client, lab, 1, org_reason="Toch iets anders")

    assert "Sessie 1 is begonnen" in check
    assert "06 0000 0000" in check
    assert page(lab, "1/") not in check
    assert step.url == page(lab, "nakijken/")
    assert (late.status_code, "Toch iets anders" in html(late)) == (403, True)
    assert answers_of(lab)["org_reason"].startswith("Ons antwoord")
    assert page(lab, "doorgenomen/") not in html(client_as(TRAINER, lab).get(page(lab, "lezen/")))


# --- the way to it --------------------------------------------------------------------------------


def to_do(lab, may):
    """The tasks about the organisation's intake that the overview shows."""
    tasks = todo.tasks(facts_of(lab), may)
    return [(task.button, task.url) for task in tasks if "/organisatie/" in task.url]


@pytest.mark.parametrize("status", ["preparing", "live"])
def test_the_coordinator_is_asked_until_it_is_handed_in_and_then_the_trainers(status):
    lab = LabFactory(status=status)
    first = to_do(lab, COORDINATORS), to_do(lab, TRAINERS)
    an_organisation_intake(lab, hand_in=False)
    begun = to_do(lab, COORDINATORS), to_do(lab, TRAINERS)
    organisation.hand_in(person_with(COORDINATOR, lab), lab)
    handed_in = to_do(lab, COORDINATORS), to_do(lab, TRAINERS)
    organisation.go_through(person_with(TRAINER, lab), lab, timezone.localdate())
    gone_through = to_do(lab, COORDINATORS), to_do(lab, TRAINERS)

    assert first == ([("Begin", page(lab))], [])
    assert begun == ([("Ga verder", page(lab))], [])
    assert handed_in == ([], [("Lees", page(lab, "lezen/"))])
    assert gone_through == ([], [])


def test_what_changed_afterwards_is_to_go_through_again():
    lab = LabFactory()
    an_organisation_intake(lab)
    organisation.go_through(person_with(TRAINER, lab), lab, timezone.localdate())

    organisation.save_step(
        person_with(COORDINATOR, lab), lab, 1, {"org_reason": Given("Iets anders")}
    )

    assert to_do(lab, TRAINERS) == [("Lees", page(lab, "lezen/"))]


def test_from_session_1_on_nobody_is_asked():
    assert to_do(LabFactory(begins_in=-1), COORDINATORS) == []


def test_the_lab_page_leads_there(client, client_as, lab):
    home = html(client.get(lab.get_absolute_url()))
    summary = html(client_as(TRAINER, lab).get(f"/werklabs/{lab.slug}/intakes/"))

    assert f'href="{page(lab)}"' in home
    assert f'href="{page(lab, "lezen/")}"' in summary


@pytest.mark.parametrize(("name", "number"), [("", 5), ("1/", 5), ("nakijken/", 5), ("lezen/", 5)])
def test_the_pages_cost_the_same_when_they_are_full(
    client, lab, django_assert_max_num_queries, name, number
):
    with django_assert_max_num_queries(number):
        client.get(page(lab, name))
    an_organisation_intake(lab, org_sensitive=Given(SECRET))

    with django_assert_max_num_queries(number + 1):  # one more: the answers themselves
        client.get(page(lab, name))


def test_keeping_a_screen_costs_the_same_for_one_answer_and_for_all(
    client, lab, django_assert_num_queries
):
    send(client, lab, 1)
    one = {"org_reason": "Iets anders"}
    with django_assert_num_queries(16):
        send(client, lab, 1, **one)
    changed = {key: f"{value} en meer" for key, value in SCREENS[1].items() if type(value) is str}
    changed["org_background"] = ["Er komen meer initiatieven dan vroeger"]

    with django_assert_num_queries(16):
        send(client, lab, 1, **changed)
    assert OrganisationAnswer.objects.count() == 4
    assert Event.objects.filter(name="organisation_intake_begun").count() == 1
