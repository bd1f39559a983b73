"""Two that are one: find them before they are written down twice, merge them, take one off."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives import contacts
from initiatives.columns import OWN_FIELDS
from initiatives.finding import plain
from initiatives.models import Acquaintance, Initiative, Ownership
from werklab import events
from werklab.errors import Refused
from werklab.labs import EVERYBODYS_MAIL
from werklab.models import Municipality, User

ALIKE, ALIKE_NEARBY = 0.82, 0.72  # how much two names have in common; nearby less is enough
SAY_LITTLE = {"de", "het", "een", "en", "van", "in", "stichting", "vereniging", "initiatief"}
MOST_SHOWN = 5
NOT_FILLED = {"name", "source", "latitude", "longitude", "ownership", "internal_notes"}


@dataclass(frozen=True)
class Candidate:
    """An initiative that may be the same one, and why."""

    name: str
    slug: str
    place: str
    retired: bool
    reasons: list[str]


def candidates(
    municipality: Municipality,
    name: str,
    place: str = "",
    email: str = "",
    phone: str = "",
    besides: Initiative | None = None,
) -> list[Candidate]:
    """Initiatives of a municipality that may be this one, the likeliest first, in one query."""
    here = Initiative.objects.filter(municipality=municipality, merged_into=None)
    if besides is not None:
        here = here.exclude(pk=besides.pk)
    found = here.order_by("name").values_list(
        "name", "slug", "place", "retired_at", "contact__email", "contact__phone"
    )
    likely = []
    for other, slug, there, retired_at, mail, number in found.iterator():
        nearby = bool(place) and plain(place) == plain(there)
        checks = (
            (_alike(name, other, nearby), _("the name is alike")),
            (_same_mail(email, mail or ""), _("the same mail address or organisation")),
            (_same_phone(phone, number or ""), _("the same phone number")),
        )
        if reasons := [reason for holds, reason in checks if holds]:
            likely.append(Candidate(other, slug, there, retired_at is not None, reasons))
    return sorted(likely, key=lambda one: -len(one.reasons))[:MOST_SHOWN]


def _alike(one: str, other: str, nearby: bool) -> bool:
    first, second = plain(one), plain(other)
    words, others = set(first.split()) - SAY_LITTLE, set(second.split()) - SAY_LITTLE
    if words and others and (words <= others or others <= words):
        return True
    match, enough = SequenceMatcher(None, first, second), ALIKE_NEARBY if nearby else ALIKE
    return match.real_quick_ratio() >= enough <= match.quick_ratio() and match.ratio() >= enough


def _same_mail(one: str, other: str) -> bool:
    """The same address, or the same organisation; many people have gmail."""
    one, other = one.lower(), other.lower()
    domain = one.rpartition("@")[2]
    if not domain or domain in EVERYBODYS_MAIL:
        return bool(one) and one == other
    return domain == other.rpartition("@")[2]


def _same_phone(one: str, other: str) -> bool:
    number = _digits(one)
    return len(number) >= 8 and number == _digits(other)


def _digits(phone: str) -> str:
    """A phone number without signs, and without what stands before it in the Netherlands."""
    return re.sub(r"^(0031|31|0)0?", "", re.sub(r"\D", "", phone))


@transaction.atomic
def merge(by: User, keep: Initiative, gone: Initiative) -> Initiative:
    """Make two initiatives one: `keep` stays with its own words, what is empty comes from `gone`.

    Talks, agreements and labs with their visits move along, and whom to reach (see `contacts`);
    `gone` leaves the list, and its page leads to `keep`. Raises Refused when the two cannot be one.
    """
    pks = sorted({keep.pk, gone.pk})
    both = {one.pk: one for one in _locked(pks)}
    keep, gone = both[keep.pk], both[gone.pk]
    _check(keep, gone)
    _fill(keep, gone)
    contacts.join(keep, gone)
    keep.save()
    _move(keep, gone)
    gone.retired_at = gone.retired_at or timezone.now()
    gone.merged_into = keep
    gone.save()
    words = _("%(gone)s went up in %(keep)s.") % {"gone": gone, "keep": keep}
    events.record(by, "initiatives_merged", keep, label=words)
    events.changed_for_municipality(keep.municipality_id)
    return keep


def _locked(pks: list[int]):
    return Initiative.objects.select_for_update().filter(pk__in=pks).order_by("pk")


def _check(keep: Initiative, gone: Initiative) -> None:
    if keep.pk == gone.pk:
        raise Refused(_("An initiative cannot be merged with itself."))
    if keep.municipality_id != gone.municipality_id:
        raise Refused(_("These two are of different municipalities. Merge only within one."))
    for one in (keep, gone):
        if one.merged_into_id or (one is keep and one.retired_at):
            raise Refused(_("%(name)s is off the list. Bring it back first.") % {"name": one})
    labs = gone.lab_links.values("lab")
    if both := keep.lab_links.filter(lab__in=labs).select_related("lab").first():
        sentence = _("Both take part in %(lab)s. Take one of the two off that werklab first.")
        raise Refused(sentence % {"lab": both.lab})


def _fill(keep: Initiative, gone: Initiative) -> None:
    """Give `keep` the words of `gone` where it has none."""
    for field in OWN_FIELDS:
        if field not in NOT_FILLED and is_open(getattr(keep, field)):
            setattr(keep, field, getattr(gone, field))
    if keep.ownership == Ownership.DISCUSS:
        keep.ownership = gone.ownership
    if keep.latitude is None:
        keep.latitude, keep.longitude = gone.latitude, gone.longitude
    keep.plain_text = plain(keep.name, keep.place, keep.description)
    if not keep.themes.exists():
        keep.themes.set(gone.themes.all())


def is_open(value: Any) -> bool:
    """Whether nothing is filled in; a zero is an answer."""
    return value is None or value in ("", [])


def _move(keep: Initiative, gone: Initiative) -> None:
    """Let what hangs on `gone` hang on `keep`."""
    gone.conversations.update(initiative=keep)
    gone.agreements.update(initiative=keep)
    gone.lab_links.update(initiative=keep)
    gone.merged_from.update(merged_into=keep)
    card = Acquaintance.objects.filter(initiative=keep).first()
    other = Acquaintance.objects.filter(initiative=gone).first()
    if card is None:
        Acquaintance.objects.filter(initiative=gone).update(initiative=keep)
    elif other is not None:
        for field in Acquaintance._meta.fields:
            if field.name not in ("id", "initiative") and is_open(getattr(card, field.name)):
                setattr(card, field.name, getattr(other, field.name))
        card.save()


@transaction.atomic
def retire(by: User, initiative: Initiative) -> Initiative:
    """Take an initiative that has stopped off the list; everything about it stays."""
    (initiative,) = _locked([initiative.pk])
    if initiative.retired_at is None:
        initiative.retired_at = timezone.now()
        initiative.save(update_fields=["retired_at"])
        events.record(by, "initiative_retired", initiative)
        events.changed_for_municipality(initiative.municipality_id)
    return initiative


@transaction.atomic
def bring_back(by: User, initiative: Initiative) -> Initiative:
    """Put an initiative back on the list. Raises Refused for one that went up in another."""
    (initiative,) = _locked([initiative.pk])
    if initiative.merged_into_id:
        sentence = _("%(name)s went up in another one. It cannot come back by itself.")
        raise Refused(sentence % {"name": initiative})
    if initiative.retired_at is not None:
        initiative.retired_at = None
        initiative.save(update_fields=["retired_at"])
        events.record(by, "initiative_brought_back", initiative)
        events.changed_for_municipality(initiative.municipality_id)
    return initiative
