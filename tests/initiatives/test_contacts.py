"""Whom to reach at one that two became: nobody is lost, nobody is kept without purpose."""

import pytest

from initiatives import doubles
from initiatives.models import Contact, Initiative
from tests.factories import InitiativeFactory, LabFactory, UserFactory
from werklab.access import TRAINER
from werklab.errors import Refused

TRUUS = {"name": "Truus Tuinhek", "email": "truus@kruidhoek.example", "phone": "06 1111 2222"}
JAN = {"name": "Jan Stoep", "email": "jan@kas.example", "phone": "06 3333 4444"}
REGISTER = "/initiatieven/"


@pytest.fixture
def lab():
    return LabFactory()


def of(lab, name, contact, **fields):
    """An initiative of the lab's municipality with this contact, or with none."""
    there = lab.municipality
    initiative = InitiativeFactory(municipality=there, name=name, contact=False, **fields)
    if contact:
        Contact.objects.create(initiative=initiative, **contact)
    return initiative


def contacts():
    """Who is kept as contact, and of which initiative."""
    rows = Contact.objects.values_list("initiative__name", "name", "email", "phone")
    return {initiative: {"name": n, "email": m, "phone": p} for initiative, n, m, p in rows}


def everything_of(initiative):
    return str(Initiative.objects.filter(pk=initiative.pk).values().get())


def test_a_contact_comes_along_whole_to_one_that_has_none(lab):
    keep, gone = of(lab, "De Kas", None), of(lab, "Kas in Noord", TRUUS)

    doubles.merge(UserFactory(), keep, gone)

    assert contacts() == {"De Kas": TRUUS}
    assert Initiative.objects.get(pk=keep.pk).internal_notes == ""


@pytest.mark.parametrize(
    ("mine", "theirs", "noted"),
    [
        ({"name": "Truus Tuinhek", "email": ""}, {}, False),
        ({"name": "truus TUINHEK", "phone": ""}, {"email": ""}, False),
        ({"name": "Truus", "phone": ""}, {"email": "t@elders.example"}, True),
        ({"name": "T. Tuinhek", "phone": ""}, {"email": TRUUS["email"].upper()}, True),
    ],
    ids=["name", "capitals", "first name", "mail"],
)
def test_of_the_same_person_what_was_missing_comes_along(lab, mine, theirs, noted):
    keep = of(lab, "De Kas", TRUUS | mine)
    gone = of(lab, "Kas in Noord", TRUUS | theirs)

    doubles.merge(UserFactory(), keep, gone)

    assert contacts() == {"De Kas": TRUUS | {"name": mine["name"]}}
    notes = Initiative.objects.get(pk=keep.pk).internal_notes
    assert ("Truus Tuinhek" in notes) == noted  # her whole name, where only a part of it stood


def test_a_phone_that_two_people_share_makes_them_not_one(lab):
    keep = of(lab, "De Kas", JAN | {"email": ""})
    gone = of(lab, "Kas in Noord", TRUUS | {"phone": JAN["phone"]})

    doubles.merge(UserFactory(), keep, gone)

    assert contacts() == {"De Kas": JAN | {"email": ""}}
    assert "Truus Tuinhek" in Initiative.objects.get(pk=keep.pk).internal_notes


def test_of_somebody_else_only_the_name_stays_in_the_notes_of_the_one_that_is_kept(lab):
    keep = of(lab, "De Kas", JAN | {"phone": ""}, internal_notes="Bel na vijven.")
    gone = of(lab, "Kas in Noord", TRUUS, address="Achterpad 3")

    doubles.merge(UserFactory(), keep, gone)

    assert contacts() == {"De Kas": JAN | {"phone": ""}}
    notes = Initiative.objects.get(pk=keep.pk).internal_notes
    assert notes.startswith("Bel na vijven.\n")
    assert "Kas in Noord" in notes
    assert "Truus Tuinhek" in notes
    assert TRUUS["email"] not in everything_of(keep)
    assert TRUUS["phone"] not in everything_of(keep)


def test_at_the_one_that_is_off_the_list_nothing_of_the_person_stays(lab):
    words = {"address": "Achterpad 3", "internal_notes": "Truus belt liever zelf."}
    keep, gone = of(lab, "De Kas", JAN, address=""), of(lab, "Kas in Noord", TRUUS, **words)

    doubles.merge(UserFactory(), keep, gone)

    kept = Initiative.objects.get(pk=keep.pk)
    assert not Contact.objects.filter(initiative=gone).exists()
    assert "Truus" not in everything_of(gone)
    assert "Achterpad" not in everything_of(gone)
    assert kept.address == "Achterpad 3"
    assert kept.internal_notes.startswith("Truus belt liever zelf.\n")


def test_a_trainer_finds_who_it_was_on_the_page_of_the_one_that_is_kept(client_as, lab):
    keep, gone = of(lab, "De Kas", JAN), of(lab, "Kas in Noord", TRUUS)
    client = client_as(TRAINER, lab)

    before = client.get(f"{REGISTER}{keep.slug}/samenvoegen/", {"met": gone.slug}).text
    client.post(f"{REGISTER}{keep.slug}/samenvoegen/", {"met": gone.slug})
    page = client.get(gone.get_absolute_url(), follow=True).text

    assert TRUUS["phone"] in before  # to copy, as long as nothing is final
    assert "Kas in Noord" in page
    assert "Truus Tuinhek" in page
    assert TRUUS["phone"] not in page


def test_the_page_shows_beforehand_what_becomes_of_the_contact(client_as, lab):
    keep = of(lab, "De Kas", {"name": "Truus Tuinhek", "email": TRUUS["email"]})
    gone = of(lab, "Kas in Noord", TRUUS)

    page = client_as(TRAINER, lab).get(f"{REGISTER}{keep.slug}/samenvoegen/", {"met": gone.slug})

    stays = {row["header"]: row["stays"] for row in page.context["rows"]}
    assert (stays["Contactpersoon"], stays["Telefoon"]) == ("Truus Tuinhek", TRUUS["phone"])
    assert contacts()["Kas in Noord"] == TRUUS


def test_notes_that_do_not_fit_in_one_are_shortened_first(lab):
    keep = of(lab, "De Kas", JAN, internal_notes="a" * 600)
    gone = of(lab, "Kas in Noord", TRUUS, internal_notes="b" * 600)
    before = [everything_of(keep), everything_of(gone), contacts()]

    with pytest.raises(Refused, match="De Kas"):
        doubles.merge(UserFactory(), keep, gone)

    assert [everything_of(keep), everything_of(gone), contacts()] == before
