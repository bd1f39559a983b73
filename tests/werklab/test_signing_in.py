"""Signing in: a code by mail, once and for ten minutes; no passwords, no signing up."""

import re
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from tests.factories import TrainerFactory, UserFactory
from werklab import signing_in
from werklab.models import OutgoingMail, User

ASK, GIVE, NEW = "/inloggen/", "/inloggen/code/", "/inloggen/nieuwe-code/"


@pytest.fixture(autouse=True)
def _limits_are_fresh():
    call_command("createcachetable", verbosity=0)
    cache.clear()


@pytest.fixture
def noor():
    return TrainerFactory(email="noor@werklab.example")


def ask(client, email="noor@werklab.example", **more):
    return client.post(ASK, {"email": email} | more)


def the_code():
    """The code that stands in the last letter."""
    return re.search(r"\d{4}-\d{4}", OutgoingMail.objects.first().text)[0]


def signed_in(client):
    return "_auth_user_id" in client.session


def test_a_code_is_mailed_and_lets_in_and_leads_home(noor):
    client = Client()

    asked = ask(client, "NOOR@werklab.example")
    given = client.post(GIVE, {"code": the_code()})

    assert (asked.status_code, asked["Location"]) == (302, GIVE)
    assert (given.status_code, given["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(noor.pk)
    letter = OutgoingMail.objects.get()
    assert (letter.kind, letter.to) == ("login_code", "noor@werklab.example")


@pytest.mark.usefixtures("noor")
def test_the_code_may_be_typed_without_the_line_and_with_spaces():
    client = Client()
    ask(client)

    client.post(GIVE, {"code": " " + the_code().replace("-", " ")})

    assert signed_in(client)


@pytest.mark.usefixtures("noor")
def test_the_fields_can_be_filled_by_phone_and_password_manager():
    client = Client()
    page = client.get(ASK).content.decode()
    ask(client)
    code_page = client.get(GIVE).content.decode()

    assert 'autocomplete="email"' in page
    assert 'autocomplete="one-time-code"' in code_page
    assert 'inputmode="numeric"' in code_page
    assert "placeholder" not in code_page


@pytest.mark.usefixtures("noor")
def test_an_unknown_address_gets_the_same_answer_and_no_letter():
    known, unknown = Client(), Client()

    answers = [ask(known), ask(unknown, "niemand@werklab.example")]
    pages = [client.get(GIVE).content.decode() for client in (known, unknown)]

    assert {answer["Location"] for answer in answers} == {GIVE}
    pages = [re.sub(r'value="[^"]*"', "", page) for page in pages]
    assert pages[0] == pages[1].replace("niemand@", "noor@")
    assert OutgoingMail.objects.count() == 1
    unknown.post(GIVE, {"code": the_code()})
    assert not signed_in(unknown)


def test_nobody_signs_up():
    client = Client()

    ask(client, "nieuw@werklab.example")

    assert not User.objects.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    "name", ["account_signup", "account_logout", "account_email", "account_reset_password"]
)
def test_of_allauth_only_two_pages_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_closed_account_gets_no_code(noor):
    User.objects.update(is_active=False)

    ask(Client())

    assert not OutgoingMail.objects.exists()


def test_an_account_that_is_closed_in_between_does_not_come_in(noor):
    client = Client()
    ask(client)
    User.objects.update(is_active=False)

    response = client.post(GIVE, {"code": the_code()}, follow=True)

    assert not signed_in(client)
    assert response.status_code == 200


@pytest.mark.usefixtures("noor")
def test_a_wrong_code_gets_a_sentence():
    client = Client()
    ask(client)

    response = client.post(GIVE, {"code": "0000-000"})

    assert response.context["form"].errors == {
        "code": ["Deze code klopt niet. Kijk nog eens in de mail."]
    }
    assert not signed_in(client)


@pytest.mark.parametrize("typed", ["", "x" * 10_000, "é", "12\x00"])
@pytest.mark.usefixtures("noor")
def test_strange_codes_get_a_sentence(typed):
    client = Client()
    ask(client)

    response = client.post(GIVE, {"code": typed})

    assert response.status_code == 200
    assert response.context["form"].errors["code"]


@pytest.mark.parametrize(
    "typed", ["", "geen adres", "x" * 10_000 + "@a.example", "a\x00@a.example"]
)
def test_strange_addresses_get_a_sentence(typed):
    response = ask(Client(), typed)

    assert response.status_code == 200
    assert response.context["form"].errors["email"]


@pytest.mark.usefixtures("noor")
def test_after_three_wrong_codes_the_right_one_is_dead_too():
    client = Client()
    ask(client)
    code = the_code()
    for _ in range(3):
        response = client.post(GIVE, {"code": "0000-0000"})

    assert response["Location"] == ASK
    assert "te vaak geprobeerd" in client.get(ASK).content.decode()
    client.post(GIVE, {"code": code})
    assert not signed_in(client)


@pytest.mark.usefixtures("noor")
def test_a_code_dies_after_ten_minutes(monkeypatch):
    client = Client()
    ask(client)
    code, later = the_code(), time.time() + 601

    monkeypatch.setattr(time, "time", lambda: later)
    response = client.post(GIVE, {"code": code})

    assert response["Location"] == ASK
    assert not signed_in(client)


@pytest.mark.usefixtures("noor")
def test_a_code_works_once():
    client, other = Client(), Client()
    ask(client)
    code = the_code()
    client.post(GIVE, {"code": code})
    client.post("/uitloggen/")

    response = client.post(GIVE, {"code": code})

    assert response["Location"] == ASK
    assert not signed_in(client)
    other.post(GIVE, {"code": code})
    assert not signed_in(other)


@pytest.mark.usefixtures("noor")
def test_a_new_code_ends_the_old_one_and_asking_again_is_possible():
    client = Client()
    ask(client)
    old = the_code()

    client.post("/uitloggen/")
    ask(client)
    client.post(GIVE, {"code": old})

    assert not signed_in(client)
    client.post(GIVE, {"code": the_code()})
    assert signed_in(client)


@pytest.mark.usefixtures("noor")
def test_a_new_code_is_one_press_without_typing_the_address_again():
    client = Client()
    ask(client)
    old = the_code()
    page = client.get(GIVE).content.decode()

    response = client.post(NEW, follow=True)
    html = response.content.decode()

    assert f'action="{NEW}"' in page
    assert "Stuur een nieuwe code" in page
    assert response.redirect_chain == [(GIVE, 302)]
    assert "Er is een nieuwe code onderweg. De vorige werkt niet meer." in html
    assert "noor@werklab.example" in html
    client.post(GIVE, {"code": old})
    assert not signed_in(client)
    client.post(GIVE, {"code": the_code()})
    assert signed_in(client)


@pytest.mark.usefixtures("noor")
def test_a_new_code_lives_ten_minutes_of_its_own(monkeypatch):
    client, start = Client(), time.time()
    ask(client)
    monkeypatch.setattr(time, "time", lambda: start + 9 * 60)
    client.post(NEW)
    code = the_code()

    monkeypatch.setattr(time, "time", lambda: start + 18 * 60)
    client.post(GIVE, {"code": code})

    assert signed_in(client)


@pytest.mark.usefixtures("noor")
@pytest.mark.parametrize("minutes", [11, 60])
def test_when_the_code_is_over_the_address_stands_there_and_the_button_works(monkeypatch, minutes):
    client, later = Client(), time.time() + 60 * minutes
    ask(client)
    code = the_code()
    monkeypatch.setattr(time, "time", lambda: later)

    over = client.post(GIVE, {"code": code}, follow=True).content.decode()
    client.post(NEW)
    client.post(GIVE, {"code": the_code()})

    assert 'value="noor@werklab.example"' in over
    assert minutes > 15 or "Deze code werkt niet meer. Vraag een nieuwe." in over
    assert signed_in(client)


@pytest.mark.usefixtures("noor")
def test_a_new_code_for_an_unknown_address_looks_the_same_and_mails_nobody():
    known, unknown = Client(), Client()
    ask(known)
    ask(unknown, "niemand@werklab.example")

    pages = [client.post(NEW, follow=True).content.decode() for client in (known, unknown)]

    pages = [re.sub(r'value="[^"]*"', "", page) for page in pages]
    assert pages[0] == pages[1].replace("niemand@", "noor@")
    assert OutgoingMail.objects.count() == 2


@pytest.mark.usefixtures("noor")
def test_new_codes_count_for_the_limit_of_the_address_and_the_last_one_stays():
    client = Client()
    ask(client)
    for _ in range(2):
        client.post(NEW)
    code = the_code()

    response = client.post(NEW, follow=True)

    assert response.redirect_chain == [(GIVE, 302)]
    assert "te vaak geprobeerd" in response.content.decode()
    assert OutgoingMail.objects.count() == 3
    client.post(GIVE, {"code": code})
    assert signed_in(client)


def test_a_new_code_without_having_asked_for_one_leads_to_asking(noor):
    assert Client().post(NEW)["Location"] == ASK
    assert Client().get(NEW).status_code == 405
    inside = Client()
    inside.force_login(noor)
    assert inside.post(NEW)["Location"] == ASK
    assert not OutgoingMail.objects.exists()


def test_twelve_codes_an_hour_for_one_address(noor, monkeypatch):
    start = time.time()
    for number in range(14):
        monkeypatch.setattr(time, "time", lambda number=number: start + 61 * number)
        ask(Client())

    assert OutgoingMail.objects.count() == 12
    monkeypatch.setattr(time, "time", lambda: start + 3700)
    ask(Client())
    assert OutgoingMail.objects.count() == 13


def test_a_whole_town_hall_signs_in_from_one_computer():
    people = [UserFactory() for _ in range(40)]

    for person in people:
        assert ask(Client(), person.email).status_code == 302

    assert OutgoingMail.objects.count() == 40


@pytest.mark.usefixtures("noor")
def test_asking_too_often_for_one_address_is_refused_with_a_sentence():
    for _ in range(3):
        assert ask(Client()).status_code == 302

    response = ask(Client())

    assert response.status_code == 200
    assert response.context["form"].errors["email"]
    assert OutgoingMail.objects.count() == 3


def test_the_page_for_the_code_without_having_asked_leads_back():
    response = Client().get(GIVE)

    assert (response.status_code, response["Location"]) == (302, ASK)


@pytest.mark.parametrize(
    ("following", "leads_to"),
    [
        ("/initiatieven/", "/initiatieven/"),
        ("https://elders.example/", "/"),
        ("//elders.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_next_never_leaves_the_site(noor, following, leads_to):
    client = Client()
    asked = client.post(f"{ASK}?next={following}", {"email": noor.email, "next": following})

    given = client.post(asked["Location"], {"code": the_code(), "next": following})

    assert given["Location"] == leads_to


@pytest.mark.usefixtures("noor")
def test_the_session_gets_a_new_key_and_dies_at_signing_out():
    client = Client()
    ask(client)
    before = client.session.session_key
    client.post(GIVE, {"code": the_code()})
    inside = client.session.session_key

    client.post("/uitloggen/")

    assert inside != before
    stolen = Client()
    stolen.cookies["werklab"] = inside
    assert stolen.get("/trainers/").status_code == 302
    assert client.get("/uitloggen/").status_code == 405


def test_a_form_from_elsewhere_is_refused(noor):
    client = Client(enforce_csrf_checks=True)

    assert ask(client).status_code == 403
    assert client.post(GIVE, {"code": "1"}).status_code in (302, 403)
    assert not OutgoingMail.objects.exists()


def test_who_is_signed_in_is_led_home(noor):
    client = Client()
    client.force_login(noor)

    assert client.get(ASK)["Location"] == "/"


# --- codes do not stay readable ---------------------------------------------------------------


@pytest.mark.usefixtures("noor")
def test_an_hour_later_the_code_is_wiped_from_the_post():
    ask(Client())
    code, now = the_code(), timezone.now()

    assert signing_in.wipe_codes(now + timedelta(minutes=59)) == 0
    assert signing_in.wipe_codes(now + timedelta(minutes=61)) == 1
    assert signing_in.wipe_codes(now + timedelta(minutes=61)) == 0

    row = OutgoingMail.objects.values().get()
    assert code not in str(row)
    assert row["status"] == OutgoingMail.Status.DROPPED  # it was never posted


@pytest.mark.usefixtures("noor")
def test_wiping_leaves_what_was_posted_posted_and_other_letters_alone():
    ask(Client())
    OutgoingMail.objects.update(status="sent")
    other = OutgoingMail.objects.create(
        kind="withdrawn", to="a@a.example", text="x", message_id="1"
    )
    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(hours=2))

    signing_in.wipe_codes()

    other.refresh_from_db()
    assert other.text == "x"
    assert OutgoingMail.objects.get(kind="login_code").status == "sent"


def test_staff_and_participants_sign_in_the_same_way():
    client = Client()
    user = UserFactory(email="ans@oss.example")
    ask(client, user.email)

    client.post(GIVE, {"code": the_code()})

    assert client.session["_auth_user_id"] == str(user.pk)
