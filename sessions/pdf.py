"""The report on paper: an accessible PDF (PDF/UA-1) in the house font, and in nothing else.

What people typed is text and can fetch nothing: the page may load no address at all, and our own
style sheet loads one file, the font. A character that the font lacks would bring in another font,
so it is written in letters that the font has, or shows as MISSING.
"""

import logging
import re
import threading
import unicodedata
from functools import cache
from pathlib import Path

import fontpkg_hanken_grotesk as house_font
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from fontTools.ttLib import TTFont

from werklab.errors import Refused

log = logging.getLogger(__name__)

FONT = house_font.ROOT / "files" / "HankenGrotesk[wght].ttf"
FONT_FACE = '@font-face { font-family: "Hanken Grotesk"; src: url("%s"); font-weight: 100 900; }'
MISSING = "[?]"
LOOKALIKES = {"\u2010": "-", "\u2011": "-", "\u2043": "-", "\u25cf": "•"}
INVISIBLE = {"Cf", "Cc", "Mn", "Me"}  # direction marks, controls, accents that fit no letter
WHITE = {"\n", "\t"}
YELLOW_CHAIR, WHITE_CHAIR = "#f5b82e", "#ffffff"

# A report takes a second of work and some 100 MB: a worker makes one at a time.
_one_at_a_time = threading.Lock()


def make_pdf(points: dict) -> bytes:
    """These points of a report (see `sessions.points`) as a PDF.

    Raises Refused when anything in it would have to be fetched.
    """
    page = {"points": points, "chairs": chairs(points)}
    html = render_to_string("sessions/advice_pdf.html", page)
    if lacking(html):
        html = render_to_string("sessions/advice_pdf.html", page | {"missing": MISSING})
    with _one_at_a_time:
        return _print(printable(html))


def chairs(points: dict) -> dict:
    """The table on the cover: a yellow chair per civil servant, a white one per initiative."""
    wrote, read = points["people"]["total"], points["initiatives"]["total"]
    total = wrote + read
    upper = total // 2
    lower = max(total - upper - 1, 0)
    table = max(376, 45 * max(upper, lower) + 16)
    head = [(table + 10, 72)] if total else []
    places = [*((12 + 45 * place, 0) for place in range(upper)), *head]
    places += [(12 + 45 * place, 144) for place in reversed(range(lower))]
    colours = [
        WHITE_CHAIR if (place + 1) * read // total > place * read // total else YELLOW_CHAIR
        for place in range(total)
    ]
    by_whom = ngettext("%(n)s colleague wrote this", "%(n)s colleagues wrote this", wrote)
    with_whom = ngettext("%(n)s initiative read along", "%(n)s initiatives read along", read)
    return {
        "places": [(x, y, colour) for (x, y), colour in zip(places, colours, strict=True)],
        "table": table,
        "width": table + 44,
        "wrote": by_whom % {"n": wrote},
        "read": with_whom % {"n": read},
        "title": _("A table with %(wrote)s chairs for colleagues and %(read)s for initiatives")
        % {"wrote": wrote, "read": read},
    }


def _print(html: str) -> bytes:
    from weasyprint import CSS, HTML, urls  # half a second and 30 MB, for who makes a report
    from weasyprint.text.fonts import FontConfiguration

    font = FONT.as_uri()

    class OnlyTheFont(urls.URLFetcher):
        """Loads the house font for our own style sheet; any other address stops the rendering."""

        def fetch(self, url, headers=None):
            if url != font:
                raise ValueError("Only the house font is loaded.")
            return super().fetch(url, headers)

    nothing = urls.URLFetcher(allowed_protocols=[], fail_on_errors=True)
    only_the_font = OnlyTheFont(allowed_protocols=["file"], fail_on_errors=True)
    fonts = FontConfiguration()
    face = CSS(string=FONT_FACE % font, url_fetcher=only_the_font, font_config=fonts)
    sheet = CSS(
        string=Path(str(finders.find("css/advice.css"))).read_text(encoding="utf-8"),
        url_fetcher=nothing,
        font_config=fonts,
    )
    try:
        return HTML(string=html, url_fetcher=nothing).write_pdf(
            stylesheets=[face, sheet], font_config=fonts, pdf_variant="pdf/ua-1"
        )
    except urls.FatalURLFetchingError:  # not an Exception: whoever catches those lets it through
        log.error("A report asked for something from outside; it was not made.")
        raise Refused(_("The PDF could not be made. Please call or mail us.")) from None


@cache
def _drawn() -> frozenset[str]:
    """Every character that the house font can draw."""
    with TTFont(FONT, lazy=True) as font:
        drawn = {chr(point) for point in font.getBestCmap()}
    return frozenset(char for char in drawn if unicodedata.category(char) != "Cf") | WHITE


def lacking(text: str) -> set[str]:
    """The characters that would show as MISSING."""
    return {char for char in set(text) - _drawn() if _in_the_font(char) == MISSING}


@cache
def _in_the_font(char: str) -> str:
    """This character in letters that the font has: without an accent, spelled out, or MISSING."""
    if char in LOOKALIKES:
        return LOOKALIKES[char]
    category = unicodedata.category(char)
    if category in INVISIBLE:
        return ""
    if category.startswith("Z"):
        return " "
    spelled = unicodedata.normalize("NFKD", char)
    kept = "".join(LOOKALIKES.get(one, one) for one in spelled)
    kept = "".join(one for one in kept if unicodedata.category(one) not in INVISIBLE)
    return kept if kept and set(kept) <= _drawn() else MISSING


def printable(text: str) -> str:
    """The same text with nothing in it that the house font cannot draw."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(char if char in _drawn() else _in_the_font(char) for char in text)
    return re.sub(rf"(?:{re.escape(MISSING)})+", MISSING, text)
