"""Answers are kept where they live, until session 1, and wiped when they have served."""

from datetime import timedelta

import pytest
from django.utils import timezone

from intake.answers import change_consents, keep, takes_answers, wipe_logistics
from intake.given import Given
from intake.models import Answer, Intake
from tests.factories import EnrolmentFactory, LabFactory, in_days
from tests.intake.filling_in import an_intake, answers_of
from werklab.enrolment import withdraw
from werklab.errors import Refused
from werklab.models import Consent, Enrolment, Event, Lab

NAME = "Mijn naam mag in het advies staan"
QUOTES = "Mijn uitspraken mogen zonder naam in het advies staan"
PHOTO = "Er mag een groepsfoto met mij erop gemaakt worden"


def put(enrolment, step, **answers):
    return keep(enrolment, step, answers, by=enrolment.person)


def events_of(lab):
    return list(lab.events.order_by("pk").values_list("name", flat=True))


@pytest.mark.req("REQ-005", "REQ-069")
def test_a_role_and_a_level_are_kept_in_the_participants_own_choice():
    enrolment = EnrolmentFactory()

    put(
        enrolment,
        1,
        part_current_role=Given(["Regisseur: ik bewaak de voortgang"]),
        part_experience=Given("Ik begin net"),
    )

    assert answers_of(enrolment)["part_current_role"] == ["Regisseur: ik bewaak de voortgang"]
    assert answers_of(enrolment)["part_experience"] == "Ik begin net"


def test_answering_again_changes_the_answer_and_doubles_nothing():
    enrolment = EnrolmentFactory()
    put(enrolment, 2, part_question=Given("Eerste vraag"))

    put(enrolment, 2, part_question=Given("Betere vraag"))

    assert [answer.value for answer in Answer.objects.all()] == ["Betere vraag"]
    assert Intake.objects.count() == 1


def test_what_belongs_to_another_screen_is_not_kept():
    enrolment = EnrolmentFactory()

    put(enrolment, 2, part_travel=Given("Lopend"))

    assert not Answer.objects.exists()


@pytest.mark.req("REQ-110")
def test_what_the_enrolment_asked_is_changed_there_and_nowhere_else():
    enrolment = EnrolmentFactory()

    put(
        enrolment,
        1,
        part_role=Given("Opzichter"),
        part_department=Given("Veiligheid"),
        part_contact_frequency=Given("Zelden of nooit"),
    )

    enrolment.refresh_from_db()
    kept = (enrolment.function, enrolment.department, enrolment.contact_frequency)
    assert kept == ("Opzichter", "Veiligheid", "Zelden of nooit")
    assert not Answer.objects.exists()


def test_own_words_for_the_field_of_policy_stand_on_the_enrolment_and_come_back():
    enrolment = EnrolmentFactory()

    put(enrolment, 1, part_department=Given("Anders, namelijk:", "Erfgoed"))

    enrolment.refresh_from_db()
    assert enrolment.department == "Erfgoed"
    assert answers_of(enrolment)["part_department"] == "Anders, namelijk:"


def test_what_the_enrolment_cannot_do_without_is_never_taken_away():
    enrolment = EnrolmentFactory()

    put(enrolment, 1, part_role=None)

    enrolment.refresh_from_db()
    assert enrolment.function == "Beleidsmedewerker"


def test_consents_are_rows_of_their_own_given_and_taken_back():
    enrolment = EnrolmentFactory()

    put(enrolment, 5, part_consents=Given([NAME, PHOTO]))
    given_first = set(enrolment.consents.values_list("kind", flat=True))
    put(enrolment, 5, part_consents=Given([PHOTO]))
    given_later = set(enrolment.consents.values_list("kind", flat=True))
    put(enrolment, 5, part_consents=None)

    assert (given_first, given_later) == ({"name", "photo"}, {"photo"})
    assert not Consent.objects.exists()
    assert not Answer.objects.exists()


def test_each_option_stands_for_its_own_consent():
    enrolment = EnrolmentFactory()

    for words, kind in [(NAME, "name"), (QUOTES, "quotes"), (PHOTO, "photo")]:
        put(enrolment, 5, part_consents=Given([words]))

        assert [consent.kind for consent in enrolment.consents.all()] == [kind]


def test_a_consent_that_stood_keeps_the_moment_on_which_it_was_given():
    enrolment = EnrolmentFactory()
    before = Consent.objects.create(enrolment=enrolment, kind="name", given_at=in_days(-3))

    put(enrolment, 5, part_consents=Given([NAME, QUOTES]))

    assert enrolment.consents.get(kind="name").given_at == before.given_at


def test_a_consent_can_be_taken_back_after_session_1_has_begun():
    enrolment = EnrolmentFactory(lab=LabFactory(begins_in=-1))
    Consent.objects.create(enrolment=enrolment, kind="name")

    change_consents(enrolment, {"quotes"}, by=enrolment.person)

    assert [consent.kind for consent in enrolment.consents.all()] == ["quotes"]
    assert events_of(enrolment.lab) == ["consents_changed"]


def test_consents_that_stay_the_same_are_not_news():
    enrolment = EnrolmentFactory()

    change_consents(enrolment, set(), by=enrolment.person)

    assert events_of(enrolment.lab) == []


def test_the_intake_is_done_by_itself_with_the_last_answer_that_was_missing():
    enrolment = EnrolmentFactory()

    almost = an_intake(enrolment, steps=(1, 2, 3, 4))
    done = put(enrolment, 5, part_attendance=Given(["Sessie 1"]))

    assert almost.done_at is None
    assert done.done_at is not None


def test_taking_an_answer_away_makes_the_intake_unfinished_again():
    enrolment = EnrolmentFactory()
    an_intake(enrolment)

    intake = put(enrolment, 2, part_question=None)

    assert intake.done_at is None
    assert "part_question" not in answers_of(enrolment)


def test_three_of_the_four_statements_are_kept_but_not_enough():
    enrolment = EnrolmentFactory()
    an_intake(enrolment)

    intake = put(enrolment, 3, outcomes_before=Given({"outcome_insight": 4}))

    assert intake.done_at is None
    assert answers_of(enrolment)["outcomes_before"] == {"outcome_insight": 4}


def test_a_second_save_keeps_the_moment_on_which_it_was_done():
    enrolment = EnrolmentFactory()
    done = an_intake(enrolment)

    again = put(enrolment, 2, part_bring=Given("Lef"))

    assert again.done_at == done.done_at


def test_the_logbook_tells_standings_and_the_version_rises_with_every_screen():
    enrolment = EnrolmentFactory()
    an_intake(enrolment)
    put(enrolment, 2, part_question=None)
    before = Lab.objects.get(pk=enrolment.lab_id).version

    put(enrolment, 4, part_need_self=Given("Tijd voor Jans klachten"))

    assert events_of(enrolment.lab) == ["intake_begun", "intake_done", "intake_reopened"]
    assert Lab.objects.get(pk=enrolment.lab_id).version > before


def test_the_logbook_holds_no_answer():
    enrolment = EnrolmentFactory()

    an_intake(enrolment, part_diet=Given("Halal"), part_question=Given("Mag ik dit vragen?"))

    told = [f"{event.about} {event.by_name}" for event in Event.objects.all()]
    assert not any("Halal" in line or "vragen" in line for line in told)


@pytest.mark.parametrize(("minutes", "open_"), [(-1, True), (0, False), (1, False)])
def test_answers_are_taken_until_session_1_begins(minutes, open_):
    lab = LabFactory()

    assert takes_answers(lab, lab.starts_at + timedelta(minutes=minutes)) is open_


@pytest.mark.parametrize(
    "over",
    [{"begins_in": -1}, {"status": Lab.Status.CLOSED}, {"status": Lab.Status.CANCELLED}],
)
def test_nothing_is_kept_once_the_intake_is_closed(over):
    enrolment = EnrolmentFactory(lab=LabFactory(**over))

    with pytest.raises(Refused):
        put(enrolment, 1, part_role=Given("Wethouder"))

    enrolment.refresh_from_db()
    assert enrolment.function == "Beleidsmedewerker"
    assert not Intake.objects.exists()
    assert events_of(enrolment.lab) == []


def test_somebody_who_gave_the_place_back_keeps_no_answers():
    enrolment = EnrolmentFactory()
    withdraw(enrolment.person, enrolment)

    with pytest.raises(Refused):
        put(enrolment, 2, part_question=Given("Te laat"))

    assert not Answer.objects.exists()


# --- diet and accessibility -----------------------------------------------------------------------


@pytest.fixture
def with_wishes():
    """Somebody who said what must be arranged."""
    enrolment = EnrolmentFactory()
    an_intake(enrolment, part_diet=Given("Zonder noten"), part_access=Given("Geen trap"))
    return enrolment


def wishes(enrolment):
    return answers_of(enrolment).keys() & {"part_diet", "part_access"}


def at(moment, **clock):
    return timezone.localtime(moment).replace(**clock)


def test_the_wishes_stay_through_the_day_of_session_3(with_wishes):
    evening = at(with_wishes.lab.ends_at, hour=23, minute=59)

    assert wipe_logistics(evening) == 0
    assert wishes(with_wishes) == {"part_diet", "part_access"}


def test_the_wishes_are_wiped_the_day_after_session_3_and_nothing_else(with_wishes):
    night = at(with_wishes.lab.ends_at + timedelta(days=1), hour=0, minute=0)
    others = Answer.objects.count() - 2

    assert wipe_logistics(night) == 2
    assert wishes(with_wishes) == set()
    assert Answer.objects.count() == others
    assert Enrolment.objects.get(pk=with_wishes.pk).intake.done_at is not None


def test_wiping_twice_wipes_once_and_says_so_once(with_wishes):
    later = with_wishes.lab.ends_at + timedelta(days=2)
    wipe_logistics(later)

    assert wipe_logistics(later) == 0
    assert events_of(with_wishes.lab).count("logistics_wiped") == 1


def test_the_wishes_of_another_lab_stay(with_wishes):
    lab = LabFactory(begins_in=60)
    other = EnrolmentFactory(lab=lab)
    an_intake(other, part_diet=Given("Vegetarisch"))

    wipe_logistics(with_wishes.lab.ends_at + timedelta(days=1))

    assert wishes(other) == {"part_diet"}
    assert "logistics_wiped" not in events_of(lab)


@pytest.mark.parametrize("status", [Lab.Status.CLOSED, Lab.Status.CANCELLED])
def test_the_wishes_go_at_once_when_the_lab_is_over(with_wishes, status):
    Lab.objects.update(status=status)

    assert wipe_logistics() == 2


def test_the_wishes_go_at_once_when_the_place_is_given_back(with_wishes):
    withdraw(with_wishes.person, with_wishes)

    assert wipe_logistics() == 2
