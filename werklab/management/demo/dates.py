"""The clock of the demo: its data are written as on one day and move along by whole weeks."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WRITTEN_ON = date(2026, 11, 22)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def shift_to(today: date) -> timedelta:
    """By how many whole weeks the data move to be those of this day."""
    return timedelta(weeks=(today - WRITTEN_ON).days // 7)


def day(written: str, shift: timedelta) -> date:
    """A date of the demo data, moved along."""
    return date.fromisoformat(written) + shift


def moment(written: str, time: str, shift: timedelta) -> datetime:
    """A date and a time of the demo data as a moment on the Dutch clock, moved along."""
    naive = datetime.fromisoformat(f"{written}T{time}")
    return naive.replace(tzinfo=AMSTERDAM) + shift


def begin_of(shift: timedelta) -> datetime:
    """When the week of this shift begins: the latest moment that is never still to come."""
    return moment(WRITTEN_ON.isoformat(), "00:00", shift)
