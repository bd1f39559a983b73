"""The secret address under which a calendar program follows somebody's meetings.

As with a personal link (see `werklab.links`) the secret is not in the database: it follows from the
row's nonce and the server's key. Who makes a new address ends the old one.
"""

import secrets

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from werklab import events, links
from werklab.models import CalendarFeed, User

USE = "calendar feed"


@transaction.atomic
def renew(by: User) -> CalendarFeed:
    """Make an address for this person's calendar; the one they had before works no more."""
    nonce = secrets.token_hex(16)
    made = {
        "nonce": nonce,
        "digest": links.digest(links.secret(nonce, USE)),
        "created_at": timezone.now(),
    }
    feed, _new = CalendarFeed.objects.update_or_create(person=by, defaults=made)
    events.record(by, "calendar_link_made", by)
    return feed


def feed_of(person: User) -> CalendarFeed | None:
    """The address that this person has, if any."""
    return CalendarFeed.objects.filter(person=person).first()


def url(feed: CalendarFeed) -> str:
    """The address itself, for its owner only."""
    return settings.BASE_URL + reverse("werklab:feed", args=[links.secret(feed.nonce, USE)])


def person_behind(token: str) -> User:
    """Whose calendar this is. Raises Http404 for an address that never was or was renewed."""
    found = CalendarFeed.objects.select_related("person").filter(
        digest=links.digest(token), person__is_active=True
    )
    feed = found.first()
    if feed is None:
        raise Http404
    return feed.person
