"""The repository holds what it should, in the places where one looks for it."""

import re
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = {"werklab", "intake", "sessions", "initiatives", "templates", "static", "tests"}
FOLDERS |= {"requirements", "docs"}
FILES = {"manage.py", "pyproject.toml", "README.md", "Makefile"}
LARGEST = 300_000

# Written in two pieces, so that this file does not hold what it looks for.
A_MACHINE = re.compile(r"(?<![\w.>~-])/" + r"(home|root|work|Users|opt)/\w")
A_REGISTRY = re.compile(
    "|".join(["index" + "-url", "find" + "-links", "pypi" + r"\.org", "npm" + "js"])
)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b")
REAL_ADDRESSES: set[str] = set()  # nobody's, so far


def ignored():
    """The names that git does not keep, from .gitignore; there may be no git on this machine."""
    lines = (ROOT / ".gitignore").read_text().splitlines()
    return [line.strip("/") for line in lines if line and not line.startswith("#")] + [".git"]


def kept(folder=ROOT, patterns=None):
    """Every file that belongs to the repository."""
    patterns = patterns or ignored()
    for path in sorted(folder.iterdir()):
        if any(fnmatch(path.name, pattern) for pattern in patterns):
            continue
        if path.is_dir():
            yield from kept(path, patterns)
        else:
            yield path


def texts():
    """Every text in the repository, by its name."""
    for path in kept():
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_the_top_level_is_the_one_that_the_owner_asked_for():
    seen = {path.relative_to(ROOT).parts[0] for path in kept()}

    assert {name for name in seen if not name.startswith(".")} == FOLDERS | FILES


def test_no_file_is_large():
    assert [str(path) for path in kept() if path.stat().st_size > LARGEST] == []


def test_no_file_names_a_place_on_somebodys_machine():
    assert {name: hit[0] for name, text in texts() if (hit := A_MACHINE.search(text))} == {}


def test_no_file_names_a_registry():
    allowed = {".ci/lock.sh"}  # says that no address is to be written down
    hits = {name: hit[0] for name, text in texts() if (hit := A_REGISTRY.search(text))}

    assert {name: hit for name, hit in hits.items() if name not in allowed} == {}


def test_every_mail_address_is_a_made_up_one():
    real = {
        (name, address)
        for name, text in texts()
        for address in ADDRESS.findall(text)
        if not address.lower().endswith(".example") and address not in REAL_ADDRESSES
    }

    assert real == set()


def test_what_is_forbidden_is_noticed():
    assert A_MACHINE.search("see " + "/" + "home/ans/werklab")
    assert A_REGISTRY.search("--index" + "-url https://pip.example")
    assert ADDRESS.search("ans" + "@gemeente.nl")
    assert not A_MACHINE.search("werklab/home/index.html and https://x.example/" + "work/1")
