"""Getting acquainted in a demo lab: talks, the card of two sides, agreements on involvement."""

from datetime import timedelta

from django.db.models import F

from initiatives import agreements, profile_links, talks
from initiatives.models import Acquaintance, Agreement, Conversation, Initiative
from sessions.models import LabInitiative
from werklab.management.demo.dates import begin_of, day, moment
from werklab.models import Lab, LabRole, User

NOON = "12:00"


def add_acquaintance(
    lab: Lab, data: dict, linked: dict[str, LabInitiative], shift: timedelta
) -> None:
    """What was said, written on the card and agreed; who are asked to look at their profile."""
    writers = _writers(lab)
    of = {key: link.initiative for key, link in linked.items()}
    for row in data["talks"]:
        by, initiative, fields = _parts(row, writers, of)
        talks.note(by, initiative, **fields | {"held_on": day(fields.pop("on"), shift)})
    for row in data["acquaintances"]:
        by, initiative, fields = _parts(row, writers, of)
        fields["talked_on"] = day(fields.pop("on"), shift)
        talks.write_card(by, initiative, None, **fields)
    for row in data["agreements"]:
        by, initiative, fields = _parts(row, writers, of)
        fields["created_at"] = moment(fields.pop("made"), NOON, shift)
        if "next_message_on" in fields:
            fields["next_message_on"] = day(fields["next_message_on"], shift)
        agreements.agree(by, initiative, **fields)
    for key in data.get("profile_asked", []):
        profile_links.ask(writers["coordinator"], of[key])


def _parts(
    row: dict, writers: dict[str, User], of: dict[str, Initiative]
) -> tuple[User, Initiative, dict]:
    """Who wrote this down, about whom, and the rest."""
    fields = dict(row)
    return writers[fields.pop("by")], of[fields.pop("initiative")], fields


def _writers(lab: Lab) -> dict[str, User]:
    """The trainers by their chair, and the coordinator."""
    roles = lab.roles.select_related("user")
    return {role.chair or LabRole.Role.COORDINATOR.value: role.user for role in roles}


def move(lab: Lab, by: timedelta, shift: timedelta) -> None:
    """Move along what was said and promised; what a visitor wrote lately stays in the past."""
    here = {"initiative__municipality": lab.municipality_id}
    latest = begin_of(shift).date() - by
    Conversation.objects.filter(**here, held_on__lte=latest).update(held_on=F("held_on") + by)
    Acquaintance.objects.filter(**here, talked_on__lte=latest).update(talked_on=F("talked_on") + by)
    Agreement.objects.filter(**here, next_message_on__isnull=False).update(
        next_message_on=F("next_message_on") + by
    )
