"""What hangs on the columns of the boards, read for the pages that show it."""

from collections import defaultdict
from functools import lru_cache
from itertools import groupby

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sessions.models import (
    Advice,
    Card,
    CardKind,
    LabInitiative,
    LabSession,
    Report,
    Side,
)
from werklab.models import Lab, PersonalLink
from werklab.prepared import Prepared

# The four lists of needs have their own colours, and so have the two sides that expect something.
FAMILIES = {
    CardKind.NEED_SELF: "column--self",
    CardKind.NEED_INITIATIVES: "column--initiatives",
    CardKind.NEED_ORGANISATION: "column--organisation",
    CardKind.NEED_COLLEAGUES: "column--colleagues",
    CardKind.EXPECTATION_MUNICIPALITY: "column--organisation",
    CardKind.EXPECTATION_INITIATIVE: "column--initiatives",
}
LONGEST_TITLE = 50

# What hangs on the boards, read on every visit after a change: a session with each of its columns,
# an advice with each of its sources, a card with each vote on it.
SESSION = Prepared(
    lambda lab, number: (
        LabSession.objects.filter(lab=lab, number=number)
        .order_by("columns__order")
        .values_list(
            *("pk", "title", "starts_at", "ends_at", "place"),
            Exists(Report.objects.standing().filter(lab=OuterRef("lab"))),
            *(
                "columns__pk",
                "columns__kind",
                "columns__block",
                "columns__title",
                "columns__question",
            ),
        )
    ),
    numbers=2,
)
ADVICES = Prepared(
    lambda lab: (
        Advice.objects.filter(lab=lab)
        .order_by("position", "pk")
        .values_list("pk", "position", "title", "source_links__card")
    )
)
INITIATIVES = Prepared(
    lambda lab: (
        LabInitiative.objects.filter(lab=lab).order_by("pk").values_list("pk", "initiative__name")
    )
)
CARDS = Prepared(
    lambda lab_session: (
        Card.objects.filter(column__lab_session=lab_session)
        .order_by("-pk")
        .values_list(
            *("pk", "column", "text", "side", "named", "author", "author__name"),
            *("initiative", "heard_at", "votes__voter"),
        )
    )
)

# What the queries read: what an initiative wrote.
WRITTEN = ["pk", "text", "named", "column__title", "column__lab_session__number"]


def board(lab: Lab, number: int) -> dict | None:
    """A session with its columns and cards, the lab's advices and initiatives, in four queries.

    The same for everybody in the lab. None when the lab has no such session. `open` tells whether
    somebody can write on it now.
    """
    rows = SESSION(lab.pk, number)
    if not rows:
        return None
    pk, title, starts_at, ends_at, place, final = rows[0][:6]
    advices, sources = _advices(lab)
    initiatives = dict(INITIATIVES(lab.pk))
    cards = _cards(pk, sources, initiatives)
    columns = [_column(row[6:], cards[row[6]]) for row in rows if row[6]]
    return {
        "session": {"title": title, "starts_at": starts_at, "ends_at": ends_at, "place": place},
        "advices": advices,
        "initiatives": [{"id": str(pk), "name": name} for pk, name in initiatives.items()],
        "columns": columns,
        "blocks": [
            _block(title, [*some]) for title, some in groupby(columns, lambda c: c["block"])
        ],
        "final": final,
        "open": lab.status == Lab.Status.LIVE and not final,
    }


def _advices(lab: Lab) -> tuple[list[dict], dict[int, list[dict]]]:
    """The advices of a lab in order, and for each card those that come from it."""
    advices, sources = {}, defaultdict(list)
    place, source_of = reverse("sessions:advice", args=[lab.slug]), _("Source of advice %(number)s")
    for pk, position, title, card in ADVICES(lab.pk):
        if pk not in advices:
            short = title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE]}…"
            advices[pk] = {
                "id": str(pk),
                "title": f"{position}. {short}",
                "url": f"{place}{pk}/",
                "source_of": source_of % {"number": position},
            }
        if card:
            sources[card].append(advices[pk])
    return list(advices.values()), sources


def _cards(lab_session: int, sources: dict, initiatives: dict) -> dict[int, list[dict]]:
    """The cards of a session by column, newest first: who writes sees the new one at once.

    A card comes back once per vote on it.
    """
    sides = {value: str(label) for value, label in Side.choices}
    heard, language = _("heard at %(initiative)s"), get_language()
    cards: dict[int, dict] = {}
    found = defaultdict(list)
    for pk, column, text, side, named, author, name, initiative, place, voter in CARDS(lab_session):
        if pk not in cards:
            note = [sides[side], (initiatives.get(initiative) or name) if named else ""]
            note += [heard % {"initiative": initiatives[place]}] if place in initiatives else []
            cards[pk] = {
                "id": str(pk),
                "text": text,
                "note": " · ".join(filter(None, note)),
                "author": author,
                "voters": set(),
                "sources": sources.get(pk, ()),
            }
            found[column].append(cards[pk])
        if voter:
            cards[pk]["voters"].add(voter)
    for card in cards.values():
        card["votes"] = _votes(len(card["voters"]), language) if card["voters"] else ""
    return found


@lru_cache(maxsize=256)
def _counted(cards: int, votes: int, language: str) -> str:
    """How many cards and votes, in words; `language` is only there to tell them apart."""
    said = [ngettext("%(count)s card", "%(count)s cards", cards) % {"count": cards}]
    return ", ".join([*said, _votes(votes, language)] if votes else said)


@lru_cache(maxsize=256)
def _votes(count: int, language: str) -> str:
    return ngettext("%(count)s vote", "%(count)s votes", count) % {"count": count}


def _column(row: tuple, cards: list[dict]) -> dict:
    pk, kind, block, title, question = row
    votes = sum(len(card["voters"]) for card in cards)
    return {
        "pk": pk,
        "kind": kind,
        "family": FAMILIES.get(kind, ""),
        "block": block,
        "title": title,
        "question": question,
        "count": _counted(len(cards), votes, get_language()),
        "cards": cards,
    }


def _block(title: str, columns: list[dict]) -> dict:
    """A block of the programme; its heading stays away when its one column says the same."""
    same = len(columns) == 1 and columns[0]["title"] == title
    return {
        "title": "" if same else title,
        "heading": "h2" if same else "h3",
        "wide": len(columns) > 1,
        "width": min(len(columns), 4) if len(columns) != 5 else 3,
        "columns": columns,
    }


def nonces_of_links(lab: Lab) -> dict[int, str]:
    """The nonce of each living link by which an initiative of this lab talks along."""
    living = PersonalLink.objects.filter(
        lab=lab,
        purpose=PersonalLink.Purpose.BOARD,
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
    )
    return dict(living.values_list("target_id", "nonce"))


def cards_of(initiative: LabInitiative, own: dict[int, str]) -> list[dict]:
    """What an initiative wrote by its link: in its name, and unnamed in this browser."""
    theirs = Q(initiative=initiative) | Q(pk__in=list(own), named=False)
    rows = Card.objects.filter(theirs, column__lab_session__lab=initiative.lab_id)
    return list(rows.order_by("-pk").values(*WRITTEN))
