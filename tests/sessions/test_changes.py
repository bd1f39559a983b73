"""A lab that may not go ahead: call it off and tell everybody, or go on with a reason."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from icalendar import Calendar

from sessions import changes
from sessions.meetings import meetings_of
from sessions.programme import change_lab
from tests.factories import EnrolmentFactory, LabFactory, VisitFactory, as_of_now, in_days
from tests.sessions.test_moves import address, agreed, coordinator, drafts, move, welcome
from tests.sessions.test_programme import schedule
from tests.werklab.test_enrolment_race import person
from werklab import enrolment, links
from werklab.errors import Refused
from werklab.models import Event, Lab, OutgoingMail

WHY = "Er zijn te weinig aanmeldingen."


def trainer(lab):
    return lab.roles.filter(role="trainer").first().user


def cancel(lab, why=WHY):
    return changes.cancel_lab(trainer(lab), lab, why)


# --- call it off ----------------------------------------------------------------------------------


def test_everybody_who_counts_on_it_gets_one_draft():
    lab = LabFactory(capacity=10, taken=2)
    group = {one.person.email for one in lab.enrolments.all()}
    waiting = EnrolmentFactory(lab=lab, status="waiting", number=2002)
    outside = EnrolmentFactory(lab=lab, status="to_confirm")
    EnrolmentFactory(lab=lab, status="withdrawn")
    yes, asked = welcome(lab), VisitFactory(guest_of__lab=lab)
    no = VisitFactory(guest_of__lab=lab, answer="not_now", answered_at=timezone.now())

    cancel(lab)

    found = {to: letter.kind for to, letter in drafts(lab).items()}
    assert found == {
        **dict.fromkeys(group, "lab_cancelled"),
        waiting.person.email: "lab_cancelled",
        outside.person.email: "lab_cancelled",
        coordinator(lab): "lab_cancelled_coordinator",
        address(yes): "lab_cancelled_initiative",
        address(asked): "lab_cancelled_initiative",
    }
    assert address(no) not in found
    assert all(WHY in letter.text for letter in drafts(lab).values())


def test_calendar_entries_go_for_who_has_them():
    lab = LabFactory(taken=1)
    seated = lab.enrolments.get().person.email
    waiting = EnrolmentFactory(lab=lab, status="waiting", number=2002).person.email
    yes, asked = welcome(lab), VisitFactory(guest_of__lab=lab)

    cancel(lab)

    files = {to: letter.calendar for to, letter in drafts(lab).items()}
    assert {to for to, text in files.items() if text} == {seated, address(yes)}
    assert files[waiting] == files[address(asked)] == files[coordinator(lab)] == ""
    calendar = Calendar.from_ical(files[seated])
    events = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "CANCEL"
    assert [event["UID"] for event in events] == [
        f"session-{session.pk}@werklab.example" for session in lab.programme()
    ]
    assert {(event["STATUS"], event["SEQUENCE"]) for event in events} == {("CANCELLED", 1)}
    visit, *_last = Calendar.from_ical(files[address(yes)]).walk("VEVENT")
    assert (visit["UID"], visit["SEQUENCE"]) == (f"visit-{yes.pk}@werklab.example", 1)


def test_a_coordinator_whose_calendar_we_filled_gets_it_emptied():
    lab = LabFactory()
    move(lab, 3, days=1)
    lab.letters.update(status="sent", sent_at=timezone.now())

    cancel(lab)

    assert "METHOD:CANCEL" in drafts(lab)[coordinator(lab)].calendar


def test_what_was_not_sent_yet_never_goes():
    lab = LabFactory(taken=2)
    move(lab, 3, days=1)

    cancel(lab)

    assert set(lab.letters.filter(kind__startswith="sessions_moved").values_list("status")) == {
        ("dropped",)
    }


def test_nobody_gets_a_seat_after_it():
    lab = LabFactory(taken=3)
    offered = EnrolmentFactory(
        lab=lab, status="offered", seat=4, offered_until=in_days(2), number=2001
    )
    outside = EnrolmentFactory(lab=lab, status="to_confirm")
    cancel(lab)

    for attempt in (
        lambda: enrolment.enrol(lab, **person(1)),
        lambda: enrolment.enrol(lab, **person(2), by=trainer(lab)),
        lambda: enrolment.accept_offer(None, offered),
        lambda: enrolment.admit(trainer(lab), outside),
    ):
        with pytest.raises(Refused):
            attempt()

    assert enrolment.end_offers(in_days(20)) == 0
    assert lab.enrolments.seated().count() == 3


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"status": "closed"}, WHY),
        ({"status": "cancelled"}, WHY),
        ({"begins_in": -60}, WHY),
        ({}, " \n "),
    ],
)
def test_what_cannot_be_called_off(fields, why):
    lab = LabFactory(taken=1, **fields)

    with pytest.raises(Refused):
        cancel(lab, why)

    lab.refresh_from_db()
    assert (lab.cancelled_why, drafts(lab)) == ("", {})
    assert not Event.objects.filter(name="lab_cancelled").exists()


def test_the_logbook_says_it_once_and_every_kept_page_is_new():
    lab = LabFactory(taken=2)

    cancelled = cancel(lab)

    assert Event.objects.filter(lab=lab, name="lab_cancelled").count() == 1
    assert Lab.objects.get(pk=lab.pk).version == lab.version + 1
    assert (cancelled.status, cancelled.cancelled_why) == ("cancelled", WHY)


def test_what_is_shown_beforehand_is_what_happens():
    lab = LabFactory(taken=3)
    EnrolmentFactory(lab=lab, status="to_confirm")
    EnrolmentFactory(lab=lab, person=lab.roles.get(role="coordinator").user)
    welcome(lab)
    silent = welcome(lab)
    silent.guest_of.initiative.contact.delete()

    before = changes.effects_of_cancelling(lab)
    cancel(lab)

    kinds = [letter.kind for letter in drafts(lab).values()]
    assert before.letters == len(kinds)
    assert (before.seated, before.others, before.coordinators) == (4, 1, 0)
    assert (len(before.initiatives), [one.pk for one in before.to_call]) == (1, [silent.pk])


def test_looking_at_what_happens_writes_nothing():
    lab = LabFactory(taken=2)
    welcome(lab)

    changes.effects_of_cancelling(lab)
    changes.effects_of_moving(lab)

    assert lab.personal_links.count() == 0


def test_each_letter_has_a_link_on_which_it_stands_too(client):
    lab = LabFactory(taken=1)
    welcome(lab)
    cancel(lab)

    for letter in drafts(lab).values():
        client.logout()
        if letter.kind == "lab_cancelled_coordinator":
            client.force_login(lab.roles.get(role="coordinator").user)
        text = links.fill(letter.text)
        (path,) = re.findall(r"https?://[^/\s]+(/(?:mijn|bezoek|werklabs)/\S+)", text)
        page = client.get(path)
        assert (page.status_code, "gaat niet door" in page.content.decode()) == (200, True)
        assert lab.contact_phone in text


@pytest.mark.django_db(transaction=True)
def test_who_enrols_while_it_is_called_off_is_told_or_finds_the_door_closed():
    lab = LabFactory(taken=2)

    def run(number):
        try:
            return cancel(lab) if number == 7 else enrolment.enrol(lab, **person(number))
        except Refused:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(run, range(16)))

    told = set(OutgoingMail.objects.filter(kind="lab_cancelled").values_list("to", flat=True))
    living = set(lab.enrolments.living().values_list("person__email", flat=True))
    assert told == living
    assert lab.letters.filter(kind="lab_cancelled_coordinator").count() == 1
    with pytest.raises(Refused):
        enrolment.enrol(lab, **person(99))


# --- go on ----------------------------------------------------------------------------------------


@pytest.mark.req("REQ-043")
def test_going_on_with_few_people_needs_a_reason_which_is_kept():
    lab = LabFactory(taken=8)

    with pytest.raises(Refused):
        changes.go_on(trainer(lab), lab, "  ")
    lab.refresh_from_db()
    assert lab.decided_at is None
    changes.go_on(trainer(lab), lab, " De groep is hecht. ")

    lab.refresh_from_db()
    assert (lab.decided_why, lab.decided_at is not None) == ("De groep is hecht.", True)
    assert Event.objects.get(name="lab_goes_on").lab == lab
    assert drafts(lab) == {}


@pytest.mark.parametrize(
    "fields", [{"status": "preparing"}, {"status": "cancelled"}, {"taken": 10}]
)
def test_where_nothing_has_to_be_decided(fields):
    lab = LabFactory(**fields)

    with pytest.raises(Refused):
        changes.go_on(trainer(lab), lab, "Toch.")

    lab.refresh_from_db()
    assert lab.decided_at is None


def test_deciding_twice_keeps_the_first_reason():
    lab = LabFactory(taken=8)
    changes.go_on(trainer(lab), lab, "Eerst.")

    with pytest.raises(Refused):
        changes.go_on(trainer(lab), lab, "Daarna.")

    lab.refresh_from_db()
    assert lab.decided_why == "Eerst."


def days_from_now(days) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_the_day_to_decide_is_three_weeks_before_session_1_but_never_over():
    assert schedule().decide_on == days_from_now(30 - 21)


def decided_after(lab, *, moved: int, asked: date | None) -> date | None:
    """The day to decide when all sessions move so many days and the form says `asked`."""
    change = timedelta(days=moved)
    meetings = [
        replace(one, starts_at=one.starts_at + change, ends_at=one.ends_at + change)
        for one in meetings_of(lab)
    ]
    change_lab(trainer(lab), lab, **agreed(lab, meetings=meetings, decide_on=asked))
    lab.refresh_from_db()
    return lab.decide_on


def test_the_day_to_decide_moves_along_with_session_1():
    lab = LabFactory(begins_in=28, decide_on=days_from_now(7))

    assert decided_after(lab, moved=10, asked=days_from_now(7)) == days_from_now(17)


def test_the_day_to_decide_that_somebody_chose_stays():
    lab = LabFactory(begins_in=28, decide_on=days_from_now(7))

    assert decided_after(lab, moved=10, asked=days_from_now(3)) == days_from_now(3)
    assert decided_after(lab, moved=0, asked=days_from_now(3)) == days_from_now(3)


def test_the_day_to_decide_is_not_after_session_1():
    lab = LabFactory(begins_in=28)

    with pytest.raises(Refused):
        decided_after(lab, moved=0, asked=days_from_now(29))


@pytest.mark.parametrize(
    ("decide_in", "taken", "fields", "must"),
    [
        (0, 9, {}, True),
        (-3, 0, {}, True),
        (1, 9, {}, False),
        (0, 10, {}, False),
        (0, 9, {"decided_at": timezone.now}, False),
        (0, 9, {"status": "preparing"}, False),
        (0, 9, {"begins_in": -1}, False),
    ],
)
def test_when_it_must_be_decided(decide_in, taken, fields, must):
    lab = LabFactory(decide_on=days_from_now(decide_in), **as_of_now(fields))

    assert changes.must_be_decided(lab, taken) == must
