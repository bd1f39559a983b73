"""The post of one lab: drafts that wait for somebody's yes, and letters that did not arrive.

Every action changes a letter only while it stands as it was seen: whoever presses second, or edits
what was sent a moment ago, is told so, and nothing goes out twice.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from werklab import events, links
from werklab.errors import Refused
from werklab.models import Lab, OutgoingMail, PersonalLink, User

Status = OutgoingMail.Status
# A whole address with the mark of a personal link in it, as `links.marked_url` writes it.
MARKED = re.compile(rf"https?://[^\s~]+{links.MARK.pattern}(?:[\w/-]*(?:\?[\w=&-]*)?)")
TOKEN = re.compile(r"\[link (\d+)\]", re.IGNORECASE)
# What a mail server or the way to it says, and what that means for who reads it.
ADDRESS_IS_WRONG = ("SMTPRecipientsRefused", "UnicodeEncodeError", "HeaderParseError")
SERVER_IS_AWAY = (
    *("SMTPServerDisconnected", "SMTPConnectError", "SMTPHeloError", "SMTPAuthenticationError"),
    *("ConnectionRefusedError", "ConnectionResetError", "TimeoutError", "gaierror", "OSError"),
    *("BrokenPipeError", "SSLError"),
)


def failed_for(lab: Lab) -> QuerySet[OutgoingMail]:
    """The letters of this lab that did not arrive, the oldest first."""
    return lab.letters.filter(status=Status.FAILED).order_by("created_at", "pk")


def why(letter: OutgoingMail) -> str:
    """Why a letter did not arrive, for who can do something about it."""
    name = letter.last_error.partition(":")[0]
    if "552" in letter.last_error:
        return _("The mailbox of this address is full.")
    if name in ADDRESS_IS_WRONG:
        return _("This address does not exist, or takes no post.")
    if name in SERVER_IS_AWAY:
        return _("Our mail server could not be reached. The address may well be right.")
    if name in ("SMTPDataError", "SMTPSenderRefused"):
        return _("The mail server of the receiver did not want this letter.")
    return _("Posting it did not work.")


# --- personal links: nobody who reads along may follow them ---------------------------------------


def _marked(text: str) -> list[str]:
    """Every address with a mark of our own in this text, in an order that editing cannot change."""
    found = {address[0]: int(address[1]) for address in MARKED.finditer(text)}
    return sorted(found, key=lambda address: (found[address], address))


def readable(text: str) -> str:
    """A letter's text for who reads along: personal links are named, not shown."""
    return MARKED.sub(_("[personal link]"), text)


def split(text: str) -> tuple[str, str]:
    """What may be edited of a letter, and the lines under it that every letter has."""
    body, _blank, footer = text.rpartition("\n\n")
    return (body, footer) if body else (footer, "")


def editable(text: str) -> str:
    """The part of a letter that may be edited; each personal link in it is `[link 1]` and so on."""
    body, _footer = split(text)
    number_of = {address: number for number, address in enumerate(_marked(body), start=1)}
    return MARKED.sub(lambda found: f"[link {number_of[found[0]]}]", body)


def named_links(text: str) -> list[dict[str, str]]:
    """What each `[link 1]` of a letter opens and for whom, in their order."""
    body, _footer = split(text)
    pk_of = {address[0]: int(address[1]) for address in MARKED.finditer(body)}
    pks = [pk_of[address] for address in _marked(body)]
    known = PersonalLink.objects.in_bulk(pks)
    return [
        {
            "token": f"[link {number}]",
            "opens": str(known[pk].get_purpose_display()) if pk in known else "",
            "behalf": known[pk].behalf if pk in known else "",
        }
        for number, pk in enumerate(pks, start=1)
    ]


def _put_back(text: str, typed: str) -> str:
    """The whole text of a letter again, of what somebody typed. Raises Refused for a lost link."""
    body, footer = split(text)
    addresses = _marked(body)
    typed = "\n".join(typed.split("\r\n")).strip()
    named = {int(token[1]) for token in TOKEN.finditer(typed)}
    ours = range(1, len(addresses) + 1)
    if links.MARK.search(typed):
        raise Refused(_("There is a personal link in this text that does not belong to it."))
    for number in sorted(named - set(ours)):
        raise Refused(_("This letter has no [link %(number)s]. Take it away.") % {"number": number})
    for number in sorted(set(ours) - named):
        raise Refused(
            _("[link %(number)s] is missing. Put it back: without it the receiver cannot go on.")
            % {"number": number}
        )
    body = TOKEN.sub(lambda token: addresses[int(token[1]) - 1], typed)
    return f"{body}\n\n{footer}" if footer else body


# --- drafts ---------------------------------------------------------------------------------------


def _label(letter: OutgoingMail) -> str:
    return f"{letter.to}: {letter.subject}"


def _still_a_draft(lab: Lab, letter: OutgoingMail, **changes: object) -> None:
    """Change a draft, if it is one still. Raises Refused when somebody was first."""
    if not lab.letters.filter(pk=letter.pk, status=Status.DRAFT).update(**changes):
        raise Refused(_("This letter is no draft any more: it was sent or thrown away."))


@transaction.atomic
def send_draft(by: User, lab: Lab, letter: OutgoingMail, now: datetime | None = None) -> None:
    """Hand one draft to the worker. Raises Refused when it was sent or thrown away before."""
    _still_a_draft(lab, letter, status=Status.DUE, due_at=now or timezone.now())
    events.record(by, "letter_sent", letter, lab=lab, label=_label(letter))


@transaction.atomic
def send_all(by: User, lab: Lab, pks: Iterable[int], now: datetime | None = None) -> int:
    """Hand these drafts to the worker: those that somebody saw on the list, and no other.

    What was sent or thrown away in the meantime is left alone; gives how many go out. Raises
    Refused when none does.
    """
    seen = lab.letters.filter(pk__in=list(pks), status=Status.DRAFT)
    sent = seen.update(status=Status.DUE, due_at=now or timezone.now())
    if not sent:
        raise Refused(_("There was nothing left to send: somebody was before you."))
    label = ngettext("%(count)s letter", "%(count)s letters", sent) % {"count": sent}
    events.record(by, "letters_sent", lab=lab, label=label)
    return sent


@transaction.atomic
def change_draft(
    by: User, lab: Lab, letter: OutgoingMail, *, to: str, subject: str, text: str
) -> None:
    """Change to whom a draft goes and what stands in it; its personal links stay what they are.

    `text` is the body as `editable` gives it. Raises Refused when a personal link is missing or
    is not one of this letter, and when the letter is no draft any more.
    """
    whole = _put_back(letter.text, text)
    _still_a_draft(lab, letter, to=to, subject=" ".join(subject.split()), text=whole)
    events.record(by, "draft_changed", letter, lab=lab, label=f"{to}: {subject}")


@transaction.atomic
def delete_draft(by: User, lab: Lab, letter: OutgoingMail) -> None:
    """A draft that need not go out, or a failed letter that need not any more.

    It stays readable as such. Raises Refused when it was sent.
    """
    waits = lab.letters.filter(pk=letter.pk, status__in=[Status.DRAFT, Status.FAILED])
    if not waits.update(status=Status.DROPPED):
        raise Refused(_("This letter was sent or thrown away before."))
    events.record(by, "draft_deleted", letter, lab=lab, label=_label(letter))


# --- letters that did not arrive ------------------------------------------------------------------


def whose_address(lab: Lab, letter: OutgoingMail) -> User | None:
    """The participant whose own address may be put right together with that of this letter.

    Only who takes part in this lab and does nothing else: with an address somebody signs in, so
    nobody here decides about that of a trainer, a coordinator or a participant elsewhere.
    """
    person = letter.person
    if person is None or person.email != letter.to.lower() or person.is_staff or person.background:
        return None
    elsewhere = person.enrolments.exclude(lab=lab).exists() or person.lab_roles.exists()
    takes_part = person.enrolments.filter(lab=lab).exists()
    return person if takes_part and not elsewhere else None


@transaction.atomic
def try_again(
    by: User,
    lab: Lab,
    letter: OutgoingMail,
    *,
    to: str,
    for_good: bool = False,
    now: datetime | None = None,
) -> None:
    """Post a failed letter again, to a better address; `for_good` makes it the person's own.

    Raises Refused when the letter did arrive or goes out already, and when the address is
    somebody else's.
    """
    to = to.strip().lower() if for_good else to.strip()
    again = lab.letters.filter(pk=letter.pk, status=Status.FAILED).update(
        to=to,
        status=Status.DUE,
        due_at=now or timezone.now(),
        attempts=0,
        leased_until=None,
        last_error="",
    )
    if not again:
        raise Refused(_("This letter goes out already."))
    person = whose_address(lab, letter) if for_good else None
    if person is not None and to != person.email:
        _change_address(person, to)
    events.record(by, "letter_tried_again", letter, lab=lab, label=f"{to}: {letter.subject}")


def _change_address(person: User, to: str) -> None:
    try:
        with transaction.atomic():
            User.objects.filter(pk=person.pk).update(email=to)
    except IntegrityError as error:
        refusal = _("%(address)s is the address of somebody else. Ask for another one.")
        raise Refused(refusal % {"address": to}) from error
    person.email = to
