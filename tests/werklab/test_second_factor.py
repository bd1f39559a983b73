"""The second step: an app and recovery codes, the door for who must have one, and what is told.

The passkey has its own tests in a real browser: tests/journeys/test_passkey.py.
"""

import json
import os
import subprocess
import sys
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from tests.factories import EnrolmentFactory, LabFactory, TrainerFactory, UserFactory
from tests.werklab.second_steps import app_code, by_mail, is_signed_in, kinds, with_app
from werklab import second_factor
from werklab.models import Event, OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)
OWN = "/mijn-account/tweede-stap/"
STEP = "/inloggen/tweede-stap/"


@pytest.fixture(autouse=True)
def _limits_are_fresh():
    call_command("createcachetable", verbosity=0)
    cache.clear()


@pytest.fixture
def noor():
    return TrainerFactory(name="Noor Hendriks", email="noor@werklab.example")


@pytest.fixture
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


def start_app(client):
    """Set up an app on the page for it."""
    secret = client.get(OWN + "app/").context["secret"].replace(" ", "")
    return secret, client.post(OWN + "app/", {"code": app_code(secret)})


# --- setting up and taking off ----------------------------------------------------------------


def test_an_app_is_set_up_and_the_recovery_codes_are_shown_without_asking_again(noor):
    client = Client()
    client.force_login(noor)

    _secret, response = start_app(client)
    page = client.get(response["Location"])

    assert response["Location"] == OWN + "codes/"
    assert page.status_code == 200
    assert len(page.context["unused_codes"]) == 10
    assert kinds(noor) == {"totp", "recovery_codes"}
    letter = OutgoingMail.objects.get()
    assert (letter.kind, letter.to) == ("second_factor_changed", noor.email)
    assert "Er is een app voor codes toegevoegd aan je account." in letter.text
    assert "/mijn-account/" in letter.text
    assert "06 0000 0000" in letter.text
    event = Event.objects.get()
    assert (event.name, event.by, event.lab, event.detail) == (
        "second_factor_added",
        noor,
        None,
        "totp",
    )


def test_the_page_of_the_app_shows_a_square_without_style_and_the_secret_in_words(noor):
    client = Client()
    client.force_login(noor)

    page = client.get(OWN + "app/")
    html = page.content.decode()

    assert "<svg" in html
    assert "data:image" not in html
    assert "style=" not in html
    assert len(page.context["secret"].replace(" ", "")) == 32


@pytest.mark.parametrize("typed", ["", "000000", "é", "1\x00", "x" * 5000])
def test_a_wrong_code_of_the_app_gets_a_sentence_and_keeps_the_same_square(noor, typed):
    client = Client()
    client.force_login(noor)
    before = client.get(OWN + "app/").context["secret"]

    response = client.post(OWN + "app/", {"code": typed})

    assert response.status_code == 200
    assert response.context["form"].errors["code"]
    assert response.context["secret"] == before
    assert kinds(noor) == set()


def test_secrets_stand_unreadable_in_the_database(noor):
    client = Client()
    client.force_login(noor)

    secret, _response = start_app(client)
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in kept
    assert not any(code in kept for code in client.get(OWN + "codes/").context["unused_codes"])


def test_taking_the_app_off_asks_to_show_that_it_is_you(noor):
    with_app(noor)
    client = Client()
    client.force_login(noor)

    asked = client.post(OWN + "app/weg/")
    assert kinds(noor) == {"totp", "recovery_codes"}
    given = client.post(asked["Location"], {"code": app_code()})

    assert unquote(asked["Location"]) == f"{OWN}jij/?next={OWN}app/weg/"
    assert given["Location"] == OWN  # what was pressed is done now
    assert kinds(noor) == set()
    assert Event.objects.get().name == "second_factor_removed"
    assert "De app voor codes is weggehaald" in OutgoingMail.objects.get().text


def test_new_recovery_codes_end_the_old_ones_and_are_told(noor):
    old = with_app(noor)
    client, _response = by_mail(noor)
    client.post(STEP, {"code": app_code()})
    asked = client.get(OWN + "codes/nieuw/")
    client.post(asked["Location"], {"code": old[0]})

    client.post(OWN + "codes/nieuw/")
    new = client.get(OWN + "codes/").context["unused_codes"]

    assert len(new) == 10
    assert not set(new) & set(old)
    assert OutgoingMail.objects.filter(kind="second_factor_changed").count() == 1


def test_without_a_factor_there_are_no_codes_to_make_or_see(noor):
    client = Client()
    client.force_login(noor)

    assert client.get(OWN + "codes/").status_code == 404
    response = client.post(OWN + "codes/nieuw/")

    assert response.status_code == 200
    assert kinds(noor) == set()


@pytest.mark.parametrize(
    "credential", ["", "{", "[]", "1", '"x"', "null", "{}", '{"id": 1}', '{"response": []}']
)
@pytest.mark.parametrize("path", [OWN + "passkey/", "/inloggen/passkey/"])
def test_nonsense_instead_of_a_passkey_gets_a_sentence(noor, path, credential):
    client = Client()
    if path.startswith(OWN):
        client.force_login(noor)
    client.get(path, headers={"accept": "application/json"})

    response = client.post(path, {"credential": credential, "name": "x"}, follow=True)

    errors = response.context["form"].errors.values()
    told = [str(message) for message in response.context["messages"]] + [str(e) for e in errors]
    assert response.status_code == 200
    assert any("Probeer het nog eens." in sentence for sentence in told)
    assert kinds(noor) == set()


# --- signing in -------------------------------------------------------------------------------


def test_with_an_app_the_code_by_mail_is_not_enough(noor):
    with_app(noor)

    client, response = by_mail(noor)

    assert response["Location"] == STEP
    assert not is_signed_in(client)
    client.post(STEP, {"code": app_code()})
    assert is_signed_in(client)


def test_a_code_of_the_app_works_once(noor):
    with_app(noor)
    code = app_code()
    first, _ = by_mail(noor)
    first.post(STEP, {"code": code})
    second, _ = by_mail(noor)

    response = second.post(STEP, {"code": code})

    assert response.context["form"].errors["code"] == ["Dat klopt niet. Probeer het nog eens."]
    assert not is_signed_in(second)


def test_a_recovery_code_lets_in_once(noor):
    code = with_app(noor)[3]
    first, _ = by_mail(noor)
    second, _ = by_mail(noor)

    first.post(STEP, {"code": code})
    second.post(STEP, {"code": code})

    assert is_signed_in(first)
    assert not is_signed_in(second)
    factors = second_factor.factors_of(noor)
    assert [second_factor.codes_left(f) for f in factors if f.type == "recovery_codes"] == [9]


def test_trying_codes_is_stopped_for_this_person(noor):
    with_app(noor)
    client, _ = by_mail(noor)
    for _ in range(5):
        client.post(STEP, {"code": "000000"})

    response = client.post(STEP, {"code": app_code()})

    assert "te vaak geprobeerd" in response.content.decode()
    assert not is_signed_in(client)


def test_the_second_step_without_the_first_leads_to_signing_in():
    assert Client().get(STEP)["Location"] == "/inloggen/"


# --- who must have one ------------------------------------------------------------------------


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("who", [{"background": "both"}, {"background": "", "is_staff": True}])
def test_trainers_and_staff_without_a_second_step_see_nothing_but_setting_it_up(who):
    lab, person = LabFactory(), UserFactory(**who)
    client, _ = by_mail(person)

    for path in ("/", "/initiatieven/", f"/werklabs/{lab.slug}/", "/mijn-account/", "/trainers/"):
        assert client.get(path)["Location"] == OWN, path
        assert client.post(path)["Location"] == OWN, path
    for path in ("/hulp/", "/privacy/", "/toegankelijkheid/", OWN, OWN + "app/", OWN + "passkey/"):
        assert client.get(path).status_code == 200, path
    assert "Stel eerst een tweede stap in." in client.get(OWN).content.decode()
    assert client.post("/uitloggen/")["Location"] == "/"


@pytest.mark.usefixtures("required")
def test_after_setting_up_everything_is_there_at_once(noor):
    client, _ = by_mail(noor)

    start_app(client)

    assert client.get("/").status_code == 200


@pytest.mark.usefixtures("required")
def test_a_session_of_before_the_factor_must_show_it_first(noor):
    """Who can read the mail and came in first gains nothing when the owner sets up a factor."""
    intruder, _ = by_mail(noor)
    owner, _ = by_mail(noor)
    start_app(owner)

    response = intruder.get("/", follow=True)

    assert response.redirect_chain[-1][0].startswith(OWN + "jij/")
    assert owner.get("/").status_code == 200


@pytest.mark.usefixtures("required")
def test_the_last_factor_stays_where_one_is_needed(noor):
    client, _ = by_mail(noor)
    start_app(client)

    page = client.get(OWN + "app/weg/")
    client.post(OWN + "app/weg/")

    assert "Voeg eerst een andere toe." in page.content.decode()
    assert kinds(noor) == {"totp", "recovery_codes"}
    assert not Event.objects.filter(name="second_factor_removed").exists()


@pytest.mark.usefixtures("required")
def test_coordinators_and_participants_need_none():
    lab = LabFactory()
    coordinator = lab.roles.get(role="coordinator").user

    client, _ = by_mail(coordinator)

    assert client.get("/").status_code == 200
    assert client.get(f"/werklabs/{lab.slug}/").status_code == 200
    assert client.get(OWN).status_code == 200


@pytest.mark.usefixtures("required")
def test_the_link_of_a_trainer_who_takes_part_opens_their_place(by_link):
    enrolment = EnrolmentFactory(person=TrainerFactory())

    client = by_link(enrolment)

    assert client.get(f"/werklabs/{enrolment.lab.slug}/").status_code == 200


@pytest.mark.parametrize("needed", [False, True])
def test_the_door_asks_the_database_nothing(noor, settings, needed, django_assert_num_queries):
    client, _ = by_mail(noor)
    start_app(client)
    settings.REQUIRE_SECOND_FACTOR = needed

    with django_assert_num_queries(2):  # the session and the person
        client.get("/hulp/?" + str(needed))
    with django_assert_num_queries(2):
        assert client.get("/werklabs/nieuw/x/").status_code == 404


def test_a_personal_link_opens_nothing_of_the_account(by_link):
    """Else whoever holds the link could add a passkey to the account of a coordinator."""
    client = by_link(EnrolmentFactory())

    for path in (
        "/mijn-account/",
        "/mijn-account/gegevens/",
        "/mijn-account/gegevens.json",
        *(OWN + page for page in ("", "app/", "passkey/", "codes/", "codes/nieuw/", "jij/")),
    ):
        assert client.get(path).status_code == 404, path
        assert client.post(path).status_code in (404, 405), path


@pytest.mark.parametrize(
    ("https", "demo", "needed"),
    [("1", "0", "True"), ("0", "0", "False"), ("1", "1", "False"), ("0", "1", "False")],
)
def test_in_production_it_is_required_by_itself(tmp_path, https, demo, needed):
    variables = os.environ | {"HTTPS": https, "DEMO": demo, "SECRET_KEY": "x"}
    variables |= {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "werklab.settings"}
    code = "from werklab import settings; print(settings.REQUIRE_SECOND_FACTOR)"
    told = subprocess.run(
        [sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == needed


@pytest.mark.parametrize("page", ["", "app/", "passkey/"])
def test_the_pages_cost_few_questions(noor, page, django_assert_max_num_queries):
    client = Client()
    client.force_login(noor)

    with django_assert_max_num_queries(10):  # BEGIN and COMMIT around the session are two of them
        client.get(OWN + page)


@pytest.mark.parametrize("page", ["", "codes/", "codes/nieuw/", "app/weg/"])
def test_the_pages_with_a_factor_cost_few_questions(noor, page, django_assert_max_num_queries):
    client = Client()
    client.force_login(noor)
    start_app(client)

    with django_assert_max_num_queries(8):
        assert client.get(OWN + page).status_code == 200
