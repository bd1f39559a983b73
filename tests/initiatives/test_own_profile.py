"""An initiative keeps its own profile by its link; the link is given, renewed and taken back."""

import logging
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from initiatives import profile_links
from initiatives.models import Contact, Initiative, ProfileLink, Theme
from tests.conftest import STRANGER, person_with
from tests.factories import InitiativeFactory, LabFactory, UserFactory
from werklab import links, mail
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.logs import HideTokens
from werklab.models import Event, OutgoingMail

TYPED = {
    "name": "Natuurtuin De Kruidhoek",
    "description": "Wij maakten van een leeg schoolplein een tuin.",
    "does_not": "Wij zijn geen kinderopvang.",
    "ownership": "residents",
    "place": "Noord",
    "address": "Kruidenpad 14",
    "staffing": "volunteers",
    "role_wishes": ["host"],
    "contact_name": "Truus Tuinhek",
    "contact_email": "truus@kruidhoek.example",
    "contact_phone": "06 0000 0009",
}


def with_link(**fields):
    """An initiative with a link, and the path of its page."""
    initiative = InitiativeFactory(**fields)
    return initiative, profile_links.path(profile_links.renew(UserFactory(), initiative))


def rows():
    """Everything that opening a page might change."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Initiative, Contact, ProfileLink, Event, OutgoingMail)
    ]


def test_the_page_says_whose_profile_it_is_and_what_it_says(client):
    initiative, path = with_link(internal_notes="Lastig over geld.", first_contact="Ria Stoep")

    page = client.get(path).content.decode()

    assert initiative.name in page
    assert initiative.contact.email in page
    assert "Wij zijn geen restaurant." in page
    assert "Lastig over geld." not in page
    assert "Ria Stoep" not in page


@pytest.mark.req("REQ-137", "REQ-144", "REQ-145")
def test_what_the_initiative_fills_in_is_kept_and_the_logbook_says_who_did_it(client):
    initiative, path = with_link(internal_notes="Van ons.", first_contact="Ria", source="import")
    theme = Theme.objects.first()

    response = client.post(path, TYPED | {"themes": [theme.pk]}, follow=True)

    found = Initiative.objects.get(pk=initiative.pk)
    event = Event.objects.get(name="initiative_changed")
    assert response.status_code == 200
    assert (found.name, found.does_not) == (TYPED["name"], TYPED["does_not"])
    assert (found.staffing, found.role_wishes) == ("volunteers", ["host"])
    assert list(found.themes.all()) == [theme]
    assert (found.contact.name, found.contact.email) == (
        TYPED["contact_name"],
        TYPED["contact_email"],
    )
    assert (found.internal_notes, found.first_contact, found.source) == (
        "Van ons.",
        "Ria",
        "import",
    )
    assert (event.by, event.by_name, event.via) == (None, initiative.name, Event.Via.LINK)


def test_what_is_not_the_initiatives_to_say_cannot_be_smuggled_in(client):
    initiative, path = with_link(internal_notes="Van ons.")
    other = InitiativeFactory().municipality

    client.post(path, TYPED | {"internal_notes": "x", "municipality": other.pk, "source": "import"})

    found = Initiative.objects.get(pk=initiative.pk)
    assert (found.internal_notes, found.municipality) == ("Van ons.", initiative.municipality)
    assert found.source == "trainers"


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"contact_email": "geen adres"}, {"website": "x"}, {"ownership": "y"}]
)
def test_wrong_input_says_so_and_keeps_what_was_typed(client, wrong):
    initiative, path = with_link()
    before = rows()

    response = client.post(path, TYPED | wrong)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert TYPED["description"] in response.content.decode()
    assert rows() == before


def test_a_name_that_another_initiative_has_is_refused(client):
    initiative, path = with_link()
    InitiativeFactory(municipality=initiative.municipality, name=TYPED["name"])

    response = client.post(path, TYPED)

    assert "name" in response.context["form"].errors
    assert Initiative.objects.get(pk=initiative.pk).name == initiative.name


def test_a_hundred_looks_of_a_mail_scanner_change_nothing(client):
    _initiative, path = with_link()
    before = rows()

    for _number in range(50):
        assert client.get(path, headers={"purpose": "prefetch"}).status_code == 200
        assert client.head(path).status_code == 200

    assert rows() == before


def test_the_page_is_kept_by_no_cache_and_needs_few_queries(client, django_assert_max_num_queries):
    _initiative, path = with_link()

    with django_assert_max_num_queries(6):
        response = client.get(path)

    assert response["Cache-Control"] == "no-store"


def test_a_renewed_link_ends_the_old_one(client):
    initiative, old = with_link()

    new = profile_links.path(profile_links.renew(UserFactory(), initiative))

    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    assert client.post(old, TYPED).status_code == 404


def test_a_link_that_was_taken_back_opens_nothing(client):
    initiative, path = with_link()

    profile_links.take_back(UserFactory(), initiative)

    assert client.get(path).status_code == 404
    assert not ProfileLink.objects.exists()


def test_after_a_year_the_page_says_whom_to_call(client):
    lab = LabFactory()
    initiative, path = with_link(municipality=lab.municipality)
    ProfileLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    response = client.get(path)

    assert response.status_code == 410
    assert lab.contact_phone in response.content.decode()


def test_a_link_lives_a_year():
    link = profile_links.renew(UserFactory(), InitiativeFactory())

    assert link.expires_at - link.created_at == timedelta(days=365)


def test_what_was_typed_while_the_initiative_was_merged_is_still_on_the_page(client):
    initiative, path = with_link()
    other = InitiativeFactory(name="De Kruidhoek samen")
    Initiative.objects.filter(pk=initiative.pk).update(retired_at=timezone.now(), merged_into=other)
    before = rows()

    response = client.post(path, TYPED)
    page = response.content.decode()

    assert response.status_code == 410
    assert other.name in page
    assert TYPED["description"] in page
    assert TYPED["contact_phone"] in page
    assert other.contact.email not in page
    assert rows() == before


def test_an_initiative_that_is_off_the_list_gets_no_link(client_as):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality, retired_at=timezone.now())

    client_as(TRAINER, lab).post(f"/initiatieven/{initiative.slug}/link/nieuw/")

    assert not ProfileLink.objects.exists()


def test_the_secret_has_128_bits_and_is_not_in_the_database():
    link = profile_links.renew(UserFactory(), InitiativeFactory())
    token = profile_links.path(link).split("/")[-2]

    assert len(token) == 22
    assert token not in str(rows())
    assert token != links.secret(link.nonce)
    with override_settings(SECRET_KEY="another-key"):
        assert token not in profile_links.path(link)


def test_no_secret_comes_into_the_log(caplog):
    log = logging.getLogger("werklab.profile")
    log.addFilter(HideTokens())

    log.warning("Gone: %s", "/ons-profiel/geheim123/voorbereiding.pdf")

    assert "geheim123" not in caplog.text


@pytest.mark.parametrize("token", ["onzin", "x" * 5_000, "é"])
def test_a_token_that_never_was_is_not_found(client, token):
    with_link()

    assert client.get(f"/ons-profiel/{token}/").status_code == 404


# --- giving the link ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 302), (TRAINER, 302), (COORDINATOR, 302), (PARTICIPANT, 404), (STRANGER, 404)],
)
def test_who_gives_a_link(client_as, role, status):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    client, page = client_as(role, lab), f"/initiatieven/{initiative.slug}/link/"

    assert client.get(page).status_code == (200 if status == 302 else 404)
    assert client.post(page + "nieuw/").status_code == status
    assert ProfileLink.objects.exists() == (status == 302)
    assert client.post(page + "mailen/").status_code == status
    assert OutgoingMail.objects.exists() == (status == 302)
    assert client.post(page + "intrekken/").status_code == status
    assert not ProfileLink.objects.exists()


def test_the_page_shows_the_link_to_copy_and_to_scan(client_as):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    client, page = client_as(COORDINATOR, lab), f"/initiatieven/{initiative.slug}/link/"
    empty = client.get(page).content.decode()

    client.post(page + "nieuw/")
    html = client.get(page).content.decode()

    assert "<path" not in empty.partition('class="qr"')[2]
    assert profile_links.url(ProfileLink.objects.get()) in html
    assert 'class="qr"' in html
    assert "style=" not in html


def test_the_letter_holds_a_mark_and_the_posted_one_the_link(client):
    initiative = InitiativeFactory()

    profile_links.ask(UserFactory(name="Noor Wilgenpad"), initiative)

    letter = OutgoingMail.objects.get(kind="profile_asked")
    url = profile_links.url(ProfileLink.objects.get())
    assert letter.to == initiative.contact.email
    assert url not in letter.text
    assert url in mail.message(letter).body
    assert "Noor Wilgenpad" in letter.text
    assert client.get("/" + url.split("/", 3)[3]).status_code == 200


def test_mailing_again_keeps_the_link_that_works():
    initiative, path = with_link()

    profile_links.ask(UserFactory(), initiative)

    assert profile_links.path(ProfileLink.objects.get()) == path


def test_without_an_address_nothing_is_mailed(client_as):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality, contact=False)

    client_as(STAFF, lab).post(f"/initiatieven/{initiative.slug}/link/mailen/")

    assert not OutgoingMail.objects.exists()
    assert not ProfileLink.objects.exists()


@pytest.mark.parametrize("typed", ["~profile-{pk}~", "~profile-{pk}.0123456789abcdef~"])
def test_who_types_a_mark_as_a_name_gets_nobodys_secret(typed):
    link = profile_links.renew(UserFactory(), InitiativeFactory())
    typed = typed.format(pk=link.pk)

    assert links.fill(f"Hoi {typed}") == f"Hoi {typed}"


def test_each_step_stands_in_the_record():
    initiative, by = InitiativeFactory(), UserFactory()

    profile_links.renew(by, initiative)
    profile_links.ask(by, initiative)
    profile_links.take_back(by, initiative)

    names = ["profile_link_made", "profile_asked", "profile_link_taken_back"]
    assert list(Event.objects.order_by("pk").values_list("name", flat=True)) == names
    assert set(Event.objects.values_list("by", flat=True)) == {by.pk}


def test_behind_the_link_is_nothing_else(client):
    lab = LabFactory()
    initiative, path = with_link(municipality=lab.municipality)
    client.get(path)

    assert client.get(f"/initiatieven/{initiative.slug}/").status_code == 302
    assert Client().get("/initiatieven/").status_code == 302
    assert person_with(TRAINER, lab).name not in client.get(path).content.decode()
