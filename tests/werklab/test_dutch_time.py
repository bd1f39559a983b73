"""What is agreed for 9.30 reads 9.30: on every page, in every letter and file, in every season."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from sessions.meetings import meetings_of
from sessions.programme import change_lab
from tests.factories import EnrolmentFactory, LabFactory
from tests.sessions.scheduling import as_agreed
from tests.sessions.test_moves import agreed
from werklab import enrolment, letters
from werklab.access import TRAINER
from werklab.models import Lab

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# A year that is not over: the Sundays of the clock change and the days around them, by hand.
YEAR = timezone.localdate().year + 1


def last_sunday(month):
    day = date(YEAR, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


DAYS = [
    (date(YEAR, 1, 12), 8),
    (last_sunday(3) - timedelta(days=1), 8),
    (last_sunday(3), 7),
    (date(YEAR, 7, 1), 7),
    (last_sunday(10) - timedelta(days=1), 7),
    (last_sunday(10), 8),
]


@pytest.fixture(params=DAYS, ids=[str(day) for day, _hour in DAYS])
def moved(request):
    """A lab whose sessions were typed as 9.30, three days in a row; with a participant."""
    day, hour = request.param
    lab = LabFactory(begins_in=28)
    seated = EnrolmentFactory(lab=lab)
    starts = [
        datetime(day.year, day.month, day.day, 9, 30, tzinfo=AMSTERDAM) + timedelta(days=7 * week)
        for week in range(3)
    ]
    meetings = [
        replace(meeting, starts_at=start, ends_at=start + timedelta(hours=3))
        for meeting, start in zip(meetings_of(lab), starts, strict=True)
    ]
    now = datetime(YEAR - 1, 12, 1, tzinfo=UTC)
    fields = agreed(lab, meetings=meetings, enrol_until=day - timedelta(days=7))
    change_lab(lab.roles.first().user, lab, **fields, now=now)
    return Lab.objects.get(pk=lab.pk), seated, hour


def test_in_the_database_it_is_the_right_moment(moved):
    lab, _seated, hour = moved

    assert lab.starts_at.astimezone(UTC).hour == hour


def test_pages_say_half_past_nine(moved, client_as, by_link):
    lab, seated, _hour = moved
    pages = [
        Client().get(f"/meedoen/{lab.join_code}/"),
        by_link(seated).get(lab.get_absolute_url()),
        by_link(seated).get(f"/werklabs/{lab.slug}/plek/"),
        client_as(TRAINER, lab).get(lab.get_absolute_url()),
    ]

    for page in pages:
        hours = re.findall(r"\b(\d?\d\.\d\d) – (\d?\d\.\d\d)", page.content.decode())
        assert set(hours) == {("9.30", "12.30")}


def test_the_form_to_change_it_says_half_past_nine(moved, client_as):
    lab, _seated, _hour = moved

    form = client_as(TRAINER, lab).get(f"/werklabs/{lab.slug}/wijzig/").context["form"]

    shown = {name: str(form[name].value())[:5] for name in ("starts_1", "starts_2", "starts_3")}
    assert shown == dict.fromkeys(shown, "09:30")
    assert str(form["date_1"].value()) == as_agreed(lab)["date_1"]


def test_letters_and_their_files_say_half_past_nine(moved):
    lab, seated, hour = moved
    letter = lab.letters.get(kind="sessions_moved", to=seated.person.email)

    events = Calendar.from_ical(letter.calendar).walk("VEVENT")

    session = lab.sessions.get(number=1)
    assert f"{letters.moment(session.starts_at, session.ends_at)}" in letter.text
    assert letter.text.count("9.30 tot 12.30 uur") == 6  # three that moved, and the programme
    assert {f"{event.start:%H:%M}" for event in events} == {"09:30"}
    assert {event["DTSTART"].params["TZID"] for event in events} == {"Europe/Amsterdam"}
    assert events[0].start.astimezone(UTC).hour == hour


@pytest.mark.parametrize("month", [3, 10])
def test_an_offer_over_the_night_of_the_clock_change_ends_when_its_letter_says(month):
    sunday = last_sunday(month)
    made = datetime(YEAR, month, sunday.day - 1, 10, 15, tzinfo=AMSTERDAM).astimezone(UTC)
    lab = LabFactory(taken=15, begins_in=(sunday - timezone.localdate()).days + 40)
    waits = EnrolmentFactory(lab=lab, status="waiting")

    enrolment.withdraw(None, lab.enrolments.get(seat=3), now=made)

    waits.refresh_from_db()
    text = lab.letters.get(kind="place_offered").text
    told = re.search(r"Zeg ja vóór \w+ (\d+) \w+, (\d+)\.(\d\d) uur", text)
    day, hour, minute = map(int, told.groups())
    until = waits.offered_until.astimezone(AMSTERDAM)
    assert waits.offered_until - made == timedelta(hours=72)
    assert (day, hour, minute) == (until.day, until.hour, until.minute)
    assert (hour, minute) == ({3: 11, 10: 9}[month], 15)
    assert enrolment.end_offers(waits.offered_until - timedelta(seconds=1)) == 0
    assert enrolment.end_offers(waits.offered_until) == 1
