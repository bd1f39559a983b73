"""Merging two initiatives that are one; taking one off the list and putting it back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from initiatives import contacts, doubles
from initiatives.columns import BY_FIELD, COLUMNS, cell, values_of
from initiatives.forms.doubles import OtherForm
from initiatives.models import Initiative
from initiatives.views.profile import initiative_for, may_edit
from werklab.errors import Refused


def _to_keep(request, slug):
    initiative = initiative_for(request.user, slug)
    if not may_edit(request.user, initiative):
        raise PermissionDenied
    return initiative


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request, slug):
    """Choose the other one, see both, and make them one: this one stays."""
    keep = _to_keep(request, slug)
    if keep.merged_into:
        return redirect("initiatives:merge", keep.merged_into.slug)
    query = request.POST if request.method == "POST" else request.GET
    form = OtherForm(query if "met" in query or request.method == "POST" else None, initiative=keep)
    gone = form.cleaned_data["met"] if form.is_bound and form.is_valid() else None
    if request.method == "POST" and gone:
        try:
            keep = doubles.merge(request.user, keep, gone)
        except Refused as refusal:
            form.add_error("met", str(refusal))
        else:
            words = {"gone": gone, "keep": keep}
            messages.success(request, _("%(gone)s went up in %(keep)s.") % words)
            return redirect(keep)
    page = {"initiative": keep, "form": form, "other": gone, "likely": _likely(keep)}
    page["rows"] = _side_by_side(keep, gone) if gone else []
    return render(request, "initiatives/merge.html", page)


def _likely(initiative: Initiative) -> list[doubles.Candidate]:
    contact = getattr(initiative, "contact", None)
    mail, phone = getattr(contact, "email", ""), getattr(contact, "phone", "")
    here = (initiative.municipality, initiative.name, initiative.place)
    return doubles.candidates(*here, mail, phone, besides=initiative)


def _side_by_side(keep: Initiative, gone: Initiative) -> list[dict[str, str]]:
    """What both say, where either says something: the words that stay, and the other ones."""
    mine, theirs = _cells(keep), _cells(gone)
    stays = {header: said or theirs[header] for header, said in mine.items()}
    joined = contacts.joined(keep, gone)
    stays |= {BY_FIELD[field].header: said for field, said in joined.items()}
    return [
        {"header": header, "stays": stays[header], "other": theirs[header]}
        for header in mine
        if mine[header] or theirs[header]
    ]


def _cells(initiative: Initiative) -> dict[str, str]:
    themes = [theme.code for theme in initiative.themes.all()]
    values = values_of(initiative, themes, getattr(initiative, "contact", None))
    shown = (column for column in COLUMNS if column.field not in ("code", "municipality"))
    return {column.header: cell(column, values[column.field]) for column in shown}


@require_POST
def retire(request, slug):
    """It has stopped: off the list."""
    initiative = doubles.retire(request.user, _to_keep(request, slug))
    messages.success(request, _("%(name)s is off the list.") % {"name": initiative})
    return redirect(initiative)


@require_POST
def bring_back(request, slug):
    """It goes on: back on the list."""
    try:
        initiative = doubles.bring_back(request.user, _to_keep(request, slug))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("initiatives:initiative", slug)
    messages.success(request, _("%(name)s is on the list again.") % {"name": initiative})
    return redirect(initiative)
