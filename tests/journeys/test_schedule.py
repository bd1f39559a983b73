"""The first walk, without a browser: from the empty table to a lab that takes enrolments."""

import re

import pytest
from django.test import Client

from tests.factories import MunicipalityFactory, TrainerFactory, make_ready
from tests.sessions.scheduling import typed
from werklab.links import fill
from werklab.models import Lab, OutgoingMail, User


def links(response):
    """Where this page leads."""
    return set(re.findall(r'(?:href|formaction)="([^"]+)"', response.content.decode()))


@pytest.mark.req("REQ-028", "REQ-037", "REQ-057")
def test_a_trainer_goes_from_the_empty_table_to_a_lab_that_takes_enrolments(client):
    MunicipalityFactory(name="Vlierhoven", mail_domains=[])
    trainers = TrainerFactory(background="municipal"), TrainerFactory(background="initiatives")
    client.force_login(trainers[0])

    home = client.get("/")
    assert "/werklabs/nieuw/" in links(home)

    assert client.get("/werklabs/nieuw/").status_code == 200
    made = client.post("/werklabs/nieuw/", typed(trainers))
    lab = Lab.objects.get()
    assert made["Location"] == f"/werklabs/{lab.slug}/"

    make_ready(lab)  # the coordinator and the trainers did their part
    cockpit = client.get(made["Location"])
    opening = f"/werklabs/{lab.slug}/aanmelding-open/"
    assert opening in links(cockpit)

    opened = client.post(opening, follow=True)
    assert f"/meedoen/{lab.join_code}/" in links(opened)
    assert Client().get(f"/meedoen/{lab.join_code}/").status_code == 200
    lab.refresh_from_db()
    assert lab.takes_enrolments()


def test_the_coordinator_follows_the_link_in_the_letter_to_the_lab(client):
    MunicipalityFactory(name="Vlierhoven", mail_domains=[])
    trainers = TrainerFactory(), TrainerFactory()
    client.force_login(trainers[0])
    client.post("/werklabs/nieuw/", typed(trainers))

    letter = fill(OutgoingMail.objects.get(kind="coordinator_invited").text)
    path = re.search(r"https?://[^/\s]+(/werklabs/\S+)", letter)[1]
    coordinator = Client()
    coordinator.force_login(User.objects.get(email="ilse@vlierhoven.example"))

    assert coordinator.get(path).status_code == 200
