"""Whom to call at an initiative stays with those who call: no participant ever reads it.

Every contact field holds a word of its own. A participant asks for every address of the product,
follows every link, gets every letter and file. None of the words is in any of it; the one exception
is the address of a confirmed visit, since that is where they go.
"""

import re
from datetime import timedelta
from io import BytesIO
from itertools import product

import pytest
from django.test import Client
from django.urls import Resolver404, URLPattern, get_resolver, resolve
from django.utils import timezone
from pypdf import PdfReader

from initiatives.models import Contact, Initiative
from sessions import reminders, report, visit_notes, visits
from sessions.models import LabInitiative, Presentation, Presenter, Visit, VisitGuest
from tests.conftest import person_with
from tests.factories import (
    AdviceFactory,
    CardFactory,
    EndorsementFactory,
    EnrolmentFactory,
    LabFactory,
    LabInitiativeFactory,
    VisitFactory,
    in_days,
)
from werklab import letters
from werklab.access import TRAINER
from werklab.models import Lab, OutgoingMail

CONFIRMED = "Zonneplein"  # where a confirmed visit is: the exception
CONTACT = {
    "name": "Naamwoord Achterwoord",
    "email": "mailwoord@prive.example",
    "phone": "0611223344",
}
PROFILE = {"address": "Adreswoord 1", "internal_notes": "Notitiewoord"}
WHY = {"lsa_why": "Redenwoord", "municipality_why": "Waaromwoord"}
SHIELDED = ["Naamwoord", "Achterwoord", "mailwoord", "0611223344", "Adreswoord", "Notitiewoord"]
SHIELDED += ["Redenwoord", "Waaromwoord", "Onbevestigdplein"]
HREF = re.compile(r'(?:href|src|action)="(/[^"#]*)"')


def shielded(link, place, answer):
    """An initiative of which every contact field is filled, and its visit."""
    Contact.objects.filter(initiative=link.initiative).update(**CONTACT)
    Initiative.objects.filter(pk=link.initiative_id).update(**PROFILE)
    LabInitiative.objects.filter(pk=link.pk).update(**WHY)
    visit = VisitFactory(guest_of=link, place=place)
    if answer:
        visits.answer(visit, answer)
    return visit


@pytest.fixture
def lab():
    """A lab with all that there can be in one: visits, notes, cards, advice and letters."""
    lab = LabFactory(taken=3)
    trainer = person_with(TRAINER, lab)
    takers = [LabInitiativeFactory(lab=lab) for _ in range(3)]
    confirmed = shielded(takers[0], CONFIRMED, "welcome")
    shielded(takers[1], "Onbevestigdplein", "other_time")
    shielded(takers[2], "Onbevestigdplein", "")
    mine = lab.enrolments.get(seat=1)
    VisitGuest.objects.create(visit=confirmed, enrolment=mine)
    letters.tell(mine)
    for day in range(1, 28):
        reminders.remind(in_days(day, 10))
    _begin(lab, confirmed)
    confirmed = Visit.objects.get(pk=confirmed.pk)
    visit_notes.write(trainer, confirmed, "wish", "Bel eens terug.")
    visit_notes.send(trainer, confirmed)
    visit_notes.settle_notes(timezone.now() + timedelta(days=8))
    card = CardFactory(lab=lab, heard_at=takers[0])
    CardFactory(lab=lab, named=True, initiative=takers[0], side="initiative")
    EndorsementFactory(advice=AdviceFactory(lab=lab, sources=[card]), initiative=takers[0])
    return Lab.objects.get(pk=lab.pk)


def _begin(lab, visit):
    """Move the lab back in time, so that session 1 and the visit are behind us."""
    for session in lab.sessions.all():
        session.starts_at -= timedelta(days=29)
        session.ends_at -= timedelta(days=29)
        session.save()
    slot = visit.slots.get()
    slot.starts_at -= timedelta(days=29)
    slot.ends_at -= timedelta(days=29)
    slot.save()


def addresses(lab):
    """Every address that the product has, with everything of this lab that may stand in it."""
    slugs = list(Initiative.objects.values_list("slug", flat=True))
    keys = {*Visit.objects.values_list("pk", flat=True), *range(1, 4)}
    keys |= {lab.advices.first().pk, lab.enrolments.first().pk}
    values = {"lab_slug": [lab.slug], "slug": slugs, "code": [lab.join_code]}
    for pattern, kinds in routes(get_resolver().url_patterns, ""):
        choices = [values.get(name, sorted(keys)) for name in kinds]
        if "token" in kinds or "key" in kinds:
            continue  # somebody else's own link: nobody can guess it
        for chosen in product(*choices):
            yield "/" + fill(pattern, kinds, chosen)


def routes(patterns, before):
    """Every route as text with the names in it."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, re.findall(r"<(?:\w+:)?(\w+)>", route)
        else:
            yield from routes(pattern.url_patterns, route)


def fill(route, kinds, chosen):
    for name, value in zip(kinds, chosen, strict=True):
        route = re.sub(rf"<(?:\w+:)?{name}>", str(value), route, count=1)
    return route


def text_of(response):
    """What somebody can read of an answer, a PDF too."""
    body = b"".join(response) if response.streaming else response.content
    if response.get("Content-Type", "").startswith("application/pdf"):
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
    return body.decode(errors="replace")


def everything_for(client, lab):
    """Every page and file that this client can reach, by asking and by following links."""
    waiting, seen, found = list(addresses(lab)), set(), {}
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith("/static/"):
            continue
        seen.add(path)
        try:
            resolve(path.split("?")[0])
        except Resolver404:
            continue
        response = client.get(path)
        if response.status_code == 200:
            found[path] = text_of(response)
            waiting += [link.replace("&amp;", "&") for link in HREF.findall(found[path])]
    return found


def leaks(texts):
    return {
        f"{word} in {where}" for where, text in texts.items() for word in SHIELDED if word in text
    }


@pytest.mark.parametrize("final", [False, True], ids=["draft", "final"])
def test_no_participant_reads_whom_to_call(lab, by_link, final):
    if final:
        _finish(lab)
    mine = lab.enrolments.get(seat=1)
    found = everything_for(by_link(mine), lab)

    at = f"/werklabs/{lab.slug}/"
    confirmed = Visit.objects.get(answer="welcome").pk
    assert {at, f"{at}bezoeken/{confirmed}/blad/", f"{at}bezoeken/{confirmed}/notities/"} <= set(
        found
    )
    assert CONFIRMED in found[f"{at}bezoeken/{confirmed}/blad.pdf"]
    assert (f"{at}advies.pdf" in found) == final
    assert leaks(found) == set()


def _finish(lab):
    for session in lab.sessions.all():
        session.starts_at -= timedelta(days=60)
        session.ends_at -= timedelta(days=60)
        session.save()
    planned = Presentation.objects.create(lab=lab, date=timezone.localdate(), place="Stadhuis")
    for number, taker in enumerate(lab.initiatives.all()[:2], start=1):
        words = {"presentation": planned, "number": number, "initiative": taker}
        Presenter.objects.create(name="Corrie Lepelrek", **words)
    report.finalise(person_with(TRAINER, lab), Lab.objects.get(pk=lab.pk))


def test_no_letter_to_a_participant_says_whom_to_call(lab):
    _finish(lab)
    people = lab.enrolments.values_list("person__email", flat=True)
    letters = OutgoingMail.objects.filter(to__in=list(people))

    texts = {f"{one.kind} {one.pk}": one.subject + one.text + one.calendar for one in letters}

    assert {one.kind for one in letters} >= {"place_confirmed", "session_reminder"}
    assert leaks(texts) == set()


def test_nobody_from_outside_and_no_other_participant_reads_it(lab, by_link):
    outside = everything_for(Client(), lab)
    other = everything_for(by_link(EnrolmentFactory(lab=lab)), lab)
    visit = Visit.objects.get(answer="welcome")

    assert leaks(outside) == leaks(other) == set()
    assert f"/werklabs/{lab.slug}/bezoeken/{visit.pk}/blad/" not in other


def test_a_trainer_reads_all_of_it(lab, client_as):
    """The words are really there to be found."""
    found = everything_for(client_as(TRAINER, lab), lab)

    assert {leak.split(" in ")[0] for leak in leaks(found)} == set(SHIELDED)
