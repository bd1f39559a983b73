"""The secret address under which a calendar program follows somebody's meetings."""

import logging

import pytest
from django.test import Client
from icalendar import Calendar

from sessions import changes
from tests.factories import EnrolmentFactory, LabFactory, TrainerFactory, UserFactory
from tests.sessions.test_moves import move, welcome
from werklab import feeds
from werklab.logs import HideTokens
from werklab.models import CalendarFeed, LabRole

PAGE = "/mijn-agenda/"


def feed_path(person):
    """The address of this person's calendar, which is made now."""
    return feeds.url(feeds.renew(person)).partition("//")[2].partition("/")[2].join(["/", ""])


def events(path):
    response = Client().get(path)
    assert response.status_code == 200
    return {
        str(event["UID"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")
    }


def uids(lab):
    return {f"session-{session.pk}@werklab.example" for session in lab.programme()}


def test_somebody_makes_an_address_and_a_new_one_ends_the_old(client):
    person = UserFactory()
    client.force_login(person)
    assert client.get(PAGE).context["url"] == ""
    assert not CalendarFeed.objects.exists()

    client.post(PAGE)
    first = client.get(PAGE).context["url"].removeprefix("http://127.0.0.1:8000")
    assert Client().get(first).status_code == 200
    client.post(PAGE)
    second = client.get(PAGE).context["url"].removeprefix("http://127.0.0.1:8000")

    assert first != second
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    assert CalendarFeed.objects.count() == 1


def test_the_address_is_not_in_the_database():
    person = UserFactory()
    token = feed_path(person).removeprefix("/agenda/").removesuffix(".ics")

    row = CalendarFeed.objects.get()

    assert len(token) >= 22
    assert token not in (row.nonce, row.digest)


@pytest.mark.parametrize("token", ["", "x", "../x", "a" * 500, "é"])
def test_an_address_that_never_was(token):
    feed_path(UserFactory())

    assert Client().get(f"/agenda/{token}.ics").status_code == 404


def test_who_is_gone_has_no_calendar():
    person = UserFactory()
    path = feed_path(person)
    person.is_active = False
    person.save()

    assert Client().get(path).status_code == 404


def test_it_has_the_sessions_of_every_lab_with_a_role_or_a_seat_and_no_other():
    person = TrainerFactory(is_staff=True)
    led, coordinated, joined, waits, _stranger = [LabFactory() for _ in range(5)]
    LabRole.objects.filter(lab=led, chair="municipal").update(user=person)
    LabRole.objects.create(lab=coordinated, user=person, role="coordinator")
    EnrolmentFactory(lab=joined, person=person)
    EnrolmentFactory(lab=waits, person=person, status="waiting")

    assert set(events(feed_path(person))) == uids(led) | uids(coordinated) | uids(joined)


def test_trainers_see_the_visits_of_their_labs():
    lab = LabFactory()
    visit = welcome(lab)
    trainer = lab.roles.filter(role="trainer").first().user
    coordinator = lab.roles.get(role="coordinator").user

    found = events(feed_path(trainer))

    visited = found[f"visit-{visit.pk}@werklab.example"]
    assert str(visit) in visited["SUMMARY"]
    assert visited["LOCATION"] == visit.place
    assert set(events(feed_path(coordinator))) == uids(lab)


def test_it_follows_a_move_and_a_lab_that_is_called_off():
    lab = LabFactory()
    visit, path = welcome(lab), feed_path(lab.roles.filter(role="trainer").first().user)
    last = lab.sessions.get(number=3)
    key = f"session-{last.pk}@werklab.example"

    move(lab, 3, days=1)
    moved = events(path)[key]
    changes.cancel_lab(lab.roles.first().user, lab, "Te weinig.")
    off = events(path)

    assert (moved.start - last.starts_at).days == 1
    assert (moved["SEQUENCE"], off[key]["SEQUENCE"]) == (1, 2)
    assert {event["STATUS"] for event in off.values()} == {"CANCELLED"}
    assert f"visit-{visit.pk}@werklab.example" in off


def test_a_personal_link_opens_one_lab_and_not_a_calendar_of_all(by_link):
    guest = by_link(EnrolmentFactory())

    assert (guest.get(PAGE).status_code, guest.post(PAGE).status_code) == (403, 403)
    assert not CalendarFeed.objects.exists()


def test_a_passer_by_is_asked_to_sign_in():
    assert Client().get(PAGE).status_code == 302


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_feed_is_only_read(method):
    assert getattr(Client(), method)(feed_path(UserFactory())).status_code == 405


def test_the_address_stands_in_no_log_and_is_kept_by_nobody():
    path = feed_path(UserFactory())
    record = logging.LogRecord("x", logging.INFO, "", 0, "GET %s 200", (path,), None)

    HideTokens().filter(record)
    response = Client().get(path)

    assert record.getMessage() == "GET /agenda/… 200"
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"


@pytest.mark.parametrize("labs", [1, 8])
def test_the_same_questions_for_one_lab_and_for_eight(labs, django_assert_num_queries):
    person = TrainerFactory()
    for _ in range(labs):
        lab = LabFactory()
        LabRole.objects.filter(lab=lab, chair="municipal").update(user=person)
        welcome(lab)
    path = feed_path(person)

    with django_assert_num_queries(4):
        Client().get(path)
