"""The overview with no lab, one, many, and after a search: accessible, and it fits on a phone."""

import pytest

from tests.browser import sign_in
from tests.factories import EnrolmentFactory, LabFactory, TrainerFactory, UserFactory
from tests.journeys.test_every_page import look
from werklab.models import LabRole

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("is_staff", [True, False])
def test_the_overview_is_accessible_in_every_state(page_at, live_server, width, is_staff):
    person = TrainerFactory(is_staff=is_staff)
    page, found = page_at(width), []
    sign_in(page.context, person, live_server)

    found += look(page, "/", {})
    for count in (1, 27):
        for number in range(count):
            lab = LabFactory(begins_in=20 - 3 * number, roles=False, taken=3)
            LabRole.objects.create(lab=lab, user=person, role="trainer", chair="municipal")
        found += look(page, "/", {})
    EnrolmentFactory(lab=lab, person__name="Fatma van der Zeer-Lange-Achternaam")
    for query in ("?pagina=2", "?q=lange+fatma", "?q=nergens&fase=intake&gemeente=x"):
        found += look(page, f"/{query}", {})

    assert not found, "\n".join(found)


def test_somebody_without_a_lab_and_without_the_right_to_make_one(page_at, live_server):
    page = page_at(360)
    sign_in(page.context, UserFactory(), live_server)

    assert look(page, "/", {}) == []


def test_finding_a_lab_needs_no_mouse_and_no_script(page_at, live_server):
    person = TrainerFactory()
    for title in ("Zeeën en Duinen", *(f"Werklab {n}" for n in range(6))):
        lab = LabFactory(title=title, roles=False)
        LabRole.objects.create(lab=lab, user=person, role="trainer", chair="municipal")
    page = page_at(1280)
    sign_in(page.context, person, live_server)

    page.goto("/")
    page.focus("#q")
    page.keyboard.type("zeeen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=zeeen*")

    assert page.locator("tbody td:first-child a").all_inner_texts() == ["Zeeën en Duinen"]
