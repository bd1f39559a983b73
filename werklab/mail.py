"""Post: write a letter down with the change that causes it, and deliver what is due.

An action only writes rows; nothing is sent inside a transaction. `manage.py work` delivers. There
are three kinds: confirmations go at once, clockwork post is written by the worker when its day
comes, and everything else that tells people of a change waits as a draft for somebody's yes.
"""

import logging
import smtplib
from datetime import datetime, timedelta
from email.utils import make_msgid

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from werklab import events, links, mail_html, wording
from werklab.models import Event, Lab, NoMorePost, OutgoingMail, User
from werklab.wording import common_context, letters, placeholders, words_of

__all__ = ["common_context", "deliver", "letters", "placeholders", "send", "words_of"]

log = logging.getLogger(__name__)

BATCH = 5  # so few that all of them are posted, or have timed out, within one lease
ROUND = timedelta(minutes=1)  # then the worker looks at what else is due
# Invitations and reminders: who wants no more of them gets none (RFC 8058).
CAN_BE_STOPPED = {
    *("invite_enrol", "invite_reminder", "intake_reminder", "session_reminder"),
    *("visit_reminder", "visit_soon"),
}
STOP = "no more post"


def send(
    kind: str,
    *,
    to: str,
    lab: Lab | None,
    context: dict | None = None,
    person: User | None = None,
    calendar: str = "",
    due_at: datetime | None = None,
    draft: bool = False,
    once: str = "",
) -> OutgoingMail | None:
    """Write down a letter with the rest of the transaction; the worker posts it when it is due.

    `context` fills the letter's placeholders beside those every letter has (lab_title,
    municipality, first_name, contact_name, contact_phone, contact_email). Raises KeyError for a
    placeholder that nobody fills: a letter with a hole in it is never written.

    A `draft` waits in the lab's outbox until somebody sends it. What may go `once` is written one
    time under that name, whoever asks again. None when this address wants no more of this kind.
    """
    if kind in CAN_BE_STOPPED and lab is not None and _wants_none(lab, to):
        return None
    words = wording.words_of(kind, lab)
    filled = wording.common_context(lab, person) | (context or {})
    letter = _filled_in(kind, lab, words, filled)
    letter.to, letter.person, letter.calendar = to, person, calendar
    letter.status = OutgoingMail.Status.DRAFT if draft else OutgoingMail.Status.DUE
    letter.due_at, letter.once = due_at or timezone.now(), once or None
    if not once:
        letter.save(force_insert=True)
        return letter
    OutgoingMail.objects.bulk_create([letter], ignore_conflicts=True)
    return OutgoingMail.objects.get(once=once)


def draft_for_each(
    kind: str, lab: Lab, contexts: dict[str, dict], now: datetime | None = None
) -> list[OutgoingMail]:
    """A draft of this kind for each of many addresses, each with its own `context`.

    Costs hardly more questions for five hundred than for one. Who wants no more of this kind is
    the caller's to leave out.
    """
    words, about = wording.words_of(kind, lab), wording.common_context(lab, None)
    letters = []
    for to, context in contexts.items():
        letter = _filled_in(kind, lab, words, about | context)
        letter.to, letter.status = to, OutgoingMail.Status.DRAFT
        letter.due_at = now or timezone.now()
        letters.append(letter)
    return OutgoingMail.objects.bulk_create(letters)


def _filled_in(kind: str, lab: Lab | None, words: tuple[str, str], filled: dict) -> OutgoingMail:
    """A letter with its words, not written down yet."""
    subject, body = words
    return OutgoingMail(
        lab=lab,
        kind=kind,
        reply_to=filled["contact_email"] if lab is not None else "",
        subject=" ".join(wording.put_in(subject, filled).split())[:200],
        text=wording.full_text(kind, body, filled),
        message_id=make_msgid(domain=settings.MAIL_DOMAIN),
    )


def _wants_none(lab: Lab, address: str) -> bool:
    return NoMorePost.objects.filter(lab=lab, email=address.lower()).exists()


def stop_url(letter: OutgoingMail) -> str:
    """Where somebody says that they want no more post like this letter (RFC 8058)."""
    token = signing.dumps(letter.pk, salt=STOP)
    return settings.BASE_URL + reverse("werklab:no_more_post", args=[token])


def stop_from(token: str) -> OutgoingMail:
    """The letter of which somebody wants no more, and its lab. Raises Http404 for a false token."""
    try:
        pk = signing.loads(token, salt=STOP)
    except signing.BadSignature as error:
        raise Http404 from error
    letter = OutgoingMail.objects.select_related("lab").filter(pk=pk, lab__isnull=False).first()
    if letter is None:
        raise Http404
    return letter


def message(letter: OutgoingMail) -> EmailMultiAlternatives:
    """The letter as it goes over the wire: text and HTML with the same links, and the calendar."""
    text = links.fill(letter.text)
    headers = {"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"}
    if letter.kind in CAN_BE_STOPPED and letter.lab_id:
        stop = stop_url(letter)
        text += "\n" + _("No more mails like this one: %(url)s") % {"url": stop}
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    email = EmailMultiAlternatives(
        subject=letter.subject,
        body=text,
        to=[letter.to],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers=headers,
    )
    email.attach_alternative(mail_html.html(letter, text), "text/html")
    if letter.calendar:
        method = "CANCEL" if "METHOD:CANCEL" in letter.calendar else "PUBLISH"
        email.attach("werklab.ics", letter.calendar, f"text/calendar; method={method}")
    return email


@transaction.atomic
def claim(now: datetime, most: int = BATCH) -> list[OutgoingMail]:
    """Take due letters with a lease, so that several workers never post the same one at once."""
    due = OutgoingMail.objects.due(now).order_by("due_at")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    taken, until = [], now + timedelta(seconds=settings.MAIL_LEASE)
    for letter in due[:most]:
        mine = OutgoingMail.objects.due(now).filter(pk=letter.pk)
        if mine.update(leased_until=until, attempts=letter.attempts + 1):
            letter.attempts += 1
            taken.append(letter)
    return taken


def deliver(now: datetime | None = None, *, lasts: timedelta = ROUND) -> int:
    """Post what is due, outside any transaction; after five failures a letter shows as failed.

    At least once is the honest promise: the fixed Message-ID makes a second copy recognisable. A
    round that `lasts` too long, at a slow server, ends: what else is due by the clock has its turn.
    """
    posted, begun = 0, timezone.now()
    # The clock goes on while a slow server holds us up: each lease is counted from its own moment.
    while letters_in_hand := claim(now or timezone.now()):
        posted += sum(_post(letter, now or timezone.now()) for letter in letters_in_hand)
        if timezone.now() - begun >= lasts:
            break
    return posted


def _post(letter: OutgoingMail, now: datetime) -> bool:
    """Post one letter. Whatever is wrong with it, the next one is not held up."""
    # The letters before it may have taken longer than the lease: then another worker has it.
    if not _held(letter).update(leased_until=now + timedelta(seconds=settings.MAIL_LEASE)):
        return False
    try:
        message(letter).send()
    except Exception as error:
        log.warning("Letter %s was not posted: %s", letter.pk, type(error).__name__)
        _not_posted(letter, now, error)
        return False
    OutgoingMail.objects.filter(pk=letter.pk).update(
        status=OutgoingMail.Status.SENT, sent_at=timezone.now(), leased_until=None
    )
    return True


def _held(letter: OutgoingMail) -> QuerySet[OutgoingMail]:
    """This letter as long as it is in our hands: nobody took it, sent it or threw it away since."""
    due, tries = OutgoingMail.Status.DUE, letter.attempts
    return OutgoingMail.objects.filter(pk=letter.pk, status=due, attempts=tries)


def _not_posted(letter: OutgoingMail, now: datetime, error: Exception) -> None:
    """Try it again later; or, when that is of no use, show it as failed to who made it."""
    pauses = settings.MAIL_PAUSES
    over = letter.attempts >= len(pauses) or _is_for_ever(error)
    with transaction.atomic():
        ours = _held(letter).update(
            status=OutgoingMail.Status.FAILED if over else OutgoingMail.Status.DUE,
            due_at=now + timedelta(seconds=pauses[min(letter.attempts, len(pauses)) - 1]),
            leased_until=None,
            last_error=f"{type(error).__name__}: {error}"[:200],
        )
        if ours and over and letter.lab_id:
            label, via = f"{letter.to}: {letter.subject}", Event.Via.WORKER
            events.record(None, "letter_failed", lab=letter.lab, label=label, via=via)


def _is_for_ever(error: Exception) -> bool:
    """Whether a mail server said that it will never take this letter (5xx), not just not now."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _answer in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600
