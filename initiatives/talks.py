"""Getting acquainted with an initiative: the card of both sides, and the log of talks (REQ-131)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives import agreements, register
from initiatives.models import Acquaintance, Conversation, Initiative
from werklab import events
from werklab.errors import Refused
from werklab.models import User

# The rows of the card, each put to both sides; in Dutch, as the method has them.
ROWS = {
    "goals": ("Doelen", "Wat willen jullie bereiken?"),
    "wishes": ("Wensen", "Hoe zouden jullie het liefst samenwerken?"),
    "interests": ("Belangen", "Wat staat er voor jullie op het spel?"),
    "expectations": ("Verwachtingen", "Wat verwacht je van de ander? Onder welke voorwaarde?"),
}
SIDES = ("municipality", "initiative")
IN_OVERVIEW = 3


def card_of(initiative: Initiative) -> Acquaintance:
    """The card of this initiative; an empty one, not kept yet, when nobody wrote on it."""
    found = Acquaintance.objects.filter(initiative=initiative).first()
    return found or Acquaintance(initiative=initiative)


def rows_of(card: Acquaintance) -> list[dict[str, str]]:
    """The card row by row: what it is called, what is asked, what each side says."""
    return [
        {"title": title, "question": question}
        | {side: getattr(card, f"{row}_{side}") for side in SIDES}
        for row, (title, question) in ROWS.items()
    ]


@transaction.atomic
def write_card(
    by: User, initiative: Initiative, seen: datetime | None, **fields: Any
) -> Acquaintance:
    """Keep what both sides said on the card.

    `seen` is when the card that the writer had before them was changed last. Raises Refused when
    somebody else wrote on it since, so that nobody's words are lost.
    """
    initiative = register.as_it_stands(initiative)
    card = card_of(initiative)
    if card.pk and card.changed_at != seen:
        raise Refused(
            _(
                "Somebody else changed the card meanwhile. Your words still stand here: "
                "look at the card in another window, put the two together and save again."
            )
        )
    for field, value in fields.items():
        setattr(card, field, value)
    card.changed_at = timezone.now()
    card.save()
    events.record(by, "acquaintance_written", initiative)
    return card


def conversations_of(initiative: Initiative) -> QuerySet[Conversation]:
    """The talks with this initiative, the latest first, with who wrote them down."""
    return initiative.conversations.select_related("by").order_by("-held_on", "-pk")


def may_change(user: User, conversation: Conversation) -> bool:
    """Whether this talk is theirs to change: who wrote it down, and staff."""
    return user.is_staff or conversation.by_id == user.pk


@transaction.atomic
def note(by: User, initiative: Initiative, **fields: Any) -> Conversation:
    """Write a talk down."""
    initiative = register.as_it_stands(initiative)
    made = Conversation.objects.create(initiative=initiative, by=by, **fields)
    events.record(by, "conversation_noted", initiative)
    return made


@transaction.atomic
def change(by: User, conversation: Conversation, **fields: Any) -> None:
    """Change what was written of a talk. Raises Refused for somebody else's."""
    _check(by, conversation)
    for field, value in fields.items():
        setattr(conversation, field, value)
    conversation.save(update_fields=list(fields))
    events.record(by, "conversation_changed", conversation.initiative)


@transaction.atomic
def remove(by: User, conversation: Conversation) -> None:
    """Take a talk out of the log. Raises Refused for somebody else's."""
    _check(by, conversation)
    conversation.delete()
    events.record(by, "conversation_removed", conversation.initiative)


def _check(by: User, conversation: Conversation) -> None:
    if not may_change(by, conversation):
        raise Refused(_("Somebody else wrote this down. Ask them to change it."))


def overview(initiative: Initiative) -> dict[str, Any]:
    """What the profile page says of talks and agreements, in three queries."""
    return {
        "card": card_of(initiative),
        "conversations": list(conversations_of(initiative)[:IN_OVERVIEW]),
        "agreements": list(agreements.standing(initiative)[:IN_OVERVIEW]),
    }
