"""The register: what is written down, who may do so, and what can never be."""

import pytest
from django.db import IntegrityError, transaction

from initiatives.models import Contact, Initiative, Theme
from initiatives.register import add, change, initiatives_for, municipalities_for
from tests.conftest import STRANGER, person_with
from tests.factories import InitiativeFactory, LabFactory, MunicipalityFactory, UserFactory
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.errors import Refused
from werklab.models import Event

FATMA = {"name": "Fatma El Amrani", "email": "fatma@kruidhoek.example", "phone": "06 0000 0001"}


def write_down(municipality, **fields):
    fields = {"name": "De Kruidhoek", "description": "Een tuin van bewoners.", **fields}
    return add(UserFactory(), municipality=municipality, **fields)


def test_an_initiative_is_written_down_with_the_person_to_reach():
    municipality = MunicipalityFactory()

    initiative = write_down(municipality, contact=FATMA, does_not="Geen kinderopvang.")

    initiative.refresh_from_db()
    assert (initiative.name, initiative.slug) == ("De Kruidhoek", "de-kruidhoek")
    assert initiative.municipality == municipality
    assert initiative.contact.email == "fatma@kruidhoek.example"


@pytest.mark.req("REQ-145")
def test_what_an_initiative_does_not_do_is_kept():
    initiative = write_down(MunicipalityFactory(), does_not="Geen kinderopvang.")

    assert Initiative.objects.get(pk=initiative.pk).does_not == "Geen kinderopvang."


@pytest.mark.req("REQ-088")
def test_an_initiative_may_have_several_themes_and_fields_of_policy():
    themes = list(Theme.objects.all()[:3])

    initiative = write_down(
        MunicipalityFactory(), themes=themes, departments=["Zorg en welzijn", "Veiligheid"]
    )

    initiative.refresh_from_db()
    assert list(initiative.themes.all()) == themes
    assert initiative.departments == ["Zorg en welzijn", "Veiligheid"]


@pytest.mark.req("REQ-088")
def test_an_initiative_needs_no_theme_no_field_of_policy_and_no_sort():
    initiative = write_down(MunicipalityFactory())

    initiative.full_clean()
    assert (initiative.themes.count(), initiative.departments, initiative.kinds) == (0, [], [])


@pytest.mark.req("REQ-098")
def test_whose_plan_it_is_is_still_to_be_talked_about_until_somebody_says_so():
    initiative = write_down(MunicipalityFactory())

    assert initiative.ownership == "discuss"


@pytest.mark.parametrize("again", ["De Kruidhoek", "de kruidhoek"])
def test_a_name_is_there_once_in_a_municipality(again):
    municipality = MunicipalityFactory()
    write_down(municipality)

    with pytest.raises(Refused):
        write_down(municipality, name=again)

    assert Initiative.objects.count() == 1
    assert Event.objects.filter(name="initiative_added").count() == 1


def test_the_database_too_keeps_a_name_once_per_municipality():
    initiative = InitiativeFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        InitiativeFactory(municipality=initiative.municipality, name=initiative.name)


def test_the_same_name_in_another_municipality_gets_an_address_of_its_own():
    first = write_down(MunicipalityFactory())

    second = write_down(MunicipalityFactory())

    assert (first.slug, second.slug) == ("de-kruidhoek", "de-kruidhoek-2")


@pytest.mark.parametrize(("name", "slug"), [("Nieuw", "nieuw-2"), ("🌻🌻", "initiatief")])
def test_no_name_takes_the_address_of_another_page(name, slug):
    assert write_down(MunicipalityFactory(), name=name).slug == slug


def test_a_name_of_a_hundred_signs_fits_twice():
    name = "a" * 100
    write_down(MunicipalityFactory(), name=name)

    second = write_down(MunicipalityFactory(), name=name)

    assert second.slug == "a" * 100 + "-2"


def test_a_contact_can_be_reached():
    initiative = InitiativeFactory(contact=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(initiative=initiative, name="Fatma")


def test_changing_keeps_the_address_and_forgets_a_contact_that_is_taken_away():
    initiative = InitiativeFactory(name="De Kruidhoek", slug="de-kruidhoek")

    change(UserFactory(), initiative, name="De Nieuwe Kruidhoek", description="Ook een kas.")

    initiative = Initiative.objects.get()
    assert (initiative.name, initiative.slug) == ("De Nieuwe Kruidhoek", "de-kruidhoek")
    assert initiative.description == "Ook een kas."
    assert Contact.objects.count() == 0


def test_an_initiative_keeps_its_own_name_when_it_changes():
    initiative = InitiativeFactory(name="De Kruidhoek")

    change(UserFactory(), initiative, name="De kruidhoek", contact=FATMA)

    assert Initiative.objects.get().name == "De kruidhoek"


def test_a_change_to_the_name_of_another_is_refused_whole():
    taken = InitiativeFactory(name="De Spaak")
    initiative = InitiativeFactory(municipality=taken.municipality, name="De Kruidhoek")

    with pytest.raises(Refused):
        change(UserFactory(), initiative, name="De Spaak", description="Iets anders.")

    initiative.refresh_from_db()
    assert (initiative.name, initiative.description) == (
        "De Kruidhoek",
        "Buren koken voor elkaar.",
    )
    assert initiative.contact.name == "Fatma El Amrani"


@pytest.mark.parametrize("what", ["added", "changed"])
def test_all_labs_of_the_municipality_know_that_something_changed(what):
    lab, elsewhere = LabFactory(), LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    before = (lab.version, elsewhere.version)

    if what == "added":
        write_down(lab.municipality)
    else:
        change(UserFactory(), initiative, name=initiative.name, contact=FATMA)

    lab.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (lab.version, elsewhere.version) == (before[0] + 1, before[1])
    assert Event.objects.get(name=f"initiative_{what}").object_type == "initiative"


@pytest.mark.parametrize(
    ("role", "seen"),
    [(STAFF, 2), (TRAINER, 1), (COORDINATOR, 1), (PARTICIPANT, 0), (STRANGER, 0)],
)
def test_who_reads_which_part_of_the_register(role, seen):
    lab = LabFactory()
    InitiativeFactory(municipality=lab.municipality)
    InitiativeFactory()

    assert initiatives_for(person_with(role, lab), "read_register").count() == seen
    assert initiatives_for(person_with(role, lab), "edit_register").count() == seen


def test_staff_that_came_by_a_link_is_a_participant_and_reads_nothing():
    lab = LabFactory(taken=1)
    enrolment = lab.enrolments.get()
    enrolment.person.is_staff = True
    enrolment.person.by_link = enrolment

    assert municipalities_for(enrolment.person, "read_register").count() == 0
