"""Write many initiatives at once, for `importing`: a handful of queries for thousands of rows."""

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from initiatives.columns import CONTACT, OWN_FIELDS
from initiatives.finding import plain
from initiatives.matching import parts
from initiatives.models import Contact, Initiative, Source, Theme
from initiatives.register import NO_SLUG
from werklab.errors import Refused

if TYPE_CHECKING:
    from initiatives.importing import Change

AT_ONCE = 200  # with 35 fields well within what SQLite takes in one query
KEPT_OF_TEXT = ("plain_text",)


def write(new: list["Change"], changed: list["Change"]) -> None:
    """Write new initiatives, and what changes of the ones that are there.

    Raises Refused when somebody wrote the same one down a moment before.
    """
    slugs = _Slugs()
    for row in new:
        row.initiative = Initiative(
            municipality=row.values["municipality"], source=Source.IMPORT, slug=slugs.free(row)
        )
    for row in new + changed:
        _fill(row)
    try:
        with transaction.atomic():
            Initiative.objects.bulk_create((_initiative(row) for row in new), batch_size=AT_ONCE)
            _overwrite(changed)
            _write_contacts(new + changed)
            _write_themes(new + changed)
    except IntegrityError as clash:
        raise Refused(_("This municipality has an initiative of this name.")) from clash


def _initiative(row: "Change") -> Initiative:
    assert row.initiative is not None  # `write` made the new ones
    return row.initiative


def _fill(row: "Change") -> None:
    initiative = _initiative(row)
    for field in OWN_FIELDS:
        if field in row.values:
            setattr(initiative, field, row.values[field])
    initiative.plain_text = plain(initiative.name, initiative.place, initiative.description)


def _overwrite(changed: list["Change"]) -> None:
    """An insert that meets its own key and becomes an update: one query for many rows.

    `bulk_update` would say for each field of each row when it holds: half a minute of SQL.
    """
    fields = {field for row in changed for field in OWN_FIELDS if field in row.values}
    Initiative.objects.bulk_create(
        (_initiative(row) for row in changed),
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*sorted(fields), *KEPT_OF_TEXT],
    )


def _write_contacts(rows: list["Change"]) -> None:
    pks = [_initiative(row).pk for row in rows if _contact_in(row.values)]
    there = {
        contact.initiative_id: contact
        for part in parts(pks)
        for contact in Contact.objects.filter(initiative__in=part)
    }
    contacts = []
    for row in rows:
        if said := _contact_in(row.values):
            initiative = _initiative(row)
            contact = there.get(initiative.pk) or Contact(initiative=initiative)
            for name, value in said.items():
                setattr(contact, name, value)
            contacts.append(contact)
    Contact.objects.bulk_create(
        (contact for contact in contacts if contact.pk is None), batch_size=AT_ONCE
    )
    Contact.objects.bulk_create(
        (contact for contact in contacts if contact.initiative_id in there),
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=list(CONTACT),
    )


def _contact_in(values: dict[str, Any]) -> dict[str, str]:
    return {name: said for name in CONTACT if (said := values.get(f"contact_{name}"))}


def _write_themes(rows: list["Change"]) -> None:
    tie = Initiative.themes.through
    pks = dict(Theme.objects.values_list("code", "pk"))
    said = [(_initiative(row).pk, row.values["themes"]) for row in rows if row.values.get("themes")]
    for part in parts(said):
        tie.objects.filter(initiative__in=[initiative for initiative, _codes in part]).delete()
    tie.objects.bulk_create(
        (
            tie(initiative_id=initiative, theme_id=pks[code])
            for initiative, codes in said
            for code in codes
        ),
        batch_size=AT_ONCE,
    )


class _Slugs:
    """Addresses that nobody has, for many initiatives: from the code of the row, or its name."""

    def __init__(self) -> None:
        self.taken = set(Initiative.objects.values_list("slug", flat=True)) | NO_SLUG
        self.last: dict[str, int] = {}

    def free(self, row: "Change") -> str:
        """An address for this row; the one that it brings when that is free."""
        code = row.values.get("code", "")
        base = code if slugify(code) == code else ""
        base = base or slugify(row.name)[:100] or "initiatief"
        slug, number = base, self.last.get(base, 1)
        while slug in self.taken:
            number += 1
            slug = f"{base[:110]}-{number}"
        self.last[base] = number
        self.taken.add(slug)
        return slug
