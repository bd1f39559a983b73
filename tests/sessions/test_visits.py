"""Coffee visits: asking, answering, offering other moments, and the letters that go with them."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from icalendar import Calendar

from sessions import visits
from sessions.models import LabInitiative, Visit, VisitSlot
from tests.conftest import person_with
from tests.factories import InitiativeFactory, LabFactory, VisitFactory, chosen, in_days
from werklab.access import COORDINATOR, TRAINER
from werklab.errors import Refused
from werklab.letters import moment as moment_in_words
from werklab.links import fill
from werklab.models import Event, Lab, OutgoingMail, PersonalLink

Answer = Visit.Answer
WELCOME, OTHER_TIME, NOT_NOW = Answer.WELCOME, Answer.OTHER_TIME, Answer.NOT_NOW


def moment(lab, hours=1, minutes=90):
    """A moment so many hours after session 1 of this lab begins."""
    start = lab.starts_at + timedelta(hours=hours)
    return start, start + timedelta(minutes=minutes)


def asked(lab=None, initiative=None, slots=None, **changes):
    """A visit that was really asked, letter and link included."""
    lab = lab or LabFactory()
    initiative = initiative or InitiativeFactory(municipality=lab.municipality)
    details = {"place": "Kruidenpad 14", "group_size": 5} | changes
    slots = [moment(lab)] if slots is None else slots
    if initiative.municipality == lab.municipality:
        chosen(lab, initiative)
    return visits.ask(person_with(TRAINER, lab), lab, initiative, slots=slots, **details)


def letters(kind=None):
    found = OutgoingMail.objects.order_by("pk")
    return list(found.filter(kind=kind) if kind else found)


def trainers_of(lab):
    return {role.user.email for role in lab.roles.filter(role=TRAINER)}


def state(visit):
    visit = Visit.objects.get(pk=visit.pk)
    return visit.answer, visit.slot_id, visit.other_time, visit.note, visit.sequence


# --- asking ---------------------------------------------------------------------------------------


@pytest.mark.req("REQ-058")
def test_asking_makes_a_visit_of_session_1_with_its_moments():
    lab = LabFactory()

    visit = asked(lab, slots=[moment(lab, 3), moment(lab, 1)])

    assert visit.lab_session.number == 1
    assert [(slot.number, slot.starts_at) for slot in visit.slots.all()] == [
        (1, moment(lab, 1)[0]),
        (2, moment(lab, 3)[0]),
    ]
    assert (visit.answer, visit.answered_at) == (Answer.NONE, None)


def test_an_initiative_takes_part_in_the_lab_from_the_first_time_it_is_asked():
    visit = asked()

    guest = LabInitiative.objects.get()
    assert (guest.lab, guest.initiative) == (visit.guest_of.lab, visit.guest_of.initiative)


def test_the_letter_with_the_question_says_when_where_and_how_many_and_has_one_link():
    lab = LabFactory()
    slots = [(in_days(28, 10, 0), in_days(28, 11, 30)), (in_days(29, 19, 30), in_days(29, 21, 0))]

    visit = asked(lab, slots=slots, group_size=7)

    (letter,) = letters("initiative_invited")
    assert letter.to == visit.guest_of.initiative.contact.email
    assert "10.00 tot 11.30 uur" in letter.text
    assert "19.30 tot 21.00 uur" in letter.text
    assert "Kruidenpad 14" in letter.text
    assert "Hoeveel ambtenaren: 7" in letter.text
    assert lab.contact_phone in letter.text
    assert "Een wachtwoord is niet nodig" in letter.text
    assert len(re.findall(r"/bezoek/~", letter.text)) == 1
    assert "Vergoeding" not in letter.text


def test_the_link_in_the_letter_opens_the_page_of_that_visit(client):
    visit = asked()

    page = client.get(visit_path(letters("initiative_invited")[0]))

    assert (page.status_code, page.context["visit"]) == (200, visit)


def visit_path(letter):
    """The path of the personal link in a letter to an initiative."""
    return re.search(r"/bezoek/[^/\s]+/", fill(letter.text))[0]


def test_without_an_address_there_is_a_link_and_no_letter():
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality, contact=False)

    visit = asked(lab, initiative)

    link = PersonalLink.objects.get()
    assert letters() == []
    assert (link.purpose, link.target_id, link.behalf) == ("visit", visit.pk, initiative.name)


def test_the_link_lives_until_a_month_after_the_last_moment():
    lab = LabFactory()

    asked(lab, slots=[moment(lab, 1), moment(lab, 30)])

    assert PersonalLink.objects.get().expires_at == moment(lab, 30)[1] + timedelta(days=30)


@pytest.mark.req("REQ-014")
def test_an_initiative_of_another_municipality_is_refused():
    lab = LabFactory()

    with pytest.raises(Refused):
        asked(lab, InitiativeFactory())

    assert (Visit.objects.count(), LabInitiative.objects.count(), letters()) == (0, 0, [])
    assert not Event.objects.filter(name="visit_asked").exists()


def test_the_same_initiative_is_asked_once():
    visit = asked()

    with pytest.raises(Refused):
        asked(visit.guest_of.lab, visit.guest_of.initiative)

    assert (Visit.objects.count(), len(letters())) == (1, 1)


def test_the_database_too_keeps_one_visit_per_initiative():
    visit = VisitFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        VisitFactory(guest_of=visit.guest_of)


@pytest.mark.req("REQ-016")
def test_a_visit_without_an_address_cannot_exist():
    with pytest.raises(IntegrityError), transaction.atomic():
        asked(place="")

    assert Visit.objects.count() == 0


def wrong_slots(lab):
    begin, end = moment(lab)
    return {
        "none": [],
        "four": [moment(lab, hours) for hours in (1, 3, 5, 7)],
        "the same twice": [(begin, end), (begin, end + timedelta(minutes=5))],
        "ends before it begins": [(end, begin)],
        "ends when it begins": [(begin, begin)],
        "past": [(timezone.now() - timedelta(minutes=1), timezone.now() + timedelta(hours=1))],
        "after the lab": [(lab.ends_at, lab.ends_at + timedelta(hours=1))],
    }


@pytest.mark.parametrize(
    "what",
    [
        "none",
        "four",
        "the same twice",
        "ends before it begins",
        "ends when it begins",
        "past",
        "after the lab",
    ],
)
def test_moments_that_cannot_be_are_refused(what):
    lab = LabFactory()

    with pytest.raises(Refused):
        asked(lab, slots=wrong_slots(lab)[what])

    assert (Visit.objects.count(), letters()) == (0, [])


def test_one_and_three_moments_are_both_fine():
    lab = LabFactory()

    one = asked(lab)
    three = asked(lab, slots=[moment(lab, hours) for hours in (1, 3, 5)])

    assert (one.slots.count(), three.slots.count()) == (1, 3)


@pytest.mark.parametrize("status", [Lab.Status.CLOSED, Lab.Status.CANCELLED])
def test_a_lab_that_is_over_asks_nobody(status):
    lab = LabFactory(status=status)

    with pytest.raises(Refused):
        asked(lab)

    assert Visit.objects.count() == 0


def test_without_a_date_for_session_1_nobody_is_asked():
    lab = LabFactory()
    lab.sessions.filter(number=1).update(starts_at=None, ends_at=None)

    with pytest.raises(Refused):
        asked(lab, slots=[(in_days(28), in_days(28, 11))])

    assert Visit.objects.count() == 0


def test_asking_stands_in_the_logbook_and_raises_the_version():
    lab = LabFactory()

    visit = asked(lab)

    event = Event.objects.get(name="visit_asked")
    assert (event.lab, event.about, event.object_id) == (lab, str(visit), visit.pk)
    assert Lab.objects.get(pk=lab.pk).version == lab.version + 1


# --- answering ------------------------------------------------------------------------------------


def test_welcome_at_the_only_moment_needs_no_choosing():
    visit = asked()

    visits.answer(visit, WELCOME)

    visit.refresh_from_db()
    assert (visit.answer, visit.slot) == (WELCOME, visit.slots.get())
    assert visit.answered_at is not None
    assert visit.answered_by is None


def test_welcome_at_one_of_three_moments():
    lab = LabFactory()
    visit = asked(lab, slots=[moment(lab, hours) for hours in (1, 3, 5)])
    second = visit.slots.get(number=2)

    visits.answer(visit, WELCOME, slot=second)

    assert state(visit) == (WELCOME, second.pk, "", "", 1)


def test_welcome_without_choosing_from_several_is_refused():
    lab = LabFactory()
    visit = asked(lab, slots=[moment(lab, 1), moment(lab, 3)])

    with pytest.raises(Refused):
        visits.answer(visit, WELCOME)

    assert state(visit)[0] == Answer.NONE


def test_a_moment_of_another_visit_is_refused():
    visit, other = asked(), asked()

    with pytest.raises(Refused):
        visits.answer(visit, WELCOME, slot=other.slots.get())

    assert state(visit)[0] == Answer.NONE
    assert len(letters()) == 2


def test_a_moment_that_has_passed_is_refused_while_a_later_one_is_open():
    lab = LabFactory()
    visit = asked(lab, slots=[moment(lab, 1), moment(lab, 48)])
    first = visit.slots.get(number=1)

    with pytest.raises(Refused):
        visits.answer(visit, WELCOME, slot=first, now=first.starts_at)

    assert state(visit)[0] == Answer.NONE


@pytest.mark.parametrize("answer", [WELCOME, OTHER_TIME, NOT_NOW])
def test_until_the_visit_begins_and_no_longer(answer):
    visit = asked()
    begins = visit.slots.get().starts_at

    with pytest.raises(Refused):
        visits.answer(visit, answer, now=begins)
    assert state(visit)[0] == Answer.NONE

    visits.answer(visit, answer, now=begins - timedelta(seconds=1))
    assert state(visit)[0] == answer


def test_an_agreed_visit_that_has_begun_is_not_called_off():
    lab = LabFactory()
    visit = asked(lab, slots=[moment(lab, 1), moment(lab, 48)])
    first = visit.slots.get(number=1)
    visits.answer(visit, WELCOME, slot=first)

    with pytest.raises(Refused):
        visits.answer(visit, NOT_NOW, now=first.starts_at)

    assert state(visit)[:2] == (WELCOME, first.pk)


@pytest.mark.parametrize("status", [Lab.Status.CLOSED, Lab.Status.CANCELLED])
def test_a_lab_that_is_over_takes_no_answer(status):
    visit = asked()
    Lab.objects.update(status=status)

    with pytest.raises(Refused):
        visits.answer(visit, WELCOME)

    assert state(visit)[0] == Answer.NONE


@pytest.mark.parametrize(
    ("answer", "kind", "roles"),
    [
        (WELCOME, "visit_answered_yes", [TRAINER]),
        (OTHER_TIME, "visit_other_time", [TRAINER, COORDINATOR]),
        (NOT_NOW, "visit_declined", [TRAINER]),
    ],
)
@pytest.mark.req("REQ-058")
def test_both_trainers_hear_it_and_the_coordinator_when_a_moment_must_be_found(answer, kind, roles):
    lab = LabFactory()
    visit = asked(lab)

    visits.answer(visit, answer, other_time="Donderdagavond.", note="Er is een trap.")

    told = letters(kind)
    people = {role.user.email for role in lab.roles.filter(role__in=roles)}
    assert ({letter.to for letter in told}, len(told)) == (people, len(people))
    assert all("Kruidenpad 14" in letter.text for letter in told)
    assert all("Er is een trap." in letter.text for letter in told)
    assert all(f"/werklabs/{lab.slug}/bezoeken/{visit.pk}/" in letter.text for letter in told)
    assert ("Donderdagavond." in told[0].text) == (answer == OTHER_TIME)


def test_the_link_in_the_letter_to_a_trainer_opens_the_visit(client):
    visit = asked()
    visits.answer(visit, WELCOME)
    letter = letters("visit_answered_yes")[0]
    client.force_login(letter.person)

    page = client.get(re.search(r"/werklabs/\S+", letter.text)[0])

    assert (page.status_code, page.context["visit"]) == (200, visit)


@pytest.mark.req("REQ-023")
def test_a_welcome_is_confirmed_with_the_calendar_and_an_invitation_for_the_end(client):
    lab = LabFactory()
    visit = asked(lab, slots=[(in_days(28, 10, 0), in_days(28, 11, 30))])

    visits.answer(visit, WELCOME)

    (letter,) = letters("visit_confirmed")
    event, _at_the_end = Calendar.from_ical(letter.calendar).walk("VEVENT")
    assert letter.to == visit.guest_of.initiative.contact.email
    assert "10.00 tot 11.30 uur" in letter.text
    assert lab.contact_phone in letter.text
    last = lab.sessions.get(number=3)
    assert f"{moment_in_words(last.starts_at, last.ends_at)}. {last.place}" in letter.text
    assert event["dtstart"].dt == in_days(28, 10, 0)
    assert (event["location"], event["sequence"]) == ("Kruidenpad 14", 1)
    assert client.get(visit_path(letter)).status_code == 200


@pytest.mark.parametrize("answer", [OTHER_TIME, NOT_NOW])
def test_nothing_is_confirmed_that_is_not_agreed(answer):
    visit = asked()

    visits.answer(visit, answer)

    assert letters("visit_confirmed") == []


def test_who_has_no_address_gets_no_confirmation_and_the_trainers_do_hear_it():
    lab = LabFactory()
    visit = asked(lab, InitiativeFactory(municipality=lab.municipality, contact=False))

    visits.answer(visit, WELCOME)

    assert {letter.to for letter in letters()} == trainers_of(lab)


@pytest.mark.parametrize("answer", [WELCOME, OTHER_TIME, NOT_NOW])
def test_the_same_answer_twice_is_one_letter_and_one_line(answer):
    visit = asked()
    visits.answer(visit, answer, note="Er is een trap.")
    before = (len(letters()), Event.objects.count(), state(visit))

    visits.answer(visit, answer, note="Er is een trap.")

    assert (len(letters()), Event.objects.count(), state(visit)) == before


def test_from_welcome_to_no_the_trainers_hear_that_too():
    lab = LabFactory()
    visit = asked(lab)
    visits.answer(visit, WELCOME)

    visits.answer(visit, NOT_NOW)

    assert {letter.to for letter in letters("visit_declined")} == trainers_of(lab)
    assert state(visit)[:2] == (NOT_NOW, None)


def test_the_sequence_goes_up_when_the_moment_changes_and_only_then():
    lab = LabFactory()
    visit = asked(lab, slots=[moment(lab, 1), moment(lab, 3)])
    first, second = visit.slots.all()

    visits.answer(visit, WELCOME, slot=first)
    visits.answer(visit, WELCOME, slot=first, note="Er is een trap.")
    visits.answer(visit, WELCOME, slot=second)

    sequences = [
        Calendar.from_ical(letter.calendar).walk("VEVENT")[0]["sequence"]
        for letter in letters("visit_confirmed")
    ]
    assert sequences == [1, 1, 2]


def test_who_answered_stands_in_the_record_by_link_or_for_them():
    lab = LabFactory()
    visit, trainer = asked(lab), person_with(TRAINER, lab)

    visits.answer(visit, NOT_NOW)
    visits.answer(visit, WELCOME, by=trainer)

    by_link, for_them = Event.objects.filter(name__in=["visit_declined", "visit_confirmed"])[::-1]
    assert (by_link.by, by_link.by_name, by_link.via) == (None, str(visit), "link")
    assert (for_them.by, for_them.via) == (trainer, "account")
    assert Visit.objects.get().answered_by == trainer


def test_an_own_answer_takes_the_place_of_one_that_was_written_down_for_them():
    visit = asked()
    visits.answer(visit, WELCOME, by=person_with(TRAINER, visit.guest_of.lab))

    visits.answer(visit, NOT_NOW)

    assert Visit.objects.get().answered_by is None


def test_answering_raises_the_version_of_the_lab():
    visit = asked()
    before = Lab.objects.get().version

    visits.answer(visit, WELCOME)

    assert Lab.objects.get().version == before + 1


def test_words_that_look_like_a_mark_of_a_letter_open_nothing():
    lab = LabFactory()
    visit = asked(lab)
    link = PersonalLink.objects.get()

    visits.answer(visit, NOT_NOW, note=f"~{link.pk}~ {{{{ visit_url }}}}")

    text = fill(letters("visit_declined")[0].text)
    assert f"~{link.pk}~" in text
    assert "/bezoek/" not in text


@pytest.mark.parametrize(
    ("answer", "slot"), [(WELCOME, None), (NOT_NOW, 1)], ids=["yes without", "no with"]
)
def test_a_welcome_has_a_moment_and_nothing_else_has_in_the_database_too(answer, slot):
    visit = VisitFactory()
    visit.answer, visit.answered_at = answer, timezone.now()
    visit.slot = visit.slots.get() if slot else None

    with pytest.raises(IntegrityError), transaction.atomic():
        visit.save()


# --- offering other moments -----------------------------------------------------------------------


@pytest.mark.parametrize("answer", [Answer.NONE, WELCOME, OTHER_TIME, NOT_NOW])
def test_other_moments_take_the_place_of_those_before_and_of_the_answer(answer):
    lab = LabFactory()
    visit = asked(lab)
    if answer != Answer.NONE:
        visits.answer(visit, answer, other_time="Donderdag.", note="Er is een trap.")
    note = "" if answer == Answer.NONE else "Er is een trap."

    visits.offer(person_with(TRAINER, lab), visit, [moment(lab, 24), moment(lab, 48)])

    assert [slot.starts_at for slot in VisitSlot.objects.filter(visit=visit)] == [
        moment(lab, 24)[0],
        moment(lab, 48)[0],
    ]
    assert state(visit)[:4] == (Answer.NONE, None, "", note)
    assert Visit.objects.get().answered_at is None


def test_a_new_offer_is_a_new_letter_with_the_same_link_for_longer(client):
    lab = LabFactory()
    visit = asked(lab)

    visits.offer(person_with(TRAINER, lab), visit, [(in_days(30, 19, 0), in_days(30, 20, 0))])

    (letter,) = letters("visit_other_slots")
    link = PersonalLink.objects.get()
    assert "19.00 tot 20.00 uur" in letter.text
    assert visit_path(letter) == visit_path(letters("initiative_invited")[0])
    assert link.expires_at == in_days(30, 20, 0) + timedelta(days=30)
    assert client.get(visit_path(letter)).status_code == 200


def test_the_same_offer_twice_is_one_letter():
    lab = LabFactory()
    visit, trainer = asked(lab), person_with(TRAINER, lab)

    visits.offer(trainer, visit, [moment(lab, 24)])
    visits.offer(trainer, visit, [moment(lab, 24)])

    assert len(letters("visit_other_slots")) == 1


def test_wrong_moments_change_nothing():
    lab = LabFactory()
    visit = asked(lab)
    visits.answer(visit, WELCOME)
    before = state(visit)

    with pytest.raises(Refused):
        visits.offer(person_with(TRAINER, lab), visit, wrong_slots(lab)["past"])

    assert (state(visit), visit.slots.count()) == (before, 1)
    assert letters("visit_other_slots") == []


def test_a_visit_that_has_begun_gets_no_other_moments():
    lab = LabFactory()
    visit = asked(lab)
    visits.answer(visit, WELCOME)

    with pytest.raises(Refused):
        visits.offer(
            person_with(TRAINER, lab), visit, [moment(lab, 48)], now=visit.slots.get().starts_at
        )

    assert state(visit)[0] == WELCOME


def test_when_nobody_answered_in_time_other_moments_can_still_be_offered():
    lab = LabFactory()
    visit = asked(lab)
    later = visit.slots.get().ends_at

    visits.offer(person_with(TRAINER, lab), visit, [moment(lab, 48)], now=later)

    assert VisitSlot.objects.get().starts_at == moment(lab, 48)[0]


def test_a_lab_that_is_over_offers_nothing():
    lab = LabFactory()
    visit = asked(lab)
    Lab.objects.update(status=Lab.Status.CLOSED)

    with pytest.raises(Refused):
        visits.offer(person_with(TRAINER, lab), visit, [moment(lab, 24)])

    assert VisitSlot.objects.get().starts_at == moment(lab, 1)[0]


def test_the_calendar_entry_moves_along_with_a_new_agreement():
    lab = LabFactory()
    visit = asked(lab)
    visits.answer(visit, WELCOME)
    visits.offer(person_with(TRAINER, lab), visit, [moment(lab, 24)])

    visits.answer(visit, WELCOME)

    events = [
        Calendar.from_ical(letter.calendar).walk("VEVENT")[0]
        for letter in letters("visit_confirmed")
    ]
    assert events[0]["uid"] == events[1]["uid"]
    assert events[1]["sequence"] > events[0]["sequence"]
