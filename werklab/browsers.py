"""Where somebody is signed in: a list in plain words, and ending one or all others."""

import re
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from werklab import events
from werklab.models import User

# The first that fits counts: many browsers call themselves by the names of others too.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X|Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def in_words(user_agent: str) -> str:
    """A browser and a machine as people call them."""
    browser, machine = (
        next((name for mark, name in names if re.search(mark, user_agent)), "")
        for names in (BROWSERS, MACHINES)
    )
    if browser and machine:
        return _("%(browser)s on %(machine)s") % {"browser": browser, "machine": machine}
    return browser or machine or _("An unknown browser")


def living(now: datetime | None = None) -> QuerySet[Session]:
    """Sessions that have not ended."""
    return Session.objects.filter(expire_date__gt=now or timezone.now())


def signed_in(person: User) -> QuerySet[UserSession]:
    """Where this person is signed in now, the latest first."""
    return UserSession.objects.filter(
        user=person, session_key__in=living().values("session_key")
    ).order_by("-created_at", "-pk")


@transaction.atomic
def end(by: User, sessions: QuerySet[UserSession]) -> int:
    """End these sessions of this person at once. Their browsers must sign in anew."""
    keys = list(sessions.filter(user=by).values_list("session_key", flat=True))
    if keys:
        Session.objects.filter(session_key__in=keys).delete()
        UserSession.objects.filter(session_key__in=keys).delete()
        events.record(by, "sessions_ended", by, detail=str(len(keys)))
    return len(keys)


def forget_ended(now: datetime | None = None) -> int:
    """Wipe sessions that are over, and from where they were."""
    now = now or timezone.now()
    gone, _kinds = Session.objects.filter(expire_date__lte=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return gone
