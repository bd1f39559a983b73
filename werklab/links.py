"""Personal links: make, show, open, take back.

A link is for people without an account. Its secret is 128 bits, made from the row's random nonce
and the server's key, so that the app can show a link again while the database alone opens no door
(ASVS 6.5.2, 11.5.1). Letters hold a mark in its place; `fill` puts the secret in when a letter is
posted or read. A mark is signed: who types one as a name gets nobody's secret.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from werklab.models import Lab, PersonalLink

PAGES: dict[str, str] = {
    PersonalLink.Purpose.ENROLMENT: "werklab:own",
    PersonalLink.Purpose.VISIT: "sessions:answer_visit",
    PersonalLink.Purpose.BOARD: "sessions:talk_along",
    PersonalLink.Purpose.ENDORSE: "sessions:endorse",
}
MARK = re.compile(r"~(\d{1,18})\.[0-9a-f]{16}~")


class LinkEnded(Exception):
    """A link that once worked: its time is over or it was taken back. `.link` says whose it was."""

    def __init__(self, link: PersonalLink):
        super().__init__(str(link))
        self.link = link


def _token(nonce: str) -> str:
    digest = hmac.digest(settings.SECRET_KEY.encode(), b"personal link " + nonce.encode(), "sha256")
    return urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def _mark(pk: int) -> str:
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"mark of link {pk}".encode(), "sha256")
    return f"~{pk}.{digest.hex()[:16]}~"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make(
    purpose: str, target_id: int, *, lab: Lab, behalf: str, expires_at: datetime
) -> PersonalLink:
    """A new link, for a thing that has none yet."""
    nonce = secrets.token_hex(16)
    return PersonalLink.objects.create(
        purpose=purpose,
        target_id=target_id,
        lab=lab,
        behalf=behalf[:120],
        nonce=nonce,
        digest=_digest(_token(nonce)),
        expires_at=expires_at,
    )


def link_for(
    purpose: str, target_id: int, *, lab: Lab, behalf: str, expires_at: datetime
) -> PersonalLink:
    """The living link for this purpose and thing, made when there is none yet.

    Asking again gives the same link with a later end, so that nobody holds five that all work.
    """
    link = PersonalLink.objects.filter(
        purpose=purpose, target_id=target_id, revoked_at__isnull=True
    ).first()
    if link is None:
        return make(purpose, target_id, lab=lab, behalf=behalf, expires_at=expires_at)
    if link.expires_at < expires_at:
        link.expires_at = expires_at
        link.save(update_fields=["expires_at"])
    return link


def take_back(purpose: str, target_id: int) -> None:
    """End the living link of this purpose and thing."""
    PersonalLink.objects.filter(
        purpose=purpose, target_id=target_id, revoked_at__isnull=True
    ).update(revoked_at=timezone.now())


def open_link(token: str, purpose: str, now: datetime | None = None) -> PersonalLink:
    """The link behind a token from a letter. Holding it is the permission; opening changes nothing.

    Raises Http404 for a token that never was or is for something else, LinkEnded for one that died.
    """
    link = (
        PersonalLink.objects.select_related("lab__municipality")
        .filter(digest=_digest(token), purpose=purpose)
        .first()
    )
    if link is None:
        raise Http404
    if not link.is_alive(now):
        raise LinkEnded(link)
    return link


def marked_url(link: PersonalLink, tail: str = "") -> str:
    """The address as it stands in a stored letter: with a mark instead of the secret."""
    return settings.BASE_URL + reverse(PAGES[link.purpose], args=[_mark(link.pk)]) + tail


def path(link: PersonalLink) -> str:
    """The path of the link's page, secret included."""
    return reverse(PAGES[link.purpose], args=[_token(link.nonce)])


def url(link: PersonalLink, tail: str = "") -> str:
    """The address itself, to show to who may pass it on (a trainer copies it into a message)."""
    return settings.BASE_URL + path(link) + tail


def fill(text: str) -> str:
    """A letter's text with every mark of our own replaced by its secret."""
    pks = {int(mark[1]) for mark in MARK.finditer(text) if mark[0] == _mark(int(mark[1]))}
    if not pks:
        return text
    secret_of = {
        _mark(pk): _token(nonce)
        for pk, nonce in PersonalLink.objects.filter(pk__in=pks).values_list("pk", "nonce")
    }
    return MARK.sub(lambda mark: secret_of.get(mark[0], mark[0]), text)
