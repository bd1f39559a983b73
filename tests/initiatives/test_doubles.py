"""Asking whether an initiative is there already, before it is written down twice."""

import pytest
from django.utils import timezone

from initiatives.doubles import candidates
from initiatives.models import Initiative
from tests.factories import InitiativeFactory, LabFactory, MunicipalityFactory
from werklab.access import TRAINER
from werklab.labs import EVERYBODYS_MAIL

EVERYBODYS = min(EVERYBODYS_MAIL)

NEW = "/initiatieven/nieuw/"


def of(municipality, **fields):
    """An initiative whose contact has nothing in common with anybody, unless given."""
    mail, phone = fields.pop("email", ""), fields.pop("phone", "")
    initiative = InitiativeFactory(municipality=municipality, **fields)
    initiative.contact.email, initiative.contact.phone = mail, phone or "0475 999 999"
    initiative.contact.save()
    return initiative


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("Natuurtuin De Kruidhoek", "De Kruidhoek"),
        ("Fietsherstel De Spaak", "Fiets herstel de Spaak"),
        ("Café Brém", "CAFE BREM"),
        ("Stichting Buurtkeuken Zuid", "Buurtkeuken Zuid"),
        ("Wijktuin", "Wijktuijn"),
    ],
)
def test_a_name_that_is_alike_is_found(known, typed):
    here = MunicipalityFactory()
    of(here, name=known)

    assert [one.name for one in candidates(here, typed)] == [known]


@pytest.mark.parametrize(
    ("known", "typed"),
    [("Natuurtuin De Kruidhoek", "Repaircafé Noord"), ("De Kas", "De Spaak"), ("De", "Het")],
)
def test_another_name_is_another_initiative(known, typed):
    here = MunicipalityFactory()
    of(here, name=known)

    assert candidates(here, typed) == []


def test_in_the_same_neighbourhood_less_of_the_name_is_enough():
    here = MunicipalityFactory()
    of(here, name="Buurtkeuken", place="Noord")

    assert candidates(here, "Buurtkeet", place="noord")
    assert not candidates(here, "Buurtkeet", place="Zuid")


@pytest.mark.parametrize(
    ("known", "typed", "found"),
    [
        ("a@kas.example", "b@KAS.example", True),
        (f"a@{EVERYBODYS}", f"b@{EVERYBODYS}", False),
        (f"a@{EVERYBODYS}", f"A@{EVERYBODYS}", True),
        ("a@kas.example", "a@tuin.example", False),
        ("", "", False),
    ],
)
def test_the_same_organisation_by_mail_is_found_and_everybodys_mail_is_not(known, typed, found):
    here = MunicipalityFactory()
    of(here, name="De Kas", email=known)

    assert bool(candidates(here, "Iets heel anders", email=typed)) is found


@pytest.mark.parametrize("typed", ["06 1234 5678", "+31 6 12345678", "0031 (0)6-12 34 56 78"])
def test_the_same_phone_is_found_however_it_is_written(typed):
    here = MunicipalityFactory()
    of(here, name="De Kas", phone="06-12345678")

    assert candidates(here, "Iets heel anders", phone=typed)[0].name == "De Kas"
    assert not candidates(here, "Iets heel anders", phone="06 8765 4321")


def test_another_municipality_and_what_went_up_in_another_do_not_count_and_itself_neither():
    here = MunicipalityFactory()
    kas = of(here, name="De Kas")
    of(MunicipalityFactory(), name="De Kas")
    of(here, name="De  Kas", merged_into=kas, retired_at=timezone.now())

    assert [one.slug for one in candidates(here, "De Kas")] == [kas.slug]
    assert candidates(here, "De Kas", besides=kas) == []


@pytest.mark.parametrize("many", [1, 8])
def test_looking_is_one_query(many, django_assert_num_queries):
    here = MunicipalityFactory()
    for number in range(many):
        of(here, name=f"De Kas {number}")

    with django_assert_num_queries(1):
        candidates(here, "De Kas")


def filled_in(lab, **more):
    return {
        "municipality": lab.municipality_id,
        "name": "De Kruidhoek",
        "description": "Een tuin van bewoners.",
        "ownership": "residents",
        "source": "trainers",
        "capacity": "alleen zaterdag",
        **more,
    }


def test_who_writes_down_what_may_be_there_is_asked_first(client_as):
    lab = LabFactory()
    there = of(lab.municipality, name="Natuurtuin De Kruidhoek")
    client = client_as(TRAINER, lab)

    page = client.post(NEW, filled_in(lab))

    text = page.content.decode()
    assert Initiative.objects.count() == 1
    assert "Bestaat deze al?" in text
    assert there.get_absolute_url() in text
    assert "Nee, dit is een ander" in text
    assert "alleen zaterdag" in text  # what was typed stays

    done = client.post(NEW, filled_in(lab, is_another="on"))

    assert (done.status_code, Initiative.objects.count()) == (302, 2)


def test_who_writes_down_something_new_never_sees_the_question(client_as):
    lab = LabFactory()
    client = client_as(TRAINER, lab)

    assert "Nee, dit is een ander" not in client.get(NEW).content.decode()
    assert client.post(NEW, filled_in(lab)).status_code == 302


def test_the_tick_stays_when_something_else_is_wrong(client_as):
    lab = LabFactory()
    of(lab.municipality, name="Natuurtuin De Kruidhoek")

    page = client_as(TRAINER, lab).post(NEW, filled_in(lab, is_another="on", description=""))

    assert page.status_code == 200
    assert 'name="is_another"' in page.content.decode()
    assert "checked" in page.content.decode().partition('name="is_another"')[2][:120]
