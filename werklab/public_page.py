"""What the public page of a lab tells everybody: when, where, with whom, how many chairs are left.

Never a name of a participant, and nothing about the initiatives but that they take part.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import caches
from django.db.models import Count, Q, prefetch_related_objects
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from werklab.models import Enrolment, Lab, LabRole

NOT_OPEN, OPEN, FULL, CLOSED = "not_open", "open", "full", "closed"
FINISHED, CANCELLED = "finished", "cancelled"
BY_STATUS: dict[str, str] = {
    Lab.Status.REQUESTED: NOT_OPEN,
    Lab.Status.PREPARING: NOT_OPEN,
    Lab.Status.CLOSED: FINISHED,
    Lab.Status.CANCELLED: CANCELLED,
}
LONGEST = timedelta(hours=6)


def seats(lab: Lab) -> dict[str, int]:
    """Chairs taken or on offer, chairs left, and how many people wait (REQ-043)."""
    numbers = lab.enrolments.aggregate(
        taken=Count("pk", filter=Q(seat__isnull=False)),
        waiting=Count("pk", filter=Q(status=Enrolment.Status.WAITING)),
    )
    return numbers | {"left": max(lab.capacity - numbers["taken"], 0)}


def state(lab: Lab, numbers: dict[str, int], now: datetime) -> str:
    """How this lab stands for somebody who wants to take part."""
    if lab.status in BY_STATUS:
        return BY_STATUS[lab.status]
    if not lab.takes_enrolments(now):
        return CLOSED
    return OPEN if numbers["left"] and not numbers["waiting"] else FULL


def contact(lab: Lab) -> dict[str, str]:
    """Whom to ask about this lab (REQ-045); the team of Werklab when it has nobody of its own."""
    return {
        "contact_name": lab.contact_name or settings.SITE_CONTACT_NAME,
        "contact_email": lab.contact_email or settings.SITE_CONTACT_EMAIL,
        "contact_phone": lab.contact_phone or settings.SITE_CONTACT_PHONE,
    }


def fragment(lab: Lab, now: datetime | None = None) -> str:
    """The page between header and footer, kept until the lab changes or its day is over.

    The same for everybody: no form, no token, no visitor's name.
    """
    now = now or timezone.now()
    key = f"public-{lab.pk}-{lab.version}-{get_language()}-{timezone.localdate(now)}"
    html = caches["fragments"].get(key)
    if html is None:
        prefetch_related_objects([lab], "sessions")
        html = render_to_string("werklab/_public.html", about(lab, now))
        caches["fragments"].set(key, html, kept_for(lab, now).total_seconds())
    return html


def kept_for(lab: Lab, now: datetime) -> timedelta:
    """How long the page stays true by itself: never past the beginning of session 1."""
    if lab.starts_at is None or lab.has_begun(now):
        return LONGEST
    return min(lab.starts_at - now, LONGEST)


def about(lab: Lab, now: datetime) -> dict:
    """Everything that stands on the page, as plain values."""
    numbers = seats(lab)
    dated = [lab_session for lab_session in lab.programme() if lab_session.starts_at]
    trainers = lab.roles.filter(role=LabRole.Role.TRAINER).select_related("user")
    return {
        "lab": lab,
        "state": state(lab, numbers, now),
        "sessions": lab.programme(),
        "when": when(dated),
        "where": where(lab),
        "trainers": [(role.user, role.get_chair_display()) for role in trainers],
        "site_email": settings.SITE_CONTACT_EMAIL,
        **numbers,
        **contact(lab),
    }


def when(dated: list) -> str:
    """The dates of the sessions in one line; empty while there are none."""
    if not dated:
        return ""
    starts = [timezone.localtime(lab_session.starts_at) for lab_session in dated]
    ends = [timezone.localtime(lab_session.ends_at) for lab_session in dated]
    hours = {
        (date_format(a, "G.i"), date_format(b, "G.i")) for a, b in zip(starts, ends, strict=True)
    }
    if len({start.date() for start in starts}) == 1:
        words = {"day": date_format(starts[0], "l j F Y")}
        words |= {"start": date_format(starts[0], "G.i"), "end": date_format(ends[-1], "G.i")}
        return _("3 parts on %(day)s, from %(start)s to %(end)s") % words
    words = {"months": months(starts)}
    if len(hours) > 1:
        return _("3 sessions in %(months)s") % words
    start, end = hours.pop()
    words |= {"start": start, "end": end}
    return _("3 sessions in %(months)s, each from %(start)s to %(end)s") % words


def months(days: list[datetime]) -> str:
    """The months of these days as people say them: "maart en april 2027"."""
    one_year = len({day.year for day in days}) == 1
    months = dict.fromkeys(date_format(day, "F" if one_year else "F Y") for day in days)
    return joined(list(months)) + (f" {days[0].year}" if one_year else "")


def joined(words: list[str]) -> str:
    """Words as people list them: with commas, and "and" before the last."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def where(lab: Lab) -> str:
    """At the initiatives for session 1, and the places of the other two."""
    places = dict.fromkeys(s.place for s in lab.programme() if s.number > 1 and s.place)
    words = {"municipality": lab.municipality.name, "places": joined(list(places))}
    if not places:
        return _("With initiatives in %(municipality)s") % words
    return _("With initiatives in %(municipality)s, and in %(places)s") % words
