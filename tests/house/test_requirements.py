"""The list of requirements, and the tests' claims on it."""

import pytest

from tests.requirements_plugin import (
    claims,
    pytest_collection_modifyitems,
    report,
    requirements,
)


class Item:
    """A collected test with one mark, as far as the plugin looks at it."""

    def __init__(self, nodeid, *numbers):
        self.nodeid = nodeid
        self.numbers = numbers

    def iter_markers(self, name):
        return [pytest.mark.req(*self.numbers).mark]


def test_every_requirement_has_its_own_number_and_a_priority():
    rows = requirements()

    assert [row["id"] for row in rows] == [f"REQ-{n:03}" for n in range(1, 166)]
    assert {row["prio"] for row in rows} == {"M", "S", "C"}


def test_a_claim_on_a_requirement_that_does_not_exist_is_refused():
    with pytest.raises(pytest.UsageError, match="REQ-999"):
        pytest_collection_modifyitems([Item("test_a", "REQ-043", "REQ-999")])


def test_a_test_counts_once_however_often_it_runs():
    items = [Item("test_a[10]", "REQ-043"), Item("test_a[15]", "REQ-043")]

    assert claims(items) == {"REQ-043": ["test_a"]}


def test_the_report_says_what_is_proven_and_what_is_not():
    rows = [{"id": f"REQ-{n}", "prio": "M", "requirement": "a rule"} for n in (1, 2)]

    lines = list(report(rows, {"REQ-2": ["test_a"]}))

    assert lines[:2] == ["REQ-2 M  a rule", "             test_a"]
    assert lines[3:5] == ["M (must): 1 of 2 have a test", "  without: REQ-1"]
