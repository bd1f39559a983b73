"""The pages of the register: who gets them, what they show, and what a form does with bad input."""

import pytest
from django.urls import reverse

from initiatives.models import Initiative, Theme
from tests.conftest import STRANGER, person_with
from tests.factories import (
    EnrolmentFactory,
    InitiativeFactory,
    LabFactory,
    LabInitiativeFactory,
    TrainerFactory,
    VisitFactory,
)
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER

REGISTER = "/initiatieven/"
NEW = "/initiatieven/nieuw/"
FILLED_IN = {
    "name": "Natuurtuin De Kruidhoek",
    "description": "Bewoners maakten van een leeg schoolplein een tuin.",
    "does_not": "Wij zijn geen kinderopvang.",
    "ownership": "residents",
    "place": "Noord",
    "address": "Kruidenpad 14",
    "kinds": [],
    "friction": "",
    "contact_name": "Fatma El Amrani",
    "contact_email": "fatma@kruidhoek.example",
    "contact_phone": "06 0000 0001",
}


def filled_in(lab, **changes):
    return FILLED_IN | {"municipality": lab.municipality_id} | changes


def page_of(initiative):
    return f"/initiatieven/{initiative.slug}/"


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        (STAFF, (200, 200, 200, 200)),
        (TRAINER, (200, 200, 200, 200)),
        (COORDINATOR, (200, 200, 200, 200)),
        (PARTICIPANT, (403, 403, 404, 404)),
        (STRANGER, (403, 403, 404, 404)),
    ],
)
def test_who_sees_the_register_and_its_forms(client_as, role, statuses):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    client = client_as(role, lab)

    pages = [REGISTER, NEW, page_of(initiative), page_of(initiative) + "wijzig/"]

    assert tuple(client.get(page).status_code for page in pages) == statuses


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 302), (TRAINER, 302), (COORDINATOR, 302), (PARTICIPANT, 403), (STRANGER, 403)],
)
def test_who_writes_an_initiative_down(client_as, role, status):
    lab = LabFactory()

    response = client_as(role, lab).post(NEW, filled_in(lab))

    assert (response.status_code, Initiative.objects.count()) == (status, int(status == 302))


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 302), (TRAINER, 302), (COORDINATOR, 302), (PARTICIPANT, 404), (STRANGER, 404)],
)
def test_who_changes_an_initiative(client_as, role, status):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality, name="De Spaak")

    response = client_as(role, lab).post(page_of(initiative) + "wijzig/", FILLED_IN)

    initiative.refresh_from_db()
    assert response.status_code == status
    assert initiative.name == (FILLED_IN["name"] if status == 302 else "De Spaak")


def test_nobody_sees_the_register_without_signing_in(client):
    response = client.get(REGISTER)

    assert (response.status_code, response.url) == (302, f"/inloggen/?next={REGISTER}")


def test_a_participant_who_came_by_link_sees_no_register(by_link):
    lab = LabFactory(taken=1)
    initiative = InitiativeFactory(municipality=lab.municipality)
    client = by_link(lab.enrolments.get())

    assert client.get(REGISTER).status_code == 403
    assert client.get(page_of(initiative)).status_code == 404


def test_a_trainer_of_another_municipality_finds_nothing(client_as):
    initiative = InitiativeFactory()
    client = client_as(TRAINER, LabFactory())

    assert client.get(page_of(initiative)).status_code == 404
    assert client.post(page_of(initiative) + "wijzig/", FILLED_IN).status_code == 404
    assert initiative.name not in client.get(REGISTER).content.decode()


def test_a_trainer_without_a_lab_sees_an_empty_register_and_adds_nothing(client):
    InitiativeFactory()
    client.force_login(TrainerFactory())

    assert client.get(REGISTER).context["groups"] == []
    assert client.get(NEW).status_code == 403


@pytest.mark.parametrize("path", [REGISTER, "/initiatieven/x/"])
def test_looking_is_not_sending(client_as, path):
    client = client_as(TRAINER, LabFactory())

    assert client.post(path).status_code == 405
    assert client.put(NEW).status_code == 405


@pytest.mark.parametrize("search", ["\x00", "%", "a" * 10_000, "<script>alert(1)</script>", "🌻"])
def test_a_search_for_anything_is_answered(client_as, search):
    lab = LabFactory()
    InitiativeFactory(municipality=lab.municipality)

    response = client_as(TRAINER, lab).get(REGISTER, {"q": search})

    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_a_retired_initiative_leaves_the_list_and_keeps_its_page(client_as):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    initiative.retired_at = initiative.created_at
    initiative.save()
    client = client_as(TRAINER, lab)

    assert client.get(REGISTER).context["groups"] == []
    assert client.get(page_of(initiative)).status_code == 200


@pytest.mark.req("REQ-098", "REQ-145")
def test_the_profile_says_what_it_does_not_do_and_whose_plan_it_is(client_as):
    lab = LabFactory()
    initiative = InitiativeFactory(
        municipality=lab.municipality, does_not="Wij zijn geen restaurant.", ownership="shared"
    )

    text = client_as(COORDINATOR, lab).get(page_of(initiative)).content.decode()

    assert "Wij zijn geen restaurant." in text
    assert "Van allebei" in text
    assert "Samen bedacht en samen beslist. Spreek af wie waarover gaat." in text


@pytest.mark.req("REQ-098")
def test_the_form_explains_each_answer_to_whose_plan_it_is(client_as):
    text = client_as(TRAINER, LabFactory()).get(NEW).content.decode()

    assert "De bewoners vragen de gemeente om mee te doen." in text
    assert "De gemeente vraagt bewoners om mee te denken of te doen." in text


def test_the_profile_shows_the_visits_of_the_labs_that_this_person_sees(client_as):
    lab = LabFactory()
    mine = VisitFactory(guest_of__lab=lab)
    other_lab = LabFactory(municipality=lab.municipality)
    LabInitiativeFactory(lab=other_lab, initiative=mine.guest_of.initiative)

    page = client_as(COORDINATOR, lab).get(page_of(mine.guest_of.initiative))

    assert [link.lab for link in page.context["lab_links"]] == [lab]
    assert f"/werklabs/{lab.slug}/bezoeken/{mine.pk}/" in page.content.decode()


def test_only_who_plans_visits_is_offered_to_ask_and_only_once(client_as):
    lab = LabFactory()
    asked = VisitFactory(guest_of__lab=lab).guest_of.initiative
    fresh = InitiativeFactory(municipality=lab.municipality)
    trainer, coordinator = client_as(TRAINER, lab), client_as(COORDINATOR, lab)

    assert trainer.get(page_of(fresh)).context["labs_to_ask"] == [lab]
    assert trainer.get(page_of(asked)).context["labs_to_ask"] == []
    assert coordinator.get(page_of(fresh)).context["labs_to_ask"] == []


@pytest.mark.req("REQ-088")
def test_the_form_takes_several_themes_and_fields_of_policy_or_none(client_as):
    lab = LabFactory()
    client = client_as(TRAINER, lab)
    themes = list(Theme.objects.values_list("pk", flat=True)[:3])
    departments = ["Zorg en welzijn", "Ruimte en wonen"]

    client.post(NEW, filled_in(lab, themes=themes, departments=departments))
    client.post(NEW, filled_in(lab, name="De Spaak", is_another="on"))  # the same contact

    several = Initiative.objects.get(name=FILLED_IN["name"])
    assert set(several.themes.values_list("pk", flat=True)) == set(themes)
    assert several.departments == departments
    assert Initiative.objects.get(name="De Spaak").themes.count() == 0


def test_who_came_from_a_lab_goes_on_to_ask_for_the_visit(client_as):
    lab = LabFactory()

    response = client_as(TRAINER, lab).post(f"{NEW}?lab={lab.slug}", filled_in(lab))

    ask = reverse("sessions:ask_visit", args=[lab.slug])
    assert response.url == f"{ask}?initiatief=natuurtuin-de-kruidhoek"


def test_a_coordinator_who_came_from_a_lab_goes_back_to_its_visits(client_as):
    lab = LabFactory()

    response = client_as(COORDINATOR, lab).post(f"{NEW}?lab={lab.slug}", filled_in(lab))

    assert response.url == reverse("sessions:visits", args=[lab.slug])


def test_the_lab_of_somebody_else_is_not_a_way_in(client_as):
    lab, elsewhere = LabFactory(), LabFactory()

    response = client_as(TRAINER, lab).post(f"{NEW}?lab={elsewhere.slug}", filled_in(lab))

    assert response.url == "/initiatieven/natuurtuin-de-kruidhoek/"


def test_a_municipality_in_which_one_has_no_lab_is_refused(client_as):
    lab, elsewhere = LabFactory(), LabFactory()

    response = client_as(TRAINER, lab).post(NEW, filled_in(elsewhere))

    assert response.context["form"].errors.keys() == {"municipality"}
    assert Initiative.objects.count() == 0


@pytest.mark.parametrize("name", [FILLED_IN["name"], FILLED_IN["name"].upper()])
def test_the_same_name_again_is_said_at_the_name_and_what_was_typed_stays(client_as, name):
    lab = LabFactory()
    client = client_as(TRAINER, lab)
    client.post(NEW, filled_in(lab))

    response = client.post(NEW, filled_in(lab, name=name, place="Zuid"))

    assert response.context["form"].errors.keys() == {"name"}
    assert response.context["form"]["place"].value() == "Zuid"
    assert Initiative.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name": ""}, {"name"}),
        ({"name": "  "}, {"name"}),
        ({"name": "a\x00b"}, {"name"}),
        ({"name": "a" * 101}, {"name"}),
        ({"description": "a" * 10_000}, {"description"}),
        ({"description": ""}, {"description"}),
        ({"does_not": "a" * 501}, {"does_not"}),
        ({"friction": "a\x00"}, {"friction"}),
        ({"ownership": "mine"}, {"ownership"}),
        ({"kinds": ["church"]}, {"kinds"}),
        ({"themes": [0]}, {"themes"}),
        ({"departments": ["Anders, namelijk:"]}, {"departments"}),
        ({"contact_name": ""}, {"contact_name"}),
        ({"contact_email": "", "contact_phone": ""}, {"contact_email"}),
        ({"contact_email": "fatma"}, {"contact_email"}),
        ({"contact_phone": "0" * 21}, {"contact_phone"}),
    ],
)
def test_a_wrong_answer_is_said_where_it_was_given(client_as, changes, wrong):
    lab = LabFactory()

    response = client_as(TRAINER, lab).post(NEW, filled_in(lab, **changes))

    assert response.status_code == 200
    assert response.context["form"].errors.keys() == wrong
    assert response.context["form"]["address"].value() == "Kruidenpad 14"
    assert Initiative.objects.count() == 0


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "🌻 tuin {{ 7 }}", "~1~"])
def test_text_of_people_is_shown_as_text(client_as, text):
    lab = LabFactory()
    client = client_as(TRAINER, lab)

    client.post(NEW, filled_in(lab, description=text, does_not=text, friction=text, name=text))

    page = client.get(page_of(Initiative.objects.get()))
    assert b"<script>alert" not in page.content
    assert Initiative.objects.get().description == text


def test_without_any_contact_it_is_written_down_all_the_same(client_as):
    lab = LabFactory()
    nobody = {"contact_name": "", "contact_email": "", "contact_phone": ""}

    client_as(TRAINER, lab).post(NEW, filled_in(lab, **nobody))

    assert not hasattr(Initiative.objects.get(), "contact")


def test_the_form_of_a_change_is_filled_in_with_what_is_known(client_as):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality, departments=["Veiligheid"])

    form = client_as(TRAINER, lab).get(page_of(initiative) + "wijzig/").context["form"]

    assert form["name"].value() == initiative.name
    assert form["contact_email"].value() == initiative.contact.email
    assert form["departments"].value() == ["Veiligheid"]


def test_a_change_never_moves_an_initiative_to_another_municipality(client_as):
    lab, elsewhere = LabFactory(), LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)

    client_as(TRAINER, lab).post(page_of(initiative) + "wijzig/", filled_in(elsewhere))

    initiative.refresh_from_db()
    assert initiative.municipality == lab.municipality


def test_the_contact_stands_on_no_page_of_a_participant(client_as):
    lab = LabFactory()
    visit = VisitFactory(guest_of__lab=lab)
    contact = visit.guest_of.initiative.contact
    participant = client_as(PARTICIPANT, lab)

    pages = [
        f"/werklabs/{lab.slug}/",
        f"/werklabs/{lab.slug}/bezoeken/",
        f"/werklabs/{lab.slug}/bezoeken/{visit.pk}/",
        f"/meedoen/{lab.join_code}/",
        page_of(visit.guest_of.initiative),
        REGISTER,
    ]

    for page in pages:
        text = participant.get(page).content.decode()
        assert contact.email not in text, page
        assert contact.name not in text, page
        assert contact.phone not in text, page


def test_a_coordinator_who_takes_part_as_well_reads_the_register(client):
    lab = LabFactory()
    coordinator = person_with(COORDINATOR, lab)
    EnrolmentFactory(lab=lab, person=coordinator)
    client.force_login(coordinator)

    assert client.get(REGISTER).status_code == 200
