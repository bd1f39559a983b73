"""The board of a session: look at it, write on it, weigh it, make advice of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sessions import advice, boards
from sessions.forms.boards import CardForm, EditCardForm, SharedViewForm, TieForm
from sessions.models import Card, CardKind, Column, LabInitiative
from sessions.views import board_page, own_cards
from werklab import access
from werklab.errors import Refused


def _to_board(lab, number, kind, tail=""):
    here = reverse("sessions:session", args=[lab.slug, number])
    return redirect(f"{here}?kolom={kind}{tail}")


def _card(lab, number, pk):
    """A card of this board, or None when it is gone; one of another board does not exist (404)."""
    card = Card.objects.select_related("column__lab_session__lab").filter(pk=pk).first()
    if card is not None:
        lab_session = card.column.lab_session
        if (lab_session.lab_id, lab_session.number) != (lab.pk, number):
            raise Http404
    return card


def _gone(request, lab, number):
    messages.info(request, _("This card is no longer on the board."))
    return redirect("sessions:session", lab.slug, number)


@require_safe
@access.lab_view("see_lab")
def session(request, lab, number):
    """The board of one session, for everybody in the lab."""
    return board_page.page(request, lab, number)


@require_POST
@access.lab_view("add_card")
def add_card(request, lab, number):
    """Hang one line on a column; the page comes back ready for the next: Enter is the next."""
    kind = request.POST.get("column")
    if kind not in CardKind.values:
        raise Http404
    columns = Column.objects.filter(lab_session__lab=lab, lab_session__number=number)
    column = get_object_or_404(columns.select_related("lab_session__lab"), kind=kind)
    for_others = "run_sessions" in request.may
    form = CardForm(request.POST, lab=lab, for_others=for_others, auto_id=f"{kind}-%s")
    if form.is_valid():
        try:
            card, secret = boards.add_card(request.user, column, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            said = {name: request.POST.get(field, "") for name, field in board_page.SAID.items()}
            response = _to_board(lab, number, kind, f"&{urlencode(said)}&nieuw=1")
            return own_cards.keep(response, request, card, secret)
    return board_page.page(request, lab, number, kind=kind, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("see_lab")
def edit_card(request, lab, number, pk):
    """Other words, side or column for a card: for its author and the trainers."""
    card = _card(lab, number, pk)
    if card is None:
        return _gone(request, lab, number)
    is_trainer, is_author = "run_sessions" in request.may, card.author_id == request.user.pk
    if not (is_trainer or is_author):
        raise PermissionDenied
    who = {"is_trainer": is_trainer, "is_author": is_author}
    form = EditCardForm(request.POST or None, instance=card, lab=lab, **who)
    if request.method == "POST" and form.is_valid():
        words = {"side": card.side} | form.cleaned_data
        try:
            card, secret = boards.change_card(request.user, card, **words)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The card has been changed."))
            there = card.column.lab_session.number
            response = _to_board(lab, there, card.column.kind, f"#kaart-{card.pk}")
            return own_cards.keep(response, request, card, secret)
    page = {"lab": lab, "tab": "board", "number": number, "card": card, "form": form}
    return render(request, "sessions/edit_card.html", page)


@require_POST
@access.lab_view("see_lab")
def remove_card(request, lab, number, pk):
    """Take a card away: its author, whoever keeps its secret, or a trainer."""
    card = _card(lab, number, pk)
    if card is None:
        return _gone(request, lab, number)
    secret = own_cards.secrets_of(request).get(pk, "")
    wrote_it = boards.opens(card, secret)
    if not (wrote_it or "run_sessions" in request.may or card.author_id == request.user.pk):
        raise PermissionDenied
    try:
        boards.remove_card(None if wrote_it else request.user, card)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The card has been taken away."))
    return _to_board(lab, number, card.column.kind)


@require_POST
@access.lab_view("vote")
def vote(request, lab, number, pk):
    """Put a dot on a card, or take it back."""
    card = _card(lab, number, pk)
    if card is None:
        return _gone(request, lab, number)
    try:
        boards.vote(request.user, card, request.POST.get("dot") == "on")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _to_board(lab, number, card.column.kind, f"#kaart-{pk}")


@require_POST
@access.lab_view("write_advice")
def advise(request, lab, number, pk):
    """Turn a card into an advice, or tie it to one that is there (REQ-116, REQ-117)."""
    card = _card(lab, number, pk)
    if card is None:
        return _gone(request, lab, number)
    form = TieForm(request.POST, lab=lab)
    try:
        if "advice" not in request.POST:
            made = advice.advice_from_card(request.user, card)
            return redirect("sessions:edit_advice", lab.slug, made.pk)
        if form.is_valid():
            advice.tie(request.user, form.cleaned_data["advice"], card)
            messages.success(request, _("The advice now comes from this card too."))
        else:
            messages.error(request, _("Choose one of the advices."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _to_board(lab, number, card.column.kind, f"#kaart-{pk}")


@require_POST
@access.lab_view("run_sessions")
def shared_view(request, lab, number):
    """Keep the view on which the group agrees (REQ-030)."""
    form = SharedViewForm(request.POST)
    if form.is_valid():
        try:
            boards.share_view(request.user, lab, form.cleaned_data["shared_view"])
        except Refused as refusal:
            form.add_error("shared_view", str(refusal))
        else:
            messages.success(request, _("The shared view has been saved."))
            return _to_board(lab, number, CardKind.SHARED_VIEW)
    return board_page.page(request, lab, number, kind=CardKind.SHARED_VIEW, view_form=form)


@require_POST
@access.lab_view("run_sessions")
def board_link(request, lab, number, pk):
    """Make the link by which an initiative talks along, for a trainer to pass on (REQ-017)."""
    initiatives = LabInitiative.objects.select_related("initiative", "lab")
    initiative = get_object_or_404(initiatives, pk=pk, lab=lab)
    try:
        boards.make_link(request.user, initiative)
    except Refused as refusal:
        messages.error(request, str(refusal))
    here = reverse("sessions:session", args=[lab.slug, number])
    return redirect(f"{here}?links=1#links")
