"""Two people with the same file at the same moment: nobody doubled, and everybody gets a page."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from initiatives import importing, register
from initiatives.models import Contact, Initiative, RegisterImport, Theme
from tests.conftest import person_with
from tests.factories import InitiativeFactory, LabFactory, MunicipalityFactory
from tests.sessions.test_visits_at_once import at_once
from werklab.access import COORDINATOR, TRAINER
from werklab.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = "Gemeente;Naam;Wat het doet;Thema's;Contactpersoon;Mailadres"
MANY = 30


@pytest.fixture
def lab():
    return LabFactory(municipality=MunicipalityFactory(name="Vlierhoven"))


def table(first=0):
    """Rows of initiatives that each have a theme and a contact."""
    rows = (
        f"Vlierhoven;De Kas {number};Tuin;green;Fatma;fatma{number}@kas.example"
        for number in range(first, first + MANY)
    )
    return "\r\n".join([HEADER, *rows]).encode()


def looked_at(client, content):
    """The path of the page on which this file waits for the button."""
    file = SimpleUploadedFile("lijst.csv", content)
    return client.post("/initiatieven/import/", {"file": file}).url


def pressed(*buttons):
    """What everybody gets who presses at the same moment: (status, text of the page after it)."""
    found = []

    def press(client, path):
        response = client.post(path, follow=True)
        found.append((response.status_code, response.text))

    acts = [lambda client=client, path=path: press(client, path) for client, path in buttons]
    assert at_once(*acts) == ["done"] * len(buttons)
    return found


def test_two_people_with_the_same_file_bring_it_in_once(client_as, lab):
    one, other = client_as(TRAINER, lab), client_as(COORDINATOR, lab)

    pages = pressed((one, looked_at(one, table())), (other, looked_at(other, table())))

    assert [status for status, _page in pages] == [200, 200]
    assert sorted("30 initiatieven toegevoegd" in page for _status, page in pages) == [False, True]
    assert sum("niets veranderd" in page for _status, page in pages) == 1
    assert (Initiative.objects.count(), Contact.objects.count()) == (MANY, MANY)
    assert Theme.objects.get(code="green").initiative_set.count() == MANY
    assert not RegisterImport.objects.exists()


def test_two_files_that_partly_say_the_same_come_in_together(client_as, lab):
    one, other = client_as(TRAINER, lab), client_as(COORDINATOR, lab)

    pages = pressed((one, looked_at(one, table())), (other, looked_at(other, table(first=20))))

    assert [status for status, _page in pages] == [200, 200]
    assert (Initiative.objects.count(), Contact.objects.count()) == (MANY + 20, MANY + 20)


def test_two_people_who_change_the_same_ones_leave_each_one_whole(client_as, lab):
    for number in range(MANY):
        name = f"De Kas {number}"
        InitiativeFactory(municipality=lab.municipality, name=name, contact=not number % 2)
    one, other = client_as(TRAINER, lab), client_as(COORDINATOR, lab)

    pages = pressed((one, looked_at(one, table())), (other, looked_at(other, table())))

    assert [status for status, _page in pages] == [200, 200]
    assert sorted("30 initiatieven veranderd" in page for _status, page in pages) == [False, True]
    assert (Initiative.objects.count(), Contact.objects.count()) == (MANY, MANY)


def test_one_person_who_presses_on_two_screens_brings_it_in_once(client_as, lab):
    client = client_as(TRAINER, lab)
    path = looked_at(client, table())
    again = client_as(TRAINER, lab)
    again.cookies = client.cookies

    pages = pressed((client, path), (again, path))

    assert [status for status, _page in pages] == [200, 200]
    assert sum("al verwerkt" in page for _status, page in pages) == 1
    assert Initiative.objects.count() == MANY
    assert Event.objects.filter(name="register_imported").count() == 1


def test_who_opens_the_page_of_somebody_elses_file_changes_nothing_and_stops_nobody(client_as, lab):
    client, colleague = client_as(TRAINER, lab), client_as(COORDINATOR, lab)
    path = looked_at(client, table())

    assert colleague.get(path).status_code == 404
    pages = pressed((client, path), (colleague, path))

    assert [status for status, _page in pages] == [200, 200]
    assert Event.objects.get(name="register_imported").by == person_of(client)
    assert Initiative.objects.count() == MANY


def person_of(client):
    return type(Event.objects.first().by).objects.get(pk=client.session["_auth_user_id"])


def test_one_that_is_written_down_during_an_import_is_there_once(lab):
    trainer = person_with(TRAINER, lab)
    received = importing.receive(trainer, io.BytesIO(table()), "lijst.csv")
    words = {"municipality": lab.municipality, "name": "De Kas 7", "description": "Tuin"}

    ended = at_once(
        lambda: importing.bring_in(trainer, received),
        lambda: register.add(trainer, **words),
    )

    assert ended in (["done", "done"], ["done", "refused"])
    assert Initiative.objects.filter(name="De Kas 7").count() == 1
