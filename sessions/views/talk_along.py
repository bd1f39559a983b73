"""The page of an initiative that writes on the boards by its link."""

import secrets

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sessions import boards, columns
from sessions.forms.boards import TalkAlongForm
from sessions.models import Card, LabInitiative, Side
from sessions.views import own_cards
from werklab import access
from werklab.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@access.link_view("board")
def talk_along(request, link, token):
    """An initiative's own page to write cards, by its link, on a phone (REQ-017)."""
    initiatives = LabInitiative.objects.select_related("initiative", "lab__municipality")
    initiative = get_object_or_404(initiatives, pk=link.target_id, lab=link.lab_id)
    if "away" in request.POST:
        return _take_away(request, link, initiative)
    start = {"key": secrets.token_urlsafe(16), "column": request.GET.get("vraag")}
    form = TalkAlongForm(request.POST or None, initiative=initiative, initial=start)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data | {"side": Side.INITIATIVE, "on_behalf": initiative}
        try:
            card, secret = boards.add_card(None, **words)
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Your card is on the board."))
            response = redirect(f"{request.path}?vraag={card.column_id}")
            return own_cards.keep(response, request, card, secret, link)
    cards = columns.cards_of(initiative, own_cards.secrets_of(request, link))
    page = {"lab": initiative.lab, "initiative": initiative, "form": form, "cards": cards}
    page |= {"open": boards.are_open(initiative.lab)}
    return render(request, "sessions/talk_along.html", page)


def _take_away(request, link, initiative):
    """Take one of their own cards off the board; another's does not exist here (404)."""
    pk = request.POST["away"]
    cards = Card.objects.select_related("column__lab_session__lab")
    card = cards.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else None
    if card is None:
        messages.info(request, _("This card is no longer on the board."))
        return redirect(request.path)
    secret = own_cards.secrets_of(request, link).get(card.pk, "")
    if card.initiative_id != initiative.pk and not boards.opens(card, secret):
        raise Http404
    try:
        boards.remove_card(None, card, on_behalf=initiative if card.named else None)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The card has been taken away."))
    return redirect(f"{request.path}?vraag={card.column_id}")
