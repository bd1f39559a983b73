"""The register of residents' initiatives: who may see which, write one down, change it."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from initiatives.models import Contact, Initiative, InitiativeQuerySet, Theme
from werklab import access, events
from werklab.errors import Refused
from werklab.models import Municipality, User

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
    by: User,
    initiative: Initiative,
    *,
    name: str,
    contact: dict[str, str] | None = None,
    themes: Iterable[Theme] = (),
    **fields: Any,
) -> Initiative:
    """Change what the register says; its address on the web and its municipality stay the same.

    Without a contact the one there was is forgotten. Raises Refused as `add` does.
    """
    initiative = Initiative.objects.select_for_update().get(pk=initiative.pk)
    _write(initiative, name=name, contact=contact, themes=themes, **fields)
    events.record(by, "initiative_changed", initiative)
    events.changed_for_municipality(initiative.municipality_id)
    return initiative


def _write(initiative, *, name, contact, themes, **fields) -> None:
    if name_is_taken(initiative.municipality, name, besides=initiative):
        raise Refused(_("This municipality has an initiative of this name."))
    initiative.name = name
    for field, value in fields.items():
        setattr(initiative, field, value)
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
    while slug in taken | {"nieuw"}:  # /initiatieven/nieuw/ is a page of its own
        number += 1
        slug = f"{base}-{number}"
    return slug
