"""The pages of files and doubles on a phone, in a browser: axe-core finds nothing, none is wide."""

import pytest

from tests.browser import axe
from tests.conftest import person_with
from tests.factories import InitiativeFactory, LabFactory, MunicipalityFactory
from werklab.access import TRAINER

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = (
    "Gemeente;Naam;Wat het doet;Kleur\r\nVlierhoven;De Kas;Tuin;rood\r\nVlierhoven;De Kas;Tuin;rood"
)


@pytest.mark.parametrize("more", ["", "\r\nElders;;=1+1;"])
def test_choosing_a_file_and_looking_at_it_without_javascript(page_at, more):
    lab = LabFactory(municipality=MunicipalityFactory(name="Vlierhoven"))
    page = page_at(360, user=person_with(TRAINER, lab))

    page.goto("/initiatieven/import/")
    found = axe(page)
    file = {"name": "lijst.csv", "mimeType": "text/csv", "buffer": (ROWS + more).encode()}
    page.set_input_files("[type=file]", file)
    page.locator("main form button").last.click()
    page.wait_for_url("**/import/*/")
    found += axe(page)

    assert found == ""
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360


def test_two_beside_each_other(page_at):
    lab = LabFactory()
    keep, gone = (InitiativeFactory(municipality=lab.municipality) for _ in range(2))
    page = page_at(360, user=person_with(TRAINER, lab))

    page.goto(f"/initiatieven/{keep.slug}/samenvoegen/?met={gone.slug}")

    assert axe(page) == ""
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
