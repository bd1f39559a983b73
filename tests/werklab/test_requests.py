"""A municipality asks for a lab; staff make one of it, or kindly say no."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from sessions import from_request
from tests.conftest import STRANGER
from tests.factories import (
    LabFactory,
    LabRequestFactory,
    MunicipalityFactory,
    TrainerFactory,
    UserFactory,
)
from werklab import requests
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.errors import Refused
from werklab.links import fill
from werklab.models import Event, Lab, LabRequest, OutgoingMail, User

PATH = "/aanvragen/"
LIST = "/aanvragen/overzicht/"


@pytest.fixture(autouse=True)
def vlierhoven():
    return MunicipalityFactory(name="Vlierhoven", mail_domains=[])


@pytest.fixture
def staff():
    return UserFactory(is_staff=True, name="Anouk Vuurtoren", phone="06 0000 0009")


def typed(**changes):
    return {
        "municipality": "Vlierhoven",
        "name": "Roos Tanis",
        "email": "roos.tanis@vlierhoven.example",
        "phone": "06 0000 0002",
        "function": "Beleidsadviseur",
        "wish": "Sneller antwoord geven.\nEn beter luisteren.",
        "period": "na de zomer",
        **changes,
    }


def letter(kind):
    return OutgoingMail.objects.get(kind=kind)


def path_in(letter, part):
    """The path in this letter that begins like this."""
    return re.search(rf"https?://[^/\s]+({part}\S*)", fill(letter.text))[1]


# --- asking ---------------------------------------------------------------------------------------


@pytest.mark.req("REQ-047")
def test_a_municipality_asks_for_a_lab_without_signing_in(client, vlierhoven):
    assert client.get(PATH).status_code == 200

    response = client.post(PATH, typed(), follow=True)

    asked = LabRequest.objects.get()
    assert response.redirect_chain == [("/aanvragen/verstuurd/", 302)]
    assert (asked.municipality, asked.name, asked.period) == (
        vlierhoven,
        "Roos Tanis",
        "na de zomer",
    )
    assert asked.wish.replace("\r", "") == "Sneller antwoord geven.\nEn beter luisteren."
    assert Event.objects.get().name == "lab_requested"


def test_the_asker_gets_a_letter_that_leads_to_what_a_werklab_is(client):
    client.post(PATH, typed())

    sent = letter("request_received")
    assert (sent.to, sent.lab) == ("roos.tanis@vlierhoven.example", None)
    assert "Hoi Roos" in sent.text
    assert client.get(path_in(sent, "/over/")).status_code == 200


def test_staff_get_a_letter_that_leads_to_the_list(client, staff):
    client.post(PATH, typed())

    sent = letter("request_came")
    assert sent.to == settings.SITE_CONTACT_EMAIL
    assert "Sneller antwoord geven." in sent.text
    client.force_login(staff)
    assert "Roos Tanis" in client.get(path_in(sent, "/aanvragen/")).content.decode()


def test_nothing_that_a_stranger_typed_freely_goes_to_an_address_that_may_be_somebody_else_s(
    client,
):
    spam = "Koop nu op https://spam.example"

    client.post(PATH, typed(wish=spam, period=spam, function=spam, phone="spam.example"))

    assert "spam" not in letter("request_received").text + letter("request_received").subject


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"municipality": ""}, "municipality"),
        ({"municipality": "Nergenshuizen"}, "municipality"),
        ({"name": " "}, "name"),
        ({"name": "Kijk op www.spam.example"}, "name"),
        ({"email": "roos"}, "email"),
        ({"function": ""}, "function"),
        ({"wish": ""}, "wish"),
        ({"wish": "x" * 3000}, "wish"),
        ({"phone": "0" * 30}, "phone"),
        ({"period": "na\x00"}, "period"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field_and_all_that_was_typed_stays(client, changes, field):
    answers = typed(**changes)

    response = client.post(PATH, answers)

    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (200, [field])
    assert {name: form[name].value() for name in answers} == answers
    assert not LabRequest.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_the_same_form_sent_twice_is_one_request(client):
    client.post(PATH, typed())
    response = client.post(PATH, typed())

    assert response.status_code == 302
    assert (LabRequest.objects.count(), OutgoingMail.objects.count()) == (1, 2)


def test_after_ten_minutes_or_with_another_wish_it_is_another_request(vlierhoven):
    answers = typed() | {"municipality": vlierhoven}
    requests.ask(**answers)
    requests.ask(**answers | {"wish": "Iets anders"})
    requests.ask(**answers, now=timezone.now() + timedelta(minutes=11))

    assert LabRequest.objects.count() == 3


def test_a_program_that_fills_in_what_nobody_sees_sends_nothing(client):
    response = client.post(PATH, typed(homepage="https://spam.example"))

    assert response.status_code == 200
    assert "nog een keer op de knop" in response.content.decode()
    assert "spam.example" not in response.content.decode()
    assert not LabRequest.objects.exists()


def test_the_eleventh_form_in_an_hour_from_one_address_is_refused_with_all_that_was_typed(client):
    for number in range(10):
        assert client.post(PATH, typed(wish=f"Wens {number}")).status_code == 302

    response = client.post(PATH, typed(wish="Wens 11"))

    page = response.content.decode()
    assert (response.status_code, LabRequest.objects.count()) == (429, 10)
    assert "heel veel aanvragen" in page
    assert "Wens 11</textarea>" in page
    other = Client(REMOTE_ADDR="10.0.0.9")
    assert other.post(PATH, typed(wish="Wens 12")).status_code == 302


@pytest.mark.parametrize("path", [PATH, "/aanvragen/verstuurd/", "/over/"])
def test_looking_makes_nothing_and_everybody_finds_whom_to_call(client, path):
    page = client.get(path).content.decode()

    assert f"mailto:{settings.SITE_CONTACT_EMAIL}" in page
    assert not LabRequest.objects.exists()
    assert client.put(path).status_code == 405


@pytest.mark.req("REQ-044", "REQ-045", "REQ-047")
def test_the_page_about_the_werklab_tells_the_facts_and_leads_to_the_request(client):
    page = client.get("/over/").content.decode()

    assert "10 tot 15" in page
    assert "Op maat, op aanvraag" in page
    assert f'href="mailto:{settings.SITE_CONTACT_EMAIL}?subject=Werklab"' in page
    assert f'href="{PATH}"' in page
    assert "€" not in page


def test_the_front_door_leads_to_both(client):
    page = client.get("/").content.decode()

    assert f'href="{PATH}"' in page
    assert 'href="/over/"' in page


# --- handling -------------------------------------------------------------------------------------

ROLES = [(STAFF, 200), (TRAINER, 403), (COORDINATOR, 403), (PARTICIPANT, 403), (STRANGER, 403)]


@pytest.mark.parametrize(("role", "status"), ROLES)
def test_only_staff_handle_requests(client_as, role, status):
    asked = LabRequestFactory()
    client = client_as(role, LabFactory())
    labs = Lab.objects.count()

    assert client.get(LIST).status_code == status
    assert client.get(f"/aanvragen/{asked.pk}/afwijzen/").status_code == status
    assert client.get(f"/aanvragen/{asked.pk}/werklab/").status_code == 405
    client.post(f"/aanvragen/{asked.pk}/werklab/")
    assert (Lab.objects.count() > labs) == (status == 200)


@pytest.mark.parametrize("count", [1, 8])
def test_the_list_costs_the_same_for_one_and_for_eight(
    client, staff, count, django_assert_num_queries
):
    for _ in range(count):
        LabRequestFactory()
        LabRequestFactory(lab=LabFactory())
    client.force_login(staff)

    with django_assert_num_queries(4):
        client.get(LIST)


def test_open_requests_stand_first(client, staff):
    old = LabRequestFactory(created_at=timezone.now() - timedelta(days=9))
    done = LabRequestFactory(declined_at=timezone.now())
    client.force_login(staff)

    assert list(client.get(LIST).context["page"]) == [old, done]


@pytest.mark.req("REQ-028", "REQ-047")
def test_a_request_becomes_a_lab_with_one_press_and_nothing_typed_again(client, staff, vlierhoven):
    asked = LabRequestFactory(municipality=vlierhoven, name="Roos Tanis")
    client.force_login(staff)

    response = client.post(f"/aanvragen/{asked.pk}/werklab/")

    lab = Lab.objects.get()
    coordinator = lab.roles.get().user
    asked.refresh_from_db()
    assert response["Location"] == f"/werklabs/{lab.slug}/wijzig/"
    assert (lab.status, lab.municipality, asked.lab) == ("preparing", vlierhoven, lab)
    assert (coordinator.name, coordinator.email, coordinator.phone) == (
        "Roos Tanis",
        asked.email,
        asked.phone,
    )
    assert [s.starts_at for s in lab.programme()] == [None, None, None]
    assert all(s.columns.exists() for s in lab.programme())
    assert lab.contact_name == "Anouk Vuurtoren"
    assert client.get(response["Location"]).context["form"].initial["coordinator_email"] == (
        asked.email
    )


def test_the_asker_hears_that_there_is_a_lab_and_comes_there_as_coordinator(client, staff):
    asked = LabRequestFactory()
    lab = from_request.make_lab(staff, asked)

    sent = letter("request_accepted")
    client.force_login(User.objects.get(email=asked.email))

    assert (sent.to, sent.lab) == (asked.email, lab)
    assert client.get(path_in(sent, "/werklabs/")).status_code == 200


def test_pressed_twice_it_is_one_lab(staff):
    asked = LabRequestFactory()

    first = from_request.make_lab(staff, asked)

    assert from_request.make_lab(staff, asked) == first
    assert (Lab.objects.count(), OutgoingMail.objects.count()) == (1, 1)


def test_a_declined_request_gets_a_kind_letter_with_the_reason(client, staff):
    asked = LabRequestFactory()
    client.force_login(staff)

    client.post(f"/aanvragen/{asked.pk}/afwijzen/", {"why": "Alle trainers zijn op reis."})

    sent = letter("request_declined")
    asked.refresh_from_db()
    assert asked.declined_at is not None
    assert sent.to == asked.email
    assert "Alle trainers zijn op reis." in sent.text
    assert Client().get(path_in(sent, "/aanvragen/")).status_code == 200


def test_declining_twice_is_one_letter_and_without_a_reason_there_is_one(staff):
    asked = LabRequestFactory()

    requests.decline(staff, asked)
    requests.decline(staff, asked)

    assert "geen trainers vrij" in letter("request_declined").text


def test_what_was_declined_becomes_no_lab_and_a_lab_is_not_declined(client, staff):
    no, yes = LabRequestFactory(declined_at=timezone.now()), LabRequestFactory(lab=LabFactory())
    labs = Lab.objects.count()

    with pytest.raises(Refused):
        from_request.make_lab(staff, no)
    with pytest.raises(Refused):
        requests.decline(staff, yes)

    client.force_login(staff)
    response = client.post(f"/aanvragen/{yes.pk}/afwijzen/", {"why": "Toch niet"})
    yes.refresh_from_db()
    assert response.context["form"].non_field_errors()
    assert (Lab.objects.count(), yes.declined_at) == (labs, None)
    assert not OutgoingMail.objects.exists()


# --- the price ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 200), (TRAINER, 403), (COORDINATOR, 403), (PARTICIPANT, 403), (STRANGER, 404)],
)
@pytest.mark.req("REQ-044")
def test_only_staff_ever_see_price_and_notes(client_as, role, status):
    lab = LabFactory(taken=1, price="zeven mille", staff_notes="Betaalt laat.")
    client = client_as(role, lab)

    assert client.get(f"/werklabs/{lab.slug}/prijs/").status_code == status
    client.post(f"/werklabs/{lab.slug}/prijs/", {"price": "anders", "staff_notes": ""})
    lab.refresh_from_db()
    assert (lab.price == "anders") == (status == 200)
    if status != 200:
        for tail in ("", "wijzig/", "trainers/", "kopie/", "deelnemers/", "logboek/", "post/"):
            page = client.get(f"/werklabs/{lab.slug}/{tail}").content.decode()
            assert "zeven mille" not in page
            assert "Betaalt laat" not in page
            assert "/prijs/" not in page


def test_the_public_page_shows_no_price_and_the_logbook_no_amount(client, client_as, staff):
    lab = LabFactory()
    requests.agree_price(staff, lab, "zeven mille", "Betaalt laat.")

    for page in (
        client.get(f"/meedoen/{lab.join_code}/"),
        client_as(TRAINER, lab).get(f"/werklabs/{lab.slug}/logboek/"),
    ):
        assert "zeven mille" not in page.content.decode()
        assert "Betaalt laat" not in page.content.decode()


def test_staff_find_the_price_from_the_lab_and_read_what_was_asked(client, staff):
    lab = LabFactory()
    LabRequestFactory(lab=lab, wish="Leren luisteren.")
    client.force_login(staff)

    assert f"/werklabs/{lab.slug}/prijs/" in client.get(lab.get_absolute_url()).content.decode()
    assert "Leren luisteren." in client.get(f"/werklabs/{lab.slug}/prijs/").content.decode()


@pytest.mark.req("REQ-048")
def test_labs_of_several_municipalities_run_side_by_side(staff):
    asked = [LabRequestFactory(), LabRequestFactory()]

    first, second = (from_request.make_lab(staff, request) for request in asked)

    assert first.municipality != second.municipality
    assert not set(first.roles.values_list("user")) & set(second.roles.values_list("user"))
    assert TrainerFactory().lab_roles.count() == 0
