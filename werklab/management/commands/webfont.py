"""Make the house font small enough for a web page: `manage.py webfont`."""

import hashlib
import os
from pathlib import Path

import fontpkg_hanken_grotesk as house_font
from django.conf import settings
from django.core.management.base import BaseCommand
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

SOURCE = house_font.ROOT / "files" / "HankenGrotesk[wght].ttf"
WEIGHTS = (400, 800)  # from text to big numbers; the light and the black ones are not used
CHARACTERS = [
    (0x0020, 0x007E),  # Latin
    (0x00A0, 0x024F),  # Latin with accents, for every name on a European passport
    (0x1E00, 0x1EFF),  # and for the Vietnamese ones
    (0x2010, 0x2044),  # dashes, quotes, dots
    (0x20AC, 0x20AC),  # euro
    (0x2122, 0x2122),  # trade mark
    (0x2190, 0x2193),  # arrows
    (0x2212, 0x2215),  # minus, fraction slash
]


class Command(BaseCommand):
    """A page in the house font costs a visitor some 30 kB once, instead of 130 kB.

    The font comes from a package and is cut down here, at set-up, so that the repository
    carries no font. The report embeds the whole font itself.
    """

    help = "Make the web font in VAR_DIR/static/fonts, unless it is there and up to date."

    def handle(self, **options):
        font = settings.VAR_DIR / "static" / "fonts" / "hanken-grotesk.woff2"
        recipe = settings.VAR_DIR / "webfont.sha256"
        wanted = fingerprint()
        if font.exists() and recipe.exists() and recipe.read_text() == wanted:
            return
        font.parent.mkdir(parents=True, exist_ok=True)
        unfinished = font.with_suffix(f".{os.getpid()}")
        make(unfinished)
        unfinished.replace(font)
        recipe.write_text(wanted)
        self.stdout.write(f"Made the web font: {font.stat().st_size / 1000:.0f} kB.")


def fingerprint():
    """Changes with the font that is cut down, and with how it is cut: this very file."""
    return hashlib.sha256(SOURCE.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def make(path):
    """Write a woff2 of the needed characters in the needed weights."""
    font = TTFont(SOURCE, lazy=False)
    subsetter = Subsetter(Options(hinting=False))
    subsetter.populate(
        unicodes=[point for first, last in CHARACTERS for point in range(first, last + 1)]
    )
    subsetter.subset(font)
    font.save(path)
    # Read it back first: cutting glyphs and weights in one pass trips over what the first left.
    font = instantiateVariableFont(TTFont(path), {"wght": WEIGHTS})
    font.flavor = "woff2"
    font.save(path)
