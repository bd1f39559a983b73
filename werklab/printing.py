"""Pages on paper: an accessible PDF (PDF/UA-1) in the house font, and in nothing else.

What people typed is text and can fetch nothing: the page may load no address at all, and our own
style sheet loads one file, the font. A character that the font lacks would bring in another font,
so it is written in letters that the font has, or shows as MISSING.
"""

import gc
import logging
import re
import threading
import unicodedata
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import fontpkg_hanken_grotesk as house_font
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont

from werklab.errors import Refused

log = logging.getLogger(__name__)

FONT = house_font.ROOT / "files" / "HankenGrotesk[wght].ttf"
FONT_FACE = '@font-face { font-family: "Hanken Grotesk"; src: url("%s"); font-weight: 100 900; }'
MISSING = "[?]"
LOOKALIKES = {"\u2010": "-", "\u2011": "-", "\u2043": "-", "\u25cf": "•"}
INVISIBLE = {"Cf", "Cc", "Mn", "Me"}  # direction marks, controls, accents that fit no letter
WHITE = {"\n", "\t"}

# A PDF takes a second of work and some 100 MB: a worker makes one at a time.
_one_at_a_time = threading.Lock()


@contextmanager
def _collector_at_rest():
    """Let Python collect no garbage meanwhile: looking for it is a sixth of the time.

    A PDF leaves some 25 MB, which go as soon as the collector is back.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def make_pdf(template: str, context: dict, stylesheet: str) -> bytes:
    """This page as a PDF with this style sheet (its name in static/css).

    The page gets `missing`, the sign for a character that the font lacks, when there is one.
    Raises Refused when anything in it would have to be fetched.
    """
    html = render_to_string(template, context)
    if lacking(html):
        html = render_to_string(template, context | {"missing": MISSING})
    with _one_at_a_time, _collector_at_rest():
        return printed(printable(html), stylesheet)


def printed(html: str, stylesheet: str) -> bytes:
    """This HTML on paper, as it is. Raises Refused when it asks for anything from outside."""
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
        string=Path(str(finders.find(f"css/{stylesheet}"))).read_text(encoding="utf-8"),
        url_fetcher=nothing,
        font_config=fonts,
    )
    try:
        return HTML(string=html, url_fetcher=nothing).write_pdf(
            stylesheets=[face, sheet], font_config=fonts, pdf_variant="pdf/ua-1"
        )
    except urls.FatalURLFetchingError:  # not an Exception: whoever catches those lets it through
        log.error("A page for paper asked for something from outside; it was not made.")
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
