"""Signing in at a municipality, against a real OpenID Connect provider on loopback."""

import json
import re
import subprocess
import sys
import time
import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from tests.factories import LabFactory, TrainerFactory, UserFactory
from tests.served import free_port
from tests.werklab.second_steps import is_signed_in, with_app
from werklab.models import User
from werklab.openid_apps import openid_apps

pytestmark = pytest.mark.django_db(transaction=True)
THERE = "/inloggen/gemeente/oss/"


@pytest.fixture(scope="module")
def provider():
    """A provider that gives everybody the claims which a test told it."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{address}/.well-known/openid-configuration").close()
                break
            except OSError:
                time.sleep(0.05)
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(autouse=True)
def _oss_has_it(provider, settings):
    call_command("createcachetable", verbosity=0)
    cache.clear()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": openid_apps(
                [
                    {
                        "name": "Gemeente Oss",
                        "id": "oss",
                        "client_id": "werklab",
                        "secret": "geheim",
                        "server_url": provider,
                        "domains": ["oss.example"],
                    }
                ]
            )
        }
    }


@pytest.fixture
def roos():
    return UserFactory(name="Roos Tanis", email="roos@oss.example")


def known_there(provider, sub="roos", **claims):
    """The municipality says this of somebody."""
    requests.put(f"{provider}/users/{sub}", json=claims, timeout=5).raise_for_status()


def there_and_back(client, sub="roos", action=None, path=THERE):
    """Press the button, say at the provider who you are, and come back."""
    page = client.post(path)
    assert page.status_code == 200
    address = page.context["url"]
    answer = requests.post(
        address, data={"sub": sub, "action": action}, allow_redirects=False, timeout=5
    )
    back = urlsplit(answer.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def test_somebody_known_signs_in_with_their_work_account(provider, roos):
    known_there(provider, email="Roos@oss.example", email_verified=True)
    client = Client()

    response = there_and_back(client)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(roos.pk)


def test_a_button_for_each_municipality_that_has_it(settings):
    html = Client().get("/inloggen/").content.decode()
    assert "Inloggen via Gemeente Oss" in html

    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}

    assert "Inloggen via" not in Client().get("/inloggen/").content.decode()
    assert Client().post(THERE).status_code == 404


def test_the_page_on_the_way_goes_on_by_itself_and_by_a_link(provider):
    page = Client().post(THERE)
    html = page.content.decode()

    asked = parse_qs(urlsplit(page.context["url"]).query)
    assert page.context["url"].startswith(provider)
    assert html.count(page.context["url"].replace("&", "&amp;")) == 2
    assert re.search(r'<meta http-equiv="refresh" content="0; url=', html)
    assert asked["redirect_uri"] == ["http://testserver/inloggen/gemeente/oss/terug/"]
    assert asked["code_challenge_method"] == ["S256"]


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "onbekend@oss.example", "email_verified": True},
        {"email": "roos@oss.example", "email_verified": False},
        {"email": "roos@oss.example", "email_verified": "false"},
        {"email": "roos@oss.example"},
        {"email": "noor@werklab.example", "email_verified": True},
        {"email": "roos@oss.example@evil.example", "email_verified": True},
        {"email_verified": True},
        {"email": ["roos@oss.example"], "email_verified": True},
    ],
)
def test_who_is_not_known_for_sure_gets_a_page_and_no_account(provider, roos, claims):
    TrainerFactory(email="noor@werklab.example")
    known_there(provider, **claims)
    client = Client()

    response = there_and_back(client)

    assert response.status_code == 403
    assert "We kennen je nog niet" in response.content.decode()
    assert "Gemeente Oss" in response.content.decode()
    assert not is_signed_in(client)
    assert User.objects.count() == 2


def test_a_closed_account_does_not_come_in(provider, roos):
    User.objects.update(is_active=False)
    known_there(provider, email=roos.email, email_verified=True)
    client = Client()

    assert there_and_back(client).status_code == 403
    assert not is_signed_in(client)


def test_who_stops_there_gets_a_page(roos):
    response = there_and_back(Client(), action="deny")

    assert response.status_code == 400
    assert "Het inloggen lukte niet" in response.content.decode()


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=verzonnen", "?state=\x00"])
def test_an_answer_to_nothing_asked_gets_a_page(query):
    response = Client().get(f"{THERE}terug/{query}")

    assert response.status_code == 400
    assert "Het inloggen lukte niet" in response.content.decode()


def test_an_answer_works_once(provider, roos):
    known_there(provider, email=roos.email, email_verified=True)
    client = Client()
    page = client.post(THERE)
    answer = requests.post(
        page.context["url"], data={"sub": "roos"}, allow_redirects=False, timeout=5
    )
    back = urlsplit(answer.headers["Location"])
    stolen = Client().get(f"{back.path}?{back.query}")
    client.get(f"{back.path}?{back.query}")
    client.post("/uitloggen/")

    again = client.get(f"{back.path}?{back.query}")

    assert (stolen.status_code, again.status_code) == (400, 400)
    assert not is_signed_in(client)


def test_a_server_that_is_away_gets_a_page(settings):
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"]["server_url"] = f"http://127.0.0.1:{free_port()}"

    response = Client().post(THERE)

    assert response.status_code == 502
    assert "Het inloggen lukte niet" in response.content.decode()


def test_the_second_step_stays_for_who_has_one(provider, roos):
    with_app(roos)
    known_there(provider, email=roos.email, email_verified=True)
    client = Client()

    response = there_and_back(client)

    assert response["Location"] == "/inloggen/tweede-stap/"
    assert not is_signed_in(client)


def test_it_leads_where_somebody_was_going_and_nowhere_else(provider, roos):
    known_there(provider, email=roos.email, email_verified=True)
    lab = LabFactory()
    lab.roles.filter(role="coordinator").update(user=roos)

    inside = there_and_back(Client(), path=f"{THERE}?next=/werklabs/{lab.slug}/")
    outside = there_and_back(Client(), path=f"{THERE}?next=https://elders.example/")

    assert inside["Location"] == f"/werklabs/{lab.slug}/"
    assert outside["Location"] == "/"


def test_going_there_is_pressed_not_visited():
    assert Client().get(THERE).status_code == 405
    assert Client().post("/inloggen/gemeente/nergens/").status_code == 404
    assert Client().get("/inloggen/gemeente/nergens/terug/").status_code == 404


def test_settings_that_lack_something_are_refused_by_name():
    with pytest.raises(ValueError, match="'Oss' lacks secret, domains"):
        openid_apps([{"name": "Oss", "client_id": "x", "server_url": "https://x.example"}])


def test_a_server_without_https_is_refused():
    provider = dict.fromkeys(("name", "client_id", "secret"), "x") | {"domains": ["oss.example"]}

    with pytest.raises(ValueError, match="without https"):
        openid_apps([provider | {"server_url": "http://login.oss.example"}])


def test_the_settings_are_read_from_json():
    text = json.dumps(
        [
            {
                "name": "'s-Hertogenbosch",
                "client_id": "x",
                "secret": "y",
                "server_url": "https://x.example",
                "domains": ["@Den-Bosch.example"],
            }
        ]
    )

    app = openid_apps(json.loads(text))[0]

    assert app["provider_id"] == "s-hertogenbosch"
    assert app["settings"]["domains"] == ["den-bosch.example"]
