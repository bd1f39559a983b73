"""The questionnaire comes from its file, in versions, with the words that were agreed."""

import json

import pytest

from intake.models import Intake, Question, Questionnaire
from intake.questionnaires import FILE, current, load, sheet, sheet_of
from tests.factories import EnrolmentFactory


@pytest.fixture
def changed_file(tmp_path):
    """The file after somebody made the first question shorter."""
    data = json.loads(FILE.read_text())
    data["deelnemer"]["questions"][0]["label"] = "Je functie?"
    path = tmp_path / "questionnaires.json"
    path.write_text(json.dumps(data))
    return path


def test_there_are_twenty_questions_on_five_screens():
    per_step = [[question.number for question in sheet().on(step)] for step in range(1, 6)]

    assert per_step == [
        [1, 2, 3, 6, 4, 5],
        [8, 7, 9],
        [10, 15],
        [11, 12, 13, 14],
        [16, 17, 18, 19, 20],
    ]


def test_every_screen_has_a_title():
    assert [sheet().title_of(step) for step in range(1, 6)] == [
        "Je werk en initiatieven",
        "Wat je meebrengt",
        "Hoe je er nu voor staat",
        "Wat je nodig hebt",
        "Praktisch",
    ]


def test_facts_and_practical_things_are_named_and_opinions_are_not():
    named = {question.number for question in sheet().questions if question.named}

    assert named == {1, 2, 3, 6, 8, 16, 17, 18, 19, 20}


def test_a_screen_says_session_and_not_meeting():
    assert "ijeenkomst" not in FILE.read_text()


@pytest.mark.req("REQ-032", "REQ-033", "REQ-034", "REQ-035")
def test_the_four_outcomes_are_asked_on_a_scale_of_five():
    outcomes = sheet().question("outcomes_before")

    assert [key for key, _words in outcomes.rows] == [
        "outcome_insight",
        "outcome_skills",
        "outcome_tools",
        "outcome_energy",
    ]
    assert (outcomes.kind, len(outcomes.scale), outcomes.required) == ("matrix5", 5, True)


@pytest.mark.req("REQ-069")
def test_the_three_roles_can_be_chosen():
    roles = [option.partition(":")[0] for option in sheet().question("part_current_role").options]

    assert roles[:3] == ["Adviseur", "Verbinder", "Regisseur"]


def test_loading_twice_makes_one_questionnaire():
    first = load()

    second = load()

    assert first == second == current("deelnemer")
    assert (Questionnaire.objects.count(), Question.objects.count()) == (1, 20)


def test_a_changed_file_is_a_new_version_beside_the_old_one(changed_file):
    old = load()

    new = load(path=changed_file)

    assert (old.version, new.version) == (1, 2)
    assert old.questions.get(number=1).label == "Wat is je functie?"
    assert new.questions.get(number=1).label == "Je functie?"


def test_a_file_that_was_changed_back_is_its_old_version_again(changed_file):
    old = load()
    load(path=changed_file)

    assert load() == old
    assert Questionnaire.objects.count() == 2


def test_an_intake_keeps_the_words_of_the_version_it_began_with(changed_file):
    begun = Intake.objects.create(
        enrolment=EnrolmentFactory(), questionnaire=load(path=changed_file)
    )

    assert sheet_of(begun).question("part_role").label == "Je functie?"
    assert sheet_of(None).question("part_role").label == "Wat is je functie?"


def test_reading_the_file_puts_nothing_in_the_database():
    sheet_of(None)

    assert not Questionnaire.objects.exists()
