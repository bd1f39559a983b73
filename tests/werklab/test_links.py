"""Personal links: one thing each, an end, and a secret that stands nowhere in the database."""

import logging
from datetime import timedelta

import pytest
from django.http import Http404
from django.test import override_settings
from django.utils import timezone

from tests.factories import EnrolmentFactory, LabFactory
from werklab import letters, links
from werklab.logs import HideTokens
from werklab.models import PersonalLink

ENROLMENT, VISIT = PersonalLink.Purpose.ENROLMENT, PersonalLink.Purpose.VISIT


def a_link(**fields):
    lab = LabFactory()
    asked = {"lab": lab, "behalf": "Menno", "expires_at": timezone.now() + timedelta(days=1)}
    return links.link_for(ENROLMENT, 7, **asked | fields)


def token_of(link):
    return links.url(link).rstrip("/").rpartition("/")[2]


def test_a_link_opens_its_own_thing_and_opening_changes_nothing():
    link = a_link()
    before = PersonalLink.objects.values().get()

    assert links.open_link(token_of(link), ENROLMENT) == link
    assert links.open_link(token_of(link), ENROLMENT) == link
    assert PersonalLink.objects.values().get() == before


def test_the_secret_has_128_bits_and_is_not_in_the_database():
    link = a_link()
    token = token_of(link)

    assert len(token) == 22  # 128 bits, 6 to a letter
    assert token not in str(PersonalLink.objects.values().get())


def test_a_stolen_database_opens_no_door():
    token = token_of(a_link())

    with override_settings(SECRET_KEY="another-key"):
        assert token_of(PersonalLink.objects.get()) != token


@pytest.mark.parametrize("token", ["onzin", "x" * 10_000, "~1~", "é"])
def test_a_token_that_never_was_is_not_found(token):
    a_link()

    with pytest.raises(Http404):
        links.open_link(token, ENROLMENT)


def test_a_link_for_something_else_is_not_found():
    with pytest.raises(Http404):
        links.open_link(token_of(a_link()), VISIT)


def test_a_link_dies_at_its_end():
    link = a_link()

    assert links.open_link(token_of(link), ENROLMENT, link.expires_at - timedelta(seconds=1))
    with pytest.raises(links.LinkEnded) as ended:
        links.open_link(token_of(link), ENROLMENT, link.expires_at)
    assert ended.value.link == link


def test_a_link_that_was_taken_back_is_dead_and_the_next_one_is_another():
    link = a_link()

    links.take_back(ENROLMENT, 7)

    with pytest.raises(links.LinkEnded):
        links.open_link(token_of(link), ENROLMENT)
    assert token_of(a_link()) != token_of(link)


def test_asking_again_gives_the_same_link_with_a_later_end():
    link = a_link()
    later = link.expires_at + timedelta(days=30)

    again = a_link(expires_at=later)

    assert (again.pk, token_of(again)) == (link.pk, token_of(link))
    assert links.open_link(token_of(link), ENROLMENT, later - timedelta(seconds=1))


def test_a_letter_holds_a_mark_and_the_posted_letter_the_secret():
    link = a_link()
    written = f"Vul de intake in: {links.marked_url(link, 'intake/')}"

    assert token_of(link) not in written
    assert links.fill(written) == f"Vul de intake in: {links.url(link, 'intake/')}"


@pytest.mark.parametrize("typed", ["~{pk}~", "~{pk}.0123456789abcdef~", "~99999.0123456789abcdef~"])
def test_who_types_a_mark_as_a_name_gets_nobodys_secret(typed):
    link = a_link()
    typed = typed.format(pk=link.pk)

    assert links.fill(f"Hoi {typed},") == f"Hoi {typed},"


def test_the_link_of_a_place_lives_until_120_days_after_session_3():
    lab = LabFactory()
    enrolment = EnrolmentFactory(lab=lab)

    link = letters.link_of(enrolment)

    assert link.expires_at == lab.sessions.get(number=3).ends_at + timedelta(days=120)


@pytest.mark.parametrize(
    "path",
    [
        "/mijn/geheim123/intake/",
        "/bezoek/geheim123/",
        "/meepraten/geheim123/",
        "/onderschrijven/geheim123/",
        "/meedoen/abc/aangemeld/geheim123:en:meer/",
    ],
)
def test_no_secret_comes_into_the_log(path, caplog):
    log = logging.getLogger("werklab.test")
    log.addFilter(HideTokens())

    log.warning("Not Found: %s", path)

    assert "geheim123" not in caplog.text
    assert "Not Found" in caplog.text


def test_every_handler_of_the_log_hides_secrets(settings):
    handlers = settings.LOGGING["handlers"].values()

    assert all("no_tokens" in handler["filters"] for handler in handlers)
