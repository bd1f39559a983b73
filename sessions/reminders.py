"""Clockwork post: the reminders that go out by themselves, and what will go in two weeks' time.

A reminder goes on a working day from nine o'clock, only to who must still do something, and once:
who was told today, or wants no more post, gets none. `planned` and `remind` look with the same eyes
(`sessions.due`), so that the lab page announces just what the worker will write.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import caches
from django.db import transaction
from django.db.models import Q, Value
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sessions.due import Due, Look, everything
from sessions.reminder_letters import WRITE
from sessions.working_days import AT, begin, is_working_day
from werklab import events, mail
from werklab.models import Event, Lab, NoMorePost, OutgoingMail

log = logging.getLogger(__name__)

AHEAD = timedelta(days=14)  # what is announced
KEPT = 600  # seconds
LATE = timedelta(days=3)  # a worker that was away over the weekend still writes Friday's letters
NAMES = {
    "intake_reminder": _("Reminder of the intake"),
    "session_reminder": _("Reminder of the session"),
    "visit_reminder": _("Reminder of the question for a visit"),
    "visit_soon": _("Reminder of the visit"),
    "invite_reminder": _("Reminder of the invitation"),
    "decide_to_go_on": _("Question whether the werklab goes on"),
}


@dataclass(frozen=True)
class Planned:
    """Letters that go out by themselves: on which day, what they are, to how many people."""

    day: date
    what: str
    count: int

    @property
    def sentence(self) -> str:
        """The rest of the sentence: when it goes, and to how many people."""
        words = ngettext(
            "goes out by itself on %(day)s, to %(count)s person",
            "goes out by itself on %(day)s, to %(count)s people",
            self.count,
        )
        return words % {"day": date_format(self.day, "l j F"), "count": self.count}


def planned(lab: Lab, now: datetime | None = None) -> list[Planned]:
    """What goes out by itself in this lab in the coming fourteen days, as things stand now.

    For the lab page and its outbox. Nothing for a lab that is not live or has its last session
    behind it; else kept with the lab's version, for ten minutes at most.
    """
    now = now or timezone.now()
    if lab.status != Lab.Status.LIVE or (lab.ends_at is not None and lab.ends_at <= now):
        return []
    today = timezone.localdate(now)
    key = f"planned:{lab.pk}:{lab.version}:{today}"
    found = caches["fragments"].get(key)
    if found is None:
        look = Look(now, today, today + AHEAD, lab)
        count = Counter((due.day, due.kind) for due in _to_write(everything(look), now))
        found = [Planned(day, str(NAMES[kind]), n) for (day, kind), n in sorted(count.items())]
        caches["fragments"].set(key, found, timeout=KEPT)
    return found


def remind(now: datetime | None = None) -> int:
    """Write the reminders whose day it is: the worker's clockwork, safe to run twice.

    How many were written. A lab in which it fails is logged and does not hold up the others.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    if timezone.localtime(now).time() < AT or not is_working_day(today):
        return 0
    look = Look(now, today - LATE, today)
    written = 0
    for pk in sorted({due.lab_id for due in _to_write(everything(look), now)}):
        try:
            written += _remind_in(pk, now)
        except Exception:
            log.exception("No reminders could be written in lab %s", pk)
    return written


@transaction.atomic
def _remind_in(lab_id: int, now: datetime) -> int:
    """Write what is due in one lab, seen again now that nobody else changes who takes part."""
    Lab.objects.select_for_update().get(pk=lab_id)
    lab = Lab.objects.with_programme().get(pk=lab_id)
    today = timezone.localdate(now)
    written: Counter[str] = Counter()
    for due in _to_write(everything(Look(now, today - LATE, today, lab)), now):
        letter = WRITE[due.kind](lab, due.about, due.on, due.once)
        written[due.kind] += letter is not None
    for kind in sorted(+written):
        label, via = str(NAMES[kind]), Event.Via.WORKER
        events.record(None, "reminders_written", lab=lab, label=label, detail=kind, via=via)
    return written.total()


def _to_write(due: Iterable[Due], now: datetime) -> list[Due]:
    """Those that were not written yet, one per address, kind and day; not to who wants none."""
    due, today = list(due), timezone.localdate(now)
    if not due:
        return []
    labs = {each.lab_id for each in due}
    letters = OutgoingMail.objects.order_by().filter(
        Q(once__in=[each.once for each in due])
        | Q(lab__in=labs, kind__in=WRITE, created_at__gte=begin(today))
    )
    wants_none = NoMorePost.objects.order_by().filter(lab__in=labs)
    rows = letters.values_list("once", "kind", "lab_id", "to").union(
        wants_none.values_list(Value(""), Value(""), "lab_id", "email"), all=True
    )
    done, told = set(), set()
    for once, kind, lab_id, to in rows:
        done.add(once)
        told.add((kind, lab_id, to.lower(), today) if kind else (lab_id, to))
    left: dict[tuple, Due] = {}
    for each in due:
        to = each.to.lower()
        key = (each.kind, each.lab_id, to, max(each.day, today))
        silent = each.kind in mail.CAN_BE_STOPPED and (each.lab_id, to) in told
        if each.once not in done and key not in told and not silent:
            left.setdefault(key, each)
    return list(left.values())
