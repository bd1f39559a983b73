"""A letter as a page for mail programs: the same words and links as its text, with one button."""

import re
from itertools import groupby

from django.template.loader import render_to_string

from werklab.models import OutgoingMail
from werklab.wording import WITHOUT_FOOTER

NAMED_LINK = re.compile(r"^(?P<before>(?:.*[.?!] )?)(?P<label>[^.?!]*?):?\s*(?P<url>https?://\S+)$")


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
