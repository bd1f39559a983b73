"""Every action raises the version of its lab, so that no kept piece of a page shows what was.

The actions are found in the code: one that is not walked here fails the last test.
"""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from initiatives import register
from intake import answers, organisation
from intake.given import Given
from intake.models import Answer, Intake, Question, Questionnaire
from sessions import (
    advice,
    boards,
    changes,
    endorsements,
    programme,
    readiness,
    report,
    team,
    visits,
)
from sessions.meetings import meetings_of
from sessions.models import Report
from tests.conftest import person_with
from tests.factories import (
    AdviceFactory,
    CardFactory,
    EnrolmentFactory,
    InitiativeFactory,
    LabFactory,
    LabInitiativeFactory,
    TrainerFactory,
    VisitFactory,
    chosen,
    in_days,
    make_ready,
)
from tests.initiatives.actions_of_register import OF_REGISTER, OF_THE_REGISTER_ALONE
from tests.intake.organising import an_organisation_intake
from tests.werklab.actions_of_post import OF_POST
from tests.werklab.actions_of_visits import OF_VISITS
from werklab import approval, enrolment, eventnames, handing_over, invitations, new_links, requests
from werklab.models import Event, Lab

ROOT = Path(__file__).resolve().parent.parent.parent
WORDS = {"title": "Wijs één vast gezicht aan", "text": "Eén naam en één nummer."}
# These are about people, not about one lab.
OF_NO_LAB = {
    *("people.invite_staff", "people.add_trainer", "requests.ask", "requests.decline"),
    *OF_THE_REGISTER_ALONE,
    *("feeds.renew", "browsers.end", "mail.claim", "second_factor.added", "second_factor.removed"),
}


def trainer(lab):
    return lab.roles.filter(role="trainer").first().user


def slots(lab):
    """One moment to offer, on the day of session 1."""
    return [(lab.starts_at + timedelta(hours=1), lab.starts_at + timedelta(hours=2))]


def offered(lab, hours=1):
    """Somebody who is offered the last chair, for so many hours from now."""
    until = timezone.now() + timedelta(hours=hours)
    return EnrolmentFactory(lab=lab, status="offered", seat=15, offered_until=until)


def enrol(lab):
    return lambda: enrolment.enrol(
        lab,
        name="Jasper",
        email="jasper@oss.example",
        department="Veiligheid",
        function="Adviseur",
        contact_frequency="Elke maand",
    )


def admit(lab):
    person = EnrolmentFactory(lab=lab, status="to_confirm")
    return lambda: enrolment.admit(trainer(lab), person)


def refuse(lab):
    person = EnrolmentFactory(lab=lab, status="to_confirm")
    return lambda: enrolment.refuse(trainer(lab), person)


def withdraw(lab):
    person = EnrolmentFactory(lab=lab)
    return lambda: enrolment.withdraw(person.person, person)


def accept_offer(lab):
    person = offered(lab)
    return lambda: enrolment.accept_offer(person.person, person)


def decline_offer(lab):
    person = offered(lab)
    return lambda: enrolment.decline_offer(person.person, person)


def end_offers(lab):
    offered(lab, hours=-1)
    return enrolment.end_offers


def hand_over(lab):
    giver, who = EnrolmentFactory(lab=lab), {"name": "Ans", "email": "ans@oss.example"}
    who |= {"function": "Adviseur", "contact_frequency": "Elke maand"}
    return lambda: handing_over.hand_over(giver.person, giver, **who)


def ask_link(lab):
    somebody = EnrolmentFactory(lab=lab)
    return lambda: new_links.ask(lab, somebody.person.email)


def renew_link(lab):
    somebody = EnrolmentFactory(lab=lab)
    return lambda: new_links.renew(trainer(lab), somebody)


def switch_approval(lab):
    return lambda: approval.switch(trainer(lab), lab, on=True)


def prepare_invitations(lab):
    return lambda: invitations.prepare(trainer(lab), lab, {"ans@gemeente.example": "Ans"})


def send_invitations(lab):
    prepare_invitations(lab)()
    return lambda: invitations.send(trainer(lab), lab, lab.letters.latest("pk").pk)


def throw_away_invitations(lab):
    prepare_invitations(lab)()
    return lambda: invitations.throw_away(trainer(lab), lab)


def open_enrolment(lab):
    Lab.objects.filter(pk=lab.pk).update(status="preparing")
    make_ready(lab)
    return lambda: readiness.open_enrolment(trainer(lab), lab)


def put_trainers(lab):
    return lambda: team.put_trainers(trainer(lab), lab, {"initiatives": TrainerFactory()})


def agree_price(lab):
    return lambda: requests.agree_price(trainer(lab), lab, "op maat", "")


def change_lab(lab):
    return lambda: programme.change_lab(
        trainer(lab),
        lab,
        meetings=meetings_of(lab),
        enrol_until=lab.enrol_until,
        capacity=lab.capacity,
        contact_name="Noor",
        contact_email=lab.contact_email,
        contact_phone=lab.contact_phone,
        coordinator_name="Ilse",
        coordinator_email=lab.roles.get(role="coordinator").user.email,
        mail_domains=[],
    )


def ask_visit(lab):
    initiative = InitiativeFactory(municipality=lab.municipality)
    chosen(lab, initiative)
    return lambda: visits.ask(trainer(lab), lab, initiative, "Kruidenpad 14", 5, slots(lab))


def answer_visit(lab):
    visit = VisitFactory(guest_of__lab=lab)
    return lambda: visits.answer(visit, "welcome")


def offer_slots(lab):
    visit = VisitFactory(guest_of__lab=lab, slots=2)
    return lambda: visits.offer(trainer(lab), visit, slots(lab))


def add_card(lab):
    column = lab.sessions.get(number=1).columns.first()
    return lambda: boards.add_card(None, column, text="Iedereen krijgt een taak.")


def change_card(lab):
    card = CardFactory(lab=lab)
    words = {"text": "Iets anders", "side": card.side, "column": card.column}
    return lambda: boards.change_card(trainer(lab), card, **words)


def remove_card(lab):
    card = CardFactory(lab=lab)
    return lambda: boards.remove_card(trainer(lab), card)


def vote(lab):
    card = CardFactory(lab=lab)
    return lambda: boards.vote(trainer(lab), card, on=True)


def share_view(lab):
    return lambda: boards.share_view(trainer(lab), lab, "Wij beginnen bij wat er al is.")


def make_link(lab):
    initiative = LabInitiativeFactory(lab=lab)
    return lambda: boards.make_link(trainer(lab), initiative)


def write_advice(lab):
    return lambda: advice.write_advice(trainer(lab), lab, WORDS)


def advice_from_card(lab):
    card = CardFactory(lab=lab)
    return lambda: advice.advice_from_card(trainer(lab), card)


def change_advice(lab):
    one = AdviceFactory(lab=lab)
    return lambda: advice.change_advice(trainer(lab), one, WORDS, seen=1)


def move_advice(lab):
    one, _two = AdviceFactory(lab=lab), AdviceFactory(lab=lab)
    return lambda: advice.move(trainer(lab), one, 1)


def remove_advice(lab):
    one = AdviceFactory(lab=lab)
    return lambda: advice.remove(trainer(lab), one)


def tie(lab):
    one, card = AdviceFactory(lab=lab), CardFactory(lab=lab)
    return lambda: advice.tie(trainer(lab), one, card)


def tie_all(lab):
    one, card = AdviceFactory(lab=lab), CardFactory(lab=lab)
    return lambda: advice.tie_all(trainer(lab), one, [card])


def untie(lab):
    card = CardFactory(lab=lab)
    one = AdviceFactory(lab=lab, sources=[card])
    return lambda: advice.untie(trainer(lab), one, card)


def ask_endorsement(lab):
    AdviceFactory(lab=lab)
    LabInitiativeFactory(lab=lab)
    return lambda: endorsements.ask(trainer(lab), lab)


def answer_endorsement(lab):
    one, initiative = AdviceFactory(lab=lab), LabInitiativeFactory(lab=lab)
    said = endorsements.Said(initiative, one, "yes", "", 1)
    return lambda: endorsements.answer(lab, [said], initiative=initiative)


def name_presenters(lab):
    when = {"date": in_days(90).date(), "place": "Stadhuis", "answer_by": None}
    return lambda: endorsements.name_presenters(trainer(lab), lab, takers=[], **when)


def finalise(lab):
    """The report as it is kept; what must be there before, and the PDF, are tested elsewhere."""
    return lambda: report._keep(trainer(lab), Lab.objects.get(pk=lab.pk), b"%PDF", 1, in_days(0))


def reopen(lab):
    Report.objects.create(lab=lab, number=1, pdf=b"%PDF", sha256="0" * 64)
    return lambda: report.reopen(trainer(lab), lab)


def keep_intake(lab):
    person = EnrolmentFactory(lab=lab)
    return lambda: answers.keep(person, 1, {}, by=person.person)


def change_consents(lab):
    person = EnrolmentFactory(lab=lab)
    return lambda: answers.change_consents(person, {"name"}, by=person.person)


def wipe_logistics(lab):
    sheet = Questionnaire.objects.create(code="test", version=1, digest="x", title="T", intro="")
    words = {"key": "diet", "kind": "text", "label": "Eten", "step": 1, "number": 1}
    question = Question.objects.create(questionnaire=sheet, visibility="logistics", **words)
    intake = Intake.objects.create(enrolment=EnrolmentFactory(lab=lab), questionnaire=sheet)
    Answer.objects.create(intake=intake, question=question, value="geen noten")
    return lambda: answers.wipe_logistics(lab.ends_at + timedelta(days=2))


def keep_organisation(lab):
    answer = {"org_reason": Given("Wij willen dit leren.")}
    return lambda: organisation.save_step(person_with("coordinator", lab), lab, 1, answer)


def hand_in_organisation(lab):
    an_organisation_intake(lab, hand_in=False)
    return lambda: organisation.hand_in(person_with("coordinator", lab), lab)


def go_through_organisation(lab):
    an_organisation_intake(lab)
    return lambda: organisation.go_through(trainer(lab), lab, in_days(0).date())


def add_initiative(lab):
    words = {"name": "Samen aan Tafel", "description": "Buren koken."}
    return lambda: register.add(trainer(lab), municipality=lab.municipality, **words)


def change_initiative(lab):
    initiative = InitiativeFactory(municipality=lab.municipality)
    return lambda: register.change(trainer(lab), initiative, name="Samen aan Tafel")


ACTIONS = (
    {
        "enrolment.enrol": enrol,
        "enrolment.admit": admit,
        "enrolment.refuse": refuse,
        "enrolment.withdraw": withdraw,
        "enrolment.accept_offer": accept_offer,
        "enrolment.decline_offer": decline_offer,
        "enrolment.end_offers": end_offers,
        "handing_over.hand_over": hand_over,
        "new_links.ask": ask_link,
        "new_links.renew": renew_link,
        "approval.switch": switch_approval,
        "invitations.prepare": prepare_invitations,
        "invitations.send": send_invitations,
        "invitations.throw_away": throw_away_invitations,
        "readiness.open_enrolment": open_enrolment,
        "team.put_trainers": put_trainers,
        "requests.agree_price": agree_price,
        "programme.change_lab": change_lab,
        "changes.cancel_lab": lambda lab: (
            lambda: changes.cancel_lab(trainer(lab), lab, "Te weinig.")
        ),
        "changes.go_on": lambda lab: lambda: changes.go_on(trainer(lab), lab, "Een hechte groep."),
        "visits.ask": ask_visit,
        "visits.answer": answer_visit,
        "visits.offer": offer_slots,
        "boards.add_card": add_card,
        "boards.change_card": change_card,
        "boards.remove_card": remove_card,
        "boards.vote": vote,
        "boards.share_view": share_view,
        "boards.make_link": make_link,
        "advice.write_advice": write_advice,
        "advice.advice_from_card": advice_from_card,
        "advice.change_advice": change_advice,
        "advice.move": move_advice,
        "advice.remove": remove_advice,
        "advice.tie": tie,
        "advice.tie_all": tie_all,
        "advice.untie": untie,
        "endorsements.ask": ask_endorsement,
        "endorsements.answer": answer_endorsement,
        "endorsements.name_presenters": name_presenters,
        "report.finalise": finalise,
        "report.reopen": reopen,
        "answers.keep": keep_intake,
        "answers.change_consents": change_consents,
        "answers.wipe_logistics": wipe_logistics,
        "organisation.save_step": keep_organisation,
        "organisation.hand_in": hand_in_organisation,
        "organisation.go_through": go_through_organisation,
        "register.add": add_initiative,
        "register.change": change_initiative,
    }
    | OF_POST
    | OF_REGISTER
    | OF_VISITS
)
# A lab that is just made has no page yet that could be old.
MAKES_A_LAB = {"programme.schedule_lab", "from_request.make_lab", "copying.copy_lab"}


@pytest.mark.parametrize("prepare", ACTIONS.values(), ids=ACTIONS)
def test_an_action_raises_the_version_of_its_lab_and_has_words_in_the_logbook(prepare):
    lab = LabFactory(taken=1)
    act = prepare(lab)
    before = Lab.objects.get(pk=lab.pk).version
    known = set(Event.objects.values_list("pk", flat=True))

    act()

    new = Event.objects.exclude(pk__in=known).values_list("name", flat=True)
    assert Lab.objects.get(pk=lab.pk).version > before
    assert [name for name in new if name not in eventnames.SENTENCES] == []


def actions():
    """Every action: what is public in a module that records events, and changes something whole."""
    for app in ("werklab", "initiatives", "intake", "sessions"):
        for file in sorted((ROOT / app).glob("*.py")):
            source = file.read_text()
            if "events.record(" in source:
                for node in ast.parse(source).body:
                    if isinstance(node, ast.FunctionDef) and is_action(node):
                        yield f"{file.stem}.{node.name}"


def is_action(function):
    marks = {ast.unparse(mark) for mark in function.decorator_list}
    is_whole = "transaction.atomic" in marks or "transaction.atomic()" in ast.unparse(function)
    return is_whole and not function.name.startswith("_")


def test_every_action_is_walked():
    found = set(actions()) - OF_NO_LAB - MAKES_A_LAB

    assert {"enrolment.enrol", "boards.vote", "advice.tie"} < found
    assert found - ACTIONS.keys() == set()
