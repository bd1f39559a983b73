"""The Dutch catalogue is complete, and the compiled one is what it says.

Does what `make messages` does in a copy of the sources, and looks at the difference.
"""

import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = Path("werklab/locale/nl/LC_MESSAGES/django.po")
SOURCES = ["werklab", "intake", "sessions", "initiatives", "templates", "tests", ".ci"]
DUTCH = re.compile(r"\b(de|het|een|niet|jullie|wij|zijn|wordt|voor|deze)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The sources, with the catalogue made anew from them."""
    assert shutil.which("msgfmt"), "This test needs gettext: apt-get install gettext"
    copy = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", copy)
    environment = os.environ | {"PYTHON": sys.executable}
    subprocess.run(["sh", ".ci/messages.sh"], cwd=copy, env=environment, check=True)
    return copy


def messages(catalogue, *options):
    """The English texts of the entries that msgattrib picks out of this catalogue."""
    command = ["msgattrib", "--no-wrap", "--no-obsolete", *options, str(catalogue)]
    entries = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    texts = re.findall(r'^msgid ((?:".*"\n)+)', entries, re.MULTILINE)
    return {"".join(re.findall(r'^"(.*)"$', text, re.MULTILINE)) for text in texts} - {""}


def compiled(catalogue):
    with catalogue.with_suffix(".mo").open("rb") as file:
        entries = dict(gettext.GNUTranslations(file)._catalog)
    entries.pop("")  # the heading, with the date on which it was made
    return entries


def test_every_text_of_the_app_has_its_dutch(copy):
    assert messages(copy / CATALOGUE, "--untranslated") == set()


def test_no_translation_is_a_guess(copy):
    assert messages(copy / CATALOGUE, "--only-fuzzy") == set()


def test_the_catalogue_holds_what_the_app_says_and_nothing_else(copy):
    assert messages(ROOT / CATALOGUE) == messages(copy / CATALOGUE)


def test_the_compiled_catalogue_is_up_to_date(copy):
    assert compiled(ROOT / CATALOGUE) == compiled(copy / CATALOGUE)


def test_no_message_is_dutch_already():
    assert {text for text in messages(ROOT / CATALOGUE) if DUTCH.search(text)} == set()
