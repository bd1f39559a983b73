"""Places in a lab: seats 1 to 15, the list in order, 72 hours to say yes, who is from outside."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from tests.conftest import person_with
from tests.factories import EnrolmentFactory, LabFactory, UserFactory, as_of_now, in_days, today
from werklab.enrolment import (
    accept_offer,
    admit,
    decline_offer,
    end_offers,
    enrol,
    refuse,
    withdraw,
)
from werklab.errors import Refused
from werklab.models import Consent, Department, Enrolment, Event, Lab, OutgoingMail, User

Status = Enrolment.Status
MENNO = {
    "name": "Menno van Dam",
    "email": "menno@oss.example",
    "department": "Zorg en welzijn",
    "function": "Beleidsmedewerker",
    "contact_frequency": "Elke maand",
}


def letters_to(address):
    found = OutgoingMail.objects.filter(to=address).order_by("pk")
    return list(found.values_list("kind", flat=True))


def full_lab(waiting=0, **fields):
    """A lab without a free chair, and so many people on its list."""
    lab = LabFactory(taken=Lab.MAX_PARTICIPANTS, **fields)
    for _ in range(waiting):
        EnrolmentFactory(lab=lab, status=Status.WAITING)
    return lab


@pytest.mark.req("REQ-028")
def test_a_colleague_gets_the_first_free_chair_and_a_letter():
    lab = LabFactory(taken=2)

    made = enrol(lab, **MENNO)

    assert (made.status, made.seat, made.just_made) == (Status.SEATED, 3, True)
    assert letters_to("menno@oss.example") == ["place_confirmed"]
    event = Event.objects.get(lab=lab)
    assert (event.name, event.about, event.by, event.via) == (
        "enrolled",
        "Menno van Dam",
        None,
        Event.Via.FORM,
    )


@pytest.mark.req("REQ-043")
def test_the_fifteenth_person_has_a_chair_and_the_sixteenth_comes_first_on_the_list():
    lab = LabFactory(taken=14)

    fifteenth = enrol(lab, **MENNO)
    sixteenth = enrol(lab, **MENNO | {"email": "ans@oss.example"})

    assert (fifteenth.status, fifteenth.seat) == (Status.SEATED, 15)
    assert (sixteenth.seat, sixteenth.place_in_line) == (None, 1)
    assert lab.enrolments.seated().count() == Lab.MAX_PARTICIPANTS
    assert letters_to("ans@oss.example") == ["waiting_list"]


@pytest.mark.req("REQ-043")
def test_a_lab_of_ten_has_ten_chairs():
    lab = LabFactory(capacity=10, taken=9)

    assert enrol(lab, **MENNO).seat == 10
    assert enrol(lab, **MENNO | {"email": "ans@oss.example"}).status == Status.WAITING


def test_a_chair_that_fell_free_in_the_middle_is_the_next_one():
    lab = LabFactory(taken=5)
    lab.enrolments.filter(seat=2).update(seat=None, status=Status.WITHDRAWN)

    assert enrol(lab, **MENNO).seat == 2


def test_nobody_passes_who_waits():
    lab = LabFactory(taken=3)
    EnrolmentFactory(lab=lab, status=Status.WAITING)

    made = enrol(lab, **MENNO)

    assert (made.status, made.place_in_line) == (Status.WAITING, 2)


@pytest.mark.req("REQ-005")
@pytest.mark.parametrize("often", ["Elke week", "Zelden of nooit"])
def test_beginner_and_old_hand_are_equally_welcome(often):
    made = enrol(LabFactory(), **MENNO | {"contact_frequency": often})

    assert (made.status, made.contact_frequency) == (Status.SEATED, often)


def test_the_same_address_in_other_case_is_the_same_person():
    lab = LabFactory()
    first = enrol(lab, **MENNO)

    again = enrol(lab, **MENNO | {"email": " Menno@OSS.example ", "name": "M. van Dam"})

    assert (again.pk, again.seat, again.just_made) == (first.pk, first.seat, False)
    assert lab.enrolments.count() == 1
    assert User.objects.get(email="menno@oss.example").name == "Menno van Dam"


def test_a_form_sent_twice_is_one_letter_and_ten_minutes_later_the_link_comes_again():
    lab, now = LabFactory(), timezone.now()
    enrol(lab, **MENNO, now=now)

    enrol(lab, **MENNO, now=now + timedelta(minutes=1))
    assert letters_to("menno@oss.example") == ["place_confirmed"]

    enrol(lab, **MENNO, now=now + timedelta(minutes=11))
    assert letters_to("menno@oss.example") == ["place_confirmed"] * 2


def test_somebody_may_come_back_after_withdrawing():
    lab = LabFactory()
    withdraw(None, enrol(lab, **MENNO))

    made = enrol(lab, **MENNO)

    assert (made.seat, made.just_made) == (1, True)
    assert lab.enrolments.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"status": Lab.Status.PREPARING},
        {"status": Lab.Status.CLOSED},
        {"status": Lab.Status.CANCELLED},
        {"enrol_until": partial(today, -1)},
    ],
)
def test_a_lab_that_is_not_open_refuses_and_keeps_nothing(change):
    lab = LabFactory()
    Lab.objects.filter(pk=lab.pk).update(**as_of_now(change))

    with pytest.raises(Refused, match="closed|gesloten|dicht"):
        enrol(lab, **MENNO)

    assert not lab.enrolments.exists()
    assert not User.objects.filter(email="menno@oss.example").exists()
    assert not OutgoingMail.objects.exists()


def test_the_last_day_of_enrolment_still_counts():
    lab = LabFactory(begins_in=14)  # closes today

    assert enrol(lab, **MENNO).seat == 1


def test_nobody_enrols_by_the_form_once_session_1_has_begun():
    lab = LabFactory(begins_in=14)
    lab.sessions.filter(number=1).update(starts_at=timezone.now(), ends_at=in_days(1))

    with pytest.raises(Refused):
        enrol(lab, **MENNO)


def test_a_trainer_may_still_put_somebody_in_after_the_closing_date():
    lab = LabFactory(enrol_until=timezone.localdate() - timedelta(days=1))
    trainer = person_with("trainer", lab)

    made = enrol(lab, **MENNO, by=trainer)

    assert made.status == Status.SEATED
    assert (lab.events.get().by, lab.events.get().via) == (trainer, Event.Via.ACCOUNT)


# --- people from outside ----------------------------------------------------------------------


OUTSIDE = MENNO | {"email": "menno@elders.example"}


@pytest.mark.req("REQ-028")
def test_an_address_from_outside_waits_for_the_coordinator():
    lab = LabFactory()
    coordinator = person_with("coordinator", lab)

    made = enrol(lab, **OUTSIDE)

    assert (made.status, made.seat) == (Status.TO_CONFIRM, None)
    assert letters_to("menno@elders.example") == ["waits_for_coordinator"]
    assert letters_to(coordinator.email) == ["admission_asked"]


def test_an_address_that_only_ends_like_the_municipalitys_is_from_outside():
    assert enrol(LabFactory(), **MENNO | {"email": "m@nep-oss.example"}).status == Status.TO_CONFIRM


def test_the_coordinators_yes_gives_a_chair_and_the_no_none():
    lab = LabFactory()
    coordinator = person_with("coordinator", lab)
    first = enrol(lab, **OUTSIDE)
    second = enrol(lab, **OUTSIDE | {"email": "ans@elders.example"})

    admitted = admit(coordinator, first)
    refuse(coordinator, second)

    second.refresh_from_db()
    assert (admitted.status, admitted.seat) == (Status.SEATED, 1)
    assert (second.status, second.seat) == (Status.REFUSED, None)
    assert letters_to("menno@elders.example")[-1] == "place_confirmed"
    assert letters_to("ans@elders.example")[-1] == "not_admitted"


@pytest.mark.parametrize("again", [admit, refuse])
def test_a_yes_or_no_is_given_once(again):
    lab = LabFactory()
    coordinator = person_with("coordinator", lab)
    made = enrol(lab, **OUTSIDE)
    admit(coordinator, made)

    with pytest.raises(Refused):
        again(coordinator, made)

    made.refresh_from_db()
    assert made.status == Status.SEATED


def test_a_trainer_puts_in_an_address_from_outside_at_once():
    lab = LabFactory()

    assert enrol(lab, **OUTSIDE, by=person_with("trainer", lab)).status == Status.SEATED


# --- giving back and offers -------------------------------------------------------------------


def test_a_chair_that_is_given_back_is_held_72_hours_for_the_first_on_the_list():
    lab, now = full_lab(waiting=2), timezone.now()
    leaves, first, second = *lab.enrolments.filter(seat=4), *lab.enrolments.waiting()

    withdraw(leaves.person, leaves, now)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.seat) == (Status.OFFERED, 4)
    assert first.offered_until == now + timedelta(hours=72)
    assert second.place_in_line == 1
    assert letters_to(first.person.email) == ["place_offered"]
    assert letters_to(leaves.person.email) == ["withdrawn"]


def test_an_offer_ends_at_the_latest_when_session_1_begins():
    lab = full_lab(waiting=1, begins_in=2)
    first = lab.enrolments.waiting().get()

    withdraw(None, lab.enrolments.get(seat=1))

    first.refresh_from_db()
    assert first.offered_until == lab.sessions.get(number=1).starts_at


def test_nobody_is_promoted_once_session_1_has_begun():
    lab = full_lab(waiting=1, begins_in=-1)

    withdraw(None, lab.enrolments.get(seat=1))

    assert lab.enrolments.waiting().count() == 1


def offered():
    """A full lab with one place under offer, and one more who waits."""
    lab = full_lab(waiting=2)
    first = lab.enrolments.waiting().first()
    withdraw(None, lab.enrolments.get(seat=15))
    first.refresh_from_db()
    return lab, first


def test_a_yes_within_72_hours_makes_the_chair_theirs():
    lab, first = offered()

    taken = accept_offer(first.person, first, first.offered_until - timedelta(seconds=1))

    assert (taken.status, taken.seat, taken.offered_until) == (Status.SEATED, 15, None)
    assert letters_to(first.person.email)[-1] == "place_confirmed"
    assert lab.enrolments.waiting().count() == 1


def test_a_second_yes_changes_nothing():
    _lab, first = offered()
    accept_offer(first.person, first)

    assert accept_offer(first.person, first).status == Status.SEATED
    assert letters_to(first.person.email).count("place_confirmed") == 1


def test_a_yes_after_72_hours_is_too_late():
    _lab, first = offered()

    with pytest.raises(Refused):
        accept_offer(first.person, first, first.offered_until)

    first.refresh_from_db()
    assert first.status == Status.OFFERED


def test_a_no_passes_the_offer_on():
    lab, first = offered()
    second = lab.enrolments.waiting().get()

    decline_offer(first.person, first)

    second.refresh_from_db()
    assert (second.status, second.seat) == (Status.OFFERED, 15)


def test_a_no_that_comes_after_the_yes_takes_nothing_away():
    _lab, first = offered()
    accept_offer(first.person, first)

    with pytest.raises(Refused):
        decline_offer(first.person, first)

    first.refresh_from_db()
    assert first.seat == 15


def test_the_worker_passes_on_an_offer_that_ended_and_only_once():
    lab, first = offered()
    second, end = lab.enrolments.waiting().get(), first.offered_until

    assert end_offers(end - timedelta(seconds=1)) == 0
    assert end_offers(end) == 1
    assert end_offers(end) == 0

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.seat) == (Status.WITHDRAWN, None)
    assert (second.status, second.seat) == (Status.OFFERED, 15)
    assert letters_to(first.person.email)[-1] == "offer_ended"


def test_an_offered_chair_is_nobody_elses():
    lab, _first = offered()

    made = enrol(lab, **MENNO)

    assert made.status == Status.WAITING


def test_giving_back_wipes_the_consents():
    lab = LabFactory()
    made = enrol(lab, **MENNO)
    Consent.objects.create(enrolment=made, kind=Consent.Kind.NAME)

    withdraw(made.person, made)

    assert not Consent.objects.exists()


def test_what_was_given_back_cannot_be_given_back_again():
    made = enrol(LabFactory(), **MENNO)
    withdraw(made.person, made)

    with pytest.raises(Refused):
        withdraw(made.person, made)

    assert letters_to("menno@oss.example") == ["place_confirmed", "withdrawn"]


@pytest.mark.parametrize("count", [1, 8])
def test_enrolling_costs_the_same_however_many_came_before(count, django_assert_num_queries):
    lab = LabFactory(taken=count)

    with django_assert_num_queries(14):  # two of them are the savepoint of this test
        enrol(lab, **MENNO)


def test_every_action_raises_the_version_of_the_lab():
    lab = LabFactory()
    coordinator = UserFactory()
    made = enrol(lab, **OUTSIDE)
    versions = [Lab.objects.get(pk=lab.pk).version]
    for action in (lambda: admit(coordinator, made), lambda: withdraw(None, made)):
        action()
        versions.append(Lab.objects.get(pk=lab.pk).version)

    assert versions == sorted(set(versions))


def test_other_words_than_the_list_has_are_kept_as_they_are():
    assert "Anders" in Department.OTHER
    assert enrol(LabFactory(), **MENNO | {"department": "Griffie"}).department == "Griffie"
