"""The logbook of a lab: who did what, when, and by which way."""

import ast
import re
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest

from tests.browser import axe
from tests.conftest import STRANGER
from tests.factories import LabFactory, UserFactory
from werklab import eventkinds, eventnames, events
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.logbook import ITSELF, UNNAMED
from werklab.models import Event
from werklab.views.logbook import EVENTS_PER_PAGE

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

    with django_assert_num_queries(6):
        first = trainer.get(path(lab))
    with django_assert_num_queries(6):
        second = trainer.get(path(lab) + "?pagina=2")

    assert (len(first.context["rows"]), len(second.context["rows"])) == (EVENTS_PER_PAGE, 1)


# --- looking something up ---------------------------------------------------------------------


def noted(lab, name="lab_changed", *, at="2026-11-10T10:00+01:00", **fields):
    """A line of this moment in the logbook."""
    return Event.objects.create(lab=lab, name=name, at=datetime.fromisoformat(at), **fields)


def found(client, lab, **wanted):
    """What the page shows of this, as (what, who)."""
    page = client.get(path(lab), wanted)
    assert page.status_code == 200
    return [(row["what"], row["who"]) for row in page.context["rows"]]


def test_by_person_also_who_has_no_account_or_no_name(client_as):
    lab = LabFactory()
    trainer = client_as(TRAINER, lab)
    noted(lab, "card_added", by_name="Buurtkeuken & Zuid", via="link")
    noted(lab, "card_changed", by_name="Ilse", by=UserFactory(name="Ilse"))
    noted(lab, "card_removed")
    noted(lab, "offer_ended", via="worker")
    noted(LabFactory(), by_name="Iemand van elders")

    choices = dict(trainer.get(path(lab)).context["form"].fields["wie"].choices)
    by = {name: found(trainer, lab, wie=name) for name in choices}

    assert [*choices] == ["", "Buurtkeuken & Zuid", "Ilse", ITSELF, UNNAMED]
    assert len(by.pop("")) == 4
    assert by == {
        "Buurtkeuken & Zuid": [(eventnames.sentence("card_added"), "Buurtkeuken & Zuid")],
        "Ilse": [(eventnames.sentence("card_changed"), "Ilse")],
        ITSELF: [(eventnames.sentence("offer_ended"), "vanzelf")],
        UNNAMED: [(eventnames.sentence("card_removed"), "iemand")],
    }


@pytest.mark.parametrize("kind", eventkinds.KINDS)
def test_by_kind_of_event(kind, client_as):
    lab = LabFactory()
    for name in eventnames.SENTENCES:
        noted(lab, name)

    rows = found(client_as(TRAINER, lab), lab, wat=kind)

    names = eventkinds.KINDS[kind]
    assert sorted(what for what, _who in rows) == sorted(map(eventnames.sentence, names))


def test_every_event_is_of_one_kind_and_every_kind_has_a_name():
    every = sorted(name for names in eventkinds.KINDS.values() for name in names)

    assert every == sorted(eventnames.SENTENCES)
    assert [*eventkinds.NAMES] == [*eventkinds.KINDS]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"van": "2026-07-02"}, ["lab_goes_on", "lab_cancelled"]),
        ({"tot": "2026-07-01"}, ["lab_scheduled", "lab_changed"]),
        ({"van": "2026-07-01", "tot": "2026-07-01"}, ["lab_changed"]),
        ({"van": "2-7-2026", "tot": "2-7-2026"}, ["lab_goes_on"]),
        ({"van": "2026-10-25", "tot": "2026-10-25"}, ["lab_cancelled"]),
        ({"van": "2026-07-03", "tot": "2026-07-04"}, []),
    ],
)
def test_by_day_of_the_dutch_calendar(wanted, names, client_as):
    lab = LabFactory()
    noted(lab, "lab_scheduled", at="2026-06-30T23:59:59+02:00")
    noted(lab, "lab_changed", at="2026-07-01T23:59:59+02:00")
    noted(lab, "lab_goes_on", at="2026-07-02T00:00+02:00")
    noted(lab, "lab_cancelled", at="2026-10-25T23:59:59+01:00")  # the day of 25 hours

    rows = found(client_as(TRAINER, lab), lab, **wanted)

    assert [what for what, _who in rows] == [eventnames.sentence(name) for name in names][::-1]


@pytest.mark.parametrize(
    ("wanted", "field", "sentence"),
    [
        ({"van": "31-02-2026"}, "van", "Vul een dag in, bijvoorbeeld 12-03-2027."),
        ({"tot": "gisteren"}, "tot", "Vul een dag in, bijvoorbeeld 12-03-2027."),
        ({"tot": "\x00"}, "tot", "Vul een dag in, bijvoorbeeld 12-03-2027."),
        ({"van": "0001-01-01"}, "van", "Kijk nog eens naar het jaar."),
        ({"tot": "9999-12-31"}, "tot", "Kijk nog eens naar het jaar."),
        (
            {"van": "2026-11-02", "tot": "2026-11-01"},
            "tot",
            "Deze dag is eerder dan de eerste. Kies een latere dag.",
        ),
        ({"wie": "\x00"}, "wie", "Kies uit de lijst."),
        ({"wat": "maanlanding"}, "wat", "Kies uit de lijst."),
    ],
)
def test_what_cannot_be_meant_gets_a_sentence_at_the_field_and_all_is_shown(
    wanted, field, sentence, client_as
):
    lab = LabFactory()
    noted(lab, "lab_scheduled")
    noted(lab, "card_added", by_name="Ilse")

    page = client_as(TRAINER, lab).get(path(lab), {"wie": "Ilse"} | wanted)

    html = page.content.decode()
    assert (page.status_code, len(page.context["rows"])) == (200, 2)
    assert page.context["form"].errors == {field: [sentence]}
    assert f'id="id_{field}_error"' in html
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', html)
    assert f'aria-describedby="id_{field}_error"' in html
    assert "2 regels in het hele logboek" in html


def test_nothing_found_says_so_and_leads_back(client_as):
    lab = LabFactory()
    noted(lab, "lab_scheduled")

    html = client_as(TRAINER, lab).get(path(lab), {"wat": "advies"}).content.decode()

    assert "0 regels gevonden" in html
    assert "Niets gevonden" in html
    assert f'href="{path(lab)}"' in html


def test_a_logbook_without_lines_asks_nothing(client_as):
    lab = LabFactory()

    html = client_as(TRAINER, lab).get(path(lab)).content.decode()

    assert 'name="van"' not in html


def test_the_next_page_is_of_what_was_looked_for(client_as):
    lab = LabFactory()
    for number in range(EVENTS_PER_PAGE + 2):
        noted(lab, "card_added", by_name="Ilse & Bram", at=f"2026-11-10T10:{number:02}+01:00")
        noted(lab, "lab_changed")
    trainer = client_as(TRAINER, lab)
    wanted = {"wie": "Ilse & Bram", "wat": "borden", "van": "2026-11-10", "tot": "2026-11-10"}

    first = trainer.get(path(lab), wanted)
    (link,) = re.findall(r'href="(\?[^"]*pagina=2)"', first.content.decode())
    second = trainer.get(path(lab) + unescape(link))

    assert (len(first.context["rows"]), len(second.context["rows"])) == (EVENTS_PER_PAGE, 2)
    assert {row["who"] for row in second.context["rows"]} == {"Ilse & Bram"}
    assert second.context["form"].cleaned_data["wat"] == "borden"
    assert f"{EVENTS_PER_PAGE + 2} regels gevonden" in second.content.decode()


@pytest.mark.parametrize("count", [1, 8, 80])
def test_looking_something_up_costs_the_same_for_one_line_and_for_many(
    count, client_as, django_assert_num_queries
):
    lab = LabFactory()
    trainer = client_as(TRAINER, lab)
    for number in range(count):
        by = UserFactory(name=f"Mens {number % 20}")
        noted(lab, "card_added", by=by, by_name=str(by))
    wanted = {"wie": "Mens 0", "wat": "borden", "van": "2026-11-01", "tot": "2026-11-30"}

    with django_assert_num_queries(6):
        rows = found(trainer, lab, **wanted)

    assert len(rows) == -(-count // 20)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_form_works_without_javascript_and_by_its_labels(width, page_at):
    lab = LabFactory()
    noted(lab, "card_added", by_name="Ilse de Boer")
    noted(lab, "lab_changed", by_name="Bram")
    page = page_at(width, javascript=False, user=lab.roles.filter(role="trainer").first().user)
    page.goto(path(lab))

    page.get_by_label("Wie deed het").select_option(label="Ilse de Boer")
    page.get_by_role("group", name="Op welke dagen").get_by_label("Van").fill("2026-11-10")
    page.get_by_role("button", name="Zoek").click()

    told = page.locator("main p[role=status]")
    assert told.inner_text().startswith("1 regel gevonden")
    assert page.url.endswith("?wie=Ilse+de+Boer&wat=&van=2026-11-10&tot=")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("query", ["", "?van=32-13-2026&tot=9999-12-31", "?wat=advies"])
def test_axe_has_nothing_to_say_of_the_form(query, width, page_at):
    lab = LabFactory()
    noted(lab, "card_added", by_name="Ilse de Boer")
    page = page_at(width, user=lab.roles.filter(role="trainer").first().user)
    page.goto(path(lab) + query)

    assert axe(page) == ""


# --- words for every event ---------------------------------------------------------------------


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
