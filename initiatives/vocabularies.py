"""The word lists of the register: Dutch data with a code, a label and a sentence of help."""

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "vocabularies.json"


@cache
def _every() -> dict[str, dict]:
    return json.loads(FILE.read_text())


def choices(name: str) -> list[tuple[str, str]]:
    """The words of one list, for a field: (code, label), in order."""
    return [(item["code"], item["label"]) for item in _every()[name]["items"]]


def labels(name: str, codes: list[str]) -> list[str]:
    """The labels of these codes, in the order of the list; what it does not know is left out."""
    return [label for code, label in choices(name) if code in codes]


def helps(name: str) -> dict[str, str]:
    """The sentence of help for each code of one list."""
    return {item["code"]: item["help"] for item in _every()[name]["items"]}


def title(name: str) -> str:
    """What the list is called: the label of a field that asks for it."""
    return _every()[name]["label"]
