"""The organisation's intake: kept, handed in and gone through, and who may read what."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from intake import organisation
from intake.given import Given, missing
from intake.models import OrganisationAnswer, OrganisationIntake
from intake.questionnaires import FILE, ORGANISATION, sheet
from tests.conftest import person_with
from tests.factories import LabFactory, UserFactory
from tests.intake.organising import (
    SECRET,
    SENSITIVE,
    an_organisation_intake,
    answers_of,
    cleaned,
    page,
)
from werklab.access import COORDINATOR, TRAINER
from werklab.errors import Refused
from werklab.management.demo.load import load_demo, load_municipalities
from werklab.models import Event, Lab, LabRole, OutgoingMail


@pytest.fixture
def lab():
    return LabFactory()


@pytest.fixture
def coordinator(lab):
    return person_with(COORDINATOR, lab)


@pytest.fixture
def colleague(lab):
    """A second coordinator of the same lab."""
    other = UserFactory(name="Tweede Coördinator")
    LabRole.objects.create(lab=lab, user=other, role=COORDINATOR)
    return other


def names(lab):
    """What the logbook says happened, the first first."""
    found = Event.objects.filter(lab=lab, name__startswith="organisation").order_by("pk")
    return [name.removeprefix("organisation_intake_") for name in found.values_list("name", flat=1)]


# --- the questions --------------------------------------------------------------------------------


@pytest.mark.req("REQ-039")
def test_there_are_twenty_questions_on_five_screens():
    questions = sheet(ORGANISATION)

    per_step = [[question.number for question in questions.on(step)] for step in range(1, 6)]
    assert per_step == [
        [1, 2, 3, 4],
        [5, 6, 7],
        [8, 9, 10, 11, 12],
        [13, 14, 15],
        [16, 17, 18, 19, 20],
    ]
    assert len(questions.questionnaire.steps) == 5


@pytest.mark.req("REQ-003")
def test_energy_and_the_omgevingswet_are_on_offer_as_developments():
    options = sheet(ORGANISATION).question("org_developments").options

    assert {"Omgevingswet en omgevingsplan", "Energie en warmte in de wijk"} < set(options)


def test_only_the_two_sensitive_questions_are_for_their_writer_and_nobody_must_answer_them():
    questions = sheet(ORGANISATION).questions

    kept_apart = [question for question in questions if question.audience == "writer"]
    assert [question.key for question in kept_apart] == list(SENSITIVE)
    assert not any(question.required for question in kept_apart)
    assert {question.audience for question in questions} == {"open", "writer"}


def test_the_questions_fit_their_columns():
    for row in json.loads(FILE.read_text())[ORGANISATION]["questions"]:
        assert len(row["label"]) <= 200
        assert len(row["key"]) <= 40


# --- keeping --------------------------------------------------------------------------------------


def test_the_first_answer_begins_it_and_the_logbook_says_so_once(lab, coordinator):
    organisation.save_step(coordinator, lab, 1, cleaned(1))
    organisation.save_step(coordinator, lab, 2, cleaned(2))

    assert OrganisationIntake.objects.get().writer == coordinator
    assert answers_of(lab)["org_contact_structure"] == "Dat verschilt per keer"
    assert names(lab) == ["begun"]


def test_a_screen_without_an_answer_begins_nothing(lab, coordinator):
    assert organisation.save_step(coordinator, lab, 1, {"org_reason": None}) is None

    assert not OrganisationIntake.objects.exists()
    assert not Event.objects.exists()


def test_the_same_screen_twice_is_kept_once_and_its_moment_stays(lab, coordinator):
    first = organisation.save_step(coordinator, lab, 1, cleaned(1))
    again = organisation.save_step(coordinator, lab, 1, cleaned(1))

    assert again.saved_at == first.saved_at
    assert OrganisationAnswer.objects.count() == 4


def test_an_answer_of_another_screen_is_not_taken_along(lab, coordinator):
    organisation.save_step(coordinator, lab, 1, cleaned(1) | cleaned(2))

    assert "org_contact_structure" not in answers_of(lab)


def test_an_answer_can_be_taken_away_while_it_is_a_draft(lab, coordinator):
    organisation.save_step(coordinator, lab, 1, cleaned(1))

    organisation.save_step(coordinator, lab, 1, cleaned(1, org_reason=None))

    assert "org_reason" not in answers_of(lab)


@pytest.mark.parametrize(
    "change", [{"begins_in": -1}, {"status": "closed"}, {"status": "cancelled"}]
)
def test_from_session_1_on_and_in_a_lab_that_is_over_nothing_changes(change):
    lab = LabFactory()
    coordinator = person_with(COORDINATOR, lab)
    an_organisation_intake(lab)
    now = timezone.now()
    if "begins_in" in change:
        now = lab.starts_at + timedelta(seconds=1)
    else:
        Lab.objects.update(**change)
    before = (answers_of(lab), names(lab))

    with pytest.raises(Refused):
        organisation.save_step(coordinator, lab, 1, {"org_reason": Given("Anders")}, now=now)
    with pytest.raises(Refused):
        organisation.hand_in(coordinator, lab, now=now)
    with pytest.raises(Refused):
        organisation.go_through(person_with(TRAINER, lab), lab, now.date(), now=now)

    assert (answers_of(lab), names(lab)) == before
    assert OrganisationIntake.objects.get().gone_through_at is None


def test_until_the_second_before_session_1_it_may_change(lab, coordinator):
    just_before = lab.starts_at - timedelta(seconds=1)

    organisation.save_step(coordinator, lab, 1, cleaned(1), now=just_before)

    assert len(answers_of(lab)) == 4


# --- handing in -----------------------------------------------------------------------------------


@pytest.mark.req("REQ-039")
def test_it_is_handed_in_only_when_nothing_is_missing(lab, coordinator):
    an_organisation_intake(lab, steps=(1, 2, 3, 4), hand_in=False)

    with pytest.raises(Refused, match="wachten nog vragen"):
        organisation.hand_in(coordinator, lab)
    assert not organisation.is_handed_in(lab)
    assert not OutgoingMail.objects.exists()

    organisation.save_step(coordinator, lab, 5, cleaned(5))
    organisation.hand_in(coordinator, lab)
    assert organisation.is_handed_in(lab)


def test_before_the_first_answer_there_is_nothing_to_hand_in(lab, coordinator):
    with pytest.raises(Refused):
        organisation.hand_in(coordinator, lab)

    assert not OrganisationIntake.objects.exists()


def test_both_trainers_get_a_letter_whose_link_opens_the_answers(lab, coordinator):
    an_organisation_intake(lab)

    letters = OutgoingMail.objects.filter(kind="organisation_intake_handed_in")
    trainers = lab.roles.filter(role=TRAINER)
    assert {letter.to for letter in letters} == {role.user.email for role in trainers}
    assert len(letters) == 2
    for letter in letters:
        assert (letter.status, letter.person.email) == (OutgoingMail.Status.DUE, letter.to)
        assert str(coordinator) in letter.text
        path = re.search(rf"{settings.BASE_URL}(/werklabs/\S+)", letter.text)[1]
        client = Client()
        client.force_login(letter.person)
        assert "Ons antwoord laat te lang" in client.get(path).content.decode()


def test_handing_in_twice_is_once(lab, coordinator):
    first = an_organisation_intake(lab)

    again = organisation.hand_in(coordinator, lab)

    assert again.handed_in_at == first.handed_in_at
    assert names(lab) == ["begun", "handed_in"]
    assert OutgoingMail.objects.count() == 2


def test_no_answer_stands_in_a_letter_or_in_the_logbook(lab):
    an_organisation_intake(lab, org_sensitive=Given(SECRET))

    for letter in OutgoingMail.objects.all():
        assert SECRET not in letter.text
        assert "Ons antwoord" not in letter.text
    assert not Event.objects.filter(about__contains="wethouder").exists()


def test_after_handing_in_answers_change_but_none_that_is_needed_goes_away(lab, coordinator):
    an_organisation_intake(lab, org_initiatives_mix=Given(["Dorp of kern"]))

    organisation.save_step(coordinator, lab, 1, {"org_reason": None, "org_success": Given("Rust")})
    organisation.save_step(coordinator, lab, 3, {"org_initiatives_mix": None})

    assert answers_of(lab)["org_reason"].startswith("Ons antwoord")
    assert answers_of(lab)["org_success"] == "Rust"
    assert "org_initiatives_mix" not in answers_of(lab)
    assert organisation.is_handed_in(lab)
    assert names(lab) == ["begun", "handed_in", "changed", "changed"]


# --- going through --------------------------------------------------------------------------------


def test_a_trainer_writes_down_when_it_was_talked_over(lab):
    an_organisation_intake(lab)
    trainer, today = person_with(TRAINER, lab), timezone.localdate()

    intake = organisation.go_through(trainer, lab, today, "We beginnen buiten.")

    assert (intake.gone_through_by, intake.gone_through_on) == (trainer, today)
    assert (intake.remark, intake.is_settled) == ("We beginnen buiten.", True)
    assert names(lab) == ["begun", "handed_in", "gone_through"]


def test_what_changes_after_that_is_not_gone_through(lab, coordinator):
    an_organisation_intake(lab)
    organisation.go_through(person_with(TRAINER, lab), lab, timezone.localdate())

    organisation.save_step(coordinator, lab, 1, {"org_reason": Given("Iets anders")})

    assert not OrganisationIntake.objects.get().is_settled


def test_what_was_not_handed_in_cannot_be_gone_through(lab):
    an_organisation_intake(lab, hand_in=False)

    with pytest.raises(Refused, match="nog niet ingeleverd"):
        organisation.go_through(person_with(TRAINER, lab), lab, timezone.localdate())

    assert OrganisationIntake.objects.get().gone_through_at is None


def test_a_day_that_is_still_to_come_is_refused(lab):
    an_organisation_intake(lab)
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(Refused, match="Kies vandaag"):
        organisation.go_through(person_with(TRAINER, lab), lab, tomorrow)

    assert OrganisationIntake.objects.get().gone_through_at is None


def test_the_database_holds_that_it_was_handed_in_first(lab):
    an_organisation_intake(lab, hand_in=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationIntake.objects.update(
            gone_through_at=timezone.now(), gone_through_on=timezone.localdate()
        )


# --- who may read what ----------------------------------------------------------------------------


@pytest.mark.parametrize("key", SENSITIVE)
def test_a_sensitive_answer_is_for_its_writer_and_who_may_read_all(
    lab, coordinator, colleague, key
):
    intake = an_organisation_intake(lab, by=coordinator, **{key: Given(SECRET)})
    trainer = person_with(TRAINER, lab)

    mine = organisation.told(intake, coordinator)
    theirs = organisation.told(intake, colleague)
    trainers = organisation.told(intake, trainer, sensitive=True)

    assert (mine.answers[key].value, trainers.answers[key].value) == (SECRET, SECRET)
    assert (key in theirs.answers, theirs.hidden) == (False, {key})
    assert mine.hidden == trainers.hidden == frozenset()
    assert theirs.answers["org_reason"] == mine.answers["org_reason"]


def test_a_colleague_cannot_change_empty_or_guess_a_sensitive_answer(lab, coordinator, colleague):
    an_organisation_intake(lab, by=coordinator, org_sensitive=Given(SECRET))

    for guess in (Given("Iets anders"), Given(SECRET)):
        with pytest.raises(Refused, match="Een collega heeft intussen"):
            organisation.save_step(colleague, lab, 3, cleaned(3, org_sensitive=guess))
    organisation.save_step(colleague, lab, 3, cleaned(3, org_sensitive=None))

    assert answers_of(lab)["org_sensitive"] == SECRET
    assert OrganisationAnswer.objects.get(question__key="org_sensitive").writer == coordinator


def test_a_colleague_may_answer_the_other_sensitive_question(lab, coordinator, colleague):
    intake = an_organisation_intake(lab, by=coordinator, org_sensitive=Given(SECRET))

    changes = {"org_expectations_residents": Given("Een bankje beloofd")}
    organisation.save_step(colleague, lab, 3, changes)

    assert organisation.told(intake, coordinator).hidden == {"org_expectations_residents"}
    assert organisation.told(intake, colleague).hidden == {"org_sensitive"}


def test_an_answer_whose_writer_is_gone_is_for_the_trainers_alone(lab, coordinator, colleague):
    intake = an_organisation_intake(lab, by=coordinator, org_sensitive=Given(SECRET))

    OrganisationAnswer.objects.update(writer=None)

    assert organisation.told(intake, colleague).hidden == {"org_sensitive"}
    assert organisation.told(intake, coordinator).hidden == {"org_sensitive"}


def test_one_lab_knows_nothing_of_another(lab):
    an_organisation_intake(lab)
    other = LabFactory(municipality=lab.municipality)

    assert organisation.intake_of(other) is None
    assert not organisation.is_handed_in(other)
    assert page(lab) != page(other)


def test_the_privacy_page_says_who_sees_it(client):
    text = client.get("/privacy/").content.decode()

    assert "Als coördinator vul je de intake van je gemeente in." in text
    assert "die antwoorden zien alleen jij en de trainers" in text


def test_the_demo_has_three_of_them_and_of_roermond_nothing():
    load_municipalities()
    load_demo()

    stands = {
        lab.slug: (organisation.is_handed_in(lab), lab.organisation_intake.is_settled)
        for lab in Lab.objects.filter(organisation_intake__isnull=False)
    }
    assert stands == {
        "lindedonk": (True, True),
        "wilgenmeer": (True, True),
        "vlierhoven": (True, False),
    }
    for intake in OrganisationIntake.objects.select_related("writer"):
        told = organisation.told(intake, intake.writer)
        assert missing(organisation.sheet_of(intake), told.answers) == []
        for question in organisation.sheet_of(intake).questions:
            answer = told.answers.get(question.key)
            chosen = answer.value if answer and question.options else []
            chosen = [chosen] if isinstance(chosen, str) else chosen
            assert set(chosen) <= set(question.options), question.key
            assert len(chosen) <= (question.most or len(chosen))
