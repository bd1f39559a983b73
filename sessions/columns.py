"""What hangs on the columns of the boards, read for the pages that show it."""

from collections import defaultdict
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions.models import (
    Advice,
    Card,
    CardKind,
    LabInitiative,
    LabSession,
    Report,
    Side,
    Vote,
)
from werklab.models import Lab, PersonalLink

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

# What the queries read: a session with each of its columns, a card with the names on it, and what
# somebody wrote.
SESSION = [
    *("pk", "title", "starts_at", "ends_at", "place", "columns__pk", "columns__kind"),
    *("columns__block", "columns__title", "columns__question"),
]
CARD = [
    *("pk", "column", "text", "side", "named", "author", "author__name"),
    *("initiative__initiative__name", "heard_at__initiative__name"),
]
WRITTEN = ["pk", "text", "named", "column__title", "column__lab_session__number"]


def board(lab: Lab, number: int, *, initiatives: bool) -> dict | None:
    """A session with its columns and cards, the lab's advices and initiatives, in five queries.

    The same for everybody in the lab, but for the `initiatives`: a trainer needs them. None when
    the lab has no such session. `open` tells whether somebody can write on it now.
    """
    final = Report.objects.standing().filter(lab=OuterRef("lab"))
    sessions = LabSession.objects.filter(lab=lab, number=number).order_by("columns__order")
    rows = list(sessions.values(*SESSION, final=Exists(final)))
    if not rows:
        return None
    advices, sources = _advices(lab)
    cards = _cards(rows[0]["pk"], sources)
    columns = [_column(row, cards[row["columns__pk"]]) for row in rows if row["columns__pk"]]
    return {
        "session": rows[0],
        "advices": advices,
        "initiatives": _initiatives(lab) if initiatives else [],
        "columns": columns,
        "blocks": [
            _block(title, [*some]) for title, some in groupby(columns, lambda c: c["block"])
        ],
        "final": rows[0]["final"],
        "open": lab.status == Lab.Status.LIVE and not rows[0]["final"],
    }


def _advices(lab: Lab) -> tuple[list[dict], dict[int, list[dict]]]:
    """The advices of a lab in order, and for each card those that come from it."""
    rows = Advice.objects.filter(lab=lab).order_by("position", "pk")
    advices, sources = {}, defaultdict(list)
    for pk, position, title, card in rows.values_list(
        "pk", "position", "title", "source_links__card"
    ):
        if pk not in advices:
            short = title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE]}…"
            advices[pk] = {
                "id": str(pk),
                "title": f"{position}. {short}",
                "url": reverse("sessions:edit_advice", args=[lab.slug, pk]),
                "source_of": _("Source of advice %(number)s") % {"number": position},
            }
        if card:
            sources[card].append(advices[pk])
    return list(advices.values()), sources


def _cards(lab_session: int, sources: dict) -> dict[int, list[dict]]:
    """The cards of a session by column, newest first: who writes sees the new one at once."""
    voters = defaultdict(set)
    votes = Vote.objects.filter(card__column__lab_session=lab_session)
    for card, voter in votes.values_list("card", "voter"):
        voters[card].add(voter)
    sides = {value: str(label) for value, label in Side.choices}
    heard = _("heard at %(initiative)s")
    found = defaultdict(list)
    rows = Card.objects.filter(column__lab_session=lab_session).order_by("-pk")
    for pk, column, text, side, named, author, name, initiative, place in rows.values_list(*CARD):
        note = [sides[side], (initiative or name) if named else ""]
        note += [heard % {"initiative": place}] if place else []
        found[column].append(
            {
                "id": str(pk),
                "text": text,
                "note": " · ".join(filter(None, note)),
                "author": author,
                "voters": voters[pk],
                "votes": _votes(len(voters[pk])) if voters[pk] else "",
                "sources": sources.get(pk, ()),
            }
        )
    return found


def _votes(count: int) -> str:
    return ngettext("%(count)s vote", "%(count)s votes", count) % {"count": count}


def _column(row: dict, cards: list[dict]) -> dict:
    votes = sum(len(card["voters"]) for card in cards)
    count = ngettext("%(count)s card", "%(count)s cards", len(cards)) % {"count": len(cards)}
    if votes:
        count += f", {_votes(votes)}"
    return {
        "pk": row["columns__pk"],
        "kind": row["columns__kind"],
        "family": FAMILIES.get(row["columns__kind"], ""),
        "block": row["columns__block"],
        "title": row["columns__title"],
        "question": row["columns__question"],
        "count": count,
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


def _initiatives(lab: Lab) -> list[dict]:
    """The initiatives of a lab, each with the nonce of the link by which it talks along, if any."""
    living = PersonalLink.objects.filter(
        purpose=PersonalLink.Purpose.BOARD,
        target_id=OuterRef("pk"),
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
    )
    rows = lab.initiatives.annotate(nonce=Subquery(living.values("nonce")[:1]))
    return [
        {"id": str(pk), "name": name, "nonce": nonce}
        for pk, name, nonce in rows.values_list("pk", "initiative__name", "nonce")
    ]


def cards_of(initiative: LabInitiative, own: dict[int, str]) -> list[dict]:
    """What an initiative wrote by its link: in its name, and unnamed in this browser."""
    theirs = Q(initiative=initiative) | Q(pk__in=list(own), named=False)
    rows = Card.objects.filter(theirs, column__lab_session__lab=initiative.lab_id)
    return list(rows.order_by("-pk").values(*WRITTEN))
