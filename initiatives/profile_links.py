"""The secret address under which an initiative keeps its own profile, without an account.

As with a personal link (see `werklab.links`) the secret is not in the database: it follows from the
row's nonce and the server's key, and letters hold a mark in its place.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from initiatives import register
from initiatives.models import Initiative, ProfileLink
from werklab import events, links, mail
from werklab.errors import Refused
from werklab.models import Lab, Municipality, OutgoingMail, User

KIND = "profile"  # the word in the mark of a letter, and what the secret is for
LIVES = timedelta(days=365)


class LinkClosed(Exception):
    """A link that once worked: too old, or the initiative is off the list. `.link` says whose."""

    def __init__(self, link: ProfileLink):
        super().__init__(str(link))
        self.link = link


def nonces(pks: Iterable[int]) -> Iterable[tuple[int, str]]:
    """What the secrets of these links follow from, for the letters that hold them."""
    return ProfileLink.objects.filter(pk__in=pks).values_list("pk", "nonce")


links.OTHERS[KIND] = nonces


def link_of(initiative: Initiative) -> ProfileLink | None:
    """The link that this initiative has, if any; it may be past its time."""
    return ProfileLink.objects.filter(initiative=initiative).first()


def is_alive(link: ProfileLink, now: datetime | None = None) -> bool:
    """Whether this link opens the profile still."""
    return (now or timezone.now()) < link.expires_at


def url(link: ProfileLink) -> str:
    """The address itself, to show to who may pass it on."""
    return settings.BASE_URL + path(link)


def path(link: ProfileLink) -> str:
    """The path of the page, secret included."""
    return reverse("initiatives:own_profile", args=[links.secret(link.nonce, KIND)])


def marked_url(link: ProfileLink) -> str:
    """The address as it stands in a stored letter: with a mark instead of the secret."""
    mark = links.other_mark(KIND, link.pk)
    return settings.BASE_URL + reverse("initiatives:own_profile", args=[mark])


@transaction.atomic
def renew(by: User, initiative: Initiative, now: datetime | None = None) -> ProfileLink:
    """Make a link for this initiative, for a year; the one it had before works no more.

    Raises Refused for an initiative that is off the list.
    """
    link = _renewed(initiative, now or timezone.now())
    events.record(by, "profile_link_made", initiative)
    return link


def _check_on_list(initiative: Initiative) -> None:
    if initiative.retired_at is not None:
        raise Refused(_("This initiative is off the list. It gets no link."))


def _renewed(initiative: Initiative, now: datetime) -> ProfileLink:
    _check_on_list(initiative)
    nonce = secrets.token_hex(16)
    made = {
        "nonce": nonce,
        "digest": links.digest(links.secret(nonce, KIND)),
        "created_at": now,
        "expires_at": now + LIVES,
    }
    link, _new = ProfileLink.objects.update_or_create(initiative=initiative, defaults=made)
    return link


@transaction.atomic
def take_back(by: User, initiative: Initiative) -> None:
    """End the link of this initiative. Raises Refused when it has none."""
    if not ProfileLink.objects.filter(initiative=initiative).delete()[0]:
        raise Refused(_("There is no link to take back."))
    events.record(by, "profile_link_taken_back", initiative)


@transaction.atomic
def ask(by: User, initiative: Initiative, now: datetime | None = None) -> OutgoingMail:
    """Mail the initiative its link with the question whether its profile is right still.

    One that works goes along as it is, so that nobody's older mail dies of it. Raises Refused
    without an e-mail address, and for an initiative that is off the list.
    """
    now = now or timezone.now()
    _check_on_list(initiative)
    contact = getattr(initiative, "contact", None)
    if contact is None or not contact.email:
        raise Refused(_("We know no e-mail address of this initiative. Send the link by phone."))
    link = link_of(initiative)
    if link is None or not is_alive(link, now):
        link = _renewed(initiative, now)
    letter = mail.send(
        "profile_asked",
        to=contact.email,
        lab=None,
        context={
            "contact_first_name": contact.first_name,
            "initiative_name": initiative.name,
            "municipality": initiative.municipality.name,
            "profile_url": marked_url(link),
            "link_until": _day(link.expires_at),
            "sender_name": str(by),
        },
    )
    assert letter is not None
    events.record(by, "profile_asked", initiative)
    return letter


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


def open_link(token: str, now: datetime | None = None) -> ProfileLink:
    """The link behind a token, with its initiative. Opening changes nothing.

    Raises Http404 for a token that never was or was renewed, LinkClosed for one that is too old or
    whose initiative is off the list: stopped, or one with another.
    """
    found = ProfileLink.objects.select_related(
        "initiative__municipality", "initiative__contact", "initiative__merged_into"
    )
    link = found.filter(digest=links.digest(token)).first()
    if link is None:
        raise Http404
    if not is_alive(link, now) or link.initiative.retired_at is not None:
        raise LinkClosed(link)
    return link


@transaction.atomic
def change_own(link: ProfileLink, **fields: Any) -> Initiative:
    """Keep what an initiative says of itself by its link; the logbook names it.

    Raises Refused as `register.change` does, and when the link ended a moment ago.
    """
    Initiative.objects.select_for_update().get(pk=link.initiative_id)  # nobody merges it meanwhile
    living = ProfileLink.objects.filter(pk=link.pk, digest=link.digest)
    if not living.filter(initiative__retired_at__isnull=True).exists():
        raise Refused(_("This link does not work any more. Nothing was kept: please call us."))
    name = link.initiative.name
    return register.change(None, link.initiative, by_name=name, **fields)


def whom_to_call(municipality: Municipality) -> dict[str, str]:
    """Name, phone and mail of who helps initiatives there: of its latest lab, or else of LSA."""
    labs = Lab.objects.filter(municipality=municipality).exclude(status=Lab.Status.CANCELLED)
    lab = labs.order_by("-pk").only("contact_name", "contact_phone", "contact_email").first()
    return {
        "name": (lab and lab.contact_name) or settings.SITE_CONTACT_NAME,
        "phone": (lab and lab.contact_phone) or settings.SITE_CONTACT_PHONE,
        "email": (lab and lab.contact_email) or settings.SITE_CONTACT_EMAIL,
    }
