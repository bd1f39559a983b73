"""The tests themselves keep a few rules."""

import ast
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
ASKS_THE_TIME = {"now", "localdate", "localtime", "today", "in_days", "day", "days_from_now"}


def collected(module):
    """What Python works out while a test is only collected: constants and decorators."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from node.decorator_list
    for node in module.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            yield node.value


def calls(node):
    """The names of what is called here, but not of what will be called only later (a lambda)."""
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.Call):
        yield node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
    for child in ast.iter_child_nodes(node):
        yield from calls(child)


def test_no_test_asks_the_time_before_it_runs():
    """Tests are collected before midnight and run after it: see `as_of_now` of the factories."""
    early = {
        f"{path.relative_to(TESTS)}:{node.lineno}"
        for path in TESTS.rglob("test_*.py")
        for node in collected(ast.parse(path.read_text()))
        if ASKS_THE_TIME & {*calls(node)}
    }

    assert early == {"werklab/test_dutch_time.py:24"}  # only a year, and it is the next one
