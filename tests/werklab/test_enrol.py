"""The form on the public page: what it takes, what it says, and what comes after it."""

import re
from functools import partial

import pytest
from django.core import signing
from django.core.cache import caches
from django.test import Client
from django.utils.html import escape

from tests.factories import EnrolmentFactory, LabFactory, as_of_now, today
from werklab.forms.enrolments import EnrolForm
from werklab.models import Enrolment, Lab, OutgoingMail, User
from werklab.views import places

JASPER = {
    "name": "Jasper de Ruiter",
    "email": "j.deruiter@oss.example",
    "department": "Zorg en welzijn",
    "function": "Beleidsmedewerker",
    "contact_frequency": "Zelden of nooit",
}


@pytest.fixture(autouse=True)
def _nothing_counted():
    caches["fragments"].clear()


def send(lab, client=None, **changes):
    return (client or Client()).post(f"/meedoen/{lab.join_code}/aanmelden/", JASPER | changes)


def confirmation(lab, **changes):
    response = send(lab, **changes)
    assert response.status_code == 302, response.context["form"].errors
    return Client().get(response["Location"]).content.decode()


def nothing_happened(lab):
    return not (lab.enrolments.exists() or OutgoingMail.objects.exists())


def test_the_form_asks_five_things_in_this_order():
    lab = LabFactory()

    html = Client().get(f"/meedoen/{lab.join_code}/aanmelden/").content.decode()

    names = re.findall(r'name="(\w+)"', html)
    asked = list(dict.fromkeys(name for name in names if name in EnrolForm.base_fields))
    assert asked == ["name", "email", "department", "own_words", "function", "contact_frequency"]
    assert 'autocomplete="name"' in html
    assert 'autocomplete="email"' in html
    assert 'href="/privacy/"' in html


def test_a_seat_with_its_number_and_what_happens_next():
    lab = LabFactory(taken=12)

    html = confirmation(lab)

    assert lab.enrolments.get(person__email=JASPER["email"]).seat == 13
    assert "Jasper" in html
    assert "Stoel 13" in html
    assert html.count('class="chair taken you"') == 1
    assert f"/meedoen/{lab.join_code}/agenda.ics" in html
    assert JASPER["email"] in html


def test_a_numbered_place_on_the_waiting_list():
    lab = LabFactory(taken=15)
    EnrolmentFactory(lab=lab, status="waiting")

    html = confirmation(lab)

    assert "nummer 2 op de lijst" in html
    assert "72 uur" in html


def test_from_outside_the_coordinator_has_a_look():
    html = confirmation(LabFactory(), email="jasper@elders.example")

    assert "coördinator bevestigt je aanmelding" in html


def test_who_is_in_already_sees_the_same_page_without_a_number_or_a_name():
    lab = LabFactory(taken=3)
    known = lab.enrolments.first().person

    html = confirmation(lab, email=known.email.upper(), name="Iemand Anders")

    assert lab.enrolments.count() == 3
    assert "Je hebt een plek, Iemand" in html
    assert known.name not in html
    assert not re.search(r"Stoel \d", html)
    assert "chair taken you" not in html


def test_sending_it_twice_is_one_place_and_one_letter():
    lab = LabFactory()

    send(lab)
    send(lab)

    assert lab.enrolments.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_a_receipt_is_nobody_elses_and_not_for_ever():
    lab, other = LabFactory(), LabFactory()
    address = send(lab)["Location"]
    receipt = address.rstrip("/").rpartition("/")[2]

    assert Client().get(address).status_code == 200
    assert Client().get(f"/meedoen/{other.join_code}/aangemeld/{receipt}/").status_code == 404
    assert Client().get(f"/meedoen/{lab.join_code}/aangemeld/{receipt[:-2]}xx/").status_code == 404
    assert Client().get(f"/meedoen/{lab.join_code}/aangemeld/onzin/").status_code == 404


def test_a_receipt_of_yesterday_is_over(monkeypatch):
    lab = LabFactory()
    address = send(lab)["Location"]
    later = signing.time.time() + places.RECEIPT_SECONDS + 1

    monkeypatch.setattr(signing.time, "time", lambda: later)

    assert Client().get(address).status_code == 404


def test_the_confirmation_is_kept_by_no_browser():
    response = Client().get(send(LabFactory())["Location"])

    assert response["Cache-Control"] == "no-store"


# --- input ------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", sorted(JASPER))
def test_what_is_missing_is_said_and_what_was_typed_stays(field):
    lab = LabFactory()

    response = send(lab, **{field: ""})

    form = response.context["form"]
    assert response.status_code == 200
    assert list(form.errors) == [field]
    assert "verplicht" not in str(form.errors)
    html = response.content.decode()
    typed = [JASPER[name] for name in ("name", "email", "function") if name != field]
    assert all(f'value="{value}"' in html for value in typed)
    assert "<title>Fout:" in html
    assert nothing_happened(lab)


@pytest.mark.parametrize("field", ["name", "email", "function"])
@pytest.mark.parametrize("typed", ["x" * 10_000, "nul\x00teken", "x" * 9_000 + "@oss.example"])
def test_too_long_or_strange_gets_a_sentence(field, typed):
    lab = LabFactory()

    response = send(lab, **{field: typed})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert nothing_happened(lab)


@pytest.mark.parametrize(
    "name",
    [
        "https://win.example/nu",
        "www.win.example",
        "win@elders.example",
        "<script>alert(1)</script>",
    ],
)
def test_a_name_carries_no_link_into_somebody_elses_letter(name):
    lab = LabFactory()

    response = send(lab, name=name)

    assert list(response.context["form"].errors) == ["name"]
    assert escape(name) in response.content.decode()
    assert nothing_happened(lab)


@pytest.mark.parametrize("name", ["Zoë 😀 Ångström", "O'Neill", "<b>Ans</b>"[:6], "王小明"])
def test_names_of_all_kinds_are_fine(name):
    lab = LabFactory()

    html = confirmation(lab, name=name)

    assert User.objects.get(email=JASPER["email"]).name == name
    assert escape(name.split()[0]) in html


def test_markup_in_an_answer_is_kept_and_shown_as_text(client_as):
    lab = LabFactory()
    send(lab, function="<script>alert(1)</script>")

    html = client_as("trainer", lab).get(f"/werklabs/{lab.slug}/deelnemers/").content.decode()

    assert escape("<script>alert(1)</script>") in html
    assert "<script>alert" not in html


def test_a_field_of_policy_in_own_words():
    lab = LabFactory()

    send(lab, department="Anders, namelijk:", own_words="Griffie")

    assert lab.enrolments.get().department == "Griffie"


def test_other_without_own_words_asks_for_them():
    response = send(LabFactory(), department="Anders, namelijk:")

    assert list(response.context["form"].errors) == ["own_words"]


def test_own_words_beside_a_choice_are_left_out():
    lab = LabFactory()

    send(lab, own_words="Griffie")

    assert lab.enrolments.get().department == "Zorg en welzijn"


@pytest.mark.parametrize(
    ("field", "forged"), [("department", "Spionage"), ("contact_frequency", "Nooit en te nimmer")]
)
def test_an_answer_that_is_not_in_the_list_is_refused(field, forged):
    lab = LabFactory()

    assert list(send(lab, **{field: forged}).context["form"].errors) == [field]
    assert nothing_happened(lab)


def test_extra_fields_change_nothing():
    lab = LabFactory()

    send(lab, seat="15", status="seated", by="1", number="1", is_staff="1")

    assert lab.enrolments.get().seat == 1
    assert not User.objects.get(email=JASPER["email"]).is_staff


# --- doors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"status": "preparing"},
        {"status": "closed"},
        {"enrol_until": partial(today, -1)},
    ],
)
def test_a_closed_lab_shows_its_page_and_refuses_a_post_with_all_that_was_typed(change):
    lab = LabFactory()
    Lab.objects.filter(pk=lab.pk).update(**as_of_now(change))

    opened = Client().get(f"/meedoen/{lab.join_code}/aanmelden/")
    posted = send(lab)

    assert opened["Location"] == f"/meedoen/{lab.join_code}/"
    assert posted.status_code == 200
    assert posted.context["form"].non_field_errors()
    assert 'value="Jasper de Ruiter"' in posted.content.decode()
    assert nothing_happened(lab)


def test_an_unknown_code_is_not_found():
    assert Client().get("/meedoen/onzin/aanmelden/").status_code == 404
    assert Client().post("/meedoen/onzin/aanmelden/", JASPER).status_code == 404


def test_looking_at_the_form_changes_nothing():
    lab = LabFactory()

    Client().get(f"/meedoen/{lab.join_code}/aanmelden/", JASPER)

    assert nothing_happened(lab)


def test_a_form_from_elsewhere_is_refused():
    lab = LabFactory()

    assert send(lab, client=Client(enforce_csrf_checks=True)).status_code == 403
    assert nothing_happened(lab)


def test_a_whole_town_hall_may_enrol_in_an_hour_and_no_more(monkeypatch):
    monkeypatch.setattr(places, "MOST_PER_HOUR", 2)
    lab = LabFactory()
    for number in (1, 2):
        assert send(lab, email=f"nummer{number}@oss.example").status_code == 302

    refused = send(lab, email="nummer3@oss.example")

    assert refused.status_code == 200
    assert refused.context["form"].non_field_errors()
    assert lab.enrolments.count() == 2
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert send(lab, client=elsewhere, email="nummer3@oss.example").status_code == 302
    assert places.MOST_PER_HOUR == 2


def test_a_hundred_people_of_one_town_hall_fit_in_an_hour():
    assert places.MOST_PER_HOUR >= 200


@pytest.mark.parametrize("count", [1, 8])
def test_enrolling_takes_15_queries(count, django_assert_num_queries):
    lab = LabFactory(taken=count)

    with django_assert_num_queries(15):  # two of them are the savepoint of this test
        send(lab)


@pytest.mark.parametrize("count", [1, 8])
def test_the_form_takes_three_queries(count, django_assert_num_queries):
    lab = LabFactory(taken=count)

    with django_assert_num_queries(3):
        Client().get(f"/meedoen/{lab.join_code}/aanmelden/")


def test_the_status_of_who_withdrew_is_no_page_of_confirmation():
    lab = LabFactory()
    address = send(lab)["Location"]
    Enrolment.objects.update(status="withdrawn", seat=None)

    assert Client().get(address).status_code == 404
