"""The register of residents' initiatives: who may see which, write one down, change it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from initiatives.finding import plain
from initiatives.models import Contact, Initiative, InitiativeQuerySet, Theme
from werklab import access, events
from werklab.errors import Refused
from werklab.models import Event, Municipality, User

NO_SLUG = {"nieuw", "import"}  # /initiatieven/nieuw/ and …/import/ are pages of their own
# What each answer to "whose plan is it?" means (REQ-098); a vocabulary, so in Dutch.
OWNERSHIP_MEANS = {
    "residents": "De bewoners vragen de gemeente om mee te doen.",
    "government": "De gemeente vraagt bewoners om mee te denken of te doen.",
    "shared": "Samen bedacht en samen beslist. Spreek af wie waarover gaat.",
    "discuss": "Bespreek dit vóór de volgende stap.",
}


def municipalities_for(user: User, ability: str) -> QuerySet[Municipality]:
    """The municipalities of the labs in which this person may do this; for staff every one."""
    if user.is_staff and user.by_link is None and access.STAFF in access.MAY[ability]:
        return Municipality.objects.all()
    labs = access.labs_for(user, ability)
    return Municipality.objects.filter(pk__in=labs.values("municipality"))


def initiatives_for(user: User, ability: str) -> InitiativeQuerySet:
    """The initiatives with which this person may do this, retired ones included.

    Who may read the register may also see whom to call: nobody else gets at a contact.
    """
    return Initiative.objects.filter(municipality__in=municipalities_for(user, ability))


@dataclass(frozen=True)
class Reach:
    """Which part of the register is somebody's, asked once for a page; None is every one."""

    read: set[int] | None  # the municipalities of which they read the initiatives
    edit: set[int] | None  # the municipalities in which they write one down
    labs: set[int] | None  # the labs of which they see the visits

    def readable(self) -> InitiativeQuerySet:
        """The initiatives that they read, as `initiatives_for` has them; retired ones included."""
        every = Initiative.objects.all()
        return every if self.read is None else every.filter(municipality__in=self.read)


def reach_of(user: User) -> Reach:
    """What `municipalities_for` and `labs_for` say, for a list, in one query; for staff in none."""
    abilities = ("read_register", "edit_register", "see_visits")
    for_staff = all(access.STAFF in access.MAY[ability] for ability in abilities)
    if user.is_staff and user.by_link is None and for_staff:
        return Reach(None, None, None)
    marks = [f"as_{role}" for role in (access.PARTICIPANT, access.TRAINER, access.COORDINATOR)]
    labs = access.labs_of(user)
    kept = [mark for mark in marks if mark in labs.query.annotations]
    rows = list(labs.order_by().values_list("pk", "municipality", *kept, named=True))
    can = {row: access.abilities(row) for row in rows}
    return Reach(
        {row.municipality for row in rows if "read_register" in can[row]},
        {row.municipality for row in rows if "edit_register" in can[row]},
        {row.pk for row in rows if "see_visits" in can[row]},
    )


def name_is_taken(municipality: Municipality, name: str, besides: Initiative | None = None) -> bool:
    """Whether the municipality has another initiative of this name, in capitals or not."""
    others = Initiative.objects.filter(municipality=municipality, name__iexact=name)
    if besides is not None and besides.pk:
        others = others.exclude(pk=besides.pk)
    return others.exists()


@transaction.atomic
def add(
    by: User,
    *,
    municipality: Municipality,
    name: str,
    contact: dict[str, str] | None = None,
    themes: Iterable[Theme] = (),
    **fields: Any,
) -> Initiative:
    """Write an initiative down, with the person to reach: {"name": …, "email": …, "phone": …}.

    Raises Refused when the municipality has one of this name.
    """
    initiative = Initiative(municipality=municipality, slug=_free_slug(name))
    _write(initiative, name=name, contact=contact, themes=themes, **fields)
    events.record(by, "initiative_added", initiative)
    events.changed_for_municipality(municipality.pk)
    return initiative


@transaction.atomic
def change(
    by: User | None,
    initiative: Initiative,
    *,
    name: str,
    contact: dict[str, str] | None = None,
    themes: Iterable[Theme] = (),
    by_name: str = "",
    **fields: Any,
) -> Initiative:
    """Change what the register says; its address on the web and its municipality stay the same.

    Without a contact the one there was is forgotten. An initiative that changes its own profile by
    its link gives its name and is nobody's account. Raises Refused as `add` does, and for one that
    went up in another meanwhile.
    """
    initiative = Initiative.objects.select_for_update().get(pk=initiative.pk)
    if keep := initiative.merged_into:
        words = {"gone": initiative, "keep": keep}
        raise Refused(_("%(gone)s went up in %(keep)s. Nothing was kept: write it there.") % words)
    _write(initiative, name=name, contact=contact, themes=themes, **fields)
    via = Event.Via.LINK if by is None else ""
    events.record(by, "initiative_changed", initiative, by_name=by_name, via=via)
    events.changed_for_municipality(initiative.municipality_id)
    return initiative


def as_it_stands(initiative: Initiative) -> Initiative:
    """This initiative, of which nobody makes two one meanwhile; or the one in which it went up."""
    now = Initiative.objects.select_for_update().get(pk=initiative.pk)
    return now.merged_into or now


def _write(initiative, *, name, contact, themes, **fields) -> None:
    if name_is_taken(initiative.municipality, name, besides=initiative):
        raise Refused(_("This municipality has an initiative of this name."))
    initiative.name = name
    for field, value in fields.items():
        setattr(initiative, field, value)
    initiative.plain_text = plain(name, initiative.place, initiative.description)
    try:
        with transaction.atomic():
            initiative.save()
    except IntegrityError as clash:  # somebody wrote the same one down a moment before
        raise Refused(_("This municipality has an initiative of this name.")) from clash
    initiative.themes.set(themes)
    if contact:
        Contact.objects.update_or_create(initiative=initiative, defaults=contact)
    else:
        Contact.objects.filter(initiative=initiative).delete()


def _free_slug(name: str) -> str:
    base = slugify(name)[:100] or "initiatief"
    taken = set(Initiative.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken | NO_SLUG:
        number += 1
        slug = f"{base}-{number}"
    return slug
