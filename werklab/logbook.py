"""Reading a lab's logbook: who did something in it, and the lines that somebody looks for.

A person is found by the name that stands in the line, as it was at the time: that name stays when
the account is gone, and initiatives that answer by a link have no account at all.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from werklab.eventkinds import KINDS
from werklab.models import Event, Lab

# In place of a name, where no name was written down.
ITSELF, UNNAMED = "-vanzelf", "-iemand"
NOBODY = {
    ITSELF: Q(by_name="", via=Event.Via.WORKER),
    UNNAMED: Q(by_name="") & ~Q(via=Event.Via.WORKER),
}


def actors(lab: Lab) -> list[str]:
    """The names of everybody who did something in this lab, and at the end who has no name."""
    found = set(lab.events.order_by().values_list("by_name", "via").distinct())
    names = sorted({name for name, _via in found if name}, key=str.casefold)
    ways = {via == Event.Via.WORKER for name, via in found if not name}
    return [*names, *([ITSELF] if True in ways else []), *([UNNAMED] if False in ways else [])]


def narrowed(
    events: QuerySet[Event],
    *,
    by: str = "",
    kind: str = "",
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[Event]:
    """Of these lines the ones by this person, of this kind, on these days by the Dutch calendar."""
    if by:
        events = events.filter(NOBODY.get(by) or Q(by_name=by))
    if kind:
        events = events.filter(name__in=sorted(KINDS[kind]))
    if first:
        events = events.filter(at__gte=_begin_of(first))
    if last:
        events = events.filter(at__lt=_begin_of(last + timedelta(days=1)))
    return events


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
