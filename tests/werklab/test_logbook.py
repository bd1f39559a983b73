"""The logbook of a lab: who did what, when, and by which way."""

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import STRANGER
from tests.factories import LabFactory, UserFactory
from werklab import eventnames, events
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.models import Event
from werklab.views.labs import EVENTS_PER_PAGE

ROOT = Path(__file__).resolve().parent.parent.parent


def path(lab):
    return f"/werklabs/{lab.slug}/logboek/"


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 200), (TRAINER, 200), (COORDINATOR, 403), (PARTICIPANT, 403), (STRANGER, 404)],
)
def test_who_reads_the_logbook(client_as, role, status):
    lab = LabFactory()

    assert client_as(role, lab).get(path(lab)).status_code == status


def test_the_logbook_is_for_reading(client_as):
    lab = LabFactory()

    assert client_as(TRAINER, lab).post(path(lab)).status_code == 405


def test_the_logbook_says_who_did_what_and_how_the_latest_first(client_as):
    lab, ilse = LabFactory(), UserFactory(name="Ilse de Boer")
    events.record(ilse, "enrolment_opened", lab, lab=lab)
    events.record(None, "offer_ended", lab=lab, label="Jasper", via="worker")
    events.record(ilse, "lab_changed", LabFactory(), lab=LabFactory())

    rows = client_as(TRAINER, lab).get(path(lab)).context["rows"]

    assert [(row["what"], row["about"]) for row in rows] == [
        (eventnames.sentence("offer_ended"), "Jasper"),
        (eventnames.sentence("enrolment_opened"), lab.title),
    ]
    assert rows[1]["who"] == "Ilse de Boer"
    assert all(row["when"] and row["how"] and row["who"] for row in rows)


def test_an_event_that_nobody_gave_words_to_is_readable_all_the_same(client_as):
    lab = LabFactory()
    events.record(None, "moon_landed", lab=lab, label="<script>alert(1)</script>")

    page = client_as(TRAINER, lab).get(path(lab)).content.decode()

    assert "Moon landed" in page
    assert "<script>alert" not in page


def test_a_long_logbook_goes_on_on_the_next_page_at_the_same_cost(
    client_as, django_assert_num_queries
):
    lab = LabFactory()
    trainer = client_as(TRAINER, lab)
    Event.objects.bulk_create(
        Event(lab=lab, name="lab_changed") for _ in range(EVENTS_PER_PAGE + 1)
    )

    with django_assert_num_queries(5):
        first = trainer.get(path(lab))
    with django_assert_num_queries(5):
        second = trainer.get(path(lab) + "?pagina=2")

    assert (len(first.context["rows"]), len(second.context["rows"])) == (EVENTS_PER_PAGE, 1)


def recorded_names():
    """Every name under which the code records an event: handed to `events.record` or to a module's
    own `_record`, kept in a dict `EVENTS`, or put in a variable `name` on the way there."""
    for app in ("werklab", "initiatives", "intake", "sessions"):
        for file in (ROOT / app).rglob("*.py"):
            source = file.read_text()
            if "events.record(" in source:
                for node in ast.walk(ast.parse(source)):
                    yield from texts(what_is_named(node))


def what_is_named(node):
    """The part of this piece of code that says what an event is called, or None."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="events"), attr="record")):
            return node.args[1]
        case ast.Call(func=ast.Name(id="_record")):
            return node.args[0]
        case ast.Assign(targets=[ast.Name(id="name" | "EVENTS")], value=value):
            return value
    return None


def texts(node):
    """The names among these words: small letters with an underscore or two."""
    for part in ast.walk(node) if node is not None else ():
        if isinstance(part, ast.Constant) and re.fullmatch(r"[a-z]+(_[a-z]+)*", str(part.value)):
            yield part.value


def test_every_event_that_is_recorded_has_words():
    names = set(recorded_names())

    assert {"lab_scheduled", "enrolled", "visit_confirmed", "intake_begun"} < names
    assert {name for name in names if name not in eventnames.SENTENCES} == set()
