"""The page of one board: what everybody in the lab sees on it, and what is about the visitor.

A board has a dozen columns and dozens of cards that differ in their words only. Their templates
are rendered once per look, as a `shape` with the names of its fields in braces; `format_html`
fills in what differs, and escapes it.
"""

import secrets
from functools import lru_cache
from typing import NamedTuple

from django.core.cache import caches
from django.http import Http404
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sessions import columns
from sessions.forms.boards import NAMED
from sessions.models import CardKind, Side, Vote
from sessions.views import own_cards
from werklab import links
from werklab.models import PersonalLink

# What is said of a card beside its text, by its name in an address and in the form: the next card
# begins with the same.
SAID = {"naam": "named", "kant": "side", "bij": "heard_at"}
FIELDS = ("id", "text", "votes")
SHOWN = ("family", "kind", "title", "count", "question")
# On a phone: the way to each column.
NAV = (
    '<a class="column {family}" href="{here}?kolom={kind}"{current}>'
    "{title} <span>{count}</span></a>"
)
CURRENT = SafeString(' aria-current="true"')


class Acts(NamedTuple):
    """What the visitor may do on a board, now."""

    write: bool = False
    vote: bool = False
    advise: bool = False
    run: bool = False
    more: bool = False


def page(request, lab, number, *, kind="", form=None, view_form=None):
    """The board of one session; with a form it is the one in which something is not right."""
    board = _board(lab, number)
    board |= {
        "lab": lab,
        "tab": "board",
        "number": number,
        "others": _others(lab.slug, get_language()),
        "here": conditional_escape(reverse("sessions:session", args=[lab.slug, number])),
        "acts": _acts(request.may, board),
        "form": form,
        "view_form": view_form,
        "links": _links(board, lab, request),
        "is_new": "nieuw" in request.GET,
    }
    _draw_cards(request, board, kind or request.GET.get("kolom"))
    _draw_columns(request, board)
    return render(request, "sessions/session.html", board)


def _board(lab, number):
    """What hangs on this board, kept for as long as nothing changes in the lab."""
    look = f"{lab.status}-{get_language()}"
    key = f"board-{lab.pk}-{lab.slug}-{number}-{lab.version}-{look}"
    board = caches["fragments"].get(key)
    if board is None:
        board = columns.board(lab, number)
        if board is None:
            raise Http404
        for column in board["columns"]:
            column["fields"] = {name: conditional_escape(column[name]) for name in SHOWN}
            for card in column["cards"]:
                card["fields"] = {name: conditional_escape(card[name]) for name in FIELDS}
                card["fields"]["note"] = _note(card)
        caches["fragments"].set(key, board)
    return board


def _acts(may, board):
    if not board["open"]:
        return Acts()
    advise, run = "write_advice" in may, "run_sessions" in may
    more = run or (advise and bool(board["advices"]))
    return Acts(write="add_card" in may, vote="vote" in may, advise=advise, run=run, more=more)


def _links(board, lab, request):
    """For a trainer who asks: each initiative with the link by which it talks along, if any."""
    if "links" not in request.GET or "run_sessions" not in request.may:
        return []
    nonces = columns.nonces_of_links(lab)
    return [one | {"url": _link(nonces.get(int(one["id"])))} for one in board["initiatives"]]


def _link(nonce):
    purpose = PersonalLink.Purpose.BOARD
    return links.url(PersonalLink(purpose=purpose, nonce=nonce)) if nonce else None


@lru_cache(maxsize=512)
def _others(slug, language):
    """The boards of this lab: number, address and name; `language` tells them apart."""
    return [
        (
            number,
            reverse("sessions:session", args=[slug, number]),
            _("Session %(number)s") % {"number": number},
        )
        for number in (1, 2, 3)
    ]


@lru_cache(maxsize=512)
def shape(template, language, **looks):
    """A column or card that looks like this, with the names of its fields in braces.

    `language` is only there to tell them apart.
    """
    return render_to_string(template, looks)


def _draw_cards(request, board, kind):
    """Draw the cards, with the visitor's own votes and buttons; find the column that shows."""
    acts, here, language = board["acts"], board["here"], get_language()
    me, chosen = request.user.pk, request.GET.get("kaart")
    kept = {str(pk) for pk in own_cards.secrets_of(request)} if board["open"] else set()
    given = 0
    for column in board["columns"]:
        for card in column["cards"]:
            voted, changes = me in card["voters"], board["open"] and card["author"] == me
            card["mine"] = changes or card["id"] in kept
            given += voted
            menu = ""
            if card["id"] == chosen:
                kind, menu = column["kind"], _menu(request, board, card, changes)
            looks = {"acts": acts, "voted": voted, "mine": card["mine"], "changes": changes}
            card_shape = shape("sessions/_board_card.html", language, **looks)
            card["drawn"] = format_html(card_shape, here=here, menu=menu, **card["fields"])
    board |= {"kind": kind, "votes_given": given, "votes_left": Vote.MOST_PER_SESSION - given}


def _together(drawn):
    return format_html("{}" * len(drawn), *drawn) if drawn else ""


def _note(card):
    """Who says it, where it was heard, and the advices that come from it."""
    if not card["sources"]:
        return conditional_escape(card["note"])
    link = ' · <a href="{url}">{source_of}</a>'
    return format_html("{}{}", card["note"], format_html_join("", link, card["sources"]))


def _draw_columns(request, board):
    """Draw the columns with their cards; on a phone only the one that was chosen shows."""
    of_kind = [column for column in board["columns"] if column["kind"] == board["kind"]]
    shown: dict = next(iter(of_kind or board["columns"]), {"cards": []})
    write, form, nav = _write(request, board), board["form"], []
    for block in board["blocks"]:
        block["shown"] = any(column is shown for column in block["columns"])
        for column in block["columns"]:
            column["shown"] = column is shown
            looks = {
                "heading": block["heading"],
                "shown": column is shown,
                "writes": bool(write),
                "failed": column is shown and form is not None,
                "focus": column is shown and board["is_new"],
            }
            column["drawn"] = format_html(
                shape("sessions/_board_column.html", get_language(), **looks),
                here=board["here"],
                write=write,
                typed=form["text"].value() or "" if form else "",
                error=" ".join(form.errors.get("text", ())) if form else "",
                cards=_together([card["drawn"] for card in column["cards"]]),
                view=_view(request, board) if column["kind"] == CardKind.SHARED_VIEW else "",
                **column["fields"],
            )
            current = CURRENT if column is shown else ""
            nav.append(format_html(NAV, here=board["here"], current=current, **column["fields"]))
    board["nav"] = _together(nav)
    board["new"] = next((card for card in shown["cards"] if card["mine"]), None)


def _view(request, board):
    """The shared view; for a trainer with a form."""
    form, runs = board["view_form"], bool(board["acts"].run or board["view_form"])
    text = form["shared_view"].value() or "" if form else board["lab"].shared_view
    if not (runs or text):
        return ""
    errors = form.errors.get("shared_view") if form else None
    return format_html(
        shape("sessions/_board_view.html", get_language(), runs=runs, failed=bool(errors)),
        here=board["here"],
        csrf=get_token(request) if runs else "",
        text=text if runs else SafeString(linebreaks(text, autoescape=True)),
        error=" ".join(errors or ()),
    )


def _menu(request, board, card, changes):
    """What more can be done with the card that was chosen; "" when that is nothing."""
    acts = board["acts"]
    what = {"advices": acts.advise and board["advices"], "changes": changes or acts.run}
    if not any(what.values()):
        return ""
    page = {"card": card, "here": board["here"], "removes": acts.run, **what}
    return render_to_string("sessions/_board_menu.html", page, request)


def _write(request, board):
    """What the form of every column holds beside its line; "" for who cannot write."""
    form = board["form"]
    if not (board["acts"].write or form):
        return ""
    said = {
        field: form.data.get(field) if form else request.GET.get(name)
        for name, field in SAID.items()
    }
    side = said["side"] if said["side"] in Side.values else Side.MUNICIPALITY
    there = [one for one in board["initiatives"] if one["id"] == said["heard_at"]]
    looks = {
        "with_my_name": said["named"] == NAMED,
        "for_others": "run_sessions" in request.may,
        "side": side,
        "sides": tuple(Side.choices),
        "initiatives": bool(board["initiatives"]),
    }
    return format_html(
        shape("sessions/_board_write.html", get_language(), **looks),
        csrf=get_token(request),
        key=secrets.token_urlsafe(16),
        whose=", ".join([str(Side(side).label), *(one["name"] for one in there)]),
        options=_together([_option(one, there) for one in board["initiatives"]]),
    )


def _option(initiative, there):
    shape = '<option value="{id}" selected>{name}</option>'
    return format_html(
        shape if initiative in there else shape.replace(" selected", ""), **initiative
    )
