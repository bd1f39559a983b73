"""Post: write a letter down with the change that causes it, and deliver what is due.

An action only writes rows; nothing is sent inside a transaction. `manage.py work` delivers. The
letters themselves are Dutch data in `werklab/data/letters.json`.
"""

import json
import logging
import re
from collections import defaultdict
from datetime import datetime, timedelta
from email.utils import make_msgid
from functools import cache
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from werklab import links
from werklab.models import Lab, OutgoingMail, User

log = logging.getLogger(__name__)

LETTERS_FILE = Path(__file__).parent / "data" / "letters.json"
NAMED_LINK = re.compile(r"^(?P<before>(?:.*[.?!] )?)(?P<label>[^.?!]*?):?\s*(?P<url>https?://\S+)$")
PLACEHOLDER = re.compile(r"{{\s*(\w+)\s*}}")
BATCH = 5  # so few that all of them are posted, or have timed out, within one lease
LEASE = timedelta(minutes=2)
PAUSES = [timedelta(minutes=m) for m in (1, 5, 30, 120, 480)]
WITHOUT_FOOTER = {"login_code"}


@cache
def letters() -> dict[str, dict[str, str]]:
    """Every letter by its key: subject and body with `{{ placeholders }}`; and the footer."""
    data = json.loads(LETTERS_FILE.read_text())
    return {letter["key"]: letter for letter in data["mails"]} | {"": {"body": data["footer"]}}


def _put_in(template: str, context: dict) -> str:
    return PLACEHOLDER.sub(lambda found: str(context[found[1]]), template)


def _about(lab: Lab | None, person: User | None) -> dict:
    context = {
        "contact_name": settings.SITE_CONTACT_NAME,
        "contact_email": settings.SITE_CONTACT_EMAIL,
        "contact_phone": settings.SITE_CONTACT_PHONE,
        "lab_title": "Werklab",
        "privacy_url": f"{settings.BASE_URL}/privacy/",
    }
    if lab is not None:
        context |= {
            "contact_name": lab.contact_name or context["contact_name"],
            "contact_email": lab.contact_email or context["contact_email"],
            "contact_phone": lab.contact_phone or context["contact_phone"],
            "lab_title": lab.title,
            "municipality": lab.municipality.name,
        } | _team(lab)
    if person is not None:
        context["first_name"] = person.first_name
    return context


def _team(lab: Lab) -> dict:
    names = defaultdict(list)
    for role, name, email in lab.roles.values_list("role", "user__name", "user__email"):
        names[role].append(name or email)
    return {
        "trainer_names": " en ".join(names["trainer"]) or lab.contact_name,
        "coordinator_name": " en ".join(names["coordinator"]) or lab.contact_name,
    }


def send(
    kind: str,
    *,
    to: str,
    lab: Lab | None,
    context: dict | None = None,
    person: User | None = None,
    calendar: str = "",
    due_at: datetime | None = None,
) -> OutgoingMail:
    """Write down a letter with the rest of the transaction; the worker posts it when it is due.

    `context` fills the letter's placeholders beside those every letter has (lab_title,
    municipality, first_name, contact_name, contact_phone, contact_email). Raises KeyError for a
    placeholder that nobody fills: a letter with a hole in it is never written.
    """
    letter = letters()[kind]
    filled = _about(lab, person) | (context or {})
    body = _put_in(letter["body"], filled)
    if kind not in WITHOUT_FOOTER:
        body += "\n\n" + _put_in(letters()[""]["body"], filled)
    return OutgoingMail.objects.create(
        lab=lab,
        person=person,
        kind=kind,
        to=to,
        reply_to=filled["contact_email"] if lab is not None else "",
        subject=" ".join(_put_in(letter["subject"], filled).split())[:200],
        text=body,
        calendar=calendar,
        message_id=make_msgid(domain=settings.MAIL_DOMAIN),
        due_at=due_at or timezone.now(),
    )


def paragraphs(text: str) -> list[dict]:
    """A letter's text cut into blocks for the HTML version.

    Each block is {"kind": "list" or "text", "lines": [{"before", "label", "url", "button"}]}. A
    line that ends in an address becomes a link named by the sentence before it. The first line
    that is nothing but a link becomes the letter's one button.
    """
    blocks, button = [], None
    for part in text.split("\n\n"):
        lines = [line for line in part.split("\n") if line.strip()]
        for items, run in groupby(lines, key=lambda line: line.startswith("- ")):
            found = [_line(line.removeprefix("- ") if items else line) for line in run]
            for line in found:
                line["button"] = button is None and bool(line["url"]) and not line["before"]
                button = line if line["button"] else button
            blocks.append({"kind": "list" if items else "text", "lines": found})
    return blocks


def _line(line: str) -> dict:
    found = NAMED_LINK.search(line)
    if not found:
        return {"before": line, "label": "", "url": ""}
    label = found["label"].strip()
    return {"before": found["before"], "label": label or found["url"], "url": found["url"]}


def html(letter: OutgoingMail, text: str) -> str:
    """The letter as a page for mail programs, with the same words and links as its text."""
    blocks = paragraphs(text)
    small = [] if letter.kind in WITHOUT_FOOTER else [blocks.pop()]
    page = {"subject": letter.subject, "blocks": blocks, "footer": small}
    return render_to_string("mail/letter.html", page)


def message(letter: OutgoingMail) -> EmailMultiAlternatives:
    """The letter as it goes over the wire: text and HTML with the same links, and the calendar."""
    text = links.fill(letter.text)
    email = EmailMultiAlternatives(
        subject=letter.subject,
        body=text,
        to=[letter.to],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
    )
    email.attach_alternative(html(letter, text), "text/html")
    if letter.calendar:
        email.attach("werklab.ics", letter.calendar, "text/calendar; method=PUBLISH")
    return email


@transaction.atomic
def claim(now: datetime, most: int = BATCH) -> list[OutgoingMail]:
    """Take due letters with a lease, so that several workers never post the same one at once."""
    due = OutgoingMail.objects.due(now).order_by("due_at")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    taken = []
    for letter in due[:most]:
        mine = OutgoingMail.objects.due(now).filter(pk=letter.pk)
        if mine.update(leased_until=now + LEASE, attempts=letter.attempts + 1):
            letter.attempts += 1
            taken.append(letter)
    return taken


def deliver(now: datetime | None = None) -> int:
    """Post what is due, outside any transaction; after five failures a letter shows as failed.

    At least once is the honest promise: the fixed Message-ID makes a second copy recognisable.
    """
    now = now or timezone.now()
    posted = 0
    while letters_in_hand := claim(now):
        posted += sum(_post(letter, now) for letter in letters_in_hand)
    return posted


def _post(letter: OutgoingMail, now: datetime) -> bool:
    """Post one letter. Whatever is wrong with it, the next one is not held up."""
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


def _not_posted(letter: OutgoingMail, now: datetime, error: Exception) -> None:
    over = letter.attempts >= len(PAUSES)
    OutgoingMail.objects.filter(pk=letter.pk).update(
        status=OutgoingMail.Status.FAILED if over else OutgoingMail.Status.DUE,
        due_at=now + PAUSES[min(letter.attempts, len(PAUSES)) - 1],
        leased_until=None,
        last_error=f"{type(error).__name__}: {error}"[:200],
    )
