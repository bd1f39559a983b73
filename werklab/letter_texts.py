"""The words of a lab's letters: what may stand in them, how they look, and changing them."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from werklab import events, wording
from werklab.errors import Refused
from werklab.models import Lab, LetterText, OutgoingMail, User

MEANINGS_FILE = Path(__file__).parent / "data" / "placeholders.json"
# Letters that belong to no lab: everybody gets these in the same words.
OUTSIDE_LABS = {
    *("login_code", "account_invited", "second_factor_changed"),
    *("request_received", "request_came", "request_accepted", "request_declined"),
    "profile_asked",
}
# Without these nobody knows when and where to come (every letter with a meeting says so) ...
WHEN_AND_WHERE = {
    *("session_list", "first_session", "last_session", "meetings", "moved_list"),
    *("slot_list", "visit_moment", "visit_address", "visit_line"),
}
# ... and without the other links nobody can answer; these may be left out.
MAY_BE_LEFT_OUT = {"calendar_url", "privacy_url"}


@cache
def meanings() -> dict[str, dict[str, str]]:
    """What each placeholder means, in Dutch, and an example for where a lab has nothing yet."""
    return json.loads(MEANINGS_FILE.read_text())


def kinds() -> list[str]:
    """Every kind of letter that a lab sends, in the order of the file."""
    return [kind for kind in wording.letters() if kind and kind not in OUTSIDE_LABS]


def written(name: str) -> str:
    """A placeholder as it stands in a text."""
    return "{{ " + name + " }}"


def allowed(kind: str) -> list[str]:
    """What this kind of letter may say, those of its own first; a first name only to a person."""
    standard = _used(_standard(kind))
    own = sorted(standard - wording.EVERYWHERE)
    common = wording.EVERYWHERE - (set() if "first_name" in standard else {"first_name"})
    return own + sorted(common)


def needed(kind: str) -> list[str]:
    """What has to stay in this kind of letter: when and where, and the links that are answered."""
    return sorted(
        name
        for name in _used(_standard(kind)) - MAY_BE_LEFT_OUT
        if name in WHEN_AND_WHERE or name.endswith("_url")
    )


def _standard(kind: str) -> str:
    letter = wording.letters()[kind]
    return f"{letter['subject']}\n{letter['body']}"


def _used(text: str) -> set[str]:
    return set(wording.PLACEHOLDER.findall(text))


def _names(names: Iterable[str]) -> str:
    return ", ".join(written(name) for name in names)


def what_is_wrong(kind: str, text: str) -> list[str]:
    """A sentence for each thing in this text that no letter can fill; empty when all is well."""
    known = allowed(kind)
    choose = {"names": _names(known)}
    wrong = [
        _("We do not know %(name)s. Choose from: %(names)s.") % (choose | {"name": written(name)})
        for name in dict.fromkeys(wording.PLACEHOLDER.findall(text))
        if name not in known
    ]
    rest = wording.PLACEHOLDER.sub("", text)
    for line in rest.splitlines():
        at = min((line.find(brace) for brace in "{}" if brace in line), default=-1)
        if at >= 0:
            words = line[max(at - 1, 0) : at + 30].strip()
            wrong.append(
                _("“%(words)s” is not finished. Write it like this: %(example)s.")
                % {"words": words, "example": written(known[-1])}
            )
    return wrong


def what_is_missing(kind: str, body: str) -> list[str]:
    """A sentence for each thing that has to stay in the body of this letter and is not there."""
    in_subject = _used(wording.letters()[kind]["subject"])
    here = _used(body)
    return [
        _("%(name)s has to stay in the letter: %(means)s.")
        % {"name": written(name), "means": meanings().get(name, {}).get("means", name)}
        for name in needed(kind)
        if name not in here and name not in in_subject
    ]


def preview(kind: str, subject: str, body: str, examples: dict[str, str]) -> tuple[str, str]:
    """Subject and text of a letter as a receiver could read it."""
    filled = {name: written(name) for name in wording.placeholders(kind)}
    filled |= {name: about["example"] for name, about in meanings().items()} | examples
    line = " ".join(wording.put_in(subject, filled).split())
    return line, wording.full_text(kind, body, filled)


def own_subjects(lab: Lab) -> dict[str, str]:
    """The kinds of letter for which this lab has words of its own, with their subjects."""
    return dict(LetterText.objects.filter(lab=lab).values_list("kind", "subject"))


def unsent_drafts(lab: Lab, kind: str) -> int:
    """How many drafts of this kind wait; they keep the words with which they were written."""
    return lab.letters.filter(status=OutgoingMail.Status.DRAFT, kind=kind).count()


@transaction.atomic
def change_text(by: User, lab: Lab, kind: str, *, subject: str, body: str) -> None:
    """Give a lab words of its own for this kind of letter, from the next letter on.

    Raises Refused for a placeholder that nobody can fill, and for one that has to stay.
    """
    body = "\n".join(body.split("\r\n")).strip()
    wrong = what_is_wrong(kind, subject) + what_is_wrong(kind, body) + what_is_missing(kind, body)
    if wrong:
        raise Refused(" ".join(wrong))
    words = {"subject": " ".join(subject.split()), "body": body, "changed_at": timezone.now()}
    LetterText.objects.update_or_create(lab=lab, kind=kind, defaults=words)
    events.record(by, "letter_text_changed", lab=lab, label=wording.letters()[kind]["when"])


@transaction.atomic
def back_to_standard(by: User, lab: Lab, kind: str) -> None:
    """Take a lab's own words away. Raises Refused when it has none."""
    gone, _rows = LetterText.objects.filter(lab=lab, kind=kind).delete()
    if not gone:
        raise Refused(_("This letter has the standard text already."))
    events.record(by, "letter_text_reset", lab=lab, label=wording.letters()[kind]["when"])
