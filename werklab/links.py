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
from collections import defaultdict
from collections.abc import Callable, Iterable
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
# Secrets of other apps' rows, which letters hold as `~profile-12.…~`: by the word in the mark, the
# nonces of these rows. An app says so when it starts.
Nonces = Callable[[Iterable[int]], Iterable[tuple[int, str]]]
OTHERS: dict[str, Nonces] = {}
OTHER_MARK = re.compile(r"~([a-z]+)-(\d{1,18})\.[0-9a-f]{16}~")


class LinkEnded(Exception):
    """A link that once worked: its time is over or it was taken back. `.link` says whose it was."""

    def __init__(self, link: PersonalLink):
        super().__init__(str(link))
        self.link = link


def secret(nonce: str, use: str = "personal link") -> str:
    """The 128 bits that stand in an address, made from a row's nonce; another for each use."""
    key = settings.SECRET_KEY.encode()
    made = hmac.digest(key, f"{use} {nonce}".encode(), "sha256")
    return urlsafe_b64encode(made[:16]).decode().rstrip("=")


def _token(nonce: str) -> str:
    return secret(nonce)


def _mark(pk: int) -> str:
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"mark of link {pk}".encode(), "sha256")
    return f"~{pk}.{digest.hex()[:16]}~"


def other_mark(kind: str, pk: int) -> str:
    """What stands in a letter for the secret of a row of this kind (see OTHERS)."""
    key = settings.SECRET_KEY.encode()
    made = hmac.digest(key, f"mark of {kind} {pk}".encode(), "sha256")
    return f"~{kind}-{pk}.{made.hex()[:16]}~"


def digest(token: str) -> str:
    """By what a row is found when somebody comes with its secret."""
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
        digest=digest(_token(nonce)),
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
        .filter(digest=digest(token), purpose=purpose)
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
    text = _fill_others(text)
    pks = {int(mark[1]) for mark in MARK.finditer(text) if mark[0] == _mark(int(mark[1]))}
    if not pks:
        return text
    secret_of = {
        _mark(pk): _token(nonce)
        for pk, nonce in PersonalLink.objects.filter(pk__in=pks).values_list("pk", "nonce")
    }
    return MARK.sub(lambda mark: secret_of.get(mark[0], mark[0]), text)


def _fill_others(text: str) -> str:
    pks = defaultdict(set)
    for mark in OTHER_MARK.finditer(text):
        if mark[1] in OTHERS and mark[0] == other_mark(mark[1], int(mark[2])):
            pks[mark[1]].add(int(mark[2]))
    secret_of = {
        other_mark(kind, pk): secret(nonce, kind)
        for kind, wanted in pks.items()
        for pk, nonce in OTHERS[kind](wanted)
    }
    return OTHER_MARK.sub(lambda mark: secret_of.get(mark[0], mark[0]), text)
