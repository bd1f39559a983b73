"""Getting acquainted, talks and agreements with one initiative, and the sheet to prepare a talk."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from initiatives import agreements as agreeing
from initiatives import preparation as preparing
from initiatives import talks
from initiatives.forms.talks import AcquaintanceForm, AgreementForm, ConversationForm
from initiatives.views.own_profile import profile_link_view
from initiatives.views.profile import may_edit, standing_for
from werklab.errors import Refused


def _to_edit(request, slug):
    initiative = standing_for(request.user, slug)
    if not may_edit(request.user, initiative):
        raise PermissionDenied
    return initiative


def _posted(request):
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "HEAD", "POST"])
def acquaintance(request, slug):
    """The card of two sides; who may change the register fills it in, others read it."""
    initiative = standing_for(request.user, slug)
    edits = may_edit(request.user, initiative)
    if request.method == "POST" and not edits:
        raise PermissionDenied
    card = talks.card_of(initiative)
    form = AcquaintanceForm(_posted(request), instance=card) if edits else None
    if form and form.is_valid():
        try:
            talks.write_card(request.user, initiative, **form.card())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("initiatives:acquaintance", initiative.slug)
    page = {"initiative": initiative, "form": form, "card": card, "rows": talks.rows_of(card)}
    return render(request, "initiatives/acquaintance.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def conversations(request, slug):
    """The log of talks, the latest first, and writing one down."""
    initiative = standing_for(request.user, slug)
    edits = may_edit(request.user, initiative)
    if request.method == "POST" and not edits:
        raise PermissionDenied
    today = {"held_on": timezone.localdate()}
    form = ConversationForm(_posted(request), initial=today) if edits else None
    if form and form.is_valid():
        talks.note(request.user, initiative, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("initiatives:conversations", initiative.slug)
    rows = [
        (each, edits and talks.may_change(request.user, each))
        for each in talks.conversations_of(initiative)
    ]
    page = {"initiative": initiative, "form": form, "rows": rows}
    return render(request, "initiatives/conversations.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_conversation(request, slug, pk):
    """Change or take away a talk: for who wrote it down, and for staff."""
    initiative = _to_edit(request, slug)
    conversation = get_object_or_404(talks.conversations_of(initiative), pk=pk)
    if not talks.may_change(request.user, conversation):
        raise PermissionDenied
    form = ConversationForm(_posted(request), instance=conversation)
    if request.method == "POST" and "remove" in request.POST:
        talks.remove(request.user, conversation)
        messages.success(request, _("The talk is off the list."))
        return redirect("initiatives:conversations", initiative.slug)
    if form.is_valid():
        talks.change(request.user, conversation, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("initiatives:conversations", initiative.slug)
    page = {"initiative": initiative, "form": form}
    return render(request, "initiatives/edit_conversation.html", page)


@require_safe
def agreements(request, slug):
    """What was agreed with this initiative; what waits for a decision first."""
    initiative = standing_for(request.user, slug)
    page = {
        "initiative": initiative,
        "agreements": list(agreeing.standing(initiative)),
        "today": timezone.localdate(),
        "may_edit": may_edit(request.user, initiative),
    }
    return render(request, "initiatives/agreements.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def add_agreement(request, slug):
    """Write an agreement down."""
    initiative = _to_edit(request, slug)
    form = AgreementForm(_posted(request))
    if form.is_valid():
        agreeing.agree(request.user, initiative, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("initiatives:agreements", initiative.slug)
    page = {"initiative": initiative, "form": form, "is_new": True}
    return render(request, "initiatives/edit_agreement.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_agreement(request, slug, pk):
    """Write down what became of an agreement."""
    initiative = _to_edit(request, slug)
    agreement = get_object_or_404(initiative.agreements.select_related("initiative"), pk=pk)
    form = AgreementForm(_posted(request), instance=agreement)
    if form.is_valid():
        agreeing.change(request.user, agreement, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("initiatives:agreements", initiative.slug)
    page = {"initiative": initiative, "form": form, "is_new": False}
    return render(request, "initiatives/edit_agreement.html", page)


@require_safe
def preparation(request, slug):
    """The sheet for the initiative's own talk with the municipality."""
    initiative = standing_for(request.user, slug)
    page = {"sheet": preparing.sheet(initiative), "initiative": initiative, "slug": initiative.slug}
    return render(request, "initiatives/preparation.html", page)


@require_safe
def preparation_pdf(request, slug):
    """The same on one page of paper."""
    return _file(standing_for(request.user, slug))


@require_safe
@profile_link_view
def own_preparation(request, link, token):
    """The sheet for the initiative itself."""
    page = {
        "sheet": preparing.sheet(link.initiative),
        "initiative": link.initiative,
        "token": token,
    }
    return render(request, "initiatives/preparation.html", page)


@require_safe
@profile_link_view
def own_preparation_pdf(request, link, token):
    """The sheet on paper, for the initiative itself."""
    return _file(link.initiative)


def _file(initiative):
    name = slugify(initiative.name)[:60] or "initiatief"
    headers = {
        "Content-Disposition": f'attachment; filename="voorbereiding-{name}.pdf"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    made = preparing.pdf(initiative)
    return HttpResponse(made, content_type="application/pdf", headers=headers)
