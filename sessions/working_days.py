"""On which days post goes out by itself: working days, from nine o'clock by the Dutch clock."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

AT = time(9)
WEEKEND = timedelta(days=2)  # the most by which a day moves


def begin(day: date, at: time = time(0)) -> datetime:
    """A time of this day by the Dutch clock."""
    return timezone.make_aware(datetime.combine(day, at))  # noqa: DTZ001


def is_working_day(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < 5


def working_day_before(day: date) -> date:
    """This day, or the Friday before: what helps to be in time."""
    return day - timedelta(days=max(day.weekday() - 4, 0))


def working_day_from(day: date) -> date:
    """This day, or the Monday after: what gives people the time they were promised."""
    return day if is_working_day(day) else day + timedelta(days=7 - day.weekday())
