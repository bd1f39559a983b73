"""The walk of a civil servant: from the public page to a seat, the own page and the way out.

Through the client only, by the links that the pages and the letters themselves hold.
"""

import re

import pytest
from django.core import mail as outbox
from django.core.cache import caches
from django.test import Client

from tests.conftest import person_with
from tests.factories import LabFactory
from werklab import mail
from werklab.models import Enrolment

Status = Enrolment.Status


@pytest.fixture(autouse=True)
def _nothing_remembered():
    caches["fragments"].clear()


def press(client, response, words):
    """Follow the link with these words."""
    html = response.content.decode()
    (address,) = {
        a for a, text in re.findall(r'<a[^>]*href="([^"]+)"[^>]*>(.*?)</a>', html) if words in text
    }
    return client.get(address)


def link_in_mail(words):
    """The address behind these words in the last mail, as its reader sees them."""
    html = outbox.outbox[-1].alternatives[0].content
    address = re.search(rf'href="([^"]+)"[^>]*>{words}<', html)[1]
    return "/" + address.partition("//")[2].partition("/")[2]


def fill_in(client, lab, name, email):
    """Public page, form, sent."""
    form = press(client, client.get(f"/meedoen/{lab.join_code}/"), "Meld je aan")
    answers = {
        "name": name,
        "email": email,
        "department": "Ruimte en wonen",
        "function": "Projectleider",
        "contact_frequency": "Zelden of nooit",
    }
    return client.post(form.wsgi_request.path, answers, follow=True)


@pytest.mark.req("REQ-043", "REQ-028")
def test_from_the_public_page_to_a_seat_and_back():
    lab, client = LabFactory(taken=12), Client()

    page = fill_in(client, lab, "Jasper de Ruiter", "jasper@oss.example")
    assert "Je hebt een plek, Jasper" in page.content.decode()

    mail.deliver()
    own = link_in_mail("Vul de intake in")
    assert "Ga verder als Jasper" in client.get(own).content.decode()
    assert client.post(own)["Location"] == f"/werklabs/{lab.slug}/intake/"

    place = client.get(link_in_mail("Geef je plek terug"))
    assert place.status_code == 200
    page = client.post(f"/werklabs/{lab.slug}/plek/teruggeven/", follow=True)
    assert "teruggegeven" in page.content.decode()
    assert lab.enrolments.seated().count() == 12


@pytest.mark.req("REQ-043")
def test_the_sixteenth_waits_is_offered_a_place_and_takes_it():
    lab, client = LabFactory(taken=14), Client()
    fill_in(client, lab, "Ans de Boer", "ans@oss.example")
    full = client.get(f"/meedoen/{lab.join_code}/")
    form = press(client, full, "Zet me op de wachtlijst")
    answers = {
        "name": "Menno van Dam",
        "email": "menno@oss.example",
        "department": "Anders, namelijk:",
        "own_words": "Griffie",
        "function": "Griffier",
        "contact_frequency": "Elke week",
    }
    page = client.post(form.wsgi_request.path, answers, follow=True)
    assert "Je bent nummer 1 op de lijst" in page.content.decode()

    ans = lab.enrolments.get(person__email="ans@oss.example")
    coordinator = Client()
    coordinator.force_login(person_with("coordinator", lab))
    coordinator.post(f"/werklabs/{lab.slug}/deelnemers/{ans.pk}/afmelden/")
    mail.deliver()

    assert outbox.outbox[-1].to == ["menno@oss.example"]
    visitor = Client()
    visitor.post(link_in_mail("Zeg ja of nee"))
    visitor.post(f"/werklabs/{lab.slug}/plek/aanbod/", {"answer": "yes"})
    menno = lab.enrolments.get(person__email="menno@oss.example")
    assert (menno.status, menno.seat, menno.department) == (Status.SEATED, ans.seat, "Griffie")
    assert visitor.get(f"/werklabs/{lab.slug}/").status_code == 200


def test_somebody_from_outside_is_admitted_by_the_coordinator():
    lab = LabFactory()
    page = fill_in(Client(), lab, "Gijs Buiten", "gijs@elders.example")
    assert "bevestigt je aanmelding" in page.content.decode()

    mail.deliver()
    (asked,) = [m for m in outbox.outbox if "gijs@elders.example" not in m.to]
    coordinator = Client()
    coordinator.force_login(person_with("coordinator", lab))
    participants = re.search(r"https?://[^/\s]+(/\S+/deelnemers/)", asked.body)[1]
    html = coordinator.get(participants).content.decode()
    admit = re.search(r'formaction="([^"]+toelaten/)"', html)[1]
    coordinator.post(admit)

    mail.deliver()
    assert outbox.outbox[-1].to == ["gijs@elders.example"]
    assert "Stoel 1 is voor jou" in outbox.outbox[-1].body


def test_who_lost_the_mail_enrols_again_and_keeps_the_same_link(monkeypatch):
    lab = LabFactory()
    fill_in(Client(), lab, "Jasper de Ruiter", "jasper@oss.example")
    mail.deliver()
    before = link_in_mail("Vul de intake in")
    lab.letters.update(created_at=lab.created_at.replace(year=2020))

    fill_in(Client(), lab, "Jasper de Ruiter", "JASPER@oss.example")
    mail.deliver()

    assert len(outbox.outbox) == 2
    assert link_in_mail("Vul de intake in") == before
