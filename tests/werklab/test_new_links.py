"""A lost link: asked for on the public page, or made anew by who looks after the group."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from tests.conftest import person_with
from tests.factories import EnrolmentFactory, LabFactory, UserFactory
from werklab import links, new_links
from werklab.errors import Refused
from werklab.letters import link_of
from werklab.models import OutgoingMail, PersonalLink
from werklab.views.new_links import MOST_PER_HOUR

ROLES = [
    ("staff", 302),
    ("trainer", 302),
    ("coordinator", 302),
    ("participant", 403),
    ("stranger", 404),
]


def somebody(status="seated", **fields):
    person = UserFactory(name="Jasper de Ruiter", email="jasper@oss.example")
    return EnrolmentFactory(person=person, status=status, **fields)


def page(lab):
    return f"/meedoen/{lab.join_code}/nieuwe-link/"


def ask(lab, email):
    return Client().post(page(lab), {"email": email})


def link_in(letter):
    """The path of the own page that stands in a letter as it is posted."""
    return re.search(r"//[^/]+(/mijn/\S+)", links.fill(letter.text))[1]


@pytest.mark.parametrize("status", ["seated", "waiting", "to_confirm"])
def test_who_lost_the_link_gets_it_again_at_the_same_address(status):
    enrolment = somebody(status)
    link = link_of(enrolment)

    ask(enrolment.lab, " Jasper@OSS.example ")

    letter = OutgoingMail.objects.get()
    assert (letter.kind, letter.to) == ("new_link", "jasper@oss.example")
    assert letter.text.startswith("Hoi Jasper,")
    assert link_in(letter) == links.path(link)
    assert Client().get(link_in(letter)).status_code == 200
    event = enrolment.lab.events.get()
    assert (event.name, event.via, event.by) == ("link_asked", "form", None)


@pytest.mark.parametrize("email", ["niemand@oss.example", "jasper@oss.example", "weg@oss.example"])
def test_the_answer_is_the_same_for_every_address(email):
    enrolment = somebody()
    EnrolmentFactory(lab=enrolment.lab, status="withdrawn", person__email="weg@oss.example")

    response = ask(enrolment.lab, email)

    assert response.status_code == 302
    assert response["Location"] == page(enrolment.lab) + "verstuurd/"
    assert OutgoingMail.objects.count() == (email == "jasper@oss.example")
    html = Client().get(response["Location"]).content.decode()
    assert "Kijk in je mail" in html
    assert email not in html


def test_asking_in_another_lab_gives_nothing():
    somebody()

    ask(LabFactory(), "jasper@oss.example")

    assert not OutgoingMail.objects.exists()


def test_asking_often_is_one_letter_in_ten_minutes():
    enrolment, now = somebody(), timezone.now()

    for minutes in (0, 1, 9):
        new_links.ask(enrolment.lab, "jasper@oss.example", now + timedelta(minutes=minutes))
    assert OutgoingMail.objects.count() == 1

    new_links.ask(enrolment.lab, "jasper@oss.example", now + timedelta(minutes=11))
    assert OutgoingMail.objects.count() == 2
    assert PersonalLink.objects.count() == 1


def test_from_one_network_not_more_than_so_often():
    enrolment = somebody()
    caches["fragments"].clear()
    for _ in range(MOST_PER_HOUR):
        ask(enrolment.lab, "niemand@oss.example")

    response = ask(enrolment.lab, "jasper@oss.example")

    assert response.status_code == 200
    assert response.context["form"].non_field_errors()
    assert not OutgoingMail.objects.exists()


def test_nobody_gets_a_link_to_what_is_long_over():
    enrolment = somebody()
    after = enrolment.lab.link_expiry() + timedelta(seconds=1)

    new_links.ask(enrolment.lab, "jasper@oss.example", after)

    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    "email", ["", "geen adres", "x" * 300 + "@oss.example", "a\x00@oss.example"]
)
def test_what_is_no_address_is_said_at_the_field(email):
    lab = LabFactory()

    response = ask(lab, email)

    assert response.status_code == 200
    assert response.context["form"].errors["email"]
    assert response.context["form"]["email"].value() == email


def test_the_public_page_and_the_page_of_an_ended_link_lead_to_the_form():
    enrolment = somebody()
    path = links.path(link_of(enrolment))
    PersonalLink.objects.update(expires_at=timezone.now())

    public = Client().get(f"/meedoen/{enrolment.lab.join_code}/")
    ended = Client().get(path)

    assert ended.status_code == 410
    for response in (public, ended):
        assert f'href="{page(enrolment.lab)}"' in response.content.decode()


def test_an_ended_link_of_an_initiative_offers_no_form_that_would_not_help():
    lab = LabFactory()
    link = links.link_for("visit", 1, lab=lab, behalf="Buurtkeuken", expires_at=timezone.now())

    assert page(lab) not in Client().get(links.path(link)).content.decode()


# --- made anew by who looks after the group ---------------------------------------------------


def renew_path(enrolment):
    return f"/werklabs/{enrolment.lab.slug}/deelnemers/{enrolment.pk}/nieuwe-link/"


def test_a_new_link_ends_the_old_one(client_as, by_link):
    enrolment = somebody()
    visit, old = by_link(enrolment), links.path(link_of(enrolment))
    client = client_as("coordinator", enrolment.lab)
    listed = client.get(f"/werklabs/{enrolment.lab.slug}/deelnemers/").content.decode()
    assert renew_path(enrolment) in listed

    response = client.post(renew_path(enrolment), follow=True)

    new = link_in(OutgoingMail.objects.get(to="jasper@oss.example"))
    assert "mail met een nieuwe link" in response.content.decode()
    assert new != old
    assert (Client().get(old).status_code, Client().get(new).status_code) == (410, 200)
    assert visit.get(f"/werklabs/{enrolment.lab.slug}/plek/").status_code == 302
    assert enrolment.lab.events.get().name == "link_renewed"


@pytest.mark.parametrize(("role", "status"), ROLES)
def test_who_may_renew_a_link(role, status, client_as):
    enrolment = somebody()
    client, before = client_as(role, enrolment.lab), link_of(enrolment)

    assert client.get(renew_path(enrolment)).status_code == 405
    assert client.post(renew_path(enrolment)).status_code == status

    before.refresh_from_db()
    assert (before.revoked_at is not None) == (status == 302)


@pytest.mark.parametrize("status", ["withdrawn", "refused"])
def test_who_has_no_place_gets_no_link(status):
    enrolment = somebody(status)
    link = link_of(enrolment)

    with pytest.raises(Refused):
        new_links.renew(person_with("trainer", enrolment.lab), enrolment)

    link.refresh_from_db()
    assert link.revoked_at is None
    assert not OutgoingMail.objects.exists()
