"""The list of the register: what is found, on which page, and where on the map."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from initiatives.drawing import PIN, draw
from initiatives.finding import plain
from initiatives.models import Acquaintance, Conversation, Initiative, Theme
from initiatives.register import add, change, municipalities_for, reach_of
from tests.conftest import STRANGER, person_with
from tests.factories import (
    InitiativeFactory,
    LabFactory,
    MunicipalityFactory,
    UserFactory,
    VisitFactory,
    in_days,
)
from werklab import access
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.management.demo.load import load_demo, load_municipalities
from werklab.models import Department

REGISTER = "/initiatieven/"


def names(response):
    """The names on this page of the list, in order."""
    return [row["name"] for group in response.context["groups"] for row in group.rows]


@pytest.fixture
def lab():
    return LabFactory()


@pytest.fixture
def there(lab):
    """Write an initiative down in the municipality of the lab."""
    return lambda name="De Kruidhoek", **fields: InitiativeFactory(
        municipality=lab.municipality, name=name, **fields
    )


@pytest.fixture
def look(client_as, lab):
    """The register as a trainer of the lab sees it, with this in its address."""
    client = client_as(TRAINER, lab)
    return lambda **query: client.get(REGISTER, query)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Buurtcoöperatie Zuid", "cooperatie"),
        ("Buurtcoöperatie Zuid", "COÖPER"),
        ("Buurtcooperatie Zuid", "coöperatie"),
        ("Café de Straße", "cafe strasse"),
        ("Île d'Œuvre", "ile oeuvre"),
        ("D’n Herd", "dn herd"),
        ("Wijk-safari", "wijksafari"),
        ("Ijsbaan", "ĳsbaan"),
        ("Łódź in de buurt", "lodz"),
        ("100% Noord", "100"),
        ("Straat_werk", "straatwerk"),
    ],
)
def test_a_part_of_a_word_is_found_without_accents_capitals_and_signs(there, look, written, typed):
    there(written)
    there("Iets anders")

    assert names(look(q=typed)) == [written]


@pytest.mark.parametrize("typed", ["kruid", "noorderlicht", "schoolplein", "plein kruid"])
def test_the_search_looks_in_name_place_and_description(there, look, typed):
    there(place="Noorderlicht", description="Een leeg schoolplein werd een tuin.")
    there("De Spaak", place="Zuid", description="Fietsen.")

    assert names(look(q=typed)) == ["De Kruidhoek"]


@pytest.mark.parametrize("typed", ["%", "_", "!?", "\x00%", "tuin of spaak", "0" * 300])
def test_a_search_that_nothing_answers_finds_nothing_and_says_so(there, look, typed):
    there()

    response = look(q=typed)

    assert names(response) == []
    assert "Geen initiatief gevonden" in response.content.decode()


def test_what_the_search_looks_in_follows_every_change():
    by, municipality = UserFactory(), MunicipalityFactory()

    initiative = add(by, municipality=municipality, name="Café", place="Oß", description="Één.")
    assert initiative.plain_text == "cafe oss een"

    initiative = change(by, initiative, name="Kreeft", place="", description="Twee")
    assert initiative.plain_text == "kreeft twee"


@pytest.mark.django_db
def test_what_the_search_looks_in_is_there_for_the_demo_and_for_the_factory():
    load_municipalities()
    load_demo()
    InitiativeFactory()

    for one in Initiative.objects.all():
        assert one.plain_text == plain(one.name, one.place, one.description) != ""


@pytest.mark.req("REQ-002", "REQ-088", "REQ-098", "REQ-141", "REQ-146")
@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"soort": "entrepreneurs"}, {"kinds": ["club", "entrepreneurs"]}),
        ({"afdeling": "Veiligheid"}, {"departments": ["Zorg en welzijn", "Veiligheid"]}),
        ({"afdeling": Department.LEGAL.value}, {"departments": [Department.LEGAL.value]}),
        ({"fase": "forming"}, {"stage": "forming"}),
        ({"rol": "host"}, {"role_wishes": ["adviser", "host"]}),
        ({"nodig": "money_start"}, {"support_needs": ["contact", "money_start"]}),
        ({"plan": "shared"}, {"ownership": "shared"}),
        ({"zonder_aanspreekpunt": "1"}, {"first_contact": ""}),
    ],
)
def test_a_filter_finds_what_has_it(there, look, query, fields):
    there("De Kruidhoek", **{"first_contact": "Roos Tanis"} | fields)
    there("De Spaak", kinds=["other"], role_wishes=["none"], first_contact="Roos Tanis")

    assert names(look(**query)) == ["De Kruidhoek"]


@pytest.mark.req("REQ-002", "REQ-088")
def test_an_initiative_is_found_by_each_of_its_themes(there, look):
    there().themes.set(Theme.objects.filter(code__in=["care", "green"]))
    there("De Spaak")

    assert names(look(thema="care")) == names(look(thema="green")) == ["De Kruidhoek"]
    assert names(look(thema="energy")) == []


def test_a_code_is_not_found_by_a_part_of_it(there, look):
    there(support_needs=["knowledge_technical"], role_wishes=["subproject_team"])

    assert names(look(rol="project_team")) == []


def test_filters_and_a_search_combine_and_stay_in_the_address(there, look):
    there("Tuin van Noord", stage="running", kinds=["green_initiative"])
    there("Tuin van Zuid", stage="idea", kinds=["green_initiative"])
    there("Soep van Noord", stage="running", kinds=["green_initiative"])

    response = look(q="tuin", fase="running", soort="green_initiative")

    assert names(response) == ["Tuin van Noord"]
    text = response.content.decode()
    assert '<option value="running" selected>' in text
    assert 'value="tuin"' in text
    assert "?q=tuin&amp;soort=green_initiative&amp;fase=running&amp;kaart=1" in text


@pytest.mark.parametrize("name", ["thema", "soort", "afdeling", "fase", "rol", "nodig", "plan"])
def test_a_filter_that_means_nothing_is_left_out(there, look, name):
    there()

    assert names(look(**{name: "<script>"})) == ["De Kruidhoek"]


def test_nobody_talked_with_it_until_a_talk_a_card_or_a_visit(lab, there, look):
    there("Nooit gesproken")
    talk = {"held_on": timezone.localdate(), "kind": "coffee", "notes": "Hallo."}
    Conversation.objects.create(initiative=there("Gesprek"), **talk)
    Acquaintance.objects.create(initiative=there("Kaart"), talked_on=timezone.localdate())
    Acquaintance.objects.create(initiative=there("Lege kaart"))
    held = VisitFactory(guest_of__lab=lab)
    held.slots.update(starts_at=in_days(-3, 9), ends_at=in_days(-3, 10))
    held.answer, held.answered_at, held.slot = "welcome", held.asked_at, held.slots.get()
    held.save()

    assert names(look(nooit_gesproken="1")) == ["Lege kaart", "Nooit gesproken"]


@pytest.mark.req("REQ-058")
def test_a_row_says_how_often_it_was_asked_in_twelve_months_by_any_lab(lab, there, look):
    initiative = there()
    for days in (10, 300, 400):
        asked_at = timezone.now() - timedelta(days=days)
        other = LabFactory(municipality=lab.municipality)
        VisitFactory(guest_of__lab=other, guest_of__initiative=initiative, asked_at=asked_at)

    text = look().content.decode()

    assert "2 keer gevraagd in twaalf maanden" in text
    assert "doet mee aan een werklab" not in text


def test_the_list_is_in_order_of_municipality_and_goes_on_over_pages(client_as):
    places = [MunicipalityFactory(name=name) for name in ("Aalst", "Beek", "Cothen")]
    for number in range(20):
        for place in places:
            InitiativeFactory(municipality=place, name=f"Tuin {number:02}")
    client = client_as(STAFF, LabFactory())

    pages = [client.get(REGISTER, {"pagina": number}).context for number in (1, 2, 3)]

    shown = [[(group.name, group.count, len(group.rows)) for group in p["groups"]] for p in pages]
    assert shown == [
        [("Aalst", 20, 20), ("Beek", 20, 5)],
        [("Beek", 20, 15), ("Cothen", 20, 10)],
        [("Cothen", 20, 10)],
    ]
    assert pages[1]["groups"][0].rows[0]["name"] == "Tuin 05"
    assert [row["number"] for group in pages[2]["groups"] for row in group.rows][-1] == 10


@pytest.mark.parametrize(("typed", "number"), [("99", 2), ("0", 1), ("-1", 1), ("x", 1), ("²", 1)])
def test_a_page_that_is_not_there_is_the_nearest_one(there, look, typed, number):
    for turn in range(26):
        there(f"Tuin {turn}")

    assert look(pagina=typed).context["page"].number == number


def test_pages_keep_what_is_looked_for(there, look):
    for turn in range(26):
        there(f"Tuin {turn}", stage="idea")

    assert "?fase=idea&amp;pagina=2" in look(fase="idea").content.decode()


def test_staff_look_in_one_municipality_by_a_part_of_its_name(client_as):
    InitiativeFactory(name="De Spaak", municipality__name="Zuidwaarde")
    InitiativeFactory(municipality__name="Coevorden")
    client = client_as(STAFF, LabFactory())

    assert names(client.get(REGISTER, {"gemeente": "zuidw"})) == ["De Spaak"]


@pytest.mark.parametrize("many", [1, 8, 30])
@pytest.mark.parametrize("role", [STAFF, TRAINER, COORDINATOR])
def test_the_list_costs_the_same_for_one_and_for_many(
    client_as, lab, role, many, django_assert_num_queries
):
    for _ in range(many):
        visit = VisitFactory(guest_of__lab=lab)
        visit.guest_of.initiative.themes.set(Theme.objects.all()[:3])
    client, query = client_as(role, lab), {"q": "buurt", "thema": "meeting", "kaart": "1"}
    client.get(REGISTER)

    with django_assert_num_queries(6 if role == STAFF else 7):
        response = client.get(REGISTER, query)

    assert len(names(response)) == min(many, 25)


def test_without_any_initiative_who_may_add_one_is_told_to(look):
    assert "Hier staat nog geen initiatief" in look().content.decode()


# --- the map ------------------------------------------------------------------------------------


def test_the_numbers_on_the_map_are_those_of_the_list(there, look):
    there("Aan de Maas", latitude=51.76, longitude=5.51)
    there("Buiten beeld")
    there("Centrum", latitude=51.77, longitude=5.53)

    response = look(kaart="1")

    assert re.findall(r'class="pin-nr"[^>]*>(\d+)<', response.context["on_map"]) == ["1", "3"]
    assert "1 initiatief op deze bladzijde heeft geen plek" in response.content.decode()


def test_without_any_place_there_is_no_map_and_it_is_said(there, look):
    there()

    response = look(kaart="1")

    assert '<svg class="map"' not in response.content.decode()
    assert "heeft geen plek op de kaart" in response.content.decode()


def test_the_map_is_left_out_until_it_is_asked_for(there, look):
    there(latitude=51.76, longitude=5.51)

    assert look().context["on_map"] == ""


def drawn(*places):
    return draw(tuple((number, *place) for number, place in enumerate(places, start=1)))


def test_north_is_above_and_east_is_right():
    north_west, south_east = drawn((52.1, 5.0), (52.0, 5.2)).pins

    assert north_west.y < south_east.y
    assert north_west.x < south_east.x


@pytest.mark.parametrize(
    "places",
    [
        [(52.0, 5.0)] * 25,
        [(50.7, 3.2), (53.7, 7.3), (50.7, 7.3), (53.7, 3.2), *[(53.7, 7.3)] * 21],
        [(52.0 + n / 1000, 5.0) for n in range(25)],
    ],
)
def test_every_pin_is_seen_and_lies_in_the_frame(places):
    pins = drawn(*places).pins

    assert len({(pin.x, pin.y) for pin in pins}) == 25
    assert all(PIN <= pin.x <= 440 - PIN and PIN <= pin.y <= 470 - PIN for pin in pins)
    assert all(
        abs(one.x - other.x) + abs(one.y - other.y) >= PIN
        for one in pins
        for other in pins
        if one.number < other.number
    )


def test_nobody_sees_more_than_their_own_municipalities_whatever_they_look_for(client, lab):
    InitiativeFactory(name="Elders")
    client.force_login(person_with(TRAINER, lab))

    for query in ({}, {"q": "elders"}, {"gemeente": "e"}, {"nooit_gesproken": "1"}):
        assert names(client.get(REGISTER, query)) == []


@pytest.mark.parametrize("role", [STAFF, TRAINER, COORDINATOR, PARTICIPANT, STRANGER])
def test_the_list_reaches_as_far_as_the_table_of_who_may_what(lab, role):
    user = person_with(role, lab)
    LabFactory()

    reach = reach_of(user)

    for municipalities, ability in ((reach.read, "read_register"), (reach.edit, "edit_register")):
        allowed = set(municipalities_for(user, ability).values_list("pk", flat=True))
        assert municipalities == (None if role == STAFF else allowed)
    labs = set(access.labs_for(user, "see_visits").values_list("pk", flat=True))
    assert reach.labs == (None if role == STAFF else labs)


def test_staff_that_came_by_a_link_reaches_nothing():
    lab = LabFactory(taken=1)
    enrolment = lab.enrolments.get()
    enrolment.person.is_staff, enrolment.person.by_link = True, enrolment

    assert reach_of(enrolment.person).read == set()
