"""The page on which an initiative keeps its own profile, and the link that opens it."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from initiatives import profile_links
from initiatives.forms.own_profile import OwnProfileForm
from initiatives.views.profile import initiative_for, may_edit
from werklab.errors import Refused
from werklab.qr import qr_code


def profile_link_view(view):
    """Open a page to whoever holds the link of an initiative; the view gets the `link`.

    Never was or renewed: 404. Too old, or off the list: a page of its own (410) that says whom to
    call, with all that was typed still on it.
    """

    @login_not_required
    @wraps(view)
    def inner(request, token, **kwargs):
        try:
            link = profile_links.open_link(token)
        except profile_links.LinkClosed as closed:
            response = _closed(request, closed.link)
        else:
            response = view(request, link=link, token=token, **kwargs)
        response.setdefault("Cache-Control", "no-store")
        return response

    return inner


def _closed(request, link):
    initiative = link.initiative
    typed = OwnProfileForm(request.POST, instance=initiative).typed() if request.POST else []
    page = {
        "initiative": initiative,
        "is_merged": initiative.merged_into_id is not None,
        "is_retired": initiative.retired_at is not None,
        "call": profile_links.whom_to_call(initiative.municipality),
        "typed": typed,
    }
    return render(request, "initiatives/own_profile_closed.html", page, status=410)


@require_http_methods(["GET", "HEAD", "POST"])
@profile_link_view
def own_profile(request, link, token):
    """What the register says of this initiative, for the initiative to change."""
    initiative, name = link.initiative, link.initiative.name
    form = OwnProfileForm(request.POST if request.method == "POST" else None, instance=initiative)
    if request.method == "POST" and form.is_valid():
        try:
            initiative.name = name
            profile_links.change_own(link, **form.initiative())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. Thank you for keeping it up to date."))
            return redirect("initiatives:own_profile", token)
    page = {
        "form": form,
        "name": name,
        "municipality": initiative.municipality,
        "token": token,
        "until": link.expires_at,
        "call": profile_links.whom_to_call(initiative.municipality),
    }
    return render(request, "initiatives/own_profile.html", page)


@require_safe
def profile_link(request, slug):
    """The link for the initiative: to copy, to scan, to mail, to renew, to take back."""
    initiative = _to_edit(request, slug)
    link = profile_links.link_of(initiative)
    alive = link is not None and profile_links.is_alive(link)
    url = profile_links.url(link) if link and alive else ""
    page = {
        "initiative": initiative,
        "link": link,
        "url": url,
        "qr": qr_code(url) if url else None,
    }
    return render(request, "initiatives/profile_link.html", page)


def _to_edit(request, slug):
    initiative = initiative_for(request.user, slug)
    if not may_edit(request.user, initiative):
        raise PermissionDenied
    return initiative


def _do(request, slug, action, done):
    try:
        action(request.user, _to_edit(request, slug))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("initiatives:profile_link", slug)


@require_POST
def renew_profile_link(request, slug):
    """Make a link, or another in the place of the one there was."""
    done = _("There is a new link. An older one does not work any more.")
    return _do(request, slug, profile_links.renew, done)


@require_POST
def take_back_profile_link(request, slug):
    """End the link."""
    return _do(request, slug, profile_links.take_back, _("The link does not work any more."))


@require_POST
def mail_profile_link(request, slug):
    """Mail the link to the initiative's contact."""
    done = _("The letter is on its way to the initiative.")
    return _do(request, slug, profile_links.ask, done)
