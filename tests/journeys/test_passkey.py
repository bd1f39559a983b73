"""A passkey in a real browser: Chromium with an authenticator that presses "yes" by itself."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import call_command

from tests.browser import Presses, axe
from tests.factories import LabFactory, TrainerFactory
from tests.werklab.second_steps import app_code, mailed_code, with_app
from werklab.models import Event, OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = 360
OWN = "/mijn-account/tweede-stap/"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def _limits_are_fresh(live_server):
    call_command("createcachetable", verbosity=0)
    cache.clear()


@pytest.fixture(autouse=True)
def _by_name(live_server, monkeypatch):
    """Browsers allow passkeys on localhost, not on 127.0.0.1."""
    by_name = live_server.url.replace("127.0.0.1", "localhost")
    monkeypatch.setattr(type(live_server), "url", by_name)


@pytest.fixture
def noor():
    return TrainerFactory(name="Noor Hendriks", email="noor@werklab.example")


def give_device(page, **more):
    """This browser gets a device that keeps passkeys; the way to talk to it comes back."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE | more})
    return device


def come_in_by_mail(page, person):
    page.goto("/inloggen/")
    page.fill("[name=email]", person.email)
    page.get_by_role("button", name="Stuur me een code").click()
    page.fill("[name=code]", mailed_code())
    page.get_by_role("button", name="Inloggen", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/code/"))


def has_come_in(url):
    return "/inloggen/" not in url


def add_passkey(page, name="mijn telefoon"):
    page.goto(OWN + "passkey/")
    page.fill("[name=name]", name)
    page.get_by_role("button", name="Maak een passkey").click()
    page.wait_for_url("**/codes/")


def sign_out(page):
    page.get_by_role("button", name="Uitloggen").click()
    page.get_by_role("link", name="Inloggen", exact=True).first.wait_for()


def test_sign_in_with_a_passkey_in_two_presses(page_at, noor):
    page = page_at(PHONE)
    give_device(page)
    come_in_by_mail(page, noor)
    add_passkey(page)
    page.goto("/")
    sign_out(page)
    walk = Presses(page)

    page.goto("/")
    walk.press("Inloggen")
    walk.press("Inloggen met een passkey")
    page.wait_for_url(has_come_in)

    assert page.get_by_role("button", name="Uitloggen").is_visible()
    assert walk.count <= 2
    key = Authenticator.objects.get(type="webauthn")
    assert (key.user, key.data["name"]) == (noor, "mijn telefoon")
    assert [event.name for event in Event.objects.all()] == ["second_factor_added"]
    letter = OutgoingMail.objects.get(kind="second_factor_changed")
    assert "Er is een passkey toegevoegd" in letter.text


def test_whoever_must_have_a_second_step_sets_up_a_passkey_and_goes_on(page_at, noor, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    page = page_at(PHONE)
    give_device(page)
    come_in_by_mail(page, noor)

    page.wait_for_url("**" + OWN)
    found = axe(page)
    page.get_by_role("link", name="Voeg een passkey toe").click()
    page.get_by_role("button", name="Maak een passkey").click()
    page.wait_for_url("**/codes/")
    found += axe(page)
    page.get_by_role("link", name="Ik heb ze bewaard").click()
    page.wait_for_url(lambda url: "tweede-stap" not in url)

    assert "Mijn werklabs" in page.title()
    assert found == ""
    sign_out(page)
    page.goto("/inloggen/")
    page.get_by_role("button", name="Inloggen met een passkey").click()
    page.wait_for_url(has_come_in)
    assert "Mijn werklabs" in page.title()


def test_a_passkey_is_the_second_step_after_a_code_too(page_at, noor):
    page = page_at(PHONE)
    give_device(page)
    come_in_by_mail(page, noor)
    add_passkey(page)
    page.goto("/")
    sign_out(page)

    come_in_by_mail(page, noor)
    page.wait_for_url("**/inloggen/tweede-stap/")
    found = axe(page)
    page.get_by_role("button", name="Gebruik je passkey").click()
    page.wait_for_url(has_come_in)

    assert page.get_by_role("button", name="Uitloggen").is_visible()
    assert found == ""


def test_a_browser_without_the_passkey_says_so_and_the_code_stays(page_at, noor):
    page = page_at(PHONE)
    device = give_device(page, automaticPresenceSimulation=False)
    page.goto("/inloggen/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error()) }")

    page.get_by_role("button", name="Inloggen met een passkey").click()
    status = page.locator("form[data-passkey] [role=status]")
    status.filter(has_text="Dat lukte niet.").wait_for()
    device.detach()

    assert page.locator("[name=email]").is_visible()


def test_the_passkey_of_somebody_whose_account_was_closed_opens_nothing(page_at, noor):
    page = page_at(PHONE)
    give_device(page)
    come_in_by_mail(page, noor)
    add_passkey(page)
    page.goto("/")
    sign_out(page)
    noor.is_active = False
    noor.save()

    page.goto("/inloggen/")
    page.get_by_role("button", name="Inloggen met een passkey").click()
    page.get_by_text("niet meer inloggen").wait_for()

    assert page.get_by_role("button", name="Uitloggen").count() == 0


def test_without_javascript_there_is_no_button_that_does_nothing(page_at, noor):
    page = page_at(PHONE, javascript=False)

    page.goto("/inloggen/")
    hidden = page.get_by_role("button", name="Inloggen met een passkey").count()
    come_in_by_mail(page, noor)
    page.goto(OWN + "passkey/")

    assert hidden == 0
    assert page.get_by_role("button", name="Maak een passkey").count() == 0
    assert page.get_by_role("link", name="Gebruik dan een app").is_visible()


def test_an_app_is_set_up_without_javascript(page_at, noor):
    page = page_at(PHONE, javascript=False)
    come_in_by_mail(page, noor)

    page.goto(OWN)
    page.get_by_role("link", name="Gebruik een app").click()
    secret = page.locator("main b").inner_text().replace(" ", "")
    page.fill("[name=code]", app_code(secret))
    page.get_by_role("button", name="Gebruik deze app").click()

    assert page.get_by_role("heading", level=1).inner_text() == "Herstelcodes"
    assert Authenticator.objects.filter(user=noor, type="totp").exists()


def wide(page):
    page.set_viewport_size({"width": 320, "height": 640})
    return page.evaluate("document.scrollingElement.scrollWidth")


def test_every_page_of_the_second_step_is_accessible(page_at, noor):
    """The pages that test_every_page cannot reach, because they need a factor."""
    LabFactory()
    with_app(noor)
    page = page_at(PHONE)
    give_device(page)
    come_in_by_mail(page, noor)
    found = [axe(page)]
    page.fill("[name=code]", "000000")
    page.get_by_role("button", name="Ga verder").click()
    found.append(axe(page))
    assert page.title().startswith("Fout:")
    page.fill("[name=code]", app_code())
    page.get_by_role("button", name="Ga verder").click()
    page.wait_for_url(has_come_in)

    page.goto(OWN + "passkey/")
    found.append(axe(page))  # show that it is you
    page.fill("[name=code]", app_code(moments=1))
    page.get_by_role("button", name="Ga verder").click()
    page.wait_for_url("**/passkey/")
    page.get_by_role("button", name="Maak een passkey").click()
    page.wait_for_url("**" + OWN)
    key = Authenticator.objects.get(type="webauthn").pk
    for path in (
        "",
        f"passkey/{key}/weg/",
        "app/weg/",
        "codes/",
        "codes/nieuw/",
        "jij/",
        "jij/passkey/",
    ):
        assert page.goto(OWN + path).status == 200, path
        found.append(axe(page))
        assert page.locator("h1").count() == 1
        assert wide(page) <= 320, path
    page.goto("/mijn-account/")
    found.append(axe(page))

    assert "".join(found) == ""


def test_taking_a_passkey_off_asks_for_it_once_more(page_at, noor):
    page = page_at(PHONE)
    give_device(page)
    come_in_by_mail(page, noor)
    add_passkey(page)
    page.goto("/")
    sign_out(page)
    page.goto("/inloggen/")
    page.get_by_role("button", name="Inloggen met een passkey").click()
    page.wait_for_url(has_come_in)
    key = Authenticator.objects.get(type="webauthn").pk

    page.goto(f"{OWN}passkey/{key}/weg/")
    page.get_by_role("button", name="Gebruik je passkey").click()
    page.wait_for_url(f"**/passkey/{key}/weg/")
    page.get_by_role("button", name="Haal weg").click()
    page.wait_for_url("**" + OWN)

    assert not Authenticator.objects.exists()
    assert Event.objects.filter(name="second_factor_removed").count() == 1
    assert OutgoingMail.objects.filter(kind="second_factor_changed").count() == 2
