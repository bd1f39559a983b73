"""The four walks in a real browser at 360 px, with and without JavaScript, each press counted."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from sessions import report
from sessions.models import Presentation, Presenter, Visit
from tests.browser import Presses, sign_in
from tests.factories import (
    AdviceFactory,
    CardFactory,
    EnrolmentFactory,
    InitiativeFactory,
    LabFactory,
    LabInitiativeFactory,
    MunicipalityFactory,
    TrainerFactory,
    chosen,
    make_ready,
)
from werklab.letters import link_of
from werklab.links import fill, path
from werklab.models import Enrolment, Lab, OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = 360
both_ways = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])


def link_in_letter(kind, ending=""):
    """The path of the first link in the newest letter of this kind whose path ends like this."""
    letter = OutgoingMail.objects.filter(kind=kind).latest("pk")
    urls = re.findall(r"https?://[^/\s]+(/\S+)", fill(letter.text))
    return next(url for url in urls if url.endswith(ending))


def day(count):
    return (timezone.localdate() + timedelta(days=count)).isoformat()


def fits(page):
    """No sideways scrolling on this page."""
    wide = page.evaluate("document.scrollingElement.scrollWidth") if page else 0
    return wide <= PHONE


@both_ways
@pytest.mark.req("REQ-037", "REQ-038")
def test_a_trainer_schedules_a_lab_in_four_presses(page_at, javascript):
    municipality = MunicipalityFactory(name="Vlierhoven")
    trainer = TrainerFactory(name="Noor Hendriks", background="municipal")
    TrainerFactory(name="Samir Bakkali", background="initiatives")
    page = page_at(PHONE, javascript=javascript, user=trainer)
    walk = Presses(page)

    page.goto("/")
    walk.press("Plan een werklab")
    page.fill("[name=municipality]", "vlierhoven")
    page.select_option("[name=initiatives]", label="Samir Bakkali")
    page.fill("[name=coordinator_name]", "Roos Tanis")
    page.fill("[name=coordinator_email]", "roos.tanis@vlierhoven.example")
    for number, days in ((1, 40), (2, 54), (3, 68)):
        page.fill(f"[name=date_{number}]", day(days))
        page.fill(f"[name=starts_{number}]", "09:30")
        page.fill(f"[name=ends_{number}]", "13:00")
        page.fill(f"[name=place_{number}]", "Buurthuis De Dorsvloer")
    page.fill("[name=enrol_until]", day(30))
    page.fill("[name=contact_phone]", "06 0000 0000")
    walk.press(page.locator("main button[type=submit]").last)
    lab = Lab.objects.get(municipality=municipality)
    make_ready(lab)  # meanwhile the coordinator and the trainers did their part
    page.reload()
    walk.press(page.get_by_role("button", name=re.compile("aanmelding")).first)

    lab.refresh_from_db()
    assert (lab.status, lab.sessions.count(), lab.roles.count()) == ("live", 3, 3)
    assert walk.count <= 4
    assert fits(page)


@both_ways
@pytest.mark.req("REQ-005", "REQ-028")
def test_a_civil_servant_enrols_and_fills_in_the_intake_in_nine_presses(page_at, javascript):
    lab = LabFactory(taken=3)
    page = page_at(PHONE, javascript=javascript)
    walk = Presses(page)

    page.goto(f"/meedoen/{lab.join_code}/")
    walk.press(page.get_by_role("link", name="Meld je aan").first)
    page.fill("[name=name]", "Jasper de Ruiter")
    page.fill("[name=email]", "j.deruiter@oss.example")
    page.select_option("[name=department]", "Veiligheid")
    page.fill("[name=function]", "Wijkadviseur")
    page.check("[name=contact_frequency] >> nth=1")
    walk.press(page.locator("main form button[type=submit]").last)
    assert "Jasper" in page.locator("h1").inner_text()
    page.goto(link_in_letter("place_confirmed", "/intake/"))
    walk.count += 1  # the link in the letter
    walk.press(page.get_by_role("button", name=re.compile("Jasper")))
    for step in range(1, 6):
        fill_in(page)
        assert fits(page), step
        walk.press(page.get_by_role("button", name="Verder"))

    enrolment = Enrolment.objects.get(person__email="j.deruiter@oss.example")
    assert enrolment.seat == 4
    assert enrolment.intake.done_at is not None
    assert walk.count <= 9


def fill_in(page):
    """Answer every question on this screen, in any way that is valid."""
    for field in page.locator("main textarea, main input[type=text]").all():
        if field.is_visible() and not field.input_value():
            field.fill("Een antwoord in een paar woorden.")
    for name in page.evaluate(
        "[...new Set([...document.querySelectorAll('main input[type=radio]')].map(e => e.name))]"
    ):
        if not page.locator(f"[name='{name}']:checked").count():
            page.locator(f"[name='{name}']").nth(1).check(force=True)
    for name in page.evaluate(
        "[...new Set([...document.querySelectorAll('main input[type=checkbox]')].map(e => e.name))]"
    ):
        if not page.locator(f"[name='{name}']:checked").count():
            page.locator(f"[name='{name}']").first.check()


@both_ways
@pytest.mark.req("REQ-058")
def test_an_initiative_confirms_its_visit_in_two_presses(page_at, javascript):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality, name="Natuurtuin De Kruidhoek")
    chosen(lab, initiative)
    trainer = lab.roles.filter(role="trainer").first().user
    asking = page_at(1280, javascript=javascript, user=trainer)
    asking.goto(f"/werklabs/{lab.slug}/bezoeken/nieuw/?initiatief={initiative.slug}")
    asking.locator("main form button[type=submit]").last.click()
    visit = Visit.objects.get()
    page = page_at(PHONE, javascript=javascript)
    walk = Presses(page)

    page.goto(link_in_letter("initiative_invited"))
    walk.count += 1  # the link in the letter
    assert fits(page)
    walk.press(page.get_by_role("button", name=re.compile("^Ja, jullie zijn welkom")))

    visit.refresh_from_db()
    assert visit.answer == Visit.Answer.WELCOME
    assert walk.count <= 2
    assert fits(page)


@both_ways
@pytest.mark.req("REQ-122")
def test_a_coordinator_downloads_the_advice_in_two_presses(page_at, live_server, javascript):
    lab = LabFactory(taken=2, begins_in=-60)
    card = CardFactory(lab=lab)
    AdviceFactory(lab=lab, sources=[card])
    presentation = Presentation.objects.create(lab=lab, date=timezone.localdate())
    for number in (1, 2):
        taker = LabInitiativeFactory(lab=lab)
        Presenter.objects.create(
            presentation=presentation, number=number, initiative=taker, name=f"Mens {number}"
        )
    report.finalise(lab.roles.filter(role="trainer").first().user, lab)
    coordinator = lab.roles.get(role="coordinator").user
    page = page_at(PHONE, javascript=javascript)
    sign_in(page.context, coordinator, live_server)
    walk = Presses(page)

    page.goto("/")
    walk.press(page.get_by_role("link", name=re.compile(lab.title)).first)
    with page.expect_download() as download:
        walk.press(page.get_by_role("link", name=re.compile("^Download")).first)

    kept = lab.reports.get()
    assert download.value.path().read_bytes() == bytes(kept.pdf)
    assert walk.count <= 2


@both_ways
def test_somebody_gives_their_place_back_and_the_next_says_yes(page_at, javascript):
    lab = LabFactory(taken=15)
    leaving = lab.enrolments.first()
    EnrolmentFactory(lab=lab, status="waiting", person__name="Mirte Zandpad")
    page = page_at(PHONE, javascript=javascript)

    page.goto(own_page(leaving))
    page.get_by_role("button", name=re.compile("^Ga verder")).click()
    page.goto(f"/werklabs/{lab.slug}/plek/")
    page.get_by_text("Geef je plek terug").first.click()
    page.get_by_role("button", name=re.compile("terug")).last.click()
    page.goto(link_in_letter("place_offered", "/plek/"))
    page.get_by_role("button", name=re.compile("^Ga verder")).click()
    page.get_by_role("button", name=re.compile("^Ja")).click()

    leaving.refresh_from_db()
    assert (leaving.status, leaving.seat) == ("withdrawn", None)
    assert lab.enrolments.get(person__name="Mirte Zandpad").status == "seated"
    assert fits(page)


def own_page(enrolment):
    """The path of somebody's personal link."""
    return path(link_of(enrolment))
