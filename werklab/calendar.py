"""Calendar files (RFC 5545) that every client reads the same, in January, July and between."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.utils import timezone
from icalendar import (
    Alarm,
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vText,
)

from werklab.models import Lab

ZONE = "Europe/Amsterdam"


@dataclass(frozen=True)
class Appointment:
    """One meeting: `key` stays the same for ever, `sequence` goes up by one at each change."""

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    sequence: int = 0


def _amsterdam() -> Timezone:
    """Europe/Amsterdam with rules: some clients read a list of dates an hour wrong."""
    zone = Timezone()
    zone.add("tzid", ZONE)
    for part, start, before, after, name, month in (
        (TimezoneDaylight(), datetime(1996, 3, 31, 2), 1, 2, "CEST", 3),  # noqa: DTZ001
        (TimezoneStandard(), datetime(1996, 10, 27, 3), 2, 1, "CET", 10),  # noqa: DTZ001
    ):
        part.add("dtstart", start)
        part.add("tzoffsetfrom", _hours(before))
        part.add("tzoffsetto", _hours(after))
        part.add("tzname", name)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(part)
    return zone


def _hours(count: int):
    return timedelta(hours=count)


def calendar_file(
    lab: Lab, appointments: Iterable[Appointment], now: datetime | None = None
) -> str:
    """The appointments of a lab as the text of one .ics file.

    Everybody who enrols gets the same one, so it is written once a day.
    """
    today = timezone.localdate(now or timezone.now())
    about = f"{lab.title}. {lab.contact_name}, {lab.contact_phone}"
    return _written(tuple(appointments), about, lab.contact_name, lab.contact_email, today)


@lru_cache(maxsize=256)
def _written(
    appointments: tuple[Appointment, ...], about: str, name: str, address: str, day: date
) -> str:
    file = Calendar()
    file.add("prodid", "-//Werklab//Werklab//NL")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add_component(_amsterdam())
    for appointment in appointments:
        event = Event()
        event.add("uid", f"{appointment.key}@{settings.MAIL_DOMAIN}")
        event.add("dtstamp", datetime(day.year, day.month, day.day, tzinfo=UTC))
        event.add("sequence", appointment.sequence)
        event.add("summary", appointment.title)
        event.add("dtstart", timezone.localtime(appointment.starts_at))
        event.add("dtend", timezone.localtime(appointment.ends_at))
        event.add("location", appointment.place)
        event.add("description", about)
        if address:
            event.add("organizer", _organizer(name, address))
        event.add_component(_day_before())
        file.add_component(event)
    return file.to_ical().decode()


def _organizer(name: str, address: str) -> vCalAddress:
    """RFC 5546 asks who publishes a calendar."""
    organizer = vCalAddress(f"mailto:{address}")
    organizer.params["cn"] = vText(name or address)
    return organizer


def _day_before() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "Werklab")
    alarm.add("trigger", -_hours(24))
    return alarm


def session_appointments(lab: Lab) -> list[Appointment]:
    """The sessions of a lab that have a date."""
    return [
        Appointment(
            key=f"session-{session.pk}",
            title=f"{lab.title}: {session.title}",
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            place=session.place,
            sequence=session.sequence,
        )
        for session in lab.programme()
        if session.starts_at
    ]
