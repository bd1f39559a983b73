"""Which initiatives of the register the rows of a file are about."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from initiatives.columns import Wrong, values_of
from initiatives.models import Contact, Initiative

AT_ONCE = 500
T = TypeVar("T")


def parts(things: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """These things, so many at a time: a database takes no list without end."""
    rest = iter(things)
    while part := list(islice(rest, size)):
        yield part


class Known:
    """What the register has in the municipalities of some rows, found by code or by name.

    Reads names and codes of all, and of the ones that are meant everything, in a few queries.
    """

    def __init__(self, rows: list[dict[str, Any]], *, lock: bool = False):
        municipalities = {row["municipality"].pk for row in rows}
        self.by_code: dict[str, tuple[int, int]] = {}
        self.by_name: dict[tuple[int, str], int] = {}
        here = Initiative.objects.filter(municipality__in=municipalities).order_by("pk")
        found = here.values_list("pk", "slug", "municipality", "name")
        for pk, slug, municipality, name in found.iterator():
            self.by_code[slug] = (pk, municipality)
            self.by_name.setdefault((municipality, name.casefold()), pk)
        meant = {known for row in rows if (known := self._pk(row))}
        self._read(sorted(meant), lock)

    def _pk(self, row: dict[str, Any]) -> int | None:
        """By its code, else by its name."""
        if coded := self.by_code.get(row.get("code", "")):
            return coded[0]
        return self.by_name.get((row["municipality"].pk, row["name"].casefold()))

    def _read(self, pks: list[int], lock: bool) -> None:
        self.initiatives: dict[int, Initiative] = {}
        self.contacts: dict[int, Contact] = {}
        self.themes: dict[int, list[str]] = defaultdict(list)
        through = Initiative.themes.through.objects
        for part in parts(pks):
            initiatives = Initiative.objects.filter(pk__in=part).order_by("pk")
            self.initiatives |= {
                one.pk: one for one in (initiatives.select_for_update() if lock else initiatives)
            }
            contacts = Contact.objects.filter(initiative__in=part)
            self.contacts |= {contact.initiative_id: contact for contact in contacts}
            ties = through.filter(initiative__in=part).order_by("theme__order")
            for pk, code in ties.values_list("initiative", "theme__code"):
                self.themes[pk].append(code)

    def find(self, row: dict[str, Any]) -> Initiative | None:
        """The initiative that this row is about; None for a new one. Raises Wrong."""
        initiative = self.initiatives.get(self._pk(row) or 0)
        if initiative is None:
            return None
        if initiative.municipality_id != row["municipality"].pk:
            raise Wrong(_("This code belongs to an initiative of another municipality."))
        if initiative.merged_into_id:
            sentence = _("%(name)s went up in another one. Leave this row out.")
            raise Wrong(sentence % {"name": initiative})
        if initiative.retired_at is not None:
            raise Wrong(_("%(name)s is off the list. Bring it back first.") % {"name": initiative})
        named = self.by_name.get((initiative.municipality_id, row["name"].casefold()))
        if named not in (None, initiative.pk):
            raise Wrong(_("This municipality has an initiative of this name."))
        initiative.municipality = row["municipality"]
        return initiative

    def values(self, initiative: Initiative) -> dict[str, Any]:
        """What the register says of it, by column."""
        contact = self.contacts.get(initiative.pk)
        return values_of(initiative, self.themes[initiative.pk], contact)
