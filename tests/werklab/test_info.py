"""Help, privacy and accessibility: open to everybody, and they promise what the code does."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import LabFactory
from werklab import signing_in
from werklab.management.commands import work

PAGES = ["/hulp/", "/privacy/", "/toegankelijkheid/"]
TAGS = re.compile(r"<[^>]+>")


def text(path):
    html = Client().get(path).content.decode()
    return " ".join(TAGS.sub(" ", html.partition("<main")[2].partition("</main>")[0]).split())


@pytest.mark.parametrize("path", PAGES)
def test_everybody_can_read_it_and_find_whom_to_call(path):
    assert Client().get(path).status_code == 200
    assert Client().post(path).status_code == 405
    assert settings.SITE_CONTACT_PHONE in text(path)
    assert settings.SITE_CONTACT_EMAIL in text(path)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_leads_to_the_three(path):
    lab = LabFactory()

    for page in (path, f"/meedoen/{lab.join_code}/", "/inloggen/"):
        html = Client().get(page).content.decode()
        assert all(f'href="{other}"' in html for other in PAGES)


def test_what_privacy_says_about_terms_is_what_the_code_does():
    words, lab = text("/privacy/"), LabFactory()

    assert "120 dagen na sessie 3" in words
    assert lab.link_expiry() - lab.ends_at == timedelta(days=120)
    assert "de dag na sessie 3" in words
    assert work.answers.wipe_logistics in work.TASKS
    assert "Na een uur wissen we hem" in words
    assert timedelta(hours=1) == signing_in.CODES_ARE_KEPT_FOR
    assert signing_in.wipe_codes in work.TASKS
    assert "werkt tien minuten" in words
    assert settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT == 10 * 60


def test_what_privacy_says_about_cookies_is_what_the_settings_do():
    words = text("/privacy/")

    assert "twee weken na inloggen" in words
    assert settings.SESSION_COOKIE_AGE == 14 * 24 * 60 * 60
    assert "twaalf uur" in words
    assert settings.LINK_VISIT_SECONDS == 12 * 60 * 60


def test_privacy_names_rights_and_where_to_complain():
    words = text("/privacy/")

    for right in ("inzien", "verbeteren", "wissen", "meenemen", "bezwaar", "intrekken"):
        assert right in words
    assert "Autoriteit Persoonsgegevens" in words


def test_the_accessibility_statement_has_a_status_a_date_and_a_way_to_answer():
    words = text("/toegankelijkheid/")

    assert "voldoet gedeeltelijk" in words
    assert re.search(r"opgesteld op \d+ \w+ \d{4}", words)
    assert "binnen vijf werkdagen" in words


@pytest.mark.parametrize("path", PAGES)
def test_reading_sets_no_session(path):
    assert settings.SESSION_COOKIE_NAME not in Client().get(path).cookies


@pytest.mark.parametrize("path", PAGES)
def test_sentences_are_short(path):
    """B1: at most 15 words on average, and none above 32."""
    sentences = [s for s in re.split(r"[.?:;](?:\s|$)", text(path)) if len(s.split()) > 2]
    lengths = [len(sentence.split()) for sentence in sentences]

    assert sum(lengths) / len(lengths) <= 15
    assert max(lengths) <= 32
