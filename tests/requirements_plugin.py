"""Which requirement is proven by which test: `make requirements`.

A test says so itself, with `@pytest.mark.req("REQ-043")` and the numbers of
docs/requirements.csv. A number that does not exist there stops every run of the tests.
"""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

LIST = Path(__file__).resolve().parent.parent / "docs" / "requirements.csv"
PRIORITIES = {"M": "must", "S": "should", "C": "could"}


def pytest_addoption(parser):
    parser.addoption(
        "--requirements",
        action="store_true",
        help="run nothing; print which requirement is proven by which test",
    )


def pytest_collection_modifyitems(items):
    """Refuse a claim on a requirement that does not exist."""
    unknown = claims(items).keys() - {row["id"] for row in requirements()}
    if unknown:
        raise pytest.UsageError(f"not in {LIST.name}: {', '.join(sorted(unknown))}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """With --requirements, print the list instead of running the tests."""
    if not session.config.option.requirements or session.testsfailed:
        return None
    print("\n".join(["", *report(requirements(), claims(session.items))]))
    return True


def requirements():
    """Every requirement, in the order of the list."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def claims(items):
    """Per requirement number the tests that say they prove it, each once."""
    proofs = defaultdict(list)
    for item in items:
        name = item.nodeid.partition("[")[0]
        for mark in item.iter_markers("req"):
            for number in mark.args:
                if name not in proofs[number]:
                    proofs[number].append(name)
    return proofs


def report(rows, proofs):
    """The lines to print: what is proven by which test, then per priority what is not."""
    for row in rows:
        if row["id"] in proofs:
            yield f"{row['id']} {row['prio']}  {row['requirement']}"
            yield from (f"             {test}" for test in proofs[row["id"]])
    for priority, word in PRIORITIES.items():
        numbers = [row["id"] for row in rows if row["prio"] == priority]
        missing = [number for number in numbers if number not in proofs]
        yield ""
        yield f"{priority} ({word}): {len(numbers) - len(missing)} of {len(numbers)} have a test"
        if missing:
            yield f"  without: {' '.join(missing)}"
