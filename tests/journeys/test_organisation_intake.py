"""The organisation's intake in a browser, and at the same second by many."""

import re

import pytest
from playwright.sync_api import expect

from intake import organisation
from intake.given import Given
from intake.models import OrganisationAnswer, OrganisationIntake
from tests.conftest import person_with
from tests.factories import LabFactory
from tests.intake.organising import an_organisation_intake, page
from tests.werklab.test_enrolment_race import all_at_once
from werklab.models import Event, OutgoingMail

PHONE = 360
pytestmark = pytest.mark.django_db(transaction=True)
both_ways = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])


def press(screen, name):
    screen.get_by_role("button", name=name, exact=True).click()


@both_ways
def test_a_coordinator_fills_it_in_on_a_phone_and_a_trainer_goes_through_it(page_at, javascript):
    lab = LabFactory()
    coordinator, trainer = person_with("coordinator", lab), person_with("trainer", lab)
    phone = page_at(PHONE, javascript=javascript, user=coordinator)
    phone.goto(lab.get_absolute_url())
    phone.locator(f"main a[href='{page(lab)}']").first.click()
    phone.get_by_label("Waarom wil jullie gemeente").fill("Wij willen dit leren.")
    phone.get_by_label("Onze rol als gemeente verandert").check()
    press(phone, "Verder")
    phone.get_by_label("Omgevingswet en omgevingsplan").check()
    phone.get_by_label("Dat verschilt per keer").check()
    press(phone, "Verder")
    phone.get_by_label("Welke initiatieven in jouw").fill("De Eetbare Hoek")
    phone.locator("[name=org_relation] >> nth=3").check(force=True)
    phone.get_by_label("Is er iets gevoeligs").fill("Ja, met één initiatief.")
    press(phone, "Verder")
    phone.get_by_label("Wie gaan er meedoen").fill("Twaalf collega's")
    phone.get_by_label("Nog niet", exact=True).check()
    press(phone, "Verder")
    phone.get_by_label("Weet ik nog niet").check()
    phone.get_by_label("Welke dagen en tijden").fill("Niet op woensdag")
    phone.get_by_label("Wie is onze contactpersoon").fill("Roos, 06 0000 0000")
    press(phone, "Verder")

    expect(phone.locator("main")).to_contain_text("2 vragen wachten nog op je antwoord")
    phone.get_by_role("link", name="Ga verder").click()
    phone.get_by_label("Concrete afspraken met initiatieven").check()
    phone.get_by_label("Stel: het is een half jaar").fill("Elk initiatief kent ons.")
    for _step in range(5):
        press(phone, "Verder")
    press(phone, "Lever in")
    expect(phone.locator("h1")).to_have_text("De intake van je organisatie is ingeleverd")
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= PHONE

    desk = page_at(1280, javascript=javascript, user=trainer)
    desk.goto(lab.get_absolute_url())
    desk.locator(f"main a[href='{page(lab, 'lezen/')}']").first.click()
    expect(desk.locator("main")).to_contain_text("Ja, met één initiatief.")
    desk.get_by_label(re.compile("Wat spraken jullie af")).fill("We beginnen buiten.")
    press(desk, "Doorgenomen")
    expect(desk.locator("main")).to_contain_text("Samen doorgenomen")
    assert OrganisationIntake.objects.get().is_settled


def test_ten_times_handed_in_at_once_is_one_letter_to_each_trainer():
    lab = LabFactory()
    coordinator = person_with("coordinator", lab)
    an_organisation_intake(lab, hand_in=False)

    all_at_once(lambda _: organisation.hand_in(coordinator, lab), range(10))

    assert Event.objects.filter(name="organisation_intake_handed_in").count() == 1
    assert OutgoingMail.objects.filter(kind="organisation_intake_handed_in").count() == 2


def test_ten_who_begin_at_once_make_one_intake_with_one_answer():
    lab = LabFactory()
    coordinator = person_with("coordinator", lab)

    all_at_once(
        lambda n: organisation.save_step(coordinator, lab, 1, {"org_reason": Given(f"Zin {n}")}),
        range(10),
    )

    assert (OrganisationIntake.objects.count(), OrganisationAnswer.objects.count()) == (1, 1)
    assert Event.objects.filter(name="organisation_intake_begun").count() == 1
