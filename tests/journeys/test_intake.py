"""The walk of an intake on phones: begun on one, finished on another, with and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import axe
from tests.factories import EnrolmentFactory
from tests.intake.filling_in import SCORES
from werklab import links
from werklab.letters import link_of

PHONE = 360
both_ways = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def enrolment():
    return EnrolmentFactory()


@pytest.fixture
def come_in(page_at, enrolment):
    """A phone on which somebody followed the link in the letter to the intake."""

    def make(javascript):
        page = page_at(PHONE, javascript=javascript)
        page.goto(links.path(link_of(enrolment)) + "intake/")
        page.get_by_role("button", name=re.compile("Ga verder als")).click()
        expect(page.locator("h1")).to_contain_text("van 5")
        return page

    return make


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def arrives_at(page, heading):
    expect(page.locator("h1")).to_contain_text(heading)


@both_ways
def test_begun_on_one_phone_and_finished_on_another(come_in, enrolment, javascript):
    first = come_in(javascript)
    first.get_by_label("Verbinder").check()
    first.get_by_label("Een beetje").check()
    press(first, "Verder")
    first.get_by_label("Met welke vraag").fill("Hoe zeg ik eerlijk nee?")
    press(first, "Verder")
    arrives_at(first, "Stap 3 van 5")
    expect(first.get_by_role("status").last).to_contain_text("Opgeslagen om")

    second = come_in(javascript)
    arrives_at(second, "Stap 3 van 5")
    press(second, "Vorige")
    expect(second.get_by_label("Met welke vraag")).to_have_value("Hoe zeg ik eerlijk nee?")
    press(second, "Verder")
    arrives_at(second, "Stap 3 van 5")
    for score in SCORES:
        second.locator(f"[name={score}] >> nth=3").check(force=True)
    second.get_by_label("Hoe bouw ik vertrouwen op?").check()
    press(second, "Verder")
    arrives_at(second, "Stap 4 van 5")
    press(second, "Verder")
    second.get_by_label("Sessie 1").check()
    press(second, "Verder")

    arrives_at(second, "Je intake is klaar")
    enrolment.refresh_from_db()
    assert enrolment.intake.done_at is not None
    assert second.evaluate("document.scrollingElement.scrollWidth") <= PHONE


@both_ways
def test_the_line_for_own_words_comes_when_it_is_asked_for(come_in, enrolment, javascript):
    page = come_in(javascript)
    line = page.locator("[name=part_department_own]")
    expect(line).to_be_hidden()

    page.select_option("[name=part_department]", "Anders, namelijk:")
    line.fill("Erfgoed")
    press(page, "Verder")

    expect(page.locator(".errors")).to_be_visible()  # two other questions are still open
    expect(line).to_have_value("Erfgoed")
    enrolment.refresh_from_db()
    assert enrolment.department == "Erfgoed"


def test_an_error_is_one_press_away_from_its_question(come_in):
    page = come_in(javascript=True)

    press(page, "Verder")
    expect(page.locator(".errors")).to_be_focused()
    page.get_by_role("link", name=re.compile("Hoeveel ervaring")).click()

    expect(page.locator("[name=part_experience]").first).to_be_focused()
    assert page.title().startswith("Fout:")
    assert axe(page) == ""
