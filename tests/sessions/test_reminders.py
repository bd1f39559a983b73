"""Clockwork post: who is reminded of what, on which day, and that nobody hears it twice."""

import re
import threading
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from intake import questionnaires
from intake.models import Intake
from sessions import reminders
from tests.factories import (
    AMSTERDAM,
    EnrolmentFactory,
    InitiativeFactory,
    LabFactory,
    LabInitiativeFactory,
    LabSessionFactory,
    UserFactory,
    VisitFactory,
)
from werklab import letters, links, mail
from werklab.access import TRAINER
from werklab.models import Enrolment, Event, Invitation, Lab, NoMorePost, OutgoingMail

# Session 1 is on a Tuesday. The intake is asked for before Tuesday 2 March; ten and three days
# before that are Saturdays, so its reminders go on the Fridays. So does that of session 1.
FIRST, SECOND, THIRD = date(2027, 3, 9), date(2027, 3, 23), date(2027, 4, 6)
INTAKE_1, INTAKE_2, SESSION_1 = date(2027, 2, 19), date(2027, 2, 26), date(2027, 3, 5)


def at(day, hour=9, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=AMSTERDAM)


def lab_in_march(**fields):
    """A lab with sessions on 9 and 23 March and 6 April 2027, enrolment open until 1 March."""
    fields = {"sessions": False, "enrol_until": date(2027, 3, 1)} | fields
    lab = LabFactory(**fields)
    for number, day in enumerate((FIRST, SECOND, THIRD), start=1):
        LabSessionFactory(lab=lab, number=number, starts_at=at(day, 9, 30))
    return Lab.objects.get(pk=lab.pk)


def written(kind=None):
    found = OutgoingMail.objects.order_by("pk")
    return list(found.filter(kind=kind) if kind else found)


def paths(letter):
    """The addresses in a letter as it is posted, as paths."""
    found = re.findall(r"https?://\S+", links.fill(letter.text))
    return ["/" + address.partition("//")[2].partition("/")[2] for address in found]


def done(enrolment):
    """Somebody who has finished the intake."""
    now = timezone.now()
    questionnaire = questionnaires.current()
    Intake.objects.create(enrolment=enrolment, questionnaire=questionnaire, done_at=now)
    return enrolment


# --- the intake -----------------------------------------------------------------------------------


def test_the_intake_is_asked_for_again_of_participants_who_have_not_finished_it():
    lab = lab_in_march()
    silent = EnrolmentFactory(lab=lab, person=UserFactory(name="Jasper de Ruiter"))
    done(EnrolmentFactory(lab=lab))
    EnrolmentFactory(lab=lab, status="waiting")
    EnrolmentFactory(lab=lab, status="withdrawn")

    assert reminders.remind(at(INTAKE_1)) == 1

    (letter,) = written()
    assert (letter.kind, letter.to) == ("intake_reminder", silent.person.email)
    assert letter.text.startswith("Hoi Jasper,")
    assert "vóór dinsdag 2 maart" in letter.text
    assert "dinsdag 9 maart 2027, 9.30 tot 13.30 uur" in letter.text
    assert "Buurthuis De Dorsvloer" in letter.text
    assert "06 0000 0000" in letter.text
    assert [Client().get(path).status_code for path in paths(letter)] == [200, 200]
    assert paths(letter)[0].endswith("/intake/")


@pytest.mark.parametrize("day", [INTAKE_1, INTAKE_2])
def test_the_intake_is_asked_for_twice_on_the_friday_before_a_weekend(day):
    lab_in_march(taken=1)

    assert reminders.remind(at(day)) == 1


@pytest.mark.parametrize(
    "now",
    [
        at(INTAKE_1, 8, 59),
        at(INTAKE_1 - timedelta(days=1)),
        at(INTAKE_1 + timedelta(days=1)),  # a Saturday
        at(INTAKE_1 + timedelta(days=4)),
        at(FIRST, 9, 30),
    ],
)
def test_nobody_is_mailed_early_at_night_in_the_weekend_or_too_late(now):
    lab_in_march(taken=1)

    assert (reminders.remind(now), written()) == (0, [])


def test_a_worker_that_was_away_on_friday_writes_on_monday():
    lab_in_march(taken=1)

    assert reminders.remind(at(INTAKE_1 + timedelta(days=3))) == 1


def test_who_has_just_heard_of_the_place_is_not_reminded_at_once():
    lab = lab_in_march(taken=1)
    letters.tell(lab.enrolments.get())
    OutgoingMail.objects.update(created_at=at(INTAKE_1 - timedelta(days=2)))

    assert reminders.remind(at(INTAKE_1)) == 0
    assert reminders.remind(at(INTAKE_2)) == 1


@pytest.mark.parametrize("status", ["preparing", "closed", "cancelled"])
def test_a_lab_that_is_not_live_reminds_nobody(status):
    lab = lab_in_march(taken=1)
    Lab.objects.filter(pk=lab.pk).update(status=status)

    assert reminders.remind(at(INTAKE_1)) == 0
    assert reminders.planned(Lab.objects.get(pk=lab.pk), at(INTAKE_1)) == []


# --- once -----------------------------------------------------------------------------------------


def test_a_second_round_writes_nothing_and_the_logbook_has_one_line():
    lab_in_march(taken=3)

    assert [reminders.remind(at(INTAKE_1, 9, minute)) for minute in (0, 1)] == [3, 0]

    event = Event.objects.get(name="reminders_written")
    assert (event.detail, event.via) == ("intake_reminder", "worker")


def test_a_letter_that_went_today_in_another_way_is_not_sent_again():
    lab = lab_in_march(taken=1)
    reminders.remind(at(INTAKE_1))
    OutgoingMail.objects.update(once="elsewhere", created_at=at(INTAKE_1))

    assert reminders.remind(at(INTAKE_1, 10)) == 0
    announced = {row.day for row in reminders.planned(lab, at(INTAKE_1, 10))}
    assert announced == {INTAKE_2, SESSION_1}


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_each_letter_once():
    lab_in_march(taken=6)
    ready, counts = threading.Barrier(3), []

    def work():
        ready.wait()
        counts.append(reminders.remind(at(INTAKE_1)))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (sum(counts), len(written())) == (6, 6)
    assert Event.objects.filter(name="reminders_written").count() == 1


def test_who_wants_no_more_post_gets_no_reminder_and_is_not_announced():
    lab = lab_in_march(taken=1)
    address = lab.enrolments.get().person.email
    NoMorePost.objects.create(lab=lab, email=address)

    assert reminders.planned(lab, at(INTAKE_1)) == []
    assert (reminders.remind(at(INTAKE_1)), written()) == (0, [])


def test_a_lab_in_which_it_fails_does_not_hold_up_the_others(caplog):
    bad, good = lab_in_march(taken=1), lab_in_march(taken=1)
    words = {"kind": "intake_reminder", "subject": "{{ nobody_fills_this }}", "body": "-"}
    bad.letter_texts.create(**words)

    assert reminders.remind(at(INTAKE_1)) == 1

    assert [letter.lab for letter in written()] == [good]
    assert f"in lab {bad.pk}" in caplog.text


# --- a session ------------------------------------------------------------------------------------


def test_a_session_is_announced_with_when_where_and_how_to_get_there():
    lab = lab_in_march()
    done(EnrolmentFactory(lab=lab))
    session = lab.sessions.get(number=1)
    session.route, session.accessibility = "Bus 4, halte Markt", "Met een lift"
    session.save()

    assert reminders.remind(at(SESSION_1)) == 1

    (letter,) = written("session_reminder")
    assert "dinsdag 9 maart" in letter.subject
    assert "dinsdag 9 maart 2027, 9.30 tot 13.30 uur" in letter.text
    for words in (session.title, session.place, "Bus 4, halte Markt", "Met een lift"):
        assert words in letter.text
    assert "06 0000 0000" in letter.text
    assert [Client().get(path).status_code for path in paths(letter)] == [200, 200]
    starts = [event.start for event in Calendar.from_ical(letter.calendar).walk("VEVENT")]
    assert starts[0] == at(FIRST, 9, 30)


def test_who_got_a_place_after_the_reminder_went_has_just_read_it_all():
    lab = lab_in_march(taken=1)
    letters.tell(lab.enrolments.get())
    OutgoingMail.objects.update(created_at=at(SESSION_1, 11))

    assert reminders.remind(at(SESSION_1, 12)) == 0


@pytest.mark.req("REQ-076")
def test_three_parts_of_one_day_are_one_letter_with_your_own_start():
    lab = LabFactory(sessions=False, enrol_until=date(2027, 3, 1), format=Lab.Format.ONE_DAY)
    for number, hour in ((1, 9), (2, 11), (3, 14)):
        own = at(FIRST, hour, 45) if number != 2 else None
        starts, ends = at(FIRST, hour), at(FIRST, hour + 2)
        LabSessionFactory(
            lab=lab, number=number, starts_at=starts, ends_at=ends, initiatives_start_at=own
        )
    done(EnrolmentFactory(lab=lab))
    agreed(lab)

    reminders.remind(at(SESSION_1))

    participant, initiative = written("session_reminder")
    assert [f"{hour}.00 tot {hour + 2}.00 uur" in participant.text for hour in (9, 11, 14)] == [
        True
    ] * 3
    assert "De initiatieven komen om 9.45" in participant.text
    assert "9.45 tot 11.00 uur" in initiative.text
    assert "14.45 tot 16.00 uur" in initiative.text
    assert "11.00 tot 13.00 uur" not in initiative.text
    assert "De ambtenaren zijn er vanaf 9.00" in initiative.text
    starts = [event.start for event in Calendar.from_ical(initiative.calendar).walk("VEVENT")]
    assert starts == [at(FIRST, 9, 45), at(FIRST, 14, 45)]


def test_initiatives_that_are_visited_hear_of_session_3_and_others_do_not():
    lab = lab_in_march()
    visit = agreed(lab)
    LabInitiativeFactory(lab=lab)
    VisitFactory(guest_of=LabInitiativeFactory(lab=lab))

    reminders.remind(at(SESSION_1))
    assert written("session_reminder") == []

    reminders.remind(at(date(2027, 4, 2)))
    (letter,) = written("session_reminder")
    assert letter.to == visit.guest_of.initiative.contact.email
    assert "Hoi Fatma," in letter.text
    assert "dinsdag 6 april 2027, 9.30 tot 13.30 uur" in letter.text
    assert Client().get(paths(letter)[0]).status_code == 200


# --- visits ---------------------------------------------------------------------------------------


def asked(lab, day, **fields):
    """A visit that was asked on this day, not answered yet."""
    return VisitFactory(guest_of=LabInitiativeFactory(lab=lab, **fields), asked_at=at(day, 14))


def agreed(lab, **fields):
    """A visit that was agreed on long ago, on the day of session 1."""
    visit = asked(lab, date(2027, 2, 1), **fields)
    visit.answer, visit.slot, visit.answered_at = "welcome", visit.slots.get(), at(INTAKE_1)
    visit.save()
    return visit


def test_an_initiative_that_is_silent_for_a_week_is_asked_once_more():
    lab = lab_in_march()
    visit = asked(lab, date(2027, 2, 3))
    other = asked(lab, date(2027, 2, 3))
    other.answer, other.answered_at = "not_now", at(date(2027, 2, 4))
    other.save()
    days = [date(2027, 2, day) for day in range(4, 28)]

    assert [day for day in days if reminders.remind(at(day))] == [date(2027, 2, 10)]

    (letter,) = written("visit_reminder")
    assert letter.to == visit.guest_of.initiative.contact.email
    assert "Op woensdag 3 februari vroegen we" in letter.text
    assert "dinsdag 9 maart 2027, 10.30 tot 12.00 uur" in letter.text
    assert visit.place in letter.text
    assert Client().get(paths(letter)[0]).status_code == 200


def test_new_moments_give_an_initiative_a_new_week():
    lab = lab_in_march()
    visit = asked(lab, date(2027, 2, 3))
    offered = {"name": "visit_moments_offered", "object_type": "visit", "object_id": visit.pk}
    Event.objects.create(lab=lab, at=at(date(2027, 2, 9)), **offered)

    assert reminders.remind(at(date(2027, 2, 10))) == 0
    assert reminders.remind(at(date(2027, 2, 16))) == 1


def test_nobody_is_asked_to_answer_when_every_moment_has_passed():
    lab = lab_in_march()
    visit = asked(lab, date(2027, 2, 3))
    starts = at(date(2027, 2, 9))
    visit.slots.update(starts_at=starts, ends_at=starts + timedelta(hours=1))

    assert reminders.remind(at(date(2027, 2, 10))) == 0


def test_an_initiative_without_an_address_gets_no_letter():
    lab = lab_in_march()
    silent = asked(lab, date(2027, 2, 3))
    silent.guest_of.initiative.contact.delete()
    initiative = InitiativeFactory(municipality=lab.municipality, contact=False)
    asked(lab, date(2027, 2, 3), initiative=initiative)

    assert reminders.remind(at(date(2027, 2, 10))) == 0


def test_a_visit_is_announced_three_days_before_to_who_is_visited():
    lab = lab_in_march()
    visit = agreed(lab)

    assert reminders.remind(at(SESSION_1)) == 1

    (letter,) = written()
    assert (letter.kind, letter.to) == ("visit_soon", visit.guest_of.initiative.contact.email)
    assert "dinsdag 9 maart 2027, 10.30 tot 12.00 uur" in letter.text
    assert visit.place in letter.text
    assert "06 0000 0000" in letter.text
    assert [Client().get(path).status_code for path in paths(letter)] == [200, 200]
    starts = [event.start for event in Calendar.from_ical(letter.calendar).walk("VEVENT")]
    assert starts[0] == at(FIRST, 10, 30)


def test_who_said_yes_a_moment_ago_has_just_got_a_letter():
    lab = lab_in_march()
    visit = agreed(lab)
    visit.answered_at = at(SESSION_1, 10)
    visit.save()

    assert reminders.remind(at(SESSION_1, 11)) == 0


# --- invitations ----------------------------------------------------------------------------------


def invited(lab, day=date(2027, 2, 10), status="sent", email="mirte@oss.example"):
    """Somebody whose invitation was posted on this day."""
    letter = mail.send("offer_ended", to=email, lab=lab, person=UserFactory())
    OutgoingMail.objects.filter(pk=letter.pk).update(status=status, sent_at=at(day))
    return Invitation.objects.create(lab=lab, name="Mirte Zand", email=email, letter=letter)


def test_who_was_invited_a_week_ago_and_has_not_enrolled_is_asked_once_more():
    lab = lab_in_march()
    invited(lab)
    days = [date(2027, 2, day) for day in range(11, 28)]

    assert [day for day in days if reminders.remind(at(day))] == [date(2027, 2, 17)]

    (letter,) = written("invite_reminder")
    assert letter.to == "mirte@oss.example"
    assert "Hoi Mirte," in letter.text
    assert "Op woensdag 10 februari nodigden we je uit" in letter.text
    assert "tot en met maandag 1 maart" in letter.text
    assert letters.programme_lines(lab) in letter.text
    assert [Client().get(path).status_code for path in paths(letter)] == [200, 200]


@pytest.mark.parametrize("status", ["seated", "waiting", "withdrawn", "refused"])
def test_who_answered_the_invitation_in_any_way_is_left_alone(status):
    lab = lab_in_march()
    invited(lab, email="Mirte@Oss.example")
    EnrolmentFactory(lab=lab, status=status, person__email="mirte@oss.example")

    reminders.remind(at(date(2027, 2, 17)))

    assert written("invite_reminder") == []


@pytest.mark.parametrize("status", ["draft", "due", "failed", "dropped"])
def test_an_invitation_that_was_not_posted_is_not_reminded_of(status):
    invited(lab_in_march(), status=status)

    assert reminders.remind(at(date(2027, 2, 17))) == 0


def test_nobody_is_asked_to_enrol_when_enrolment_is_closed_or_the_lab_is_full():
    invited(lab_in_march(enrol_until=date(2027, 2, 16)))
    full = lab_in_march(taken=15)
    for enrolment in full.enrolments.all():
        done(enrolment)
    invited(full)

    assert reminders.remind(at(date(2027, 2, 17))) == 0


# --- does it go on --------------------------------------------------------------------------------


def test_with_too_few_people_coordinator_and_trainers_are_told_to_decide(client_as):
    lab = lab_in_march(taken=9, decide_on=date(2027, 2, 15))

    assert reminders.remind(at(date(2027, 2, 15))) == 3

    found = written("decide_to_go_on")
    assert {letter.to for letter in found} == {role.user.email for role in lab.roles.all()}
    assert "zijn 9 plekken bezet" in found[0].text
    assert "op maandag 15 februari" in found[0].text
    assert paths(found[0])[0] == f"/werklabs/{lab.slug}/besluit/"
    assert client_as(TRAINER, lab).get(paths(found[0])[0]).status_code == 200
    assert letters.programme_lines(lab) in found[0].text
    assert reminders.remind(at(date(2027, 2, 16))) == 0


@pytest.mark.parametrize(
    "fields", [{"taken": 10}, {"taken": 9, "decided_at": at(date(2027, 2, 14))}]
)
def test_with_enough_people_or_a_decision_nobody_has_to_decide(fields):
    lab_in_march(decide_on=date(2027, 2, 15), **fields)

    assert reminders.remind(at(date(2027, 2, 15))) == 0


# --- what is announced ----------------------------------------------------------------------------


def test_what_is_announced_is_what_goes_out():
    lab = lab_in_march(taken=4, decide_on=date(2027, 2, 15))
    done(lab.enrolments.first())
    asked(lab, date(2027, 2, 10))
    agreed(lab)
    invited(lab)
    now = at(date(2027, 2, 12), 8)

    announced = Counter()
    for row in reminders.planned(lab, now):
        announced[row.day] += row.count
    days = [now.date() + timedelta(days=days) for days in range(15)]
    went = Counter({day: reminders.remind(at(day)) for day in days})

    assert (
        +went
        == announced
        == Counter({date(2027, 2, 15): 3, date(2027, 2, 17): 2, INTAKE_1: 3, INTAKE_2: 3})
    )


def test_an_announcement_says_what_when_and_to_how_many():
    lab = lab_in_march(taken=1)

    (row,) = reminders.planned(lab, at(date(2027, 2, 8)))

    assert (row.day, row.what, row.count) == (INTAKE_1, "Herinnering aan de intake", 1)
    assert row.sentence == "gaat vrijdag 19 februari vanzelf uit, naar 1 mens"


# --- what it costs --------------------------------------------------------------------------------


@pytest.mark.parametrize("labs", [1, 8])
def test_a_round_without_anything_due_costs_the_same_for_one_lab_and_for_eight(
    labs, django_assert_num_queries
):
    for _lab in range(labs):
        agreed(lab_in_march(taken=2))

    with django_assert_num_queries(4):
        assert reminders.remind(at(date(2027, 2, 17))) == 0


@pytest.mark.parametrize("labs", [1, 8])
def test_a_round_after_all_was_written_costs_the_same_for_one_lab_and_for_eight(
    labs, django_assert_num_queries
):
    for _lab in range(labs):
        agreed(lab_in_march(taken=2))
    reminders.remind(at(SESSION_1))

    with django_assert_num_queries(6):
        assert reminders.remind(at(SESSION_1, 10)) == 0


def test_at_night_a_round_costs_nothing(django_assert_num_queries):
    lab_in_march(taken=1)

    with django_assert_num_queries(0):
        reminders.remind(at(INTAKE_1, 3))


@pytest.mark.parametrize("people", [1, 8])
def test_the_announcement_costs_the_same_for_one_and_for_eight(people, django_assert_num_queries):
    lab = lab_in_march(taken=people)
    for _row in range(people):
        agreed(lab)
    lab = Lab.objects.with_programme().get(pk=lab.pk)

    with django_assert_num_queries(4):
        announced = reminders.planned(lab, at(INTAKE_1, 8))
    with django_assert_num_queries(0):
        assert reminders.planned(lab, at(INTAKE_1, 8)) == announced


def test_a_lab_whose_sessions_are_over_costs_nothing(django_assert_num_queries):
    lab = Lab.objects.with_programme().get(pk=lab_in_march(taken=1).pk)

    with django_assert_num_queries(0):
        assert reminders.planned(lab, at(date(2027, 4, 7))) == []


def test_every_seat_that_is_free_again_is_nobody_to_remind():
    lab = lab_in_march(taken=1)
    lab.enrolments.update(status=Enrolment.Status.WITHDRAWN, seat=None)

    assert reminders.remind(at(INTAKE_1)) == 0
