"""Each letter that the app can write: to whom it goes, and that its links work.

Every kind has its cause in `causes_of_places` or `causes_of_visits`: a function of the same name
that does what people, or the worker, do, and gives the addresses that must get this letter. Each of
them then opens every address in it: first without signing in, and where a page asks for that,
signed in as who got the letter.
"""

import re

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import UserFactory
from tests.journeys import causes_of_places, causes_of_visits
from werklab import mail, wording
from werklab.models import OutgoingMail, User

KINDS = [kind for kind in wording.letters() if kind]
CAUSES = vars(causes_of_places) | vars(causes_of_visits)
WITHOUT_A_LINK = {"login_code", "withdrawn", "not_admitted", "offer_ended", "handed_over"}


def in_letter(letter):
    """Every path in the letter as it is posted, but for the page on privacy under each letter."""
    text = mail.message(letter).body
    found = re.findall(rf"{re.escape(settings.BASE_URL)}(/[^\s<>]*)", text)
    return [path.rstrip(".,)") for path in found if path != "/privacy/"]


def follow(path, letter):
    """The page behind this path for who got this letter: nobody else's account, no password."""
    client = Client()
    page = client.get(path)
    if page.status_code == 302 and page.url.startswith("/inloggen/"):
        to_staff = letter.to == settings.SITE_CONTACT_EMAIL
        reader = UserFactory(is_staff=True) if to_staff else User.objects.get(email=letter.to)
        client.force_login(reader)
        page = client.get(path)
    if path.startswith("/mijn/"):  # a button stands before what the link opens
        page = client.post(path, follow=True)
    return page


def test_every_letter_has_a_cause_here():
    assert [kind for kind in KINDS if kind not in CAUSES] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_goes_to_whom_it_concerns_and_its_links_work(kind):
    people = CAUSES[kind]()

    letters = OutgoingMail.objects.filter(kind=kind)
    assert people
    assert sorted(letter.to for letter in letters) == sorted(people)
    for letter in letters:
        paths = in_letter(letter)
        assert bool(paths) == (kind not in WITHOUT_A_LINK)
        for path in paths:
            assert follow(path, letter).status_code == 200, path
