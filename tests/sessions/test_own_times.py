"""Initiatives may come later than civil servants (REQ-076); the way there is told."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from tests.factories import EnrolmentFactory, LabFactory, MunicipalityFactory, TrainerFactory
from tests.sessions.scheduling import as_agreed, day, typed
from tests.sessions.test_moves import welcome
from werklab import calendar, letters
from werklab.access import TRAINER
from werklab.models import Lab, OutgoingMail

pytestmark = pytest.mark.req("REQ-076")


def roermond(trainers, **changes):
    """Three blocks of one day, 9.00 to 17.30; initiatives come at 9.45, and back at 16.15."""
    hours = [("09:00", "12:00"), ("12:45", "14:45"), ("15:00", "17:30")]
    answers = typed(trainers)
    for number, (starts, ends) in enumerate(hours, start=1):
        answers |= {f"date_{number}": day(30), f"starts_{number}": starts, f"ends_{number}": ends}
    return answers | {"initiatives_1": "09:45", "initiatives_3": "16:15"} | changes


@pytest.fixture
def trainers():
    MunicipalityFactory(name="Vlierhoven", mail_domains=[])
    return TrainerFactory(), TrainerFactory()


@pytest.fixture
def lab(client, trainers):
    client.force_login(trainers[0])
    assert client.post("/werklabs/nieuw/", roermond(trainers, route_1="Bus 4")).status_code == 302
    Lab.objects.update(status=Lab.Status.LIVE)
    return Lab.objects.get()


def clock(moment):
    return f"{timezone.localtime(moment):%H:%M}"


@pytest.mark.req("REQ-073")
def test_three_blocks_in_one_day_each_with_its_own_time_for_initiatives(lab):
    assert lab.format == Lab.Format.ONE_DAY
    assert [
        (clock(s.starts_at), clock(s.begins_for_initiatives), clock(s.ends_at))
        for s in lab.programme()
    ] == [("09:00", "09:45", "12:00"), ("12:45", "12:45", "14:45"), ("15:00", "16:15", "17:30")]


@pytest.mark.parametrize("time", ["08:45", "12:00", "13:00"])
def test_a_time_outside_the_session_is_told_at_the_field(client, trainers, time):
    client.force_login(trainers[0])

    response = client.post("/werklabs/nieuw/", roermond(trainers, initiatives_1=time))

    assert list(response.context["form"].errors) == ["initiatives_1"]
    assert not Lab.objects.exists()
    assert "<details" in response.content.decode()
    assert response.content.decode().count('<details class="disclosure mt-3" open>') == 2


def test_who_does_not_need_it_does_not_see_it(client, trainers):
    client.force_login(trainers[0])

    page = client.get("/werklabs/nieuw/").content.decode()

    assert (page.count("disclosure mt-3"), page.count('disclosure mt-3" open')) == (3, 0)


def test_a_calendar_file_has_the_time_of_who_gets_it(lab):
    visit = welcome(lab)

    ours = Calendar.from_ical(calendar.calendar_file(lab, calendar.session_appointments(lab))).walk(
        "VEVENT"
    )
    theirs = Calendar.from_ical(
        calendar.calendar_file(lab, calendar.initiative_appointments(lab))
    ).walk("VEVENT")

    assert [f"{event.start:%H:%M}" for event in ours] == ["09:00", "12:45", "15:00"]
    assert [f"{event.start:%H:%M}" for event in theirs] == ["09:45", "16:15"]
    assert {e["UID"] for e in ours} & {e["UID"] for e in theirs} == set()
    assert "Bus 4" in ours[0]["DESCRIPTION"]
    assert visit.guest_of.lab == lab


def test_the_file_of_an_initiative_holds_its_visit_and_session_3():
    lab = LabFactory()
    visit, last = welcome(lab), lab.sessions.get(number=3)
    last.initiatives_start_at = last.starts_at + timedelta(hours=2)
    last.save()
    link = letters.links.link_for(
        "visit", visit.pk, lab=lab, behalf="x", expires_at=lab.link_expiry()
    )

    response = Client().get(letters.links.path(link) + "agenda.ics")

    found = {e["UID"]: e.start for e in Calendar.from_ical(response.content).walk("VEVENT")}
    assert found == {
        f"visit-{visit.pk}@werklab.example": visit.slot.starts_at,
        f"session-{last.pk}-initiatives@werklab.example": last.initiatives_start_at,
    }


def test_pages_tell_the_way_and_the_time_for_initiatives(client, client_as, by_link, lab):
    lab.sessions.filter(number=1).update(accessibility="Geen drempels")
    Lab.objects.filter(pk=lab.pk).update(version=99)
    seated = EnrolmentFactory(lab=lab)

    pages = [
        Client().get(f"/meedoen/{lab.join_code}/"),
        by_link(seated).get(lab.get_absolute_url()),
        by_link(seated).get(f"/werklabs/{lab.slug}/plek/"),
        client_as(TRAINER, lab).get(lab.get_absolute_url()),
    ]

    for page in pages:
        text = page.content.decode()
        assert ("Bus 4" in text, "Geen drempels" in text) == (True, True)
    for page in (pages[0], pages[3]):
        assert "9.45" in page.content.decode()


def test_letters_tell_the_way(lab):
    assert "Zaal 1. Bus 4" in OutgoingMail.objects.get(kind="coordinator_invited").text


def test_the_form_to_change_shows_it_and_keeps_it(client, lab):
    path, before = f"/werklabs/{lab.slug}/wijzig/", as_agreed(lab)

    assert client.get(path).content.decode().count('mt-3" open') == 2
    assert client.post(path, before).status_code == 302

    assert as_agreed(Lab.objects.get(pk=lab.pk)) == before
    assert not lab.letters.filter(status="draft").exists()
