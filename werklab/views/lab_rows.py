"""One lab in a list: its row in the table, and what there is to do in it.

Each is kept per lab, version, abilities, language and day, until a session of it begins or ends, as
the cockpit is. So a list of a thousand labs only works out the ones that it shows, and of those
only the ones in which something happened since.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from werklab.access import MAY
from werklab.models import Enrolment, Lab, LabRole
from werklab.views import cockpit, phases, reading, todo
from werklab.views.overview import PHASES, Facts, name_of
from werklab.views.remembered import shown
from werklab.views.todo import Task

OVER = (Lab.Status.CLOSED, Lab.Status.CANCELLED)


@dataclass(frozen=True)
class Wanted:
    """A lab of which the row is asked: by whom, with which abilities, and their own place in it."""

    pk: int
    version: int
    may: frozenset[str]
    person: int
    place: dict[str, Any] | None = None

    @property
    def key(self) -> str:
        """Under which its row is kept; a participant's is their own, with their own intake."""
        who = "".join("1" if ability in self.may else "0" for ability in MAY)
        own = self.person if "answer_intake" in self.may else ""
        return f"row:{self.pk}:{self.version}:{who}:{own}:{get_language()}"


def rows(wanted: Iterable[Wanted], now: datetime) -> dict[int, dict]:
    """For each lab by primary key its `cells` (html), `tasks`, and what the list is sorted by."""
    day = timezone.localdate(now)
    keys = {f"{one.key}:{day}": one for one in wanted}
    kept = caches["fragments"].get_many(keys)
    missing = [one for key, one in keys.items() if key not in kept]
    if missing:
        labs = Lab.objects.filter(pk__in={one.pk for one in missing})
        facts = reading.read(labs, now)
        for one in missing:
            if one.pk in facts:
                about, key = facts[one.pk], f"{one.key}:{day}"
                kept[key] = _row(about, one)
                caches["fragments"].set(key, kept[key], timeout=cockpit.lasts(about))
    return {one.pk: kept[key] for key, one in keys.items() if key in kept}


def _row(facts: Facts, wanted: Wanted) -> dict:
    tasks = [*_own_tasks(facts, wanted), *todo.tasks(facts, wanted.may)]
    coming = _coming(facts)
    too_few = facts.too_few if "manage_enrolment" in wanted.may else 0
    shows = {
        "task": tasks[0] if tasks else None,
        "more": max(len(tasks) - 1, 0),
        "phase": phases.phase_name(facts),
        "phase_number": min(facts.phase_number, PHASES),
        "taken": len(facts.seated),
        "capacity": facts.lab.capacity,
        "too_few": too_few,
        "next_day": f"{shown(coming[0], 'D j F')}, {coming[1]}" if coming else "",
        "trainers": _trainers(facts),
    }
    return {
        "title": facts.lab.title,
        "url": facts.lab.get_absolute_url(),
        "cells": render_to_string("werklab/_home_cells.html", shows),
        "tasks": tasks,
        "next_on": coming[0] if coming else None,
        "taken": len(facts.seated) if too_few else None,
        "closes": _closes(facts.lab, facts.now) if too_few else "",
    }


def _trainers(facts: Facts) -> str:
    chairs = sorted(facts.team.values(), key=lambda row: row["roles__chair"], reverse=True)
    names = [name_of(row) for row in chairs if row["roles__role"] == LabRole.Role.TRAINER]
    return _(" and ").join(names)


def _own_tasks(facts: Facts, wanted: Wanted) -> list[Task]:
    """A participant's intake comes before what else they may do."""
    place, before = wanted.place or {}, facts.phase in (Lab.Phase.RECRUITMENT, Lab.Phase.INTAKE)
    is_open = place.get("status") == Enrolment.Status.SEATED and not place["intake__done_at"]
    if "answer_intake" not in wanted.may or not is_open or not before:
        return []
    until = {"day": shown(facts.lab.intake_deadline(facts.now), "l j F")}
    url = todo.page("intake:answer", facts)
    detail = _("We ask for it before %(day)s.") % until
    return [Task(_("Fill in your intake"), detail, url, _("Open"))]


def _coming(facts: Facts) -> tuple | None:
    """What is first to come: the end of enrolment, a session, or the management team."""
    if facts.lab.status != Lab.Status.LIVE:
        return None
    days = [(facts.lab.enrol_until, _("enrolment closes"))]
    for session in facts.sessions:
        if session.starts_at:
            words = _("session %(number)s") % {"number": session.number}
            days.append((timezone.localdate(session.starts_at), words))
    if facts.presented_on:
        days.append((facts.presented_on, _("management team")))
    return min((row for row in days if row[0] >= facts.today), default=None)


def _closes(lab: Lab, now: datetime) -> str:
    """When enrolment ends or ended, in a sentence."""
    day = {"day": shown(lab.enrol_until, "l j F")}
    if lab.enrol_until < timezone.localdate(now):
        return _("Enrolment closed on %(day)s.") % day
    return _("Enrolment is open until %(day)s.") % day
