"""The letters about somebody's place: what stands in them, and that their links work."""

import re

import pytest
from django.test import Client
from icalendar import Calendar

from tests.conftest import person_with
from tests.factories import EnrolmentFactory, LabFactory, UserFactory, in_days
from werklab import letters, links
from werklab.models import OutgoingMail

STATES = {
    "seated": "place_confirmed",
    "waiting": "waiting_list",
    "offered": "place_offered",
    "to_confirm": "waits_for_approval",
}


def told(status, **fields):
    """The letter for somebody who stands so."""
    lab = fields.pop("lab", None) or LabFactory(taken=2)
    if status == "offered":
        fields |= {"seat": 15, "offered_until": in_days(3, 16, 5)}
    person = UserFactory(name="Jasper de Ruiter")
    letters.tell(EnrolmentFactory(lab=lab, person=person, status=status, **fields))
    return OutgoingMail.objects.get(person=person)


def paths(letter):
    """The addresses in a letter as it is posted, as paths."""
    found = re.findall(r"https?://\S+", links.fill(letter.text))
    return ["/" + address.partition("//")[2].partition("/")[2] for address in found]


@pytest.mark.parametrize("status", STATES)
def test_each_letter_greets_names_the_lab_and_a_phone_number(status):
    letter = told(status)

    assert letter.kind == STATES[status]
    assert letter.text.startswith("Hoi Jasper,")
    assert letter.lab.title in letter.subject
    assert "06 0000 0000" in letter.text
    assert letter.reply_to == "samir@werklab.example"
    assert "{{" not in letter.text + letter.subject


@pytest.mark.parametrize("status", STATES)
def test_every_link_in_a_letter_works(status):
    letter = told(status)

    for path in paths(letter):
        assert Client().get(path).status_code == 200, path


@pytest.mark.parametrize("status", STATES)
def test_no_secret_stands_in_what_is_kept(status):
    letter = told(status)

    for path in paths(letter):
        if path.startswith("/mijn/"):
            assert path.split("/")[2] not in letter.text


@pytest.mark.parametrize("status", ["seated", "waiting", "offered"])
def test_meetings_stand_there_with_weekday_date_time_and_place(status):
    lab = LabFactory()
    letter = told(status, lab=lab)

    for meeting in lab.programme():
        assert letters.moment(meeting.starts_at, meeting.ends_at) in letter.text
        assert meeting.place in letter.text
    days = "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
    assert re.search(rf"- ({days}) \d+ \w+ \d{{4}}, 9\.30 tot 13\.30 uur: ", letter.text)


def test_a_seat_with_its_number_the_intake_and_the_calendar():
    letter = told("seated")

    assert "Stoel 3 is voor jou" in letter.text
    assert [path.split("/")[-2] for path in paths(letter) if "/mijn/" in path] == ["intake", "plek"]
    assert len(Calendar.from_ical(letter.calendar).walk("VEVENT")) == 3


def test_the_number_on_the_list_and_no_calendar():
    letter = told("waiting")

    assert "op plek 1 van de wachtlijst" in letter.text
    assert "72 uur" in letter.text
    assert letter.calendar == ""


def test_an_offer_says_until_when():
    letter = told("offered")

    assert re.search(r"Zeg ja vóór \w+ \d+ \w+, 16\.05 uur", letter.text)


def test_the_coordinator_is_asked_about_somebody_from_outside():
    lab = LabFactory()
    coordinator = person_with("coordinator", lab)
    outside = EnrolmentFactory(lab=lab, status="to_confirm", person__email="a@elders.example")

    letters.ask_coordinators(outside)

    letter = OutgoingMail.objects.get()
    assert letter.to == coordinator.email
    assert "a@elders.example" in letter.text
    assert f"/werklabs/{lab.slug}/deelnemers/" in letter.text


def test_a_lab_without_dates_makes_no_empty_lines():
    lab = LabFactory()
    lab.sessions.filter(number=3).update(starts_at=None, ends_at=None)

    assert len(letters.programme_lines(lab).splitlines()) == 2
