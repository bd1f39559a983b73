"""Calendar files: read the same by every client, in winter, in summer and between."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from tests.factories import LabFactory
from werklab.calendar import Appointment, calendar_file, session_appointments

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def appointment(start, **fields):
    end = start + timedelta(hours=2)
    what = {"key": "session-1", "title": "Op de koffie", "place": "Dorpsplein 1, Oss"}
    return Appointment(**what | {"starts_at": start, "ends_at": end} | fields)


def file_of(*appointments, **fields):
    return calendar_file(LabFactory(**fields), appointments)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        (datetime(2027, 1, 12, 9, 30), datetime(2027, 1, 12, 8, 30)),  # noqa: DTZ001
        (datetime(2027, 3, 28, 9, 30), datetime(2027, 3, 28, 7, 30)),  # noqa: DTZ001
        (datetime(2027, 7, 1, 9, 30), datetime(2027, 7, 1, 7, 30)),  # noqa: DTZ001
        (datetime(2027, 10, 31, 9, 30), datetime(2027, 10, 31, 8, 30)),  # noqa: DTZ001
    ],
)
def test_the_same_moment_in_every_season(local, utc):
    text = file_of(appointment(local.replace(tzinfo=AMSTERDAM)))

    calendar = Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    (zone,) = calendar.walk("VTIMEZONE")
    assert f"DTSTART;TZID=Europe/Amsterdam:{local:%Y%m%dT%H%M%S}" in text
    assert event.start.astimezone(UTC).replace(tzinfo=None) == utc
    by_its_own_rules = local.replace(tzinfo=zone.to_tz(lookup_tzid=False))
    assert by_its_own_rules.utcoffset() == local.replace(tzinfo=AMSTERDAM).utcoffset()


def test_the_zone_is_told_by_rules():
    assert file_of().count("RRULE:FREQ=YEARLY") == 2


def test_lines_end_as_the_standard_says_and_none_is_too_long():
    start = datetime(2027, 3, 9, 9, 30, tzinfo=AMSTERDAM)
    text = file_of(appointment(start, title="Één lange titel, met komma; en puntkomma " * 9))

    lines = text.encode().split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75


def test_every_appointment_has_what_the_standard_asks():
    start = datetime(2027, 3, 9, 9, 30, tzinfo=AMSTERDAM)
    calendar = Calendar.from_ical(file_of(appointment(start, sequence=2), contact_name="Samir"))

    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "PUBLISH"
    assert event["UID"] == "session-1@werklab.example"
    assert event["SEQUENCE"] == 2
    assert event["ORGANIZER"] == "mailto:samir@werklab.example"
    assert event["LOCATION"] == "Dorpsplein 1, Oss"
    assert "DTSTAMP" in event
    assert "06 0000 0000" in event["DESCRIPTION"]


def test_what_people_typed_does_not_break_out_of_its_line():
    start = datetime(2027, 3, 9, 9, 30, tzinfo=AMSTERDAM)
    text = file_of(appointment(start, place="Zaal\r\nATTENDEE:mailto:a@elders.example"))

    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert "ATTENDEE" not in event


def test_a_moved_session_is_the_same_appointment_with_a_higher_number():
    lab = LabFactory()
    before = session_appointments(lab)[0]
    moved = lab.sessions.get(number=1)
    moved.sequence += 1
    moved.save()

    after = session_appointments(lab)[0]

    assert (after.key, after.sequence) == (before.key, before.sequence + 1)


def test_the_file_of_a_lab_is_open_and_has_its_three_sessions():
    lab = LabFactory()

    response = Client().get(f"/meedoen/{lab.join_code}/agenda.ics")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="werklab-{lab.slug}.ics"'
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert [event["SUMMARY"] for event in events] == [
        f"{lab.title}: {meeting.title}" for meeting in lab.programme()
    ]


def test_a_session_without_a_date_is_left_out():
    lab = LabFactory(status="closed")
    lab.sessions.update(starts_at=None, ends_at=None)

    response = Client().get(f"/meedoen/{lab.join_code}/agenda.ics")

    assert Calendar.from_ical(response.content).walk("VEVENT") == []


@pytest.mark.parametrize("status", ["requested", "preparing"])
def test_a_lab_that_is_not_announced_has_no_file(status):
    lab = LabFactory(status=status)

    assert Client().get(f"/meedoen/{lab.join_code}/agenda.ics").status_code == 404
