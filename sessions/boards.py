"""The boards of the three sessions: write cards, weigh them, take them away, agree on a view.

Every action takes its turn on the lab first, so that two people who press at the same moment come
one after the other. The logbook says on which column something happened, never on which card: the
number of an unnamed card beside the name of its writer would undo the promise.
"""

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions import advice
from sessions.models import AdviceSource, Card, Column, LabInitiative, Side, Vote
from werklab import events, links
from werklab.errors import Refused
from werklab.models import Event, Lab, PersonalLink, User

SHORTEST_KEY = 16


def are_open(lab: Lab) -> bool:
    """Whether somebody can write on this lab's boards now."""
    return lab.status == Lab.Status.LIVE and not lab.reports.standing().exists()


def _take_turn(lab: Lab) -> Lab:
    """Wait for whoever writes in this lab now, then raise Refused when one cannot write on a board.

    Boards are open from the moment the lab is (what people say in preparation counts too) until it
    is over; while a final report stands they are as frozen as the report that prints them.
    """
    lab = advice.take_turn(lab)
    if lab.status != Lab.Status.LIVE:
        raise Refused(_("The board opens when enrolment opens."))
    return lab


def _take_turn_with(card: Card) -> Lab:
    """The same for one card; raises Refused when somebody took it away in the meantime."""
    lab = _take_turn(card.column.lab_session.lab)
    if not Card.objects.filter(pk=card.pk).exists():
        raise Refused(_("This card is no longer on the board."))
    return lab


def _secret(form_key: str, *parts: object) -> str:
    """What takes an unnamed card away: known to who has the form it was written in, else nobody."""
    if len(form_key) < SHORTEST_KEY:
        form_key = secrets.token_urlsafe(SHORTEST_KEY)
    written = "\n".join([form_key, *map(str, parts)])
    return urlsafe_b64encode(sha256(written.encode()).digest()[:16]).decode().rstrip("=")


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def add_card(
    by: User | None,
    column: Column,
    *,
    text: str,
    named: bool = False,
    side: str = Side.MUNICIPALITY,
    heard_at: LabInitiative | None = None,
    on_behalf: LabInitiative | None = None,
    key: str = "",
) -> tuple[Card, str]:
    """Hang a card on a column; gives the card and the secret for the writer's browser.

    Unnamed, neither the card nor the logbook learns who wrote it. `on_behalf` is the initiative
    that writes by its link (REQ-017). `key` is the form's own: sent twice, it is the same card.
    """
    lab = _take_turn(column.lab_session.lab)
    secret = _secret(key, column.pk, named, text)
    card = Card.objects.filter(secret_digest=_digest(secret)).first()
    if card is None:
        card = Card.objects.create(
            column=column,
            text=text,
            side=side,
            named=named,
            author=by if named else None,
            initiative=on_behalf if named else None,
            heard_at=heard_at,
            secret_digest=_digest(secret),
        )
        _record("card_added", column, lab, by if named else None, on_behalf if named else None)
    return card, secret


def _record(
    name: str, column: Column, lab: Lab, by: User | None, initiative: LabInitiative | None = None
) -> None:
    """One line in the logbook on this column; by nobody when the card is unnamed."""
    by_name, via = (str(initiative), Event.Via.LINK) if initiative else ("", "")
    events.record(by, name, column, lab=lab, label=column.title, by_name=by_name, via=via)


def opens(card: Card, secret: str) -> bool:
    """Whether this secret shows that its bearer wrote this unnamed card."""
    return not card.named and secrets.compare_digest(card.secret_digest, _digest(secret))


@transaction.atomic
def change_card(
    by: User, card: Card, *, text: str, side: str, column: Column, named: bool = True
) -> tuple[Card, str]:
    """Other words, side or column for a card; its author may also take their name off it.

    Gives the card, and the secret for the author's browser when it lost its name just now. An
    unnamed card never gets a name.
    """
    lab = _take_turn_with(card)
    secret = _take_name_off(card) if card.named and not named else ""
    card.text, card.side, card.column = text, side, column
    card.save(update_fields=["text", "side", "column"])
    _record("card_changed", column, lab, None if secret else by)
    return card, secret


def _take_name_off(card: Card) -> str:
    """Put an unnamed card in the place of a named one, with its votes and advices.

    It is a new row: else its place in the order and its time would still tell who wrote it.
    """
    secret, old = _secret(""), card.pk
    card.pk, card.created_at = None, timezone.now()
    card.named, card.author, card.initiative = False, None, None
    card.secret_digest = _digest(secret)
    card.save(force_insert=True)
    Vote.objects.filter(card=old).update(card=card)
    AdviceSource.objects.filter(card=old).update(card=card)
    Card.objects.filter(pk=old).delete()
    return secret


@transaction.atomic
def remove_card(by: User | None, card: Card, *, on_behalf: LabInitiative | None = None) -> None:
    """Take a card off the board; `by` is None when the writer of an unnamed one does it.

    Raises Refused when an advice comes from it: an advice keeps its sources (REQ-117).
    """
    lab = _take_turn_with(card)
    source_of = card.advices.first()
    if source_of is not None:
        raise Refused(
            _("This card stays: advice %(number)s, “%(title)s”, comes from it.")
            % {"number": source_of.position, "title": source_of.title}
        )
    card.delete()
    _record("card_removed", card.column, lab, by, on_behalf)


@transaction.atomic
def vote(by: User, card: Card, on: bool) -> None:
    """Put a dot of this person on a card, or take it back; doing so twice changes nothing more.

    Raises Refused when all dots of this session are given. The logbook does not say whose dot.
    """
    lab = _take_turn_with(card)
    mine = Vote.objects.filter(voter=by, card__column__lab_session=card.column.lab_session)
    has_one = mine.filter(card=card).exists()
    if on == has_one:
        return
    if not on:
        mine.filter(card=card).delete()
    elif mine.count() >= Vote.MOST_PER_SESSION:
        raise Refused(
            _("All your %(most)s votes are given. Take one back first.")
            % {"most": Vote.MOST_PER_SESSION}
        )
    else:
        Vote.objects.create(card=card, voter=by)
    _record("vote_given" if on else "vote_taken_back", card.column, lab, None)


@transaction.atomic
def share_view(by: User, lab: Lab, text: str) -> None:
    """Write down the view on which the group agrees, in its own words (REQ-030)."""
    lab = _take_turn(lab)
    lab.shared_view = text
    lab.save(update_fields=["shared_view"])
    events.record(by, "shared_view_written", lab, lab=lab)


@transaction.atomic
def make_link(by: User, initiative: LabInitiative) -> PersonalLink:
    """The link by which an initiative talks along on the boards, for a trainer to pass on."""
    lab = _take_turn(initiative.lab)
    link = links.link_for(
        PersonalLink.Purpose.BOARD,
        initiative.pk,
        lab=lab,
        behalf=str(initiative),
        expires_at=lab.link_expiry(),
    )
    events.record(by, "board_link_made", initiative, lab=lab)
    return link
