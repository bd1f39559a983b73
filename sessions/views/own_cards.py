"""The unnamed cards that this browser wrote: a signed cookie, and nothing anywhere else.

The cookie holds for each card the secret that takes it away. It is signed for who is looking, so
that the next person at a shared computer cannot read it.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from sessions.models import Card
from werklab.models import PersonalLink

COOKIE = "cards"
MOST = 60  # some 3 kB: a browser keeps 4
KEPT_FOR = 14 * 24 * 60 * 60


def secrets_of(request: HttpRequest, link: PersonalLink | None = None) -> dict[int, str]:
    """The secrets that this browser keeps, by card, for the visitor or for who holds this link."""
    kept = request.COOKIES.get(COOKIE, "")
    try:
        return dict(signing.loads(kept, salt=_salt(request, link), max_age=KEPT_FOR))
    except signing.BadSignature:
        return {}


def keep(
    response: HttpResponse,
    request: HttpRequest,
    card: Card,
    secret: str,
    link: PersonalLink | None = None,
) -> HttpResponse:
    """Let the browser keep the secret of a card that lost its name, or never had one, just now."""
    if not card.named:
        kept = secrets_of(request, link) | {card.pk: secret}
        response.set_cookie(
            COOKIE,
            signing.dumps(list(kept.items())[-MOST:], salt=_salt(request, link)),
            max_age=KEPT_FOR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _salt(request: HttpRequest, link: PersonalLink | None) -> str:
    return f"cards of link {link.pk}" if link else f"cards of person {request.user.pk}"
