"""From the public page to a lab that takes enrolments, in a browser at 360 px; presses counted."""

import re

import pytest

from tests.browser import Presses
from tests.factories import MunicipalityFactory, TrainerFactory, UserFactory, make_ready
from tests.journeys.test_walks import both_ways, day, fits
from werklab.models import Lab, LabRequest

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = 360


@both_ways
@pytest.mark.req("REQ-047")
def test_a_municipality_asks_for_a_werklab(page_at, javascript):
    MunicipalityFactory(name="Vlierhoven")
    page = page_at(PHONE, javascript=javascript)
    walk = Presses(page)

    page.goto("/")
    walk.press(page.get_by_role("link", name="Vraag een werklab aan").first)
    page.fill("[name=municipality]", "vlierhoven")
    page.fill("[name=name]", "Roos Tanis")
    page.fill("[name=function]", "Beleidsadviseur")
    page.fill("[name=email]", "roos.tanis@vlierhoven.example")
    page.fill("[name=wish]", "Sneller antwoord geven aan bewoners.")
    assert not page.locator("[name=homepage]").is_visible()
    assert fits(page)
    walk.press("Verstuur de aanvraag")

    assert LabRequest.objects.get().name == "Roos Tanis"
    assert "aanvraag" in page.locator("h1").inner_text()
    assert walk.count <= 2
    assert fits(page)


@both_ways
@pytest.mark.req("REQ-028", "REQ-037", "REQ-039", "REQ-047")
def test_staff_go_from_request_to_open_lab_in_six_presses(page_at, javascript):
    LabRequest.objects.create(
        municipality=MunicipalityFactory(name="Vlierhoven"),
        name="Roos Tanis",
        email="roos.tanis@vlierhoven.example",
        wish="Sneller antwoord geven.",
    )
    TrainerFactory(name="Noor Hendriks", background="municipal")
    TrainerFactory(name="Samir Bakkali", background="initiatives")
    staff = UserFactory(is_staff=True, name="Anouk Vuurtoren", phone="06 0000 0009")
    page = page_at(PHONE, javascript=javascript, user=staff)
    walk = Presses(page)

    page.goto("/")
    walk.press(page.get_by_role("link", name=re.compile("^Aanvragen")).first)
    walk.press(page.get_by_role("button", name=re.compile("^Maak er een werklab van")))
    for number, days in ((1, 40), (2, 54), (3, 68)):
        page.fill(f"[name=date_{number}]", day(days))
        page.fill(f"[name=place_{number}]", "Buurthuis De Dorsvloer")
    page.fill("[name=enrol_until]", day(30))
    assert fits(page)
    walk.press(page.locator("main form button[type=submit]").last)
    assert fits(page)
    walk.press(page.locator("[aria-labelledby=h-ready]").get_by_role("link", name="Twee trainers"))
    page.select_option("[name=municipal]", label="Noor Hendriks")
    page.select_option("[name=initiatives]", label="Samir Bakkali")
    assert fits(page)
    walk.press("Bewaar de trainers")
    lab = Lab.objects.get()
    make_ready(lab)  # meanwhile the coordinator and the trainers did their part
    page.reload()
    walk.press("Zet de aanmelding open")

    lab.refresh_from_db()
    assert (lab.status, lab.roles.count(), lab.contact_phone) == ("live", 3, "06 0000 0009")
    assert lab.takes_enrolments()
    assert walk.count <= 6
    assert fits(page)
