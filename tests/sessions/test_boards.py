"""The boards: writing cards line by line, unnamed or named, weighing them, taking them away."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from sessions import advice, boards
from sessions.models import Advice, Card, Column, LabSession, Report, Vote
from sessions.programme import programmes
from tests.conftest import STRANGER, person_with
from tests.factories import (
    AdviceFactory,
    CardFactory,
    EnrolmentFactory,
    LabFactory,
    LabInitiativeFactory,
)
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.errors import Refused
from werklab.models import Event, Lab

KEY = "a-key-of-one-form-0001"


def board(lab, number=1, tail=""):
    return f"/werklabs/{lab.slug}/sessies/{number}/{tail}"


def column_of(lab, kind="strength"):
    return Column.objects.filter(lab_session__lab=lab, kind=kind).first()


def write(client, lab, text="Ze kennen elkaar bij naam.", *, number=1, **more):
    form = {"column": "strength", "text": text, "named": "zonder", "side": "municipality"}
    return client.post(board(lab, number, "kaart/"), form | more)


def page_of(client, lab, number=1, tail=""):
    response = client.get(board(lab, number, tail))
    assert response.status_code == 200
    return response.content.decode()


# --- what stands on the boards --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "title"),
    [
        pytest.param(1, "Op de koffie bij bewonersinitiatieven", marks=pytest.mark.req("REQ-057")),
        pytest.param(
            2,
            "De samenwerking van de gemeente met bewonersinitiatieven",
            marks=pytest.mark.req("REQ-062"),
        ),
        pytest.param(3, "Je eigen rol", marks=pytest.mark.req("REQ-068")),
    ],
)
def test_each_session_has_its_board_under_its_own_title(client_as, number, title):
    lab = LabFactory()

    page = page_of(client_as(PARTICIPANT, lab), lab, number)

    assert re.search(rf"<h1>\s*{title}\s*</h1>", page)


@pytest.mark.parametrize(
    ("number", "kind", "title"),
    [
        pytest.param(3, "role", "Mijn rol", marks=pytest.mark.req("REQ-069")),
        pytest.param(
            2, "collaboration_form", "Vormen van samenwerken", marks=pytest.mark.req("REQ-081")
        ),
        pytest.param(2, "instrument", "Middelen en regelingen", marks=pytest.mark.req("REQ-082")),
        pytest.param(2, "do", "Doen", marks=pytest.mark.req("REQ-083")),
        pytest.param(2, "dont", "Niet doen", marks=pytest.mark.req("REQ-083")),
        *[
            pytest.param(3, f"need_{whose}", title, marks=pytest.mark.req("REQ-084"))
            for whose, title in {
                "self": "Nodig van mijzelf",
                "initiatives": "Nodig van initiatiefnemers",
                "organisation": "Nodig van de organisatie en leiding",
                "colleagues": "Nodig van collega&#x27;s",
            }.items()
        ],
    ],
)
def test_a_card_hangs_in_the_column_that_asks_for_it(client_as, number, kind, title):
    lab = LabFactory()
    client = client_as(PARTICIPANT, lab)

    write(client, lab, "Precies in deze kolom.", number=number, column=kind)

    column = page_of(client, lab, number).partition(f'aria-labelledby="kop-{kind}"')[2]
    column = column.partition("</section>")[0]
    assert f'id="kop-{kind}">{title} <span>1 kaart</span>' in column
    assert "Precies in deze kolom." in column


@pytest.mark.req("REQ-069")
def test_the_column_of_roles_asks_about_all_three(client_as):
    lab = LabFactory()

    page = page_of(client_as(PARTICIPANT, lab), lab, 3)

    assert "Ben je adviseur, verbinder of regisseur?" in page


@pytest.mark.req("REQ-078")
def test_both_sides_say_what_they_expect_in_a_column_of_their_own(client_as):
    lab = LabFactory()
    client = client_as(TRAINER, lab)

    ours = {"column": "expectation_municipality", "side": "municipality"}
    theirs = {"column": "expectation_initiative", "side": "initiative"}
    write(client, lab, "Dat jullie afspraken nakomen.", number=2, **ours)
    write(client, lab, "Dat je onze avonden telt als werktijd.", number=2, **theirs)

    found = Card.objects.values_list("column__title", "side", "text")
    assert set(found) == {
        ("Wat wij van initiatieven verwachten", "municipality", "Dat jullie afspraken nakomen."),
        (
            "Wat initiatieven van ons verwachten",
            "initiative",
            "Dat je onze avonden telt als werktijd.",
        ),
    }


@pytest.mark.req("REQ-121")
@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_agreement_is_written_down_at_once_on_every_board(client_as, number):
    lab = LabFactory()

    response = write(
        client_as(TRAINER, lab),
        lab,
        "Het Wiel en de buitendienst lopen samen een ronde.",
        number=number,
        column="agreement_idea",
        side="together",
    )

    assert response.status_code == 302
    card = Card.objects.get()
    assert (card.column.lab_session.number, card.column.title) == (number, "Afspraken")


@pytest.mark.req("REQ-121")
@pytest.mark.parametrize("form", ["three_sessions", "one_day"])
def test_every_template_of_a_session_has_a_column_for_agreements(form):
    for template in programmes()[form]:
        kinds = {column["kind"] for block in template["blocks"] for column in block["columns"]}

        assert "agreement_idea" in kinds


def test_on_a_phone_the_chosen_column_shows_and_no_other(client_as):
    lab = LabFactory()

    page = page_of(client_as(PARTICIPANT, lab), lab, 3, "?kolom=need_organisation")

    assert re.findall(r'<section class="column [^"]*is-shown"[^>]*kop-(\w+)', page) == [
        "need_organisation"
    ]
    assert re.findall(r'kolom=(\w+)" aria-current', page) == ["need_organisation"]
    assert page.count('<form class="panel panel--tight"') == 9


def test_an_unknown_column_shows_the_first(client_as):
    lab = LabFactory()

    page = page_of(client_as(PARTICIPANT, lab), lab, 1, "?kolom=%00%3Cscript%3E&kaart=x")

    assert re.findall(r'is-shown"[^>]*kop-(\w+)', page) == ["strength"]


def test_a_board_that_was_never_kept_says_so(client_as):
    lab = LabFactory(sessions=False, status=Lab.Status.CLOSED)
    LabSession.objects.create(lab=lab, number=1, title="Kennismaken")
    client = client_as(TRAINER, lab)

    assert "Van deze sessie is geen bord bewaard" in page_of(client, lab, 1)
    assert client.get(board(lab, 2)).status_code == 404


# --- writing cards --------------------------------------------------------------------------------


def test_a_trainer_writes_line_by_line_and_the_cursor_stays_in_the_column(client_as):
    lab = LabFactory()
    client = client_as(TRAINER, lab)

    first = write(client, lab, "Een", column="wish")
    page = client.get(first.url).content.decode()
    write(client, lab, "Twee", column="wish")

    assert first.status_code == 302
    assert re.findall(r'<input id="(\w+)-text"[^>]* autofocus>', page) == ["wish"]
    assert list(Card.objects.values_list("text", flat=True)) == ["Een", "Twee"]


@pytest.mark.parametrize("javascript", [True, False])
def test_in_a_browser_enter_is_the_next_card(page_at, javascript):
    lab = LabFactory()
    page = page_at(360, javascript=javascript, user=person_with(TRAINER, lab))
    page.goto(board(lab, 3, "?kolom=need_self"))

    page.get_by_label("Wat heb je nodig van jezelf?").fill("Minder beloven")
    for following in ("Vaker bellen", "Durven"):
        page.keyboard.press("Enter")
        page.get_by_text("Je kaart hangt op het bord.").wait_for()
        page.wait_for_function("document.activeElement.value === ''")
        page.keyboard.type(following)
    page.keyboard.press("Enter")
    page.get_by_text("3 kaarten").first.wait_for()

    assert [card.text for card in Card.objects.all()] == [
        "Minder beloven",
        "Vaker bellen",
        "Durven",
    ]


def test_what_was_said_beside_the_text_stands_ready_for_the_next_card(client_as):
    lab = LabFactory()
    kitchen = LabInitiativeFactory(lab=lab)
    client = client_as(TRAINER, lab)

    said = {"named": "met", "side": "together", "heard_at": kitchen.pk}
    page = client.get(write(client, lab, **said).url).content.decode()

    assert '<option value="met" selected>' in page
    assert '<option value="together" selected>' in page
    assert f'<option value="{kitchen.pk}" selected>{kitchen}</option>' in page


@pytest.mark.req("REQ-087")
@pytest.mark.parametrize("side", ["municipality", "initiative", "together"])
def test_the_side_that_a_trainer_chooses_is_kept_and_shown(client_as, side):
    lab = LabFactory()
    client = client_as(TRAINER, lab)

    write(client, lab, side=side)

    label = {"municipality": "gemeente", "initiative": "initiatief", "together": "samen"}[side]
    assert Card.objects.get().side == side
    assert f'<p class="card__note">{label}</p>' in page_of(client, lab)


@pytest.mark.req("REQ-087")
def test_a_participant_speaks_for_the_municipality_whatever_is_sent(client_as):
    lab = LabFactory()
    kitchen = LabInitiativeFactory(lab=lab)

    write(client_as(PARTICIPANT, lab), lab, side="initiative", heard_at=kitchen.pk)

    card = Card.objects.get()
    assert (card.side, card.heard_at) == ("municipality", None)


def test_where_it_was_heard_stands_on_the_card(client_as):
    lab = LabFactory()
    kitchen = LabInitiativeFactory(lab=lab)
    client = client_as(TRAINER, lab)

    write(client, lab, side="initiative", heard_at=kitchen.pk)

    assert f"initiatief · gehoord bij {kitchen}" in page_of(client, lab)


def test_an_initiative_of_another_lab_cannot_be_where_it_was_heard(client_as):
    lab = LabFactory()

    response = write(client_as(TRAINER, lab), lab, heard_at=LabInitiativeFactory().pk)

    assert (response.status_code, Card.objects.count()) == (200, 0)


def test_a_named_card_shows_the_name_and_an_unnamed_one_shows_none(client_as):
    lab = LabFactory()
    writer = EnrolmentFactory(lab=lab).person
    client = Client()
    client.force_login(writer)

    write(client, lab, "Met naam", named="met")
    write(client, lab, "Zonder naam", named="zonder")

    seen = page_of(client_as(TRAINER, lab), lab)
    assert seen.count(writer.name) == 1
    assert list(Card.objects.values_list("text", "author")) == [
        ("Met naam", writer.pk),
        ("Zonder naam", None),
    ]


def test_a_card_of_280_characters_fits_and_one_more_does_not(client_as):
    lab = LabFactory()
    client = client_as(PARTICIPANT, lab)

    write(client, lab, "é" * 280)
    response = write(client, lab, "a" * 281)

    assert [len(card.text) for card in Card.objects.all()] == [280]
    page = response.content.decode()
    assert "280 tekens" in page
    assert 'aria-describedby="strength-error"' in page
    assert f'value="{"a" * 281}"' in page
    assert "<title>Fout:" in page


@pytest.mark.parametrize("text", ["", "   \t ", "a\x00b", "x" * 10_000])
def test_what_cannot_hang_on_a_board_is_said_at_the_line_and_stays_typed(client_as, text):
    lab = LabFactory()

    response = write(client_as(TRAINER, lab), lab, text, column="wish", named="met")

    page = response.content.decode()
    assert (response.status_code, Card.objects.count()) == (200, 0)
    assert re.search(r'id="wish-error">.*?<span>[^<]+</span>', page, re.DOTALL)
    assert 'href="#wish-text"' in page
    assert text.strip() in page
    assert '<option value="met" selected>' in page


@pytest.mark.parametrize(
    "text", ["😀 wat een energie", "<script>alert(1)</script>", "{id} {{ x }}"]
)
def test_text_is_text(client_as, text):
    lab = LabFactory()
    client = client_as(PARTICIPANT, lab)

    write(client, lab, text)

    page = page_of(client, lab)
    assert Card.objects.get().text == text
    assert text.replace("<", "&lt;").replace(">", "&gt;") in page
    assert "<script>alert" not in page


def test_pasted_lines_become_one(client_as):
    lab = LabFactory()

    write(client_as(PARTICIPANT, lab), lab, " Eerst langsgaan,\r\n dan pas\tmailen. ")

    assert Card.objects.get().text == "Eerst langsgaan, dan pas mailen."


def test_the_same_form_sent_twice_is_one_card_and_both_answers_can_take_it_away(client_as):
    lab = LabFactory()
    client = client_as(PARTICIPANT, lab)

    write(client, lab, key=KEY)
    first = client.cookies.pop("cards")
    write(client, lab, key=KEY)

    assert Card.objects.count() == 1
    assert Event.objects.filter(name="card_added").count() == 1
    client.post(board(lab, 1, f"kaarten/{Card.objects.get().pk}/weg/"))
    assert Card.objects.count() == 0
    assert first["httponly"]


@pytest.mark.parametrize("other", [{"text": "Anders"}, {"named": "met"}, {"column": "wish"}])
def test_the_same_form_with_something_else_in_it_is_another_card(client_as, other):
    lab = LabFactory()
    client = client_as(PARTICIPANT, lab)

    write(client, lab, key=KEY)
    write(client, lab, **{"key": KEY} | other)

    assert Card.objects.count() == 2


def test_a_column_that_is_not_on_this_board_does_not_exist(client_as):
    lab = LabFactory()
    client = client_as(TRAINER, lab)

    for kind in ("need_self", "nothing", "\x00", ""):
        assert write(client, lab, column=kind).status_code == 404
    assert Card.objects.count() == 0


def test_a_participant_writes_from_their_own_link(by_link):
    enrolment = EnrolmentFactory()
    client = by_link(enrolment)

    write(client, enrolment.lab, "Met naam", named="met")

    assert Card.objects.get().author == enrolment.person
    assert Event.objects.get(name="card_added").via == Event.Via.LINK


# --- unnamed --------------------------------------------------------------------------------------

PEOPLE = {
    "werklab_user",
    "werklab_enrolment",
    "werklab_personallink",
    "labsessions_labinitiative",
    "labsessions_card",
}


def everything():
    """Every row of every table, with the rows of people and cards that it points at."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            relations = connection.introspection.get_relations(cursor, table)
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                values = dict(zip(names, row, strict=True))
                to = {relations[n][1] for n, v in values.items() if n in relations and v}
                found.add((table, repr(values), frozenset(to & PEOPLE)))
    return found


@pytest.mark.parametrize("way", ["account", "link"])
def test_an_unnamed_card_leaves_no_trace_of_its_writer_in_any_table(client_as, by_link, way):
    enrolment = EnrolmentFactory(person__name="Quirine Zoekplaatje")
    lab, writer = enrolment.lab, enrolment.person
    client = Client() if way == "account" else by_link(enrolment)
    if way == "account":
        client.force_login(writer)
    before = everything()

    write(client, lab)
    client.get(board(lab, 1, "?kolom=strength&nieuw=1"))

    new = {(table, row, to) for table, row, to in everything() - before}
    assert {table for table, _row, _to in new} == {
        "labsessions_card",
        "werklab_event",
        "werklab_lab",
    }
    for table, row, to in new:
        assert to == frozenset(), f"{table} points at somebody: {row}"
        assert writer.name not in row
        assert writer.email not in row
    event = Event.objects.get(name="card_added")
    assert (event.by, event.by_name, event.via) == (None, "", Event.Via.ACCOUNT)
    assert (event.object_type, event.about) == ("column", "Kracht")


def test_taking_an_unnamed_card_away_is_by_nobody(client_as):
    lab = LabFactory()
    client = client_as(PARTICIPANT, lab)
    write(client, lab)

    client.post(board(lab, 1, f"kaarten/{Card.objects.get().pk}/weg/"))

    event = Event.objects.get(name="card_removed")
    assert (Card.objects.count(), event.by, event.by_name) == (0, None, "")


def test_only_the_browser_that_wrote_it_can_take_an_unnamed_card_away(client_as):
    lab = LabFactory()
    writer = EnrolmentFactory(lab=lab).person
    here, elsewhere = Client(), Client()
    here.force_login(writer)
    elsewhere.force_login(writer)
    write(here, lab)
    away = board(lab, 1, f"kaarten/{Card.objects.get().pk}/weg/")

    assert away not in page_of(elsewhere, lab)
    assert elsewhere.post(away).status_code == 403
    assert away in page_of(here, lab)
    assert Card.objects.count() == 1


def test_the_next_person_at_the_same_browser_does_not_see_whose_cards_were_written(client_as):
    lab = LabFactory()
    client = client_as(PARTICIPANT, lab)
    write(client, lab)
    away = board(lab, 1, f"kaarten/{Card.objects.get().pk}/weg/")

    client.force_login(person_with(PARTICIPANT, lab))

    assert "cards" in client.cookies
    assert away not in page_of(client, lab)
    assert client.post(away).status_code == 403


def test_the_cookie_is_for_the_server_only_and_stays_small(client_as):
    lab = LabFactory()
    client = client_as(PARTICIPANT, lab)

    for number in range(62):
        write(client, lab, f"Kaart {number}")

    cookie = client.cookies["cards"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == 14 * 24 * 60 * 60
    assert len(cookie.value) < 3800
    first, last = Card.objects.first(), Card.objects.last()
    assert client.post(board(lab, 1, f"kaarten/{last.pk}/weg/")).status_code == 302
    assert client.post(board(lab, 1, f"kaarten/{first.pk}/weg/")).status_code == 403


def test_a_cookie_that_somebody_made_up_opens_nothing(client_as):
    lab = LabFactory()
    card = CardFactory(lab=lab)
    client = client_as(PARTICIPANT, lab)
    client.cookies["cards"] = f"[[{card.pk},'x']]"

    response = client.post(board(lab, 1, f"kaarten/{card.pk}/weg/"))

    assert (response.status_code, Card.objects.count()) == (403, 1)


def test_after_writing_the_card_can_be_taken_away_at_once(client_as):
    lab = LabFactory()
    client = client_as(PARTICIPANT, lab)

    page = client.get(write(client, lab).url).content.decode()

    toast = page.partition('class="toast"')[2].partition("</div>")[0]
    assert "Je kaart hangt op het bord." in toast
    assert f"kaarten/{Card.objects.get().pk}/weg/" in toast


# --- taking away and changing ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("author", 302), (TRAINER, 302), (STAFF, 302), (PARTICIPANT, 403), (COORDINATOR, 403)],
)
@pytest.mark.parametrize("way", ["weg/", "wijzig/"])
def test_who_can_change_a_named_card_or_take_it_away(client_as, who, status, way):
    lab = LabFactory()
    author = EnrolmentFactory(lab=lab).person
    card = CardFactory(lab=lab, named=True, author=author, text="Zo was het")
    client = Client()
    client.force_login(author if who == "author" else person_with(who, lab))

    words = {"text": "Zo is het", "column": card.column_id, "side": "together", "named": "met"}
    response = client.post(board(lab, 1, f"kaarten/{card.pk}/{way}"), words)

    found = Card.objects.filter(text="Zo was het").count()
    assert (response.status_code, found) == (status, int(status == 403))


def test_an_unnamed_card_is_changed_by_a_trainer_only(client_as):
    lab = LabFactory()
    client = client_as(PARTICIPANT, lab)
    write(client, lab)
    change = board(lab, 1, f"kaarten/{Card.objects.get().pk}/wijzig/")

    assert client.get(change).status_code == 403
    assert client_as(TRAINER, lab).get(change).status_code == 200


def test_a_trainer_moves_a_card_to_another_board_with_its_dots(client_as):
    lab = LabFactory()
    card = CardFactory(lab=lab)
    boards.vote(person_with(PARTICIPANT, lab), card, True)

    there = column_of(lab, "do")
    words = {"text": "Bel eerst.", "column": there.pk, "side": "initiative"}
    response = client_as(TRAINER, lab).post(board(lab, 1, f"kaarten/{card.pk}/wijzig/"), words)

    card.refresh_from_db()
    assert response.url.startswith(board(lab, 2, "?kolom=do"))
    assert (card.text, card.column, card.side) == ("Bel eerst.", there, "initiative")
    assert card.votes.count() == 1


def test_a_card_cannot_go_to_a_board_of_another_lab(client_as):
    lab = LabFactory()
    card = CardFactory(lab=lab)

    words = {"text": "Weg ermee", "column": column_of(LabFactory()).pk, "side": "together"}
    response = client_as(TRAINER, lab).post(board(lab, 1, f"kaarten/{card.pk}/wijzig/"), words)

    assert response.status_code == 200
    assert Card.objects.get(pk=card.pk).text == card.text


def test_the_author_takes_their_name_off_a_card_and_nothing_leads_back(client_as):
    lab = LabFactory()
    author = EnrolmentFactory(lab=lab).person
    client = Client()
    client.force_login(author)
    write(client, lab, "Van mij", named="met")
    write(client, lab, "Later")
    old = Card.objects.get(text="Van mij")
    boards.vote(person_with(TRAINER, lab), old, True)
    made = advice.advice_from_card(person_with(TRAINER, lab), old)

    words = {"text": "Van mij", "column": old.column_id, "named": "zonder"}
    client.post(board(lab, 1, f"kaarten/{old.pk}/wijzig/"), words)

    card = Card.objects.get(text="Van mij")
    assert (card.named, card.author, card.side) == (False, None, "municipality")
    assert card.pk > Card.objects.get(text="Later").pk
    assert card.created_at > old.created_at
    assert (card.votes.count(), list(made.sources.all())) == (1, [card])
    assert Event.objects.get(name="card_changed").by is None
    assert f"kaarten/{card.pk}/weg/" in page_of(client, lab)


def test_an_unnamed_card_never_gets_a_name(client_as):
    lab = LabFactory()
    trainer = person_with(TRAINER, lab)
    client = Client()
    client.force_login(trainer)
    write(client, lab)
    card = Card.objects.get()

    words = {"text": "Anders", "column": card.column_id, "side": "together", "named": "met"}
    client.post(board(lab, 1, f"kaarten/{card.pk}/wijzig/"), words)

    card.refresh_from_db()
    assert (card.text, card.named, card.author) == ("Anders", False, None)


@pytest.mark.parametrize("text", ["", "x" * 281])
def test_a_card_is_not_changed_into_what_cannot_hang(client_as, text):
    lab = LabFactory()
    card = CardFactory(lab=lab)

    words = {"text": text, "column": card.column_id, "side": "together"}
    response = client_as(TRAINER, lab).post(board(lab, 1, f"kaarten/{card.pk}/wijzig/"), words)

    assert "<title>Fout:" in response.content.decode()
    assert Card.objects.get().text == card.text


@pytest.mark.req("REQ-117")
def test_a_source_of_an_advice_stays_and_the_refusal_names_the_advice(client_as):
    lab = LabFactory()
    card = CardFactory(lab=lab)
    AdviceFactory(lab=lab, title="Bel binnen drie dagen terug", sources=[card])

    client = client_as(TRAINER, lab)
    response = client.post(board(lab, 1, f"kaarten/{card.pk}/weg/"), follow=True)

    assert Card.objects.count() == 1
    assert "advies 1" in response.content.decode()
    assert "Bel binnen drie dagen terug" in response.content.decode()
    assert not Event.objects.filter(name="card_removed").exists()


@pytest.mark.parametrize("way", ["weg/", "stip/", "advies/", "wijzig/"])
def test_a_card_that_somebody_else_just_took_away_is_no_longer_there(client_as, way):
    lab = LabFactory()
    card = CardFactory(lab=lab)
    Card.objects.all().delete()

    response = client_as(TRAINER, lab).post(board(lab, 1, f"kaarten/{card.pk}/{way}"), follow=True)

    assert response.redirect_chain == [(board(lab), 302)]
    assert "Deze kaart hangt niet meer op het bord." in response.content.decode()


def test_a_card_that_goes_while_somebody_presses_is_refused_in_words():
    lab = LabFactory()
    card, voter = CardFactory(lab=lab), person_with(PARTICIPANT, lab)
    Card.objects.filter(pk=card.pk).delete()

    with pytest.raises(Refused):
        boards.vote(voter, card, True)
    with pytest.raises(Refused):
        boards.change_card(voter, card, text="Anders", side="together", column=card.column)
    with pytest.raises(Refused):
        boards.remove_card(voter, card)


# --- dots -----------------------------------------------------------------------------------------


def dot(client, lab, card, state="on", number=1):
    return client.post(board(lab, number, f"kaarten/{card.pk}/stip/"), {"dot": state})


def test_a_dot_goes_on_and_off_and_twice_is_once(client_as):
    lab = LabFactory()
    card = CardFactory(lab=lab)
    client = client_as(PARTICIPANT, lab)

    dot(client, lab, card)
    dot(client, lab, card)

    assert Vote.objects.count() == 1
    page = page_of(client, lab)
    assert "1 stem<" in page
    assert 'aria-pressed="true"' in page
    assert "nog 4 stemmen" in page
    dot(client, lab, card, "off")
    dot(client, lab, card, "off")
    assert Vote.objects.count() == 0


def test_the_dot_of_another_is_counted_but_not_shown_as_mine(client_as):
    lab = LabFactory()
    boards.vote(person_with(PARTICIPANT, lab), CardFactory(lab=lab), True)

    page = page_of(client_as(PARTICIPANT, lab), lab)

    assert "1 stem<" in page
    assert 'aria-pressed="true"' not in page
    assert "nog 5 stemmen" in page


def test_the_sixth_dot_in_a_session_is_refused_and_in_the_next_session_it_is_not(client_as):
    lab = LabFactory()
    cards = [CardFactory(lab=lab) for _ in range(6)]
    client = client_as(PARTICIPANT, lab)

    for card in cards[:5]:
        dot(client, lab, card)
    refused = client.post(board(lab, 1, f"kaarten/{cards[5].pk}/stip/"), {"dot": "on"}, follow=True)
    dot(client, lab, CardFactory(lab=lab, kind="do"), number=2)

    assert "Je hebt alle 5 stemmen gegeven" in refused.content.decode()
    assert cards[5].votes.count() == 0
    assert Vote.objects.count() == 6


def test_the_logbook_does_not_say_whose_dot_it_was(client_as):
    lab = LabFactory()

    dot(client_as(PARTICIPANT, lab), lab, CardFactory(lab=lab))

    event = Event.objects.get(name="vote_given")
    assert (event.by, event.by_name, event.about) == (None, "", "Kracht")


@pytest.mark.django_db(transaction=True)
def test_eight_dots_at_the_same_moment_are_five():
    lab = LabFactory()
    voter = person_with(PARTICIPANT, lab)
    cards = [CardFactory(lab=lab) for _ in range(8)]

    def give(card):
        try:
            boards.vote(voter, card, True)
        except Refused:
            return "refused"
        finally:
            connection.close()
        return "given"

    with ThreadPoolExecutor(8) as threads:
        answers = sorted(threads.map(give, cards))

    assert answers == ["given"] * 5 + ["refused"] * 3
    assert Vote.objects.count() == 5


# --- from card to advice --------------------------------------------------------------------------


@pytest.mark.req("REQ-116", "REQ-117")
@pytest.mark.parametrize(("number", "kind"), [(1, "strength"), (2, "do"), (3, "need_self")])
@pytest.mark.parametrize("role", [TRAINER, PARTICIPANT])
def test_one_press_turns_a_card_of_any_session_into_an_advice(client_as, role, number, kind):
    lab = LabFactory()
    card = CardFactory(lab=lab, kind=kind, text="Bel eerst, mail daarna.")
    client = client_as(role, lab)

    response = client.post(board(lab, number, f"kaarten/{card.pk}/advies/"))

    made = Advice.objects.get()
    assert response.url == f"/werklabs/{lab.slug}/advies/{made.pk}/"
    assert (made.title, list(made.sources.all())) == ("Bel eerst, mail daarna.", [card])
    assert f'<a href="/werklabs/{lab.slug}/advies/{made.pk}/">Bron van advies 1</a>' in page_of(
        client, lab, number
    )


@pytest.mark.req("REQ-117")
def test_a_card_is_tied_to_an_advice_that_is_there_already(client_as):
    lab = LabFactory()
    card = CardFactory(lab=lab)
    made = AdviceFactory(lab=lab)
    client = client_as(PARTICIPANT, lab)

    page = page_of(client, lab, 1, f"?kaart={card.pk}")
    response = client.post(board(lab, 1, f"kaarten/{card.pk}/advies/"), {"advice": made.pk})

    assert f'<option value="{made.pk}">1. {made.title}</option>' in page
    assert response.status_code == 302
    assert list(made.sources.all()) == [card]


@pytest.mark.parametrize("which", ["foreign", "x", "\x00", ""])
def test_a_card_is_not_tied_to_an_advice_of_another_lab(client_as, which):
    lab = LabFactory()
    card = CardFactory(lab=lab)
    foreign = AdviceFactory()

    chosen = {"advice": foreign.pk if which == "foreign" else which}
    url = board(lab, 1, f"kaarten/{card.pk}/advies/")
    response = client_as(TRAINER, lab).post(url, chosen, follow=True)

    assert "Kies een van de adviezen." in response.content.decode()
    assert (foreign.sources.count(), lab.advices.count()) == (0, 0)


# --- the shared view ------------------------------------------------------------------------------


@pytest.mark.req("REQ-030")
def test_a_trainer_writes_down_the_shared_view_and_participants_read_it(client_as):
    lab = LabFactory()

    response = client_as(TRAINER, lab).post(
        board(lab, 3, "kijk/"), {"shared_view": "Wij bellen eerst.\nEn dan pas mailen wij."}
    )

    page = page_of(client_as(PARTICIPANT, lab), lab, 3)
    assert response.status_code == 302
    assert "<p>Wij bellen eerst.<br>En dan pas mailen wij.</p>" in page
    assert "<textarea" not in page


@pytest.mark.parametrize("text", ["a\x00b", "x" * 1501, "x" * 10_000])
def test_a_shared_view_that_does_not_fit_is_said_at_the_field_and_stays_typed(client_as, text):
    lab = LabFactory(shared_view="Zo was het.")

    response = client_as(TRAINER, lab).post(board(lab, 3, "kijk/"), {"shared_view": text})

    page = response.content.decode()
    assert (response.status_code, Lab.objects.get().shared_view) == (200, "Zo was het.")
    assert 'id="id_shared_view_error"' in page
    assert text in page
    assert "<title>Fout:" in page


# --- when nothing can be written ------------------------------------------------------------------


def every_post(lab, card):
    """Every way to change something on a board, with a form that would be right."""
    words = {"text": "Nieuw", "column": card.column_id, "side": "together"}
    return {
        "kaart/": {"column": "strength", "text": "Nieuw", "side": "together"},
        "kijk/": {"shared_view": "Nieuw"},
        f"kaarten/{card.pk}/wijzig/": words,
        f"kaarten/{card.pk}/weg/": {},
        f"kaarten/{card.pk}/stip/": {"dot": "on"},
        f"kaarten/{card.pk}/advies/": {},
        f"link/{LabInitiativeFactory(lab=lab).pk}/": {},
    }


def state(lab):
    cards = list(Card.objects.values_list("pk", "text", "column"))
    lab.refresh_from_db()
    return cards, Vote.objects.count(), lab.advices.count(), lab.shared_view, lab.version


@pytest.mark.parametrize("status", [Lab.Status.CLOSED, Lab.Status.CANCELLED])
def test_on_a_lab_that_is_over_nothing_changes_and_nothing_invites_to(client_as, status):
    lab = LabFactory(status=status)
    card = CardFactory(lab=lab)
    posts = every_post(lab, card)
    client = client_as(TRAINER, lab)
    before = state(lab)

    for tail, form in posts.items():
        response = client.post(board(lab, 1, tail), form, follow=True)
        assert response.status_code == 200
        assert "Dit werklab is afgerond." in response.content.decode(), tail

    assert state(lab) == before
    page = page_of(client, lab)
    assert card.text in page
    for word in ("kaart/", "stip/", "advies/", "weg/", "?kaart="):
        assert f'{board(lab)}{word}"' not in page


def test_what_was_typed_when_the_lab_just_closed_stays_typed(client_as):
    lab = LabFactory(status=Lab.Status.CLOSED)

    response = write(client_as(TRAINER, lab), lab, "Nog net dit")

    assert 'value="Nog net dit"' in response.content.decode()


def test_a_board_opens_with_its_lab_long_before_session_1(client_as):
    lab = LabFactory(status=Lab.Status.PREPARING)
    client = client_as(TRAINER, lab)

    too_early = write(client, lab)
    Lab.objects.update(status=Lab.Status.LIVE)
    write(client, lab)

    assert "Het bord gaat open als de aanmelding open is." in too_early.content.decode()
    assert Card.objects.count() == 1
    assert not lab.has_begun()


def test_while_a_final_report_stands_its_boards_are_as_frozen(client_as):
    lab = LabFactory()
    card = CardFactory(lab=lab)
    posts = every_post(lab, card)
    Report.objects.create(lab=lab, number=1, pdf=b"%PDF", sha256="0" * 64)
    client = client_as(TRAINER, lab)
    before = state(lab)

    for tail, form in posts.items():
        response = client.post(board(lab, 1, tail), form, follow=True)
        assert "Het advies is definitief" in response.content.decode(), tail

    assert state(lab) == before


# --- who may --------------------------------------------------------------------------------------

ALL = (STAFF, TRAINER, COORDINATOR, PARTICIPANT)
MAY = {
    "kaart/": (TRAINER, PARTICIPANT),
    "kijk/": (STAFF, TRAINER),
    "wijzig/": (STAFF, TRAINER),
    "weg/": (STAFF, TRAINER),
    "stip/": (TRAINER, PARTICIPANT),
    "advies/": (TRAINER, PARTICIPANT),
    "link": (STAFF, TRAINER),
}


@pytest.mark.parametrize("role", [*ALL, STRANGER])
@pytest.mark.parametrize("what", MAY)
def test_who_may_do_what_on_a_board(client_as, what, role):
    lab = LabFactory()
    card = CardFactory(lab=lab)
    tail, form = next((t, f) for t, f in every_post(lab, card).items() if what in t)
    before = state(lab)

    response = client_as(role, lab).post(board(lab, 1, tail), form)

    status = 302 if role in MAY[what] else 404 if role == STRANGER else 403
    assert response.status_code == status
    assert (state(lab) == before) == (status != 302)


@pytest.mark.parametrize("role", [*ALL, STRANGER])
def test_who_may_see_a_board(client_as, role):
    lab = LabFactory()

    response = client_as(role, lab).get(board(lab))

    assert response.status_code == (404 if role == STRANGER else 200)


def test_a_reader_sees_the_cards_and_no_button(client_as):
    lab = LabFactory()
    card = CardFactory(lab=lab)

    page = page_of(client_as(COORDINATOR, lab), lab)

    assert card.text in page
    for word in ("stip/", "advies/", "weg/", "kaart/", "?kaart="):
        assert word not in page.partition('class="blocks"')[2]


@pytest.mark.parametrize("way", ["wijzig/", "weg/", "stip/", "advies/"])
def test_a_card_of_another_board_does_not_exist_here(client_as, way):
    lab = LabFactory()
    client = client_as(TRAINER, lab)

    for card in (CardFactory(), CardFactory(lab=lab, kind="do")):
        response = client.post(board(lab, 1, f"kaarten/{card.pk}/{way}"), {"dot": "on"})
        assert response.status_code == 404
    assert (Card.objects.count(), Vote.objects.count(), Advice.objects.count()) == (2, 0, 0)


def test_getting_changes_nothing_and_what_changes_is_posted(client_as):
    lab = LabFactory()
    card = CardFactory(lab=lab)
    tails = [tail for tail in every_post(lab, card) if "wijzig" not in tail]
    client = client_as(TRAINER, lab)
    before = everything()

    for tail in tails:
        assert client.get(board(lab, 1, tail)).status_code == 405
    assert client.post(board(lab)).status_code == 405
    for tail in ("", f"kaarten/{card.pk}/wijzig/", "?links=1", f"?kaart={card.pk}"):
        assert client.get(board(lab, 1, tail)).status_code == 200

    assert everything() - before == set()


def test_a_stranger_to_the_app_is_asked_to_sign_in(client):
    lab = LabFactory()

    assert client.get(board(lab)).url.startswith("/inloggen/")


# --- what it costs --------------------------------------------------------------------------------


def fill(lab, many, voter):
    for _ in range(many):
        kitchen = LabInitiativeFactory(lab=lab)
        writer = EnrolmentFactory(lab=lab).person
        boards.make_link(person_with(TRAINER, lab), kitchen)
        words = {"text": f"Kaart {kitchen.pk}", "named": True, "heard_at": kitchen}
        card, _secret = boards.add_card(writer, column_of(lab), **words)
        boards.add_card(writer, column_of(lab, "wish"), text="Nog een")
        boards.vote(writer, card, True)
        advice.advice_from_card(writer, card)
    boards.vote(voter, card, True)


@pytest.mark.parametrize("many", [1, 8])
def test_a_board_costs_at_most_eight_queries_for_one_and_for_eight(
    by_link, many, django_assert_num_queries
):
    lab = LabFactory()
    trainer, enrolment = person_with(TRAINER, lab), EnrolmentFactory(lab=lab)
    fill(lab, many, enrolment.person)
    of_trainer = Client()
    of_trainer.force_login(trainer)
    of_participant = by_link(enrolment)

    with django_assert_num_queries(8):
        of_trainer.get(board(lab, 1, "?links=1"))
    with django_assert_num_queries(3):  # the same board, kept for everybody in the lab
        of_participant.get(board(lab))
    boards.share_view(trainer, lab, "Wij bellen terug.")
    with django_assert_num_queries(7):
        of_participant.get(board(lab))
