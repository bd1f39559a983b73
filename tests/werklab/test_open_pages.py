"""Which pages open without signing in: exactly these, and no other."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from tests.factories import EnrolmentFactory, LabFactory

# For everybody.
OPEN = {
    "account_login",
    "account_confirm_login_code",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_callback",
    "openid_connect_login",
    "werklab:new_code",
    "werklab:about",
    "werklab:accessibility",
    "werklab:calendar",
    "werklab:enrol",
    "werklab:enrolled",
    "werklab:help",
    "werklab:home",
    "werklab:join",
    "werklab:leave",
    "werklab:link_sent",
    "werklab:new_link",
    "werklab:privacy",
    "werklab:request_lab",
    "werklab:requested",
}
# For whoever holds a personal link.
BY_LINK = {
    "werklab:feed",  # by the secret address of a calendar
    "werklab:no_more_post",
    "werklab:own",
    "werklab:own_at",
    "sessions:answer_visit",
    "sessions:visit_calendar",
    "sessions:sheet_by_link",
    "sessions:answer_notes",
    "sessions:talk_along",
    "sessions:endorse",
    "initiatives:own_profile",
    "initiatives:own_preparation",
    "initiatives:own_preparation_pdf",
}
STANDS_FOR = {
    "lab_slug": "geen",
    "code": "geen",
    "slug": "geen",
    "token": "geen",
    "receipt": "geen",
}
STANDS_FOR |= {"where": "plek"}


def patterns(resolver=None, prefix="", arguments=()):
    """Every URL pattern: its full name, its view, the names of its arguments."""
    for entry in (resolver or get_resolver()).url_patterns:
        taken = (*arguments, *entry.pattern.converters)
        if isinstance(entry, URLResolver):
            namespace = f"{entry.namespace}:" if entry.namespace else ""
            yield from patterns(entry, prefix + namespace, taken)
        elif isinstance(entry, URLPattern):
            yield prefix + entry.name, entry.callback, taken


PATTERNS = {name: (view, arguments) for name, view, arguments in patterns()}


def address(name):
    """An address of this name, about nothing that exists."""
    _view, arguments = PATTERNS[name]
    return reverse(name, kwargs={key: STANDS_FOR.get(key, 1) for key in arguments})


def test_exactly_these_pages_open_without_signing_in():
    found = {
        name for name, (view, _) in PATTERNS.items() if not getattr(view, "login_required", True)
    }

    assert found == OPEN | BY_LINK


CLOSED = sorted(set(PATTERNS) - OPEN - BY_LINK)


@pytest.mark.parametrize("name", CLOSED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_other_page_leads_a_stranger_to_signing_in(name, method):
    path = address(name)
    assert resolve(path).view_name == name

    response = getattr(Client(), method)(path)

    assert (response.status_code, response["Location"]) == (302, f"/inloggen/?next={path}")


@pytest.mark.parametrize("name", sorted(BY_LINK))
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_living_link_there_is_nothing_behind_its_address(name, method):
    status = getattr(Client(), method)(address(name)).status_code

    assert status == 404 or (method, status) == ("post", 405)


def test_what_is_open_shows_no_names_to_a_stranger():
    lab = LabFactory()
    names = [EnrolmentFactory(lab=lab).person.name for _ in range(3)]

    for path in (f"/meedoen/{lab.join_code}/", f"/meedoen/{lab.join_code}/aanmelden/", "/"):
        html = Client().get(path).content.decode()
        assert not any(name in html for name in names)
