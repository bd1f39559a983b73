"""Warnings about the visits: a sentence for each, and never a wall."""

import pytest

from initiatives.models import Initiative, Theme
from sessions import visit_warnings
from tests.factories import (
    EnrolmentFactory,
    LabFactory,
    LabInitiativeFactory,
    MunicipalityFactory,
    VisitFactory,
)
from werklab.access import TRAINER


def visited(lab, answer="welcome", themes=("green",), **profile):
    """An initiative of this lab with a visit that was answered like this."""
    visit = VisitFactory(guest_of__lab=lab)
    if answer != "none":
        visit.answer, visit.answered_at = answer, visit.asked_at
        visit.slot = visit.slots.get() if answer == "welcome" else None
        visit.save()
    initiative = visit.guest_of.initiative
    initiative.themes.set(Theme.objects.filter(code__in=themes))
    Initiative.objects.filter(pk=initiative.pk).update(**profile)
    return visit


def words(lab):
    return " ".join(visit_warnings.warnings(lab))


def test_two_different_initiatives_that_come_twice_are_fine():
    lab = LabFactory()
    visited(lab), visited(lab)

    assert visit_warnings.warnings(lab) == []


def test_an_empty_list_gives_no_warnings():
    lab = LabFactory(taken=2)
    LabInitiativeFactory(lab=lab)
    visited(lab, "not_now")

    assert visit_warnings.warnings(lab) == []


@pytest.mark.req("REQ-014")
def test_one_that_moved_to_another_municipality_is_named():
    lab = LabFactory()
    visited(lab), visited(lab, municipality=MunicipalityFactory(name="Elders"))

    (sentence,) = visit_warnings.warnings(lab)

    assert "Elders" in sentence


@pytest.mark.req("REQ-015")
def test_fewer_than_two_moments_is_said():
    lab = LabFactory()
    visited(lab), visited(lab)
    lab.sessions.filter(number=3).update(starts_at=None, ends_at=None)

    assert words(lab).count("minder dan twee momenten") == 2


@pytest.mark.parametrize(
    ("themes", "warned"),
    [
        ([("energy",), ("energy",)], True),
        ([("energy",), ("energy", "green")], False),
        ([("energy",), ("care",)], False),
        ([("energy",), ()], False),
    ],
)
def test_only_energy_is_said(themes, warned):
    lab = LabFactory()
    for some in themes:
        visited(lab, themes=some)

    assert ("alleen initiatieven over energie" in words(lab)) == warned


@pytest.mark.req("REQ-023")
@pytest.mark.parametrize(("welcome", "warned"), [(0, True), (1, True), (2, False)])
def test_fewer_than_two_at_the_end_session_is_said(welcome, warned):
    lab = LabFactory()
    visited(lab, "none")
    for _ in range(welcome):
        visited(lab)

    assert ("sessie 3" in words(lab)) == warned


def test_a_field_of_policy_of_which_nobody_comes_is_named():
    lab = LabFactory()
    visited(lab, departments=["Veiligheid", "Zorg en welzijn"]), visited(lab)
    assert words(lab) == ""

    EnrolmentFactory(lab=lab, department="Zorg en welzijn")
    EnrolmentFactory(lab=lab, department="Veiligheid", status="withdrawn")

    assert "Niemand van Veiligheid doet mee" in words(lab)
    assert "Niemand van Zorg" not in words(lab)


def test_the_page_shows_them_and_stops_nobody(client_as):
    lab = LabFactory()
    visited(lab, themes=("energy",))

    page = client_as(TRAINER, lab).get(f"/werklabs/{lab.slug}/bezoeken/")

    assert len(page.context["warnings"]) == 2
    assert "alleen initiatieven over energie" in page.content.decode()
