"""What causes each letter by the clock, on a change, a visit and the advice; and who must get it.

Each function has the name of its letter, does what people or the worker do, and gives the
addresses.
"""

from datetime import date

from initiatives import agreements, profile_links
from sessions import advice, changes, endorsements, reminders, report, visits
from sessions import visit_notes as notes
from tests.conftest import person_with
from tests.factories import EnrolmentFactory, InitiativeFactory, LabFactory, UserFactory
from tests.initiatives import test_agreements as promises
from tests.journeys.causes_of_places import contacts, emails
from tests.sessions import test_reminders as march
from tests.sessions.test_endorsements import lab_with, said
from tests.sessions.test_moves import move, welcome
from tests.sessions.test_report import ready_lab
from tests.sessions.test_visit_notes import noted, visited
from tests.sessions.test_visits import asked, moment
from werklab.access import COORDINATOR, TRAINER

WHY = "Er zijn te weinig aanmeldingen."


# --- by the clock ---------------------------------------------------------------------------------


def intake_reminder():
    lab = march.lab_in_march(taken=1)
    reminders.remind(march.at(march.INTAKE_1))
    return [lab.enrolments.get().person.email]


def session_reminder():
    lab = march.lab_in_march()
    seated = march.done(EnrolmentFactory(lab=lab))
    visit = march.agreed(lab)
    reminders.remind(march.at(date(2027, 4, 2)))
    return [seated.person.email, *contacts(visit)]


def invite_reminder():
    march.invited(march.lab_in_march())
    reminders.remind(march.at(date(2027, 2, 17)))
    return ["mirte@oss.example"]


def decide_to_go_on():
    lab = march.lab_in_march(taken=9, decide_on=date(2027, 2, 15))
    reminders.remind(march.at(date(2027, 2, 15)))
    return emails(lab, TRAINER, COORDINATOR)


def visit_reminder():
    visit = march.asked(march.lab_in_march(), date(2027, 2, 3))
    reminders.remind(march.at(date(2027, 2, 10)))
    return contacts(visit)


def visit_soon():
    visit = march.agreed(march.lab_in_march())
    reminders.remind(march.at(march.SESSION_1))
    return contacts(visit)


def agreement_reminder():
    lab = LabFactory()
    promises.promised(lab)
    agreements.remind(promises.NOON)
    return emails(lab, TRAINER, COORDINATOR)


# --- moved, called off ------------------------------------------------------------------------


def moved():
    """A lab of which session 1 moves, with a participant and a visit that was agreed on."""
    lab = LabFactory(taken=1)
    visit = welcome(lab)
    move(lab, 3, days=1)
    return lab, visit


def sessions_moved():
    lab, _visit = moved()
    return [lab.enrolments.get().person.email]


def sessions_moved_coordinator():
    return emails(moved()[0], COORDINATOR)


def sessions_moved_initiative():
    return contacts(moved()[1])


def called_off():
    lab = LabFactory(taken=1)
    visit = welcome(lab)
    changes.cancel_lab(person_with(TRAINER, lab), lab, WHY)
    return lab, visit


def lab_cancelled():
    lab, _visit = called_off()
    return [lab.enrolments.get().person.email]


def lab_cancelled_coordinator():
    return emails(called_off()[0], COORDINATOR)


def lab_cancelled_initiative():
    return contacts(called_off()[1])


# --- initiatives, visits and the advice -----------------------------------------------------------


def profile_asked():
    initiative = InitiativeFactory()
    profile_links.ask(UserFactory(), initiative)
    return [initiative.contact.email]


def answered(answer, **words):
    """A visit on which the initiative answered this."""
    visit = asked()
    visits.answer(visit, answer, **words)
    return visit, visit.guest_of.lab


def initiative_invited():
    return contacts(asked())


def visit_other_slots():
    visit, lab = answered("other_time", other_time="Donderdagavond.")
    visits.offer(person_with(TRAINER, lab), visit, [moment(lab, hours=2)])
    return contacts(visit)


def visit_confirmed():
    return contacts(answered("welcome")[0])


def visit_answered_yes():
    return emails(answered("welcome")[1], TRAINER)


def visit_other_time():
    return emails(answered("other_time", other_time="Later.")[1], TRAINER, COORDINATOR)


def visit_declined():
    return emails(answered("not_now")[1], TRAINER)


def visit_notes_sent():
    visit = visited()
    noted(visit)
    notes.send(person_with(TRAINER, visit.guest_of.lab), visit)
    return contacts(visit)


def endorse_request():
    lab, takers, _advices = lab_with(initiatives=2)
    endorsements.ask(person_with(TRAINER, lab), lab)
    return [taker.initiative.contact.email for taker in takers]


def endorse_again():
    lab, (taker, _silent), (first,) = lab_with(initiatives=2)
    endorsements.answer(lab, [said(first, taker)], initiative=taker)
    advice.change_advice(person_with(TRAINER, lab), first, {"title": "Anders"}, seen=1)
    return [taker.initiative.contact.email]


def final():
    lab = ready_lab()
    EnrolmentFactory(lab=lab)
    report.finalise(person_with(TRAINER, lab), lab)
    return lab


def advice_ready():
    return [one.person.email for one in final().enrolments.seated()]


def advice_ready_coordinator():
    return emails(final(), COORDINATOR)
