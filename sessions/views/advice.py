"""The advice as it is written: the list, the editor, and the cards that an advice comes from."""

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sessions import advice as actions
from sessions import draft as drafts
from sessions import report
from sessions.columns import FAMILIES
from sessions.forms.advice import AdviceForm, SourcesForm
from sessions.models import Card
from werklab import access
from werklab.errors import Refused

STEPS = {"up": -1, "down": 1}


@require_safe
@access.lab_view("see_lab")
def advice(request, lab):
    """Every advice in order, how far it is, and what the report still lacks."""
    draft = drafts.draft(lab)
    final = report.standing(lab)
    gaps = drafts.gaps(draft)
    page = {
        "lab": lab,
        "tab": "advice",
        "draft": draft,
        "final": final,
        "is_open": actions.is_open(lab),
        "gaps": gaps,
        "must": any(gap.must for gap in gaps),
        "too_many": len(draft.rows) > actions.ENOUGH,
        "readers": list(drafts.readers(draft)),
    }
    return render(request, "sessions/advice.html", page)


def _editor(request, lab, form, advice=None):
    draft = drafts.draft(lab)
    page = {"lab": lab, "tab": "advice", "draft": draft, "form": form, "row": None, "cards": []}
    if advice is not None:
        cards = Card.objects.filter(advice_links__advice=advice).order_by("advice_links__pk")
        cards = cards.select_related("column__lab_session").annotate(dots=Count("votes"))
        page |= {"row": draft.row_of(advice), "cards": [(card, _family(card)) for card in cards]}
    page["is_open"] = actions.is_open(lab)
    return render(request, "sessions/edit_advice.html", page)


def _family(card):
    return FAMILIES.get(card.column.kind, "")


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("write_advice")
def new_advice(request, lab):
    """Write an advice that does not begin with a card."""
    form = AdviceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = actions.write_advice(request.user, lab, form.words)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _saved(request, lab, made)
    return _editor(request, lab, form)


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("see_lab")
def edit_advice(request, lab, pk):
    """One advice: its words, where it comes from, who stands behind it, and how it will look."""
    advice = get_object_or_404(lab.advices, pk=pk)
    if request.method != "POST":
        return _editor(request, lab, AdviceForm(instance=advice), advice)
    if "write_advice" not in request.may:
        raise PermissionDenied
    form = AdviceForm(request.POST, instance=advice)
    if form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        try:
            actions.change_advice(request.user, advice, form.words, seen=seen)
        except actions.Overtaken as overtaken:
            form.show_both(overtaken)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _saved(request, lab, advice)
    return _editor(request, lab, form, advice)


def _saved(request, lab, advice):
    now = date_format(timezone.localtime(), "G.i")
    messages.success(request, _("Saved at %(time)s.") % {"time": now})
    page = "sessions:sources" if "choose" in request.POST else "sessions:edit_advice"
    return redirect(page, lab.slug, advice.pk)


def _do(request, action, *args):
    try:
        action(request.user, *args)
    except Refused as refusal:
        messages.error(request, str(refusal))


@require_POST
@access.lab_view("finalise_advice")
def move_advice(request, lab, pk):
    """Put an advice one place up or down."""
    step = STEPS.get(request.POST.get("step"))
    if step is None:
        raise BadRequest
    _do(request, actions.move, get_object_or_404(lab.advices, pk=pk), step)
    return redirect("sessions:advice", lab.slug)


@require_POST
@access.lab_view("finalise_advice")
def remove_advice(request, lab, pk):
    """Take an advice away for good; the button stands behind a question."""
    _do(request, actions.remove, get_object_or_404(lab.advices, pk=pk))
    return redirect("sessions:advice", lab.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("write_advice")
def sources(request, lab, pk):
    """Choose the cards that an advice comes from (REQ-117)."""
    advice = get_object_or_404(lab.advices, pk=pk)
    form = SourcesForm(request.POST if request.method == "POST" else None, advice=advice)
    if form.is_valid():
        try:
            new = actions.tie_all(request.user, advice, list(form.cleaned_data["cards"]))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            tied = ngettext("%(n)s card tied.", "%(n)s cards tied.", new) % {"n": new}
            messages.success(request, tied)
            return redirect("sessions:edit_advice", lab.slug, advice.pk)
    page = {"lab": lab, "tab": "advice", "advice": advice, "form": form}
    return render(request, "sessions/sources.html", page)


@require_POST
@access.lab_view("write_advice")
def untie(request, lab, pk, card_pk):
    """Take one card away from under an advice."""
    advice = get_object_or_404(lab.advices, pk=pk)
    _do(request, actions.untie, advice, get_object_or_404(advice.sources, pk=card_pk))
    return redirect("sessions:edit_advice", lab.slug, advice.pk)
