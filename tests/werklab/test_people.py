"""People: one per address, the pool of trainers, the first of staff."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.html import escape

from tests.factories import LabFactory, TrainerFactory, UserFactory
from werklab import people
from werklab.errors import Refused
from werklab.models import Event, OutgoingMail, User

NOOR = {
    "name": "Noor Hendriks",
    "email": "noor@werklab.example",
    "background": "municipal",
    "phone": "06 1111 2222",
    "introduction": "Werkte 12 jaar op een gemeentehuis.",
}


def test_one_person_per_address_whatever_its_case():
    first = people.person_for("Noor@Werklab.example ", "Noor")

    again = people.person_for("noor@werklab.EXAMPLE", "N. Hendriks")

    assert (again.pk, again.name, again.email) == (first.pk, "Noor", "noor@werklab.example")
    assert not again.has_usable_password()


def test_a_name_is_kept_without_stray_spaces():
    assert people.person_for("noor@werklab.example", "  Noor \n Hendriks ").name == "Noor Hendriks"


@pytest.mark.req("REQ-038")
def test_a_new_trainer_comes_in_the_pool_and_is_invited():
    staff = UserFactory(is_staff=True)

    trainer = people.add_trainer(staff, **NOOR)

    assert list(User.objects.trainers()) == [trainer]
    assert list(User.objects.who_know("municipal")) == [trainer]
    assert list(User.objects.who_know("initiatives")) == []
    letter = OutgoingMail.objects.get()
    assert (letter.kind, letter.to) == ("account_invited", trainer.email)
    assert "/inloggen/" in letter.text
    assert (Event.objects.get().name, Event.objects.get().by) == ("trainer_added", staff)


def test_a_trainer_is_added_once():
    staff = UserFactory(is_staff=True)
    people.add_trainer(staff, **NOOR)

    with pytest.raises(Refused):
        people.add_trainer(staff, **NOOR | {"background": "both"})

    assert User.objects.trainers().get().background == "municipal"
    assert OutgoingMail.objects.count() == 1


def test_the_first_of_staff_comes_in_by_a_command(capsys):
    call_command("invite_staff", "saar@lsa.example", name="Saar Jansen")

    saar = User.objects.get()
    assert (saar.email, saar.name, saar.is_staff) == ("saar@lsa.example", "Saar Jansen", True)
    assert OutgoingMail.objects.get().to == "saar@lsa.example"
    assert "Saar Jansen" in capsys.readouterr().out


def test_inviting_somebody_of_staff_twice_is_harmless():
    call_command("invite_staff", "saar@lsa.example")
    call_command("invite_staff", "SAAR@lsa.example")

    assert User.objects.get().is_staff


def test_what_is_no_address_is_refused():
    with pytest.raises(CommandError):
        call_command("invite_staff", "saar")

    assert not User.objects.exists()


# --- the page ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("staff", 200),
        ("trainer", 403),
        ("coordinator", 403),
        ("participant", 403),
        ("stranger", 403),
    ],
)
def test_the_pool_is_for_staff(role, status, client_as):
    client = client_as(role, LabFactory())

    assert client.get("/trainers/").status_code == status
    posted = client.post("/trainers/", NOOR)

    assert posted.status_code == (302 if status == 200 else status)
    assert User.objects.filter(email=NOOR["email"]).exists() == (status == 200)


def test_nobody_sees_the_pool_without_signing_in():
    assert Client().get("/trainers/")["Location"] == "/inloggen/?next=/trainers/"


@pytest.mark.req("REQ-038")
def test_the_pool_shows_background_introduction_and_phone():
    TrainerFactory(name="<b>Noor</b>", introduction="Begon een buurthuis.", phone="06 9")
    client = Client()
    client.force_login(UserFactory(is_staff=True))

    html = client.get("/trainers/").content.decode()

    assert escape("<b>Noor</b>") in html
    assert "Begon een buurthuis." in html
    assert "Kent allebei" in html
    assert "06 9" in html


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("email", "noor"),
        ("background", "alles"),
        ("introduction", "x" * 161),
        ("phone", "1\x00"),
    ],
)
def test_a_wrong_field_gets_a_sentence_and_the_rest_stays(field, typed):
    client = Client()
    client.force_login(UserFactory(is_staff=True))

    response = client.post("/trainers/", NOOR | {field: typed})

    assert list(response.context["form"].errors) == [field]
    kept = "name" if field != "name" else "phone"
    assert f'value="{NOOR[kept]}"' in response.content.decode()
    assert not User.objects.trainers().exists()


def test_somebody_who_is_in_the_pool_already_is_named_at_the_address():
    TrainerFactory(email=NOOR["email"], name="Noor Hendriks")
    client = Client()
    client.force_login(UserFactory(is_staff=True))

    response = client.post("/trainers/", NOOR)

    assert response.context["form"].errors["email"] == ["Noor Hendriks staat al in de lijst."]


@pytest.mark.parametrize("trainers", [1, 8])
def test_the_pool_costs_the_same_for_one_and_for_eight(trainers, django_assert_num_queries):
    TrainerFactory.create_batch(trainers)
    client = Client()
    client.force_login(UserFactory(is_staff=True))

    with django_assert_num_queries(3):
        client.get("/trainers/")
