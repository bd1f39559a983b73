"""What causes each letter on a place, a request and the people of a lab; and who must get it.

Each function has the name of its letter, does what people do, and gives the addresses.
"""

from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from sessions import from_request, team
from tests.conftest import person_with
from tests.factories import (
    EnrolmentFactory,
    LabFactory,
    LabRequestFactory,
    MunicipalityFactory,
    TrainerFactory,
    UserFactory,
)
from tests.intake.organising import an_organisation_intake
from tests.sessions.test_moves import address, welcome
from tests.sessions.test_programme import schedule
from tests.werklab import test_people as pool
from tests.werklab.test_enrolment_race import person
from werklab import enrolment, handing_over, invitations, new_links, people, requests, second_factor
from werklab.access import COORDINATOR, TRAINER

MENS_1 = ["mens-1@oss.example"]
OUTSIDE = {"email": "a@elders.example"}


def emails(lab, *roles):
    """The addresses of who has one of these roles in this lab."""
    return [role.user.email for role in lab.roles.filter(role__in=roles)]


def contacts(*visits):
    return [address(visit) for visit in visits]


# --- a place ----------------------------------------------------------------------------------


def place_confirmed():
    enrolment.enrol(LabFactory(), **person(1))
    return MENS_1


def waiting_list():
    enrolment.enrol(LabFactory(taken=15), **person(1))
    return MENS_1


def waits_for_coordinator():
    enrolment.enrol(LabFactory(), **person(1) | OUTSIDE)
    return [OUTSIDE["email"]]


def admission_asked():
    lab = LabFactory()
    enrolment.enrol(lab, **person(1) | OUTSIDE)
    return emails(lab, COORDINATOR)


def waits_for_approval():
    enrolment.enrol(LabFactory(approves_enrolments=True), **person(1))
    return MENS_1


def approval_asked():
    lab = LabFactory(approves_enrolments=True)
    enrolment.enrol(lab, **person(1))
    return emails(lab, COORDINATOR)


def not_admitted():
    lab = LabFactory()
    made = enrolment.enrol(lab, **person(1) | OUTSIDE)
    enrolment.refuse(person_with(COORDINATOR, lab), made)
    return [OUTSIDE["email"]]


def withdrawn():
    seated = EnrolmentFactory()
    enrolment.withdraw(None, seated)
    return [seated.person.email]


def place_offered():
    lab = LabFactory(taken=15)
    waits = EnrolmentFactory(lab=lab, status="waiting")
    enrolment.withdraw(None, lab.enrolments.get(seat=3))
    return [waits.person.email]


def offer_ended():
    to = place_offered()
    enrolment.end_offers(timezone.now() + timedelta(days=4))
    return to


def handed_over():
    giver = EnrolmentFactory()
    colleague = {"name": "Ans de Boer", "email": "ans@oss.example"}
    work = {"function": "Adviseur", "contact_frequency": "Elke week"}
    handing_over.hand_over(person_with(TRAINER, giver.lab), giver, **colleague, **work)
    return [giver.person.email]


def new_link():
    seated = EnrolmentFactory()
    new_links.renew(person_with(TRAINER, seated.lab), seated)
    return [seated.person.email]


def invite_enrol():
    lab = LabFactory()
    pasted = invitations.read("Mirte Zand <mirte@oss.example>\nJoris <joris@oss.example>")
    invitations.prepare(person_with(COORDINATOR, lab), lab, pasted.people)
    return ["mirte@oss.example", "joris@oss.example"]


# --- a request, and the people of a lab -----------------------------------------------------------


def request_received():
    who = {"name": "Roos Tanis", "email": "roos@vlierhoven.example", "wish": "Beter luisteren."}
    requests.ask(municipality=MunicipalityFactory(), **who)
    return ["roos@vlierhoven.example"]


def request_came():
    request_received()
    return [settings.SITE_CONTACT_EMAIL]


def request_accepted():
    asks = LabRequestFactory()
    from_request.make_lab(UserFactory(is_staff=True), asks)
    return [asks.email]


def request_declined():
    asks = LabRequestFactory()
    requests.decline(UserFactory(is_staff=True), asks)
    return [asks.email]


def other_trainer():
    """A lab with two participants and a visit, in which a trainer falls ill."""
    lab, instead = LabFactory(taken=2), TrainerFactory()
    visit = welcome(lab)
    team.put_trainers(UserFactory(is_staff=True), lab, {"initiatives": instead})
    return lab, instead, visit


def trainer_assigned():
    return [other_trainer()[1].email]


def trainer_changed():
    lab, _instead, visit = other_trainer()
    group = [one.person.email for one in lab.enrolments.all()]
    return [*group, *emails(lab, COORDINATOR), *contacts(visit)]


def coordinator_invited():
    schedule()
    return ["ilse@vlierhoven.example"]


def account_invited():
    people.add_trainer(UserFactory(is_staff=True), **pool.NOOR)
    return [pool.NOOR["email"]]


def login_code():
    call_command("createcachetable", verbosity=0)
    cache.clear()
    trainer = TrainerFactory()
    Client().post("/inloggen/", {"email": trainer.email})
    return [trainer.email]


def second_factor_changed():
    trainer = TrainerFactory()
    second_factor.added(trainer, "totp")
    return [trainer.email]


def organisation_intake_handed_in():
    lab = LabFactory()
    an_organisation_intake(lab)
    return emails(lab, TRAINER)
