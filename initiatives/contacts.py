"""Whom to reach at an initiative that two became: one contact, and nobody kept without purpose."""

from typing import Any

from django.utils.translation import gettext as _

from initiatives.finding import plain
from initiatives.models import Contact, Initiative
from werklab.errors import Refused

PARTS = ("name", "email", "phone")
MOST_NOTES = Initiative._meta.get_field("internal_notes").max_length or 0


def joined(keep: Initiative, gone: Initiative) -> dict[str, Any]:
    """What `keep` says of its contact and in its notes when `gone` has gone up in it, by column.

    A contact comes along whole when there is none. Of the same person only what was missing comes
    along. Of somebody else the notes say who it was: a name, for whoever keeps the register.
    """
    mine, theirs = _parts(keep), _parts(gone)
    contact = mine if mine["name"] else theirs
    if mine["name"] and _is_same_person(mine, theirs):
        contact = {part: mine[part] or theirs[part] for part in PARTS}
    lines = [keep.internal_notes]
    if gone.internal_notes not in keep.internal_notes:
        lines.append(gone.internal_notes)
    if theirs["name"] and plain(theirs["name"]) != plain(contact["name"]):
        who = {"gone": gone, "name": theirs["name"]}
        lines.append(_("Contact of %(gone)s, which went up in this one: %(name)s.") % who)
    notes = "\n".join(line for line in lines if line)
    return {f"contact_{part}": contact[part] for part in PARTS} | {"internal_notes": notes}


def _parts(initiative: Initiative) -> dict[str, str]:
    contact = Contact.objects.filter(initiative=initiative).first()
    return {part: getattr(contact, part, "") for part in PARTS}


def _is_same_person(one: dict[str, str], other: dict[str, str]) -> bool:
    """The same mailbox, or the same name of which one may leave a part out; a phone is shared."""
    if one["email"] and one["email"].lower() == other["email"].lower():
        return True
    words, others = set(plain(one["name"]).split()), set(plain(other["name"]).split())
    return bool(words and others) and (words <= others or others <= words)


def join(keep: Initiative, gone: Initiative) -> None:
    """Let `keep` have what `joined` says and `gone` nothing of a person; `merge` saves the two.

    What is about a person stays nowhere but where somebody looks for it. Raises Refused when the
    notes of both are too long for one.
    """
    values = joined(keep, gone)
    if len(values["internal_notes"]) > max(MOST_NOTES, len(keep.internal_notes)):
        sentence = _("The notes of both are too long to stand in one. Shorten those of %(name)s.")
        raise Refused(sentence % {"name": keep})
    Contact.objects.filter(initiative=gone).delete()
    contact = {part: values[f"contact_{part}"] for part in PARTS}
    if contact["name"]:
        Contact.objects.update_or_create(initiative=keep, defaults=contact)
    keep.internal_notes = values["internal_notes"]
    gone.internal_notes, gone.address = "", ""
