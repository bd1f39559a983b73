"""Everything that is kept about somebody, for themselves to read and to take along."""

import json

import pytest
from django.test import Client

from sessions.models import Vote
from tests.factories import (
    CardFactory,
    EndorsementFactory,
    EnrolmentFactory,
    LabFactory,
    TrainerFactory,
    UserFactory,
)
from tests.intake.filling_in import an_intake
from werklab import events, mail, privacy
from werklab.models import Consent, Invitation, LabRole, NoMorePost, User

PAGE, FILE = "/mijn-account/gegevens/", "/mijn-account/gegevens.json"


def somebody_with_everything():
    """A participant of one lab and coordinator of another, about whom a lot is kept."""
    person = UserFactory(name="Jasper de Ruiter", email="jasper@oss.example")
    enrolment = EnrolmentFactory(person=person, function="Gebiedsmakelaar")
    lab = enrolment.lab
    other = LabFactory(title="Werklab Elders")
    LabRole.objects.filter(lab=other, role="coordinator").update(user=person)
    Consent.objects.create(enrolment=enrolment, kind="quotes")
    CardFactory(lab=lab, named=True, author=person, text="Kaart met mijn naam")
    CardFactory(lab=lab, text="Kaart van niemand")
    Vote.objects.create(card=CardFactory(lab=lab, text="Kaart met mijn stip"), voter=person)
    events.record(person, "enrolled", enrolment, lab=lab)
    Invitation.objects.create(lab=other, name="Jasper", email=person.email)
    NoMorePost.objects.create(lab=other, email=person.email)
    mail.send("withdrawn", to=person.email, lab=lab, person=person)
    return enrolment


def words(data):
    """Everything that stands in it, as one text."""
    return json.dumps(data, ensure_ascii=False)


def test_everything_that_is_kept_about_somebody_stands_in_it():
    enrolment = somebody_with_everything()
    an_intake(enrolment)

    found = words(privacy.everything_about(enrolment.person))

    for kept in (
        "Jasper de Ruiter",
        "jasper@oss.example",
        "Gebiedsmakelaar",
        "Zorg en welzijn",
        enrolment.lab.title,
        "Werklab Elders",
        str(Consent.Kind.QUOTES.label),
        "Hoe zeg ik eerlijk dat iets nog niet besloten is?",
        "Kaart met mijn naam",
        "Kaart met mijn stip",
        "coördinator",
        "Meldde zich aan",
        mail.letters()["withdrawn"]["when"],
    ):
        assert kept in found, kept


def test_what_is_of_somebody_else_or_of_nobody_stands_not_in_it():
    enrolment = somebody_with_everything()
    neighbour = EnrolmentFactory(lab=enrolment.lab, person=UserFactory(name="Ilse de Boer"))
    CardFactory(lab=enrolment.lab, named=True, author=neighbour.person, text="Kaart van Ilse")

    found = words(privacy.everything_about(enrolment.person))

    assert "Ilse" not in found
    assert "Kaart van niemand" not in found


def test_of_one_lab_only_that_lab_stands_in_it():
    enrolment = somebody_with_everything()

    found = words(privacy.everything_about(enrolment.person, enrolment.lab))

    assert "Kaart met mijn naam" in found
    assert "Gebiedsmakelaar" in found
    assert "Werklab Elders" not in found


def test_whatever_points_at_a_person_is_told():
    """A table that is added later comes along by itself."""
    pointing = {
        relation.field
        for relation in User._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    }

    told = set(privacy._others_that_point_at_people())
    apart = {field for field in pointing if field.model in privacy.TOLD_APART}

    assert told | apart == pointing
    assert told


def test_what_a_trainer_wrote_down_is_told():
    trainer = TrainerFactory()
    endorsement = EndorsementFactory(recorded_by=trainer)

    found = privacy.everything_about(trainer)

    assert endorsement.recorded_by == trainer
    assert {"Wat": "Een antwoord van een initiatief op een advies"} in found[
        "Wat je voor anderen opschreef"
    ]


def test_the_page_and_the_file_say_the_same():
    enrolment = somebody_with_everything()
    client = Client()
    client.force_login(enrolment.person)

    page, file = client.get(PAGE), client.get(FILE)

    assert page.status_code == 200
    data = json.loads(file.content)
    assert data == privacy.everything_about(enrolment.person)
    assert page.context["data"] == data
    assert file["Content-Disposition"] == 'attachment; filename="mijn-gegevens.json"'
    assert file["Cache-Control"] == "no-store"
    assert "Kaart met mijn naam" in page.content.decode()


def test_who_came_by_link_reads_that_lab_alone(by_link):
    enrolment = somebody_with_everything()
    client, here = by_link(enrolment), f"/werklabs/{enrolment.lab.slug}/mijn-gegevens"

    page = client.get(here + "/").content.decode()
    data = json.loads(client.get(here + ".json").content)

    assert "Kaart met mijn naam" in page
    assert "Werklab Elders" not in page + words(data)
    assert f'href="{here}/"' in client.get(f"/werklabs/{enrolment.lab.slug}/").content.decode()
    assert client.get(PAGE).status_code == 404
    assert client.get(FILE).status_code == 404


def test_who_gave_their_place_back_reads_it_too(by_link):
    enrolment = somebody_with_everything()
    client = by_link(enrolment)
    enrolment.status, enrolment.seat = "withdrawn", None
    enrolment.save()

    assert client.get(f"/werklabs/{enrolment.lab.slug}/mijn-gegevens/").status_code == 200


def test_nobody_reads_the_data_of_somebody_else(client_as):
    enrolment = somebody_with_everything()
    path = f"/werklabs/{enrolment.lab.slug}/mijn-gegevens"

    for role in ("trainer", "coordinator", "staff"):
        client = client_as(role, enrolment.lab)
        assert client.get(path + "/").status_code == 404
        assert client.get(path + ".json").status_code == 404
        assert "Kaart met mijn naam" not in client.get(PAGE).content.decode()


def test_what_people_typed_is_shown_as_text():
    person = UserFactory(name="<b>Jasper</b>")
    client = Client()
    client.force_login(person)

    html = client.get(PAGE).content.decode()

    assert "<b>Jasper</b>" not in html
    assert "&lt;b&gt;Jasper" in html


@pytest.mark.parametrize("times", [1, 8])
def test_the_page_costs_the_same_for_one_and_for_eight(times, django_assert_num_queries):
    person = UserFactory()
    for _ in range(times):
        enrolment = EnrolmentFactory(person=person)
        an_intake(enrolment)
        Consent.objects.create(enrolment=enrolment, kind="photo")
        CardFactory(lab=enrolment.lab, named=True, author=person)
    client = Client()
    client.force_login(person)

    with django_assert_num_queries(7):
        client.get(PAGE)
