"""Nobody imports upwards.

    roof      urls, views, settings, wsgi, management and privacy of werklab
    floor 2   sessions
    floor 1   initiatives   intake
    cellar    the rest of werklab

`werklab` is both cellar and roof, so the floors are kept per module, not per app.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = {"werklab": "werklab", "initiatives": "initiatives", "intake": "intake"}
APPS |= {"labsessions": "sessions"}  # by label, as a string speaks of them
ROOF = re.compile(r"werklab\.(urls|views|settings|wsgi|management|privacy)(\.|$)")
BELOW = {
    "cellar": {"cellar"},
    "initiatives": {"cellar", "initiatives"},
    "intake": {"cellar", "intake"},
    "sessions": {"cellar", "initiatives", "intake", "sessions"},
    "roof": {"cellar", "initiatives", "intake", "sessions", "roof"},
}
MODEL = re.compile(rf"({'|'.join(APPS)})\.[A-Z]\w*")


def floor_of(module):
    """The floor on which this module lives; None for what is not ours."""
    if ROOF.match(module):
        return "roof"
    app = module.partition(".")[0]
    if app == "werklab":
        return "cellar"
    return app if app in APPS.values() else None


def reaches_for(source):
    """Every module that this source imports, and every app whose model it names as a string."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                assert level == 0, "a relative import hides where it reaches"
                yield from (f"{module}.{name.name}" for name in names)
            case ast.Constant(value=str(text)) if found := MODEL.fullmatch(text):
                yield APPS[found[1]]
            case ast.Call(
                func=ast.Attribute(attr="get_model"), args=[ast.Constant(value=str(label)), *_]
            ) if label in APPS:
                yield APPS[label]
            case ast.Tuple(elts=[ast.Constant(value=str(label)), ast.Constant(value=str(name))]):
                if label in APPS and re.match(r"\d{4}_|__first__", name):  # migrations depend so
                    yield APPS[label]


def upward(module, source):
    """What this module reaches for that is not below it."""
    here = BELOW[floor_of(module)]
    return [there for there in reaches_for(source) if floor_of(there) not in {None, *here}]


def modules():
    """Every module of ours with its path, but for the tests."""
    for app in APPS.values():
        for path in sorted((ROOT / app).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(part for part in parts if part != "__init__"), path


def test_nobody_reaches_upwards():
    found = {module: upward(module, path.read_text()) for module, path in modules()}

    assert {module: there for module, there in found.items() if there} == {}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("werklab.labs", "from sessions.models import Visit"),
        ("werklab.labs", "import initiatives.models"),
        ("werklab.labs", "from werklab import views"),
        ("werklab.labs", "from werklab.views.labs import lab"),
        ("werklab.labs", "def late():\n    from intake import answers"),
        ("werklab.models.labs", "ForeignKey('labsessions.LabSession')"),
        ("werklab.models.labs", "apps.get_model('intake', 'Answer')"),
        ("werklab.migrations.0002_more", "dependencies = [('intake', '0001_initial')]"),
        ("initiatives.models", "from intake.models import Answer"),
        ("intake.models", "ForeignKey('initiatives.Initiative')"),
        ("intake.forms", "from sessions import programme"),
        ("sessions.views.visits", "from werklab.urls import urlpatterns"),
        ("sessions.visits", "from werklab.privacy import erase"),
    ],
)
def test_a_step_up_is_noticed(module, source):
    assert upward(module, source) != []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("werklab.labs", "from django.contrib.sessions.models import Session"),
        ("werklab.labs", "from django.conf import settings"),
        ("werklab.labs", "from werklab.viewsheds import far"),
        ("initiatives.models", "from werklab import access"),
        ("initiatives.models", "ForeignKey('werklab.Municipality')"),
        ("sessions.models.visits", "ForeignKey('initiatives.Initiative')"),
        ("sessions.views.visits", "from intake.summary import answers_of"),
        ("werklab.privacy", "from sessions.models import Visit"),
        ("werklab.views.labs", "from sessions import programme"),
        ("werklab.management.commands.demo", "from intake import answers"),
    ],
)
def test_a_step_down_is_fine(module, source):
    assert upward(module, source) == []
