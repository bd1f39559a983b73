"""The letters about endorsing: please read along, and again when a text has changed."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext

from sessions.models import Advice, Endorsement, LabInitiative, Presentation
from werklab import links, mail
from werklab.models import Lab, OutgoingMail, PersonalLink

TIME_TO_READ = timedelta(days=14)
QUIET_FIRST = timedelta(minutes=30)  # who is still writing changes more than one word
SAME_LETTER_AGAIN_AFTER = timedelta(minutes=10)
LINK_LIVES = timedelta(days=90)


def link_of(initiative: LabInitiative, now: datetime) -> PersonalLink:
    """The personal link by which an initiative reads the advice and answers."""
    lab = initiative.lab
    return links.link_for(
        PersonalLink.Purpose.ENDORSE,
        initiative.pk,
        lab=lab,
        behalf=str(initiative),
        expires_at=max(lab.link_expiry(), now + LINK_LIVES),
    )


def reply_by(presentation: Presentation, now: datetime) -> date:
    """When we like to have an answer: in two weeks, and before the management team meets."""
    today = timezone.localdate(now)
    day = today + TIME_TO_READ
    if presentation.date and presentation.date > today:
        day = min(day, presentation.date - timedelta(days=1))
    return day


def _send(kind: str, initiative: LabInitiative, now: datetime, due_at: datetime, count: int):
    contact, lab = initiative.initiative.contact, initiative.lab
    presentation = Presentation.objects.filter(lab=lab).first() or Presentation(lab=lab)
    advices = ngettext("%(count)s piece of advice", "%(count)s pieces of advice", count)
    return mail.send(
        kind,
        to=contact.email,
        lab=lab,
        due_at=due_at,
        context={
            "first_name": contact.first_name,
            "initiative": str(initiative),
            "advices": advices % {"count": count},
            "endorse_url": links.marked_url(link_of(initiative, now)),
            "reply_by": date_format(reply_by(presentation, now), "l j F"),
        },
    )


def _written(kind: str, link: PersonalLink):
    return OutgoingMail.objects.filter(
        lab=link.lab_id, kind=kind, text__contains=links.marked_url(link)
    )


def ask(initiative: LabInitiative, count: int, now: datetime) -> bool:
    """Ask an initiative to read along, by letter if it has an address; not twice in ten minutes."""
    link = link_of(initiative, now)
    contact = getattr(initiative.initiative, "contact", None)
    lately = _written("endorse_request", link).filter(created_at__gt=now - SAME_LETTER_AGAIN_AFTER)
    if contact is None or not contact.email or lately.exists():
        return False
    _send("endorse_request", initiative, now, now, count)
    _drop(link)
    return True


def ask_again(advice: Advice, now: datetime) -> None:
    """Ask again whoever answered the text as it was: in half an hour, one letter each.

    While the writing goes on, a letter that waits is moved on, not doubled; and nobody who has yet
    to answer an earlier letter gets another.
    """
    answers = advice.endorsements.select_related(
        "initiative__lab__municipality", "initiative__initiative__contact"
    )
    for endorsement in answers:
        initiative = endorsement.initiative
        contact = getattr(initiative.initiative, "contact", None)
        if contact is None or not contact.email:
            continue
        due_at = now + QUIET_FIRST
        waiting = _waiting(_written("endorse_again", link_of(initiative, now)))
        moved = waiting.update(due_at=due_at)
        if not moved and endorsement.text_version == advice.text_version - 1:
            _send("endorse_again", initiative, now, due_at, 1)


def _waiting(letters):
    return letters.filter(status=OutgoingMail.Status.DUE, leased_until__isnull=True)


def _drop(link: PersonalLink) -> None:
    _waiting(_written("endorse_again", link)).update(status=OutgoingMail.Status.DROPPED)


def drop_needless(lab: Lab) -> None:
    """Drop the waiting letters of initiatives that have nothing left to look at again."""
    waiting_for = set(outdated(lab).values_list("initiative_id", flat=True))
    for link in _links(lab):
        if link.target_id not in waiting_for:
            _drop(link)


def drop_all(lab: Lab) -> None:
    """Drop every waiting letter about reading again: the advice is final."""
    for link in _links(lab):
        _drop(link)


def outdated(lab: Lab):
    """What initiatives said of a text that is no longer there."""
    return Endorsement.objects.filter(advice__lab=lab).exclude(
        text_version=F("advice__text_version")
    )


def _links(lab: Lab) -> Iterable[PersonalLink]:
    return PersonalLink.objects.filter(
        lab=lab, purpose=PersonalLink.Purpose.ENDORSE, revoked_at__isnull=True
    )
