"""Templates are used, small, and hold no style, no script and no way around escaping."""

import ast
import re
from itertools import chain
from pathlib import Path

import allauth
import crispy_forms
import django
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "templates"
APPS = ["werklab", "initiatives", "intake", "sessions"]
LONGEST = 120
BY_DJANGO = {"400.html", "403.html", "404.html", "500.html"}  # found by their name
LETTER = re.compile(r"mail/(\w+)\.(subject\.txt|txt|html)")
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE),
    "a handler in an attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a way around escaping": re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off"),
}
INCLUDED = re.compile(r'{%\s*include\s+"([^"]+)"([^%]*)%}')
SOURCES = {str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*.html")}
BLOCK = re.compile(r"{%-?\s*(block|endblock)\b\s*(\w*)")


def templates():
    paths = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})
    return [pytest.param(path, id=str(path.relative_to(TEMPLATES))) for path in paths]


def strings_in(folder):
    """Every text that stands in the Python code below this folder."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in folder.rglob("*.py"))
    return {
        node.value
        for node in chain.from_iterable(map(ast.walk, trees))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.fixture(scope="module")
def named():
    """Every text that may name a template: in our code, and in the tags of our templates."""
    in_code = set().union(*(strings_in(ROOT / app) for app in APPS))
    source = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    in_tags = re.findall(r"[\"']([^\"'\s]+\.(?:html|txt))[\"']", source)
    return in_code | set(in_tags)


@pytest.fixture(scope="module")
def asked_by_crispy():
    """The pieces that crispy-forms asks from a template pack."""
    found = strings_in(Path(crispy_forms.__file__).parent)
    return {text.partition("/")[2] for text in found if text.endswith(".html")}


def is_used(name, named, asked_by_crispy):
    if letter := LETTER.fullmatch(name):
        return name in named or letter[1] in named
    if name.startswith("werklab_forms/"):
        return name in named or name.partition("/")[2] in asked_by_crispy
    return name in named or name in BY_DJANGO or replaces_one_of_a_package(name)


def replaces_one_of_a_package(name):
    packages = (Path(package.__file__).parent for package in (allauth, django))
    places = ["templates", "forms/templates", "contrib/admin/templates"]
    return any((package / place / name).exists() for package in packages for place in places)


@pytest.mark.parametrize("path", templates())
def test_a_template_is_used(path, named, asked_by_crispy):
    assert is_used(str(path.relative_to(TEMPLATES)), named, asked_by_crispy)


def test_a_template_that_nobody_names_is_noticed(named, asked_by_crispy):
    assert not is_used("werklab/nobody_names_me.html", named, asked_by_crispy)


@pytest.mark.parametrize("path", templates())
def test_a_template_fits_on_a_few_screens(path):
    assert len(path.read_text().splitlines()) <= LONGEST


def forbidden_in(source):
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(source)]


@pytest.mark.parametrize("path", templates())
def test_no_style_no_script_and_all_is_escaped(path):
    """Letters are the one place for style within the tag: mail programs read nothing else."""
    found = forbidden_in(path.read_text())
    if path.is_relative_to(TEMPLATES / "mail"):
        found = [what for what in found if what != "an inline style"]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)">',
        '<button type="button" onclick="go()">',
        "{{ text|safe }}",
        "{% autoescape off %}",
    ],
)
def test_what_is_forbidden_is_noticed(source):
    assert forbidden_in(source) != []


def badly_closed(source):
    """Blocks that end on another line than they begin, without or with another name."""
    open_blocks, found = [], []
    for line_number, line in enumerate(source.splitlines(), start=1):
        for kind, name in BLOCK.findall(line):
            if kind == "block":
                open_blocks.append((name, line_number))
                continue
            block, began = open_blocks.pop()
            if name != block and not (name == "" and began == line_number):
                found.append(block)
    return found


@pytest.mark.parametrize("path", templates())
def test_a_block_is_closed_by_its_name(path):
    assert badly_closed(path.read_text()) == []


def test_a_block_closed_without_its_name_is_noticed():
    assert badly_closed("{% block a %}\n{% endblock %}") == ["a"]
    assert badly_closed("{% block a %}x{% endblock %}\n{% block b %}\n{% endblock b %}") == []


def with_a_form():
    """The templates that post a form, themselves or through a part of them."""
    found = {name for name, text in SOURCES.items() if "{% csrf_token %}" in text}
    parts = [name for name in SOURCES if Path(name).name.startswith("_")]
    for _depth in range(3):
        found |= {
            name for name in parts if any(m[1] in found for m in INCLUDED.finditer(SOURCES[name]))
        }
    return found


def test_a_part_with_a_form_gets_the_token_that_the_form_needs():
    forms = with_a_form()
    lacking = [
        f"{name}: {part[0]}"
        for name, text in SOURCES.items()
        for part in INCLUDED.finditer(text)
        if part[1] in forms and " only " in part[2] and "csrf_token" not in part[2]
    ]

    # The header has its form for who is signed in; pages behind a mailed link leave it out.
    assert [one for one in lacking if "bare=True" not in one] == []
