"""An initiative writes cards by its own link: talk with, not about."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sessions import boards
from sessions.models import Card, Column, LabInitiative
from tests.conftest import person_with
from tests.factories import (
    AdviceFactory,
    CardFactory,
    InitiativeFactory,
    LabFactory,
    LabInitiativeFactory,
)
from tests.sessions.test_boards import everything
from werklab import links
from werklab.access import TRAINER
from werklab.models import Event, Lab, PersonalLink


def an_initiative(name):
    lab = LabFactory()
    initiative = InitiativeFactory(name=name, municipality=lab.municipality)
    return LabInitiativeFactory(lab=lab, initiative=initiative)


def path_for(initiative):
    """The way to the page of this initiative, by a link that its trainer made."""
    link = boards.make_link(person_with(TRAINER, initiative.lab), initiative)
    return "/" + links.url(link).split("/", 3)[3]


def column_of(lab, kind="strength"):
    return Column.objects.filter(lab_session__lab=lab, kind=kind).first()


def say(client, path, initiative, text="Wij hebben geen plan nodig.", **more):
    form = {"column": column_of(initiative.lab).pk, "text": text, "named": "zonder"}
    return client.post(path, form | more)


@pytest.mark.req("REQ-017")
def test_an_initiative_puts_a_card_on_the_board_in_its_own_name(client, client_as):
    kitchen = an_initiative("Buurtkeuken Zuid")
    path = path_for(kitchen)

    response = say(client, path, kitchen, "Kom eerst eten.", named="met")

    page = client.get(response.url).content.decode()
    assert f"Namens {kitchen}" in page
    assert "Je kaart hangt op het bord." in page
    card = Card.objects.get()
    assert (card.initiative, card.author, card.side) == (kitchen, None, "initiative")
    board = client_as(TRAINER, kitchen.lab).get(f"/werklabs/{kitchen.lab.slug}/sessies/1/")
    assert "Kom eerst eten." in board.content.decode()
    assert "initiatief · Buurtkeuken Zuid" in board.content.decode()


@pytest.mark.req("REQ-017")
def test_an_initiative_speaks_on_the_board_of_every_session(client):
    kitchen = LabInitiativeFactory()
    path = path_for(kitchen)

    for kind in ("wish", "expectation_initiative", "quote"):
        session = {"quote": 3}.get(kind)
        columns = Column.objects.filter(lab_session__lab=kitchen.lab, kind=kind)
        column = columns.filter(lab_session__number=session).first() or columns.first()
        say(client, path, kitchen, column=column.pk)

    numbers = Card.objects.values_list("column__lab_session__number", flat=True)
    assert sorted(numbers) == [1, 2, 3]


def test_an_initiative_is_not_asked_what_civil_servants_need(client):
    kitchen = LabInitiativeFactory()
    path = path_for(kitchen)

    page = client.get(path).content.decode()
    response = say(client, path, kitchen, column=column_of(kitchen.lab, "need_self").pk)

    assert "Zo werken zij het liefst samen" in page
    assert "Nodig van mijzelf" not in page
    assert "Kies waar je kaart over gaat." in response.content.decode()
    assert Card.objects.count() == 0


def test_without_a_name_no_table_knows_which_initiative_it_was(client):
    kitchen = an_initiative("Buurtkeuken Zoekplaatje")
    path = path_for(kitchen)
    before = everything()

    say(client, path, kitchen)

    new = everything() - before
    assert {table for table, _row, _to in new} == {
        "labsessions_card",
        "werklab_event",
        "werklab_lab",
    }
    for table, row, to in new:
        assert to == frozenset(), f"{table} points at somebody: {row}"
        assert "Zoekplaatje" not in row
    event = Event.objects.get(name="card_added")
    assert (event.by, event.by_name, event.via) == (None, "", Event.Via.ACCOUNT)


def test_a_named_card_is_in_the_logbook_by_the_initiative(client):
    kitchen = LabInitiativeFactory()

    say(client, path_for(kitchen), kitchen, named="met")

    event = Event.objects.get(name="card_added")
    assert (event.by, event.by_name, event.via) == (None, str(kitchen), Event.Via.LINK)


def test_an_initiative_takes_its_own_cards_away(client):
    kitchen = LabInitiativeFactory()
    path = path_for(kitchen)
    say(client, path, kitchen, "Met", named="met")
    say(client, path, kitchen, "Zonder")

    for card in Card.objects.all():
        response = client.post(path, {"away": card.pk}, follow=True)
        assert "De kaart is weg." in response.content.decode()

    assert Card.objects.count() == 0
    named, unnamed = Event.objects.filter(name="card_removed").order_by("pk")
    assert (named.by_name, unnamed.by_name) == (str(kitchen), "")


def test_the_list_holds_their_own_cards_and_no_others(client):
    kitchen = LabInitiativeFactory()
    path = path_for(kitchen)
    CardFactory(lab=kitchen.lab, text="Van een ander")
    say(client, path, kitchen, "Met", named="met")
    say(client, path, kitchen, "Zonder")

    here, elsewhere = client.get(path).content.decode(), Client().get(path).content.decode()

    assert re.findall(r'<p id="k\d+">(.*?)</p>', here) == ["Zonder", "Met"]
    assert re.findall(r'<p id="k\d+">(.*?)</p>', elsewhere) == ["Met"]


def test_a_card_of_another_does_not_exist_here(client):
    kitchen = LabInitiativeFactory()
    garden = LabInitiativeFactory(lab=kitchen.lab)
    path = path_for(kitchen)
    say(Client(), path_for(garden), garden, named="met")
    say(Client(), path, kitchen, "Zonder, elders geschreven")

    for card in Card.objects.all():
        assert client.post(path, {"away": card.pk}).status_code == 404
    assert Card.objects.count() == 2


@pytest.mark.parametrize("away", ["999999", "x", "", "\x00", "٣", "9" * 40, "9" * 5000])
def test_a_card_that_is_gone_is_said_to_be_gone(client, away):
    kitchen = LabInitiativeFactory()

    response = client.post(path_for(kitchen), {"away": away}, follow=True)

    assert "Deze kaart hangt niet meer op het bord." in response.content.decode()


@pytest.mark.req("REQ-117")
def test_a_source_of_an_advice_stays(client):
    kitchen = LabInitiativeFactory()
    path = path_for(kitchen)
    say(client, path, kitchen, named="met")
    AdviceFactory(lab=kitchen.lab, sources=[Card.objects.get()])

    response = client.post(path, {"away": Card.objects.get().pk}, follow=True)

    assert "advies 1" in response.content.decode()
    assert Card.objects.count() == 1


def test_the_same_form_sent_twice_is_one_card(client):
    kitchen = LabInitiativeFactory()
    path = path_for(kitchen)
    key = re.search(r'name="key" value="([^"]+)"', client.get(path).content.decode())[1]

    say(client, path, kitchen, key=key)
    say(client, path, kitchen, key=key)

    assert Card.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  ", "a\x00b", "x" * 281, "x" * 10_000])
def test_what_cannot_hang_on_a_board_stays_typed(client, text):
    kitchen = LabInitiativeFactory()

    response = say(client, path_for(kitchen), kitchen, text, named="met")

    page = response.content.decode()
    assert (response.status_code, Card.objects.count()) == (200, 0)
    assert "<title>Fout:" in page
    assert text.strip() in page
    assert re.search(r'value="met"[^>]* checked', page)


def test_text_is_text(client):
    kitchen = LabInitiativeFactory()
    path = path_for(kitchen)

    say(client, path, kitchen, "<script>alert(1)</script> 😀")

    page = client.get(path).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 😀" in page


def test_a_column_of_another_lab_is_no_choice(client):
    kitchen = LabInitiativeFactory()

    response = say(client, path_for(kitchen), kitchen, column=column_of(LabFactory()).pk)

    assert (response.status_code, Card.objects.count()) == (200, 0)


@pytest.mark.parametrize("status", [Lab.Status.CLOSED, Lab.Status.CANCELLED])
def test_when_the_lab_is_over_their_cards_are_kept_and_nothing_is_added(client, status):
    kitchen = LabInitiativeFactory()
    path = path_for(kitchen)
    say(client, path, kitchen, "Was er al", named="met")
    Lab.objects.update(status=status)

    late = say(client, path, kitchen, "Te laat")
    away = client.post(path, {"away": Card.objects.get().pk}, follow=True)

    page = client.get(path).content.decode()
    assert "Dit werklab is afgerond." in late.content.decode()
    assert "Te laat" in late.content.decode()
    assert "Dit werklab is afgerond." in away.content.decode()
    assert [card.text for card in Card.objects.all()] == ["Was er al"]
    assert "Was er al" in page
    assert "<textarea" not in page


def test_opening_the_link_changes_nothing(client):
    kitchen = LabInitiativeFactory()
    path = path_for(kitchen)
    before = everything()

    assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200
    assert client.put(path).status_code == 405

    assert everything() == before


def test_a_link_that_is_not_for_this_opens_nothing(client):
    kitchen = LabInitiativeFactory()
    path = path_for(kitchen)
    other = links.link_for(
        "endorse",
        kitchen.pk,
        lab=kitchen.lab,
        behalf=str(kitchen),
        expires_at=timezone.now() + timedelta(days=1),
    )
    token = links.url(other).rstrip("/").rpartition("/")[2]

    assert client.get(f"/meepraten/{token}/").status_code == 404
    assert client.get("/meepraten/zomaarwat/").status_code == 404
    PersonalLink.objects.update(expires_at=timezone.now())
    assert client.get(path).status_code == 410
    assert say(client, path, kitchen).status_code == 410
    assert Card.objects.count() == 0


def test_the_link_of_an_initiative_that_left_the_lab_opens_nothing(client):
    kitchen = LabInitiativeFactory()
    path = path_for(kitchen)
    LabInitiative.objects.all().delete()

    assert client.get(path).status_code == 404


def test_a_trainer_makes_the_link_once_and_finds_it_on_the_board(client_as):
    kitchen = LabInitiativeFactory()
    board = f"/werklabs/{kitchen.lab.slug}/sessies/1/"
    client = client_as(TRAINER, kitchen.lab)

    before = client.get(f"{board}?links=1").content.decode()
    client.post(f"{board}link/{kitchen.pk}/")
    response = client.post(f"{board}link/{kitchen.pk}/")
    page = client.get(response.url).content.decode()

    link = PersonalLink.objects.get(purpose="board")
    assert f"{board}link/{kitchen.pk}/" in before
    assert f'value="{links.url(link)}"' in page
    assert link.expires_at == kitchen.lab.link_expiry()


def test_the_link_of_an_initiative_of_another_lab_is_not_made(client_as):
    lab, foreign = LabFactory(), LabInitiativeFactory()

    response = client_as(TRAINER, lab).post(f"/werklabs/{lab.slug}/sessies/1/link/{foreign.pk}/")

    assert (response.status_code, PersonalLink.objects.count()) == (404, 0)


@pytest.mark.parametrize("many", [1, 8])
def test_the_page_costs_the_same_for_one_card_and_for_eight(
    client, many, django_assert_num_queries
):
    kitchen = LabInitiativeFactory()
    path = path_for(kitchen)
    for number in range(many):
        say(client, path, kitchen, f"Kaart {number}", named="met")

    with django_assert_num_queries(5):
        client.get(path)
