"""Migrations are complete, have a name that says something, and can be undone."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ["werklab", "initiatives", "intake", "sessions"]


def migrations():
    return [
        pytest.param(path, id=f"{path.parent.parent.name}-{path.stem}")
        for app in APPS
        for path in sorted((ROOT / app / "migrations").glob("[0-9]*.py"))
    ]


def calls(tree, *names):
    """Every call in this tree of something with one of these names."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", None) in names
    ]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("path", migrations())
def test_a_migration_says_what_it_does(path):
    assert re.fullmatch(r"\d{4}_(?!auto_|alter_field_)[a-z0-9_]+", path.stem)


@pytest.mark.parametrize("path", migrations())
def test_moving_data_can_be_undone_and_forgotten(path):
    for call in calls(ast.parse(path.read_text()), "RunPython", "RunSQL"):
        given = {keyword.arg: keyword.value for keyword in call.keywords}

        assert len(call.args) > 1 or given.keys() & {"reverse_code", "reverse_sql"}, "no way back"
        assert getattr(given.get("elidable"), "value", False) is True, "not elidable"


@pytest.mark.parametrize("path", migrations())
def test_data_and_schema_move_apart_and_data_by_historical_models(path):
    tree = ast.parse(path.read_text())
    moves_data = calls(tree, "RunPython", "RunSQL")
    schema = calls(tree, "CreateModel", "AddField", "AlterField", "RemoveField", "AddConstraint")
    ours = [
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module.partition(".")[0] in APPS
    ]

    assert not (moves_data and schema)
    assert not (moves_data and ours)


@pytest.mark.parametrize("app", APPS)
def test_numbers_run_on(app):
    numbers = [int(path.stem[:4]) for path in sorted((ROOT / app / "migrations").glob("[0-9]*.py"))]

    assert numbers == list(range(1, len(numbers) + 1))
