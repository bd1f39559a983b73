"""A link that got lost: its owner asks for it again, or a trainer makes another one."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from werklab import enrolment as places
from werklab import events, letters, links
from werklab.errors import Refused
from werklab.models import Enrolment, Event, Lab, OutgoingMail, PersonalLink, User

KIND = "new_link"


@transaction.atomic
def ask(lab: Lab, email: str, now: datetime | None = None) -> None:
    """Mail whoever has this address and a place in this lab their own link again.

    Who asks learns nothing: they see the same whether somebody of that address takes part or not.
    The link stays the one it was, so that nobody can end somebody else's by asking; at most one
    letter in ten minutes.
    """
    now = now or timezone.now()
    found = _of(lab, email)
    if found is None:
        return
    found.lab = places.take_turn(lab)
    if found.lab.link_expiry() <= now or _mailed_lately(found, now):
        return
    events.record(
        None, "link_asked", found, lab=found.lab, label=found.person.name, via=Event.Via.FORM
    )
    letters.send_link(found)


def _of(lab: Lab, email: str) -> Enrolment | None:
    mine = lab.enrolments.living().filter(person__email=email.strip().lower())
    return mine.select_related("person").first()


def _mailed_lately(found: Enrolment, now: datetime) -> bool:
    since = now - letters.SAME_LETTER_AGAIN_AFTER
    letters_with_it = OutgoingMail.objects.filter(person=found.person, lab=found.lab, kind=KIND)
    return letters_with_it.filter(created_at__gt=since).exists()


@transaction.atomic
def renew(by: User, enrolment: Enrolment, now: datetime | None = None) -> None:
    """Take somebody's link back and mail them another: it was lost, or others have it.

    Raises Refused when this person has no place any more, or the lab is long over.
    """
    lab = places.take_turn(enrolment.lab)
    enrolment = lab.enrolments.select_related("person").get(pk=enrolment.pk)
    if not enrolment.is_living:
        raise Refused(_("This person has no place in this werklab any more."))
    if lab.link_expiry() <= (now or timezone.now()):
        raise Refused(_("This werklab is over. Links to it do not work any more."))
    enrolment.lab = lab
    links.take_back(PersonalLink.Purpose.ENROLMENT, enrolment.pk)
    events.record(by, "link_renewed", enrolment, lab=lab, label=enrolment.person.name)
    letters.send_link(enrolment)
