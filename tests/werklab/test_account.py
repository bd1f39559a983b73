"""One's own account: name and number, where one is signed in, and how it is reached."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.factories import LabFactory, TrainerFactory, UserFactory
from tests.werklab.second_steps import by_mail, is_signed_in
from werklab import browsers
from werklab.models import Event, Lab

ACCOUNT = "/mijn-account/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Safari/604.1"


@pytest.fixture(autouse=True)
def _limits_are_fresh():
    call_command("createcachetable", verbosity=0)
    cache.clear()


@pytest.fixture
def noor():
    return TrainerFactory(name="Noor Hendriks", email="noor@werklab.example")


def test_the_name_in_the_header_leads_there(noor):
    client = Client()
    client.force_login(noor)

    assert 'href="/mijn-account/"' in client.get("/").content.decode()


def test_a_trainer_corrects_name_and_phone_number_and_the_labs_show_it(noor):
    lab = LabFactory()
    lab.roles.filter(role="trainer", chair="municipal").update(user=noor)
    client = Client()
    client.force_login(noor)

    response = client.post(ACCOUNT, {"name": " Noor  de Wit ", "phone": "06 9999 0000"})

    noor.refresh_from_db()
    assert response["Location"] == ACCOUNT
    assert (noor.name, noor.phone) == ("Noor de Wit", "06 9999 0000")
    assert Lab.objects.get(pk=lab.pk).version > lab.version
    event = Event.objects.get()
    assert (event.name, event.by, event.lab) == ("details_changed", noor, None)


def test_a_coordinator_has_no_number_to_change():
    person = UserFactory(name="Roos Tanis", phone="")
    client = Client()
    client.force_login(person)

    client.post(
        ACCOUNT, {"name": "Roos", "phone": "06 1", "is_staff": "on", "email": "x@x.example"}
    )

    person.refresh_from_db()
    assert (person.name, person.phone, person.is_staff) == ("Roos", "", False)
    assert person.email != "x@x.example"


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "https://x.example", "a\x00b"])
def test_a_wrong_name_gets_a_sentence_and_changes_nothing(noor, name):
    client = Client()
    client.force_login(noor)

    response = client.post(ACCOUNT, {"name": name, "phone": "06 5555"})

    noor.refresh_from_db()
    assert response.status_code == 200
    assert response.context["form"].errors["name"]
    assert 'value="06 5555"' in response.content.decode()
    assert noor.name == "Noor Hendriks"
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox op Windows"),
        (SAFARI, "Safari op iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Safari/537.36", "Chrome op Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Chrome/1 Safari/1 Edg/1", "Edge op Mac"),
        ("curl/8.0", "Een onbekende browser"),
        ("", "Een onbekende browser"),
        ("<script>", "Een onbekende browser"),
    ],
)
def test_a_browser_is_called_as_people_call_it(user_agent, words):
    assert browsers.in_words(user_agent) == words


def test_the_list_says_where_and_which_one_is_this(noor):
    here, _ = by_mail(noor, HTTP_USER_AGENT=FIREFOX)
    by_mail(noor, HTTP_USER_AGENT=SAFARI)
    by_mail(UserFactory())

    found = here.get(ACCOUNT).context["sessions"]

    assert [(one["browser"], one["here"]) for one in found] == [
        ("Firefox op Windows", True),
        ("Safari op iPhone", False),
    ]


def test_one_other_browser_is_signed_out_at_once(noor):
    here, _ = by_mail(noor)
    there, _ = by_mail(noor)
    elsewhere, _ = by_mail(noor)
    other = browsers.signed_in(noor).get(session_key=there.session.session_key)

    response = here.post(f"{ACCOUNT}ingelogd/{other.pk}/stop/")

    assert response["Location"] == ACCOUNT
    assert [is_signed_in(client) for client in (here, there, elsewhere)] == [True, False, True]
    event = Event.objects.get()
    assert (event.name, event.by, event.lab, event.detail) == ("sessions_ended", noor, None, "1")


def test_all_others_are_signed_out_at_once(noor):
    here, _ = by_mail(noor)
    others = [by_mail(noor)[0] for _ in range(2)]

    here.post(f"{ACCOUNT}ingelogd/stop/")

    assert is_signed_in(here)
    assert not any(is_signed_in(client) for client in others)
    assert Event.objects.get().detail == "2"


def test_nobody_signs_out_somebody_else(noor):
    mine, _ = by_mail(UserFactory())
    theirs, _ = by_mail(noor)
    session = browsers.signed_in(noor).get()

    response = mine.post(f"{ACCOUNT}ingelogd/{session.pk}/stop/")
    mine.post(f"{ACCOUNT}ingelogd/stop/")

    assert response.status_code == 404
    assert is_signed_in(theirs)
    assert not Event.objects.exists()


def test_signing_out_is_pressed_not_visited(noor):
    client, _ = by_mail(noor)

    assert client.get(f"{ACCOUNT}ingelogd/stop/").status_code == 405
    assert client.get(f"{ACCOUNT}ingelogd/1/stop/").status_code == 405


def test_what_is_over_is_forgotten(noor):
    client, _ = by_mail(noor)
    by_mail(noor)[0].post("/uitloggen/")
    assert len(client.get(ACCOUNT).context["sessions"]) == 1

    browsers.forget_ended()
    assert browsers.UserSession.objects.count() == 1
    browsers.forget_ended(timezone.now() + timedelta(days=15))

    assert not browsers.UserSession.objects.exists()
    assert not is_signed_in(client)


@pytest.mark.parametrize("times", [1, 8])
def test_the_page_costs_the_same_for_one_and_for_eight_browsers(
    noor, times, settings, django_assert_num_queries
):
    settings.ACCOUNT_RATE_LIMITS = False
    clients = [by_mail(noor)[0] for _ in range(times)]

    with django_assert_num_queries(4):  # session, person, factors, browsers
        clients[0].get(ACCOUNT)
