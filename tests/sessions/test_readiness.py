"""What a lab needs before its enrolment opens: the list, its links, and the refusal."""

import pytest

from sessions import readiness
from tests.conftest import person_with
from tests.factories import LabFactory, LabInitiativeFactory, VisitFactory, make_ready
from tests.intake.organising import an_organisation_intake
from werklab.access import COORDINATOR, STAFF, TRAINER
from werklab.errors import Refused
from werklab.models import OutgoingMail


def lacks(lab):
    return [point.key for point in readiness.missing(lab)]


def almost():
    return LabFactory(status="preparing", ready=True)


def test_a_lab_with_everything_misses_nothing():
    assert lacks(almost()) == []


def test_a_lab_with_nothing_misses_seven_things():
    lab = LabFactory(
        status="preparing", roles=False, sessions=False, enrol_until=None, contact_phone=""
    )

    assert lacks(lab) == [
        *("trainers", "dates", "places", "closing_day", "phone"),
        *("intake", "initiatives"),
    ]


@pytest.mark.req("REQ-037", "REQ-038")
@pytest.mark.parametrize(
    ("chair", "word"), [("municipal", "de gemeente"), ("initiatives", "initiatieven")]
)
def test_the_background_that_is_missing_is_named(chair, word):
    lab = almost()
    lab.roles.filter(chair=chair).delete()

    (point,) = readiness.missing(lab)

    assert point.key == "trainers"
    assert word in point.sentence


@pytest.mark.parametrize(
    ("without", "key"), [({"enrol_until": None}, "closing_day"), ({"contact_phone": ""}, "phone")]
)
def test_a_lab_needs_a_closing_day_and_a_phone_number(without, key):
    lab = almost()
    for name, value in without.items():
        setattr(lab, name, value)

    assert lacks(lab) == [key]


def test_a_lab_needs_three_dates_and_each_a_place():
    lab = almost()
    lab.sessions.filter(number=2).update(place="")
    assert lacks(lab) == ["places"]

    lab.sessions.filter(number=2).update(starts_at=None, ends_at=None)
    assert lacks(lab) == ["dates", "places"]


@pytest.mark.req("REQ-039")
def test_the_intake_of_the_organisation_is_handed_in_before_the_lab_opens():
    lab = LabFactory(status="preparing")
    LabInitiativeFactory(lab=lab)
    assert lacks(lab) == ["intake"]

    an_organisation_intake(lab, hand_in=False)
    assert lacks(lab) == ["intake"]

    an_organisation_intake(lab)
    assert lacks(lab) == []


def test_one_initiative_that_was_asked_is_enough():
    lab = LabFactory(status="preparing")
    an_organisation_intake(lab)
    assert lacks(lab) == ["initiatives"]

    VisitFactory(guest_of__lab=lab)
    assert lacks(lab) == []


def test_opening_with_something_missing_names_all_of_it_and_changes_nothing():
    lab = LabFactory(status="preparing", contact_phone="")
    lab.roles.filter(chair="initiatives").delete()
    missing = readiness.missing(lab)

    with pytest.raises(Refused) as refusal:
        readiness.open_enrolment(person_with(TRAINER, lab), lab)

    assert len(missing) == 4
    assert all(point.sentence in str(refusal.value) for point in missing)
    lab.refresh_from_db()
    assert (lab.status, lab.version) == ("preparing", 0)


def test_the_page_opens_nothing_either_and_says_why(client_as):
    lab = LabFactory(status="preparing")

    where = f"/werklabs/{lab.slug}/aanmelding-open/"
    page = client_as(TRAINER, lab).post(where, follow=True).content.decode()

    lab.refresh_from_db()
    assert lab.status == "preparing"
    assert "intake van de organisatie" in page


def test_the_lab_page_shows_what_is_missing_with_a_way_to_each(client_as):
    lab = LabFactory(status="preparing", contact_phone="")
    lab.roles.filter(chair="initiatives").delete()
    client = client_as(TRAINER, lab)

    page = client.get(lab.get_absolute_url()).content.decode()
    ready = page.partition('id="h-ready"')[2].partition("</section>")[0]

    for tail in ("trainers/", "wijzig/", "organisatie/", "bezoeken/"):
        assert f'href="/werklabs/{lab.slug}/{tail}"' in ready
        assert client.get(f"/werklabs/{lab.slug}/{tail}", follow=True).status_code == 200
    assert ready.count("Dit is er.") == 3
    assert "disabled" in ready
    assert "aanmelding-open" not in page


@pytest.mark.parametrize("role", [STAFF, TRAINER, COORDINATOR])
def test_everybody_finds_only_ways_that_are_open_to_them(client_as, role):
    lab = LabFactory(status="preparing", roles=False, enrol_until=None, sessions=False)
    client = client_as(role, lab)

    page = client.get(lab.get_absolute_url()).content.decode()
    ready = page.partition('id="h-ready"')[2].partition("</section>")[0]
    ways = {part.partition('"')[0] for part in ready.split('href="')[1:]}

    assert ways
    assert {client.get(way, follow=True).status_code for way in ways} == {200}


def test_as_soon_as_nothing_is_missing_the_button_is_there(client_as):
    lab = LabFactory(status="preparing")
    client = client_as(TRAINER, lab)
    client.get(lab.get_absolute_url())

    make_ready(lab)

    page = client.get(lab.get_absolute_url()).content.decode()
    assert f'formaction="/werklabs/{lab.slug}/aanmelding-open/"' in page
    assert 'id="h-ready"' not in page


def test_a_coordinator_without_the_link_gets_it_when_enrolment_opens():
    lab = almost()
    trainer, coordinator = person_with(TRAINER, lab), person_with(COORDINATOR, lab)

    readiness.open_enrolment(trainer, lab)

    letter = OutgoingMail.objects.get()
    assert (letter.kind, letter.to) == ("coordinator_invited", coordinator.email)


def test_opening_twice_is_refused():
    lab = almost()
    trainer = person_with(TRAINER, lab)
    readiness.open_enrolment(trainer, lab)

    with pytest.raises(Refused):
        readiness.open_enrolment(trainer, lab)

    assert lab.events.filter(name="enrolment_opened").count() == 1
