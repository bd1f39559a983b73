"""Bring a file into the register: look first, then all of it or nothing.

`receive` keeps what an uploaded file says; `look` tells what it would do to the register, writing
nothing; `bring_in` does just that. A cell that is empty leaves what the register says as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives import writing
from initiatives.columns import BY_FIELD, BY_HEADER, COLUMNS, CONTACT, Wrong, cell
from initiatives.finding import plain
from initiatives.matching import Known
from initiatives.models import Initiative, RegisterImport
from initiatives.register import municipalities_for
from initiatives.tables import FORMULA, Row, read, tidy
from werklab import events
from werklab.errors import Refused
from werklab.models import Municipality, User

KEPT = timedelta(days=1)
DEGREES = {"latitude", "longitude"}


@dataclass
class Change:
    """A row that does something: the values it gives, and to which initiative, if it is there."""

    line: int
    values: dict[str, Any]
    initiative: Initiative | None
    headers: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The initiative as it will be called."""
        return self.values["name"]


@dataclass
class Plan:
    """What a file would do: its rows by what happens to them, and what stands in the way."""

    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0
    twins: list[tuple[int, int]] = field(default_factory=list)  # a line, and the earlier one
    wrong: list[tuple[int, str, str]] = field(default_factory=list)  # line, column, what to do

    @property
    def can_be_done(self) -> bool:
        """Whether there is something to bring in and nothing wrong with any row."""
        return not self.wrong and bool(self.new or self.changed)


def receive(by: User, file: BinaryIO, name: str) -> RegisterImport:
    """Keep what a file says, to look at it first. Raises Refused when it is no usable table."""
    table = read(file, name, lambda row: sum(plain(said) in BY_HEADER for said in row))
    filled = ((line, row) for line, row in enumerate(table, start=1) if row)
    _line, header = next(filled, (0, []))
    if not header:
        raise Refused(_("The file is empty."))
    fields, unknown = _columns(header)
    rows = [_kept(line, row, fields) for line, row in filled]
    if not rows:
        raise Refused(_("There is a header in the file, and no row under it."))
    columns = [name for name in fields if name]
    return RegisterImport.objects.create(
        by=by, name=tidy(name)[:120], columns=columns, unknown=unknown, rows=rows
    )


def _columns(header: Row) -> tuple[list[str], list[str]]:
    """The field of each column ("" for one that we do not know), and those unknown headers."""
    found = [BY_HEADER.get(plain(said)) for said in header]
    fields = [column.field if column else "" for column in found]
    for column in COLUMNS:
        words = {"column": column.header}
        if column.required and column.field not in fields:
            raise Refused(_("The column “%(column)s” is missing. Give a column this name.") % words)
        if fields.count(column.field) > 1:
            raise Refused(_("The column “%(column)s” is there twice. Keep one.") % words)
    unknown = [said[:60] for said, name in zip(header, fields, strict=True) if said and not name]
    return fields, unknown


def _kept(line: int, row: Row, fields: list[str]) -> dict[str, Any]:
    cells = {name: said for name, said in zip(fields, row, strict=False) if name and said}
    formulas = [name for name, said in cells.items() if said == FORMULA]
    kept = {name: said for name, said in cells.items() if said != FORMULA}
    found: dict[str, Any] = {"line": line, "cells": kept}
    if formulas:
        found["formulas"] = formulas
    if any(row[len(fields) :]):
        found["too_many"] = True
    return found


def look(by: User, received: RegisterImport, *, lock: bool = False) -> Plan:
    """What this file would do to the register now, for this person; it writes nothing."""
    plan = Plan()
    places = {plain(place.name): place for place in municipalities_for(by, "edit_register")}
    rows = []
    waiting, received.rows = received.rows[::-1], []  # let go of each: thousands weigh something
    while waiting:
        row = waiting.pop()
        values, wrong = _values(row, places)
        plan.wrong += [(row["line"], column, why) for column, why in wrong]
        if not wrong:
            rows.append((row["line"], values))
    if lock:
        _take_turn(values["municipality"] for _line, values in rows)
    known = Known([values for _line, values in rows], lock=lock)
    seen: dict[Any, tuple[int, dict]] = {}
    for line, values in rows:
        _place(plan, known, seen, line, values)
    plan.wrong.sort(key=lambda found: found[0])
    return plan


def _take_turn(municipalities: Iterable[Municipality]) -> None:
    """Let who brings in a file for one of these wait, and then read what we wrote."""
    pks = {municipality.pk for municipality in municipalities}
    mine = Municipality.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
    list(mine.values_list("pk"))


def _values(row: dict, places: dict[str, Municipality]) -> tuple[dict, list[tuple[str, str]]]:
    """What the cells of a row mean, and what is wrong by column."""
    values: dict[str, Any] = {}
    wrong = []
    for name in row.get("formulas", ()):
        why = _("Here stands a formula. Paste its outcome as a value.")
        wrong.append((BY_FIELD[name].header, why))
    if row.get("too_many"):
        why = _("There are more cells than columns. Put text with a ; between quotes.")
        wrong.append(("", why))
    for column in COLUMNS:  # in this order: PostgreSQL keeps none
        try:
            if said := row["cells"].get(column.field):
                values[column.field] = column.read(said)
        except Wrong as refusal:
            wrong.append((column.header, str(refusal)))
    there = {*row["cells"], *row.get("formulas", ())}
    for column in COLUMNS:
        if column.required and column.field not in there:
            wrong.append((column.header, _("Fill this in.")))
    if "municipality" in values:
        place = places.get(plain(values["municipality"]))
        if place is None:
            why = _("“%(name)s” is not a municipality of which you keep the register.")
            wrong.append(("Gemeente", why % {"name": values["municipality"][:60]}))
        values["municipality"] = place
    return values, wrong


def _place(plan: Plan, known: Known, seen: dict, line: int, values: dict) -> None:
    """Put a row where it belongs in the plan."""
    try:
        initiative = known.find(values)
        now = known.values(initiative) if initiative else {}
        _check_together(now | values)
    except Wrong as refusal:
        plan.wrong.append((line, "", str(refusal)))
        return
    who = (
        initiative.pk
        if initiative
        else (
            values["municipality"].pk,
            values["name"].casefold(),
        )
    )
    first, same = seen.setdefault(who, (line, values))
    if first != line:
        if same == values:
            plan.twins.append((line, first))
        else:
            why = _("Row %(line)s is about the same initiative, in other words. Keep one.")
            plan.wrong.append((line, "", why % {"line": first}))
        return
    changes = [name for name, value in values.items() if _differs(name, value, now)]
    headers = [BY_FIELD[name].header for name in changes]
    if initiative is None:
        plan.new.append(Change(line, values, None))
    elif changes:
        plan.changed.append(Change(line, values, initiative, headers))
    else:
        plan.same += 1


def _differs(name: str, value: Any, now: dict[str, Any]) -> bool:
    if name in ("code", "municipality"):
        return False
    column = BY_FIELD[name]
    return cell(column, value) != cell(column, now.get(name))


def _check_together(values: dict[str, Any]) -> None:
    """What must be right between columns, with what the register knows already."""
    if len([name for name in DEGREES if values.get(name) is not None]) == 1:
        raise Wrong(_("Give both coordinates of a place in the Netherlands."))
    contact = [values.get(f"contact_{name}") for name in CONTACT]
    if any(contact) and not contact[0]:
        raise Wrong(_("Fill in the name of the contact too."))
    if contact[0] and not any(contact[1:]):
        raise Wrong(_("Give an e-mail address or a phone number of the contact."))


@transaction.atomic
def bring_in(by: User, received: RegisterImport) -> Plan:
    """Do what the file says, all of it; the file itself is thrown away.

    Raises Refused when something stands in the way by now, and when it was done already.
    """
    mine = RegisterImport.objects.select_for_update().filter(pk=received.pk, by=by).first()
    if mine is None:
        raise Refused(_("This file was brought in already, or thrown away. Choose it again."))
    plan = look(by, mine, lock=True)
    if plan.wrong:
        raise Refused(_("Something in the register has changed. Look at the rows again."))
    writing.write(plan.new, plan.changed)
    counts = f"new={len(plan.new)} changed={len(plan.changed)} same={plan.same}"
    events.record(by, "register_imported", label=mine.name, detail=counts)
    rows = plan.new + plan.changed
    for municipality in sorted({row.values["municipality"].pk for row in rows}):
        events.changed_for_municipality(municipality)
    mine.delete()
    return plan


def throw_away_old(now: datetime | None = None) -> int:
    """Wipe the files that were looked at and not brought in within a day; how many."""
    late = (now or timezone.now()) - KEPT
    number, _models = RegisterImport.objects.filter(created_at__lt=late).delete()
    return number
