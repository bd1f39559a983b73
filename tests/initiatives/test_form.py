"""The form of an initiative: every field of it, none forced, and folded away until it is needed."""

import pytest

from initiatives.models import Initiative
from tests.factories import InitiativeFactory, LabFactory
from werklab.access import COORDINATOR, TRAINER

NEW = "/initiatieven/nieuw/"
LEAST = {"name": "De Kruidhoek", "description": "Een tuin.", "ownership": "discuss"}
EVERYTHING = LEAST | {
    "place": "Noord en Oost",
    "first_contact": "Roos Tanis",
    "kinds": ["entrepreneurs", "club", "institution"],
    "stage": "idea",
    "started_year": 2024,
    "focus": "both",
    "staffing": "mostly_volunteers",
    "volunteers": 26,
    "paid_people": 0,
    "capacity": "Avonden en zaterdag",
    "role_wishes": ["host", "adviser"],
    "roles_possible": ["host"],
    "support_needs": ["contact", "money_start"],
    "support_words": "Een waterpunt",
    "reaches": "Ouders",
    "not_yet": "Jongeren",
    "local_knowledge": "Wie er eenzaam is.",
    "most_guests": 8,
    "website": "https://kruidhoek.example/",
    "internal_notes": "Bel na zessen.",
    "source": "municipality",
}


@pytest.fixture
def lab():
    return LabFactory()


@pytest.fixture
def send(client_as, lab):
    """Send the form of a new initiative as a trainer."""
    client = client_as(TRAINER, lab)
    return lambda **changes: client.post(
        NEW, LEAST | {"municipality": lab.municipality_id} | changes
    )


@pytest.mark.req(
    "REQ-088", "REQ-098", "REQ-141", "REQ-143", "REQ-145", "REQ-146", "REQ-150", "REQ-002"
)
def test_everything_that_is_filled_in_is_kept(send):
    send(**EVERYTHING, map_place="52.0907, 5.1214", does_not="Geen opvang.")

    initiative = Initiative.objects.get()
    kept = {field: getattr(initiative, field) for field in EVERYTHING}
    assert {name: sorted(v) if isinstance(v, list) else v for name, v in kept.items()} == {
        name: sorted(v) if isinstance(v, list) else v for name, v in EVERYTHING.items()
    }
    assert (initiative.latitude, initiative.longitude) == (52.0907, 5.1214)
    assert initiative.does_not == "Geen opvang."


@pytest.mark.req("REQ-088", "REQ-141")
def test_nothing_but_a_name_and_a_sentence_is_needed(send):
    assert send().status_code == 302

    initiative = Initiative.objects.get()
    assert (initiative.stage, initiative.kinds, initiative.role_wishes) == ("", [], [])
    assert (initiative.volunteers, initiative.latitude, initiative.source) == (
        None,
        None,
        "trainers",
    )


@pytest.mark.parametrize("stage", ["idea", "forming"])
def test_an_idea_or_a_group_that_is_being_founded_is_welcome(send, stage):
    send(stage=stage)

    assert Initiative.objects.get().stage == stage


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("52.0907, 5.1214", (52.0907, 5.1214)),
        ("52,0907 5,1214", (52.0907, 5.1214)),
        (" 52.0907;5.1214 ", (52.0907, 5.1214)),
        ("5.1214, 52.0907", (52.0907, 5.1214)),
    ],
)
def test_a_place_on_the_map_is_typed_as_maps_give_it(send, typed, place):
    send(map_place=typed)

    initiative = Initiative.objects.get()
    assert (initiative.latitude, initiative.longitude) == place


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("map_place", "Kruidenpad 14"),
        ("map_place", "48.8584, 2.2945"),
        ("map_place", "52.0907"),
        ("map_place", "52.0907, 5.1214, 6.1"),
        ("map_place", "a\x00"),
        ("map_place", "x" * 3000),
        ("stage", "finished"),
        ("focus", "x"),
        ("staffing", "x"),
        ("source", "x"),
        ("role_wishes", ["boss"]),
        ("roles_possible", ["boss"]),
        ("support_needs", ["x"]),
        ("started_year", "lang geleden"),
        ("started_year", "20024"),
        ("volunteers", "-1"),
        ("volunteers", "9" * 30),
        ("most_guests", "0"),
        ("website", "javascript:alert(1)"),
        ("website", "geen adres"),
        ("capacity", "x" * 121),
        ("reaches", "x" * 301),
        ("internal_notes", "x" * 1001),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_everything_stays(send, field, value):
    response = send(**{field: value, "place": "Noord"})

    form = response.context["form"]
    assert form.errors.keys() == {field}
    assert form["place"].value() == "Noord"
    assert Initiative.objects.count() == 0


def test_a_part_is_folded_away_until_something_stands_in_it_or_is_wrong(client_as, lab):
    client = client_as(TRAINER, lab)
    initiative = InitiativeFactory(municipality=lab.municipality, kinds=[], reaches="Ouders")

    new = client.get(NEW).content.decode()
    change = client.get(f"/initiatieven/{initiative.slug}/wijzig/").content.decode()
    wrong = client.post(NEW, LEAST | {"most_guests": "0"}).content.decode()

    opened = [page.count('<details class="disclosure mt-3" open>') for page in (new, change, wrong)]
    assert opened == [0, 1, 1]
    assert new.count('<details class="disclosure mt-3">') == 5


def test_the_form_of_a_change_holds_everything_and_saving_it_changes_nothing(client_as, lab):
    initiative = InitiativeFactory(
        municipality=lab.municipality, **EVERYTHING, latitude=52.1, longitude=5.2
    )
    client, path = client_as(TRAINER, lab), f"/initiatieven/{initiative.slug}/wijzig/"
    form = client.get(path).context["form"]
    assert form["map_place"].value() == "52.1, 5.2"
    before = Initiative.objects.values().get()

    client.post(path, {field.name: field.value() or "" for field in form})

    assert Initiative.objects.values().get() == before


def test_the_words_of_the_lists_come_with_their_explanation(client_as, lab):
    text = client_as(TRAINER, lab).get(NEW).content.decode()

    assert "Ondernemers uit de buurt" in text
    assert "Dit heet ook wel uitdaagrecht of Right to Challenge." in text
    assert "Iemand die jullie kennen en die terugbelt." in text


@pytest.mark.req("REQ-139", "REQ-141", "REQ-143", "REQ-145", "REQ-146", "REQ-150")
def test_the_page_of_an_initiative_tells_what_is_known_and_no_more(client_as, lab):
    initiative = InitiativeFactory(
        municipality=lab.municipality, **EVERYTHING | {"does_not": "Geen opvang."}
    )
    bare = InitiativeFactory(municipality=lab.municipality, kinds=[], does_not="")
    client = client_as(COORDINATOR, lab)

    page = client.get(f"/initiatieven/{initiative.slug}/")
    empty = client.get(f"/initiatieven/{bare.slug}/")

    text = page.content.decode()
    for words in (
        "Geen opvang.",
        "Wij willen mensen ontvangen",
        "Geld om te beginnen",
        "Een waterpunt",
        "Allebei",
        "Vooral vrijwilligers, een paar uur betaald",
        "26",
        "Ouders",
        "Jongeren",
        "Roos Tanis",
        "Bel na zessen.",
        "https://kruidhoek.example/",
        "door de gemeente",
    ):
        assert words in text, words
    assert empty.context["sections"] == []


def test_the_page_costs_the_same_for_little_and_for_much(
    client_as, lab, django_assert_max_num_queries
):
    little = InitiativeFactory(municipality=lab.municipality, kinds=[])
    much = InitiativeFactory(municipality=lab.municipality, **EVERYTHING)
    client = client_as(TRAINER, lab)
    client.get(f"/initiatieven/{much.slug}/")

    for initiative in (little, much):
        with django_assert_max_num_queries(14):
            client.get(f"/initiatieven/{initiative.slug}/")
