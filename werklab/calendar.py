"""Calendar files (RFC 5545) that every client reads the same, in January, July and between."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    notes: str = ""  # the way there, and accessibility
    is_off: bool = False


@dataclass(frozen=True)
class Host:
    """Who can be asked about the appointments of a lab."""

    about: str
    name: str
    address: str


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
    lab: Lab,
    appointments: Iterable[Appointment],
    method: str = "PUBLISH",
    now: datetime | None = None,
) -> str:
    """The appointments of a lab as the text of one .ics file.

    With the method CANCEL it takes them out of the calendar that got them before (RFC 5546).
    Everybody who enrols gets the same one, so it is written once a day.
    """
    host, off = _host(lab), method == "CANCEL"
    rows = tuple((replace(one, is_off=off or one.is_off), host) for one in appointments)
    return _written(rows, method, "", timezone.localdate(now or timezone.now()))


def feed(
    name: str, appointments: Iterable[tuple[Lab, Appointment]], now: datetime | None = None
) -> str:
    """Somebody's appointments in several labs, as the file that a calendar program follows."""
    rows = tuple((appointment, _host(lab)) for lab, appointment in appointments)
    return _written(rows, "PUBLISH", name, timezone.localdate(now or timezone.now()))


def _host(lab: Lab) -> Host:
    about = f"{lab.title}. {lab.contact_name}, {lab.contact_phone}"
    return Host(about, lab.contact_name, lab.contact_email)


@lru_cache(maxsize=256)
def _written(rows: tuple[tuple[Appointment, Host], ...], method: str, name: str, day: date) -> str:
    file = Calendar()
    file.add("prodid", "-//Werklab//Werklab//NL")
    file.add("version", "2.0")
    file.add("method", method)
    if name:
        file.add("x-wr-calname", name)
        file.add("x-published-ttl", "PT1H")
    file.add_component(_amsterdam())
    stamp = datetime(day.year, day.month, day.day, tzinfo=UTC)
    for appointment, host in rows:
        file.add_component(_event(appointment, host, stamp))
    return file.to_ical().decode()


def _event(appointment: Appointment, host: Host, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{appointment.key}@{settings.MAIL_DOMAIN}")
    event.add("dtstamp", stamp)
    event.add("sequence", appointment.sequence)
    event.add("summary", appointment.title)
    event.add("dtstart", timezone.localtime(appointment.starts_at))
    event.add("dtend", timezone.localtime(appointment.ends_at))
    event.add("location", appointment.place)
    event.add("description", "\n".join(part for part in (appointment.notes, host.about) if part))
    event.add("status", "CANCELLED" if appointment.is_off else "CONFIRMED")
    if host.address:
        event.add("organizer", _organizer(host.name, host.address))
    if not appointment.is_off:
        event.add_component(_day_before())
    return event


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
    """The sessions of a lab that have a date, as they stand in the calendar of a civil servant."""
    return [_appointment(lab, session) for session in lab.programme() if session.starts_at]


def initiative_appointments(lab: Lab) -> list[Appointment]:
    """The sessions at which initiatives are there, from their own time on (REQ-023, REQ-076)."""
    return [
        replace(
            _appointment(lab, session),
            key=f"session-{session.pk}-initiatives",
            starts_at=session.begins_for_initiatives,
        )
        for session in lab.programme()
        if session.starts_at and session.number in sessions_with_initiatives(lab)
    ]


def sessions_with_initiatives(lab: Lab) -> tuple[int, ...]:
    """In which sessions initiatives come to the group; in the others the group comes to them."""
    return (1, 3) if lab.format == Lab.Format.ONE_DAY else (3,)


def _appointment(lab: Lab, session) -> Appointment:
    return Appointment(
        key=f"session-{session.pk}",
        title=f"{lab.title}: {session.title}",
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place=session.place,
        sequence=session.sequence,
        notes=". ".join(filter(None, (session.route, session.accessibility))),
        is_off=lab.status == Lab.Status.CANCELLED,
    )
