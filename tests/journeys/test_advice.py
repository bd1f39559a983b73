"""The walk of an advice: from a card on a board to a PDF that stays as it is."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from sessions.models import Advice, Endorsement, Report
from tests.browser import axe
from tests.conftest import person_with
from tests.factories import CardFactory, LabFactory, LabInitiativeFactory
from werklab import links
from werklab.access import COORDINATOR, TRAINER
from werklab.letters import link_of
from werklab.links import fill
from werklab.models import OutgoingMail, PersonalLink

PHONE = 360
both_ways = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
WORDS = {
    "title": "Bel binnen drie dagen terug",
    "text": "Ook als er nog geen antwoord is.",
    "why": "Stilte doet meer schade dan een nee.",
    "first_step": "Spreek het af in elk teamoverleg.",
    "owner": "Teamleiders",
    "term": "now",
}


def path_in_letter(kind, ending, to=None):
    """The path with this ending in the newest letter of this kind."""
    letters = OutgoingMail.objects.filter(kind=kind)
    letter = (letters.filter(to=to) if to else letters).latest("pk")
    found = re.findall(r"https?://[^/\s]+(/\S+)", fill(letter.text))
    return next(path for path in found if re.search(ending, path))


def signed_in(role, lab):
    client = Client()
    client.force_login(person_with(role, lab))
    return client


@pytest.mark.req("REQ-115", "REQ-116", "REQ-117", "REQ-118", "REQ-119", "REQ-120", "REQ-122")
def test_from_a_card_to_a_pdf_that_stays_as_it_is(by_link):
    lab = LabFactory(taken=1, begins_in=-40)
    card = CardFactory(lab=lab, kind="wish", text="Wij wachten liever op een nee dan op stilte.")
    other = CardFactory(lab=lab, kind="do", text="Bel terug, ook zonder antwoord.")
    takers = [LabInitiativeFactory(lab=lab) for _ in range(2)]
    base = f"/werklabs/{lab.slug}/advies/"

    writer = by_link(lab.enrolments.get())
    page = writer.post(f"/werklabs/{lab.slug}/sessies/1/kaarten/{card.pk}/advies/").url
    writer.post(page, WORDS | {"seen": 1})
    writer.post(f"{page}bronnen/", {"cards": [other.pk]})
    assert writer.get(f"/werklabs/{lab.slug}/advies.pdf").status_code == 403

    trainer = signed_in(TRAINER, lab)
    trainer.post(f"{base}vraag/")
    advice = Advice.objects.get()
    resident = Client()
    to_answer = path_in_letter(
        "endorse_request", "onderschrijven", takers[0].initiative.contact.email
    )
    key = f"{advice.pk}-{takers[0].pk}"
    resident.get(to_answer)
    resident.post(
        to_answer,
        {f"answer-{key}": "yes_if", f"if-{key}": "Mits het blijft.", f"seen-{key}": 2},
    )
    key = f"{advice.pk}-{takers[1].pk}"
    trainer.post(f"{page}stem/", {f"answer-{key}": "no_opinion", f"seen-{key}": 2})

    coordinator = signed_in(COORDINATOR, lab)
    coming = (timezone.localdate() + timedelta(days=20)).isoformat()
    names = {f"initiative_{n}": taker.pk for n, taker in enumerate(takers, start=1)}
    names |= {"name_1": "Fatma", "name_2": "Hein", "date": coming, "place": "Gemeentehuis"}
    coordinator.post(f"{base}presentatie/", names)
    draft = coordinator.get(f"/werklabs/{lab.slug}/advies.pdf")
    trainer.post(f"{base}vaststellen/")

    final = coordinator.get(path_in_letter("advice_ready_coordinator", r"\.pdf$"))
    again = writer.get(f"/werklabs/{lab.slug}/advies.pdf")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(final.content)).pages)
    assert draft.content != final.content == again.content == bytes(Report.objects.get().pdf)
    assert [said in text for said in (card.text, other.text, "Mits het blijft.")] == [True] * 3
    assert Endorsement.objects.get(initiative=takers[1]).recorded_by == person_with(TRAINER, lab)
    assert writer.post(page, WORDS | {"title": "Anders", "seen": 2}).status_code == 200
    assert Advice.objects.get().title == WORDS["title"]
    assert path_in_letter("advice_ready", "/mijn/").startswith("/mijn/")


def fits(page):
    return page.evaluate("document.scrollingElement.scrollWidth") <= PHONE


@both_ways
@pytest.mark.req("REQ-116", "REQ-118")
def test_on_a_phone_a_card_becomes_an_advice_and_an_initiative_answers(page_at, javascript):
    lab = LabFactory(begins_in=-40)
    card = CardFactory(lab=lab, kind="strength", text="Iedereen krijgt meteen een taak.")
    taker = LabInitiativeFactory(lab=lab)
    page = page_at(PHONE, javascript=javascript, user=person_with(TRAINER, lab))

    page.goto(f"/werklabs/{lab.slug}/sessies/1/")
    page.locator(f"button[formaction$='/kaarten/{card.pk}/advies/']").first.click()
    assert page.locator("[name=title]").input_value() == card.text
    page.fill("[name=first_step]", "Maak een lijst van taken.")
    page.locator("[name=save]").click()
    assert "Maak een lijst van taken." in page.locator(".paper").inner_text()
    assert fits(page)
    page.goto(f"/werklabs/{lab.slug}/advies/")
    page.locator("button[formaction$='/advies/vraag/']").click()
    assert fits(page)

    phone = page_at(PHONE, javascript=javascript)
    phone.goto(path_in_letter("endorse_request", "onderschrijven"))
    assert phone.locator("input:checked").count() == 0
    phone.locator("input[value=yes_if]").check()
    phone.locator("textarea[name^=if]").fill("Mits ook ’s avonds.")
    phone.locator("[name=name_in_report]").check()
    phone.locator("main form button[type=submit]").click()

    said = Endorsement.objects.get()
    taker.refresh_from_db()
    assert (said.answer, said.words, said.recorded_by) == ("yes_if", "Mits ook ’s avonds.", None)
    assert taker.name_in_report is True
    assert phone.locator("input[value=yes_if]").is_checked()
    assert fits(phone)


def test_the_pages_of_the_advice_are_accessible(page_at):
    lab = LabFactory(begins_in=-40)
    card = CardFactory(lab=lab)
    taker = LabInitiativeFactory(lab=lab)
    page = page_at(PHONE, user=person_with(TRAINER, lab))
    base = f"/werklabs/{lab.slug}/advies/"
    page.goto(f"{base}nieuw/")
    page.locator("[name=save]").click()  # nothing was typed
    found = [axe(page)]
    page.fill("[name=title]", "Bel terug")
    page.locator("[name=save]").click()
    advice = Advice.objects.get()
    page.goto(base)
    page.locator("button[formaction$='/advies/vraag/']").click()
    paths = ["", f"{advice.pk}/", f"{advice.pk}/bronnen/", f"{advice.pk}/stem/", "presentatie/"]
    for where in [*paths, "rapport/", f"{advice.pk}/stem/?initiatief={taker.pk}"]:
        page.goto(base + where)
        found.append(axe(page))
        assert fits(page), where
    page.goto(links.path(PersonalLink.objects.get()))
    page.locator("input[value=yes_if]").check()
    page.locator("main form button[type=submit]").click()  # without a condition
    found.append(axe(page))

    assert [each for each in found if each] == []
    assert card.advices.count() == Endorsement.objects.count() == 0


@both_ways
@pytest.mark.req("REQ-122")
def test_a_participant_reads_the_final_report_by_the_link_in_the_letter(page_at, javascript):
    lab = LabFactory(taken=1)
    enrolment = lab.enrolments.get()
    page = page_at(PHONE, javascript=javascript)

    page.goto(links.path(link_of(enrolment)) + "advies/")
    page.locator("main form button[type=submit]").click()

    assert page.url.endswith(f"/werklabs/{lab.slug}/advies/rapport/")
    assert fits(page)
