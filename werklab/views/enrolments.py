"""Who takes part in a lab, for its trainers and its coordinator."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.cache import caches
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from intake import summary
from werklab import access, approval, enrolment, new_links
from werklab import participants as group
from werklab.access import KnownRequest
from werklab.errors import Refused
from werklab.forms.enrolments import EnrolForm
from werklab.models import Enrolment, Lab


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("manage_enrolment")
def participants(request: KnownRequest, lab: Lab) -> HttpResponse:
    """Seats, waiting list, who waits for a yes and the mix; and a form to put somebody in."""
    posted = request.POST if request.method == "POST" else None
    asked = posted is not None or "erbij" in request.GET
    form = EnrolForm(posted, for_colleague=True) if asked else None
    if form and form.is_valid():
        try:
            made = enrolment.enrol(lab, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _what_came_of_it(made))
            return redirect("werklab:participants", lab.slug)
    page = {"lab": lab, "tab": "participants", "form": form, "group": _remembered(lab)}
    return render(request, "werklab/participants.html", page)


def _remembered(lab: Lab) -> str:
    """Everybody in the lab as a piece of the page, kept until the lab changes; no token in it."""
    key = f"participants-{lab.pk}-{lab.version}-{get_language()}-{timezone.localdate()}"
    html = caches["fragments"].get(key)
    if html is None:
        html = _everybody(lab)
        caches["fragments"].set(key, html)
    return html


def _everybody(lab: Lab) -> str:
    page = group.overview(lab)
    page |= {"lab": lab, "progress": summary.progress(lab), "unreached": group.unreached(lab)}
    page["short"] = group.is_short(lab, page["taken"])
    page["join_url"] = settings.BASE_URL + reverse("werklab:join", args=[lab.join_code])
    return render_to_string("werklab/_participants.html", page)


def _what_came_of_it(made: Enrolment) -> str:
    words = {"name": made.person.name, "seat": made.seat, "status": made.get_status_display()}
    if not made.just_made:
        return _("%(name)s was in already (%(status)s) and gets the mail again.") % words
    if made.seat:
        return _("%(name)s has chair %(seat)s and gets a mail.") % words
    return _("%(name)s is on the waiting list and gets a mail.") % words


def _do(request: KnownRequest, lab: Lab, pk: int, action: Callable, done: str) -> HttpResponse:
    somebody = get_object_or_404(lab.enrolments.select_related("person"), pk=pk)
    somebody.lab = lab
    try:
        action(request.user, somebody)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done % {"name": somebody.person.name})
    return redirect("werklab:participants", lab.slug)


@require_POST
@access.lab_view("manage_enrolment")
def withdraw(request: KnownRequest, lab: Lab, pk: int) -> HttpResponse:
    """Take somebody off, who called to say so."""
    return _do(request, lab, pk, enrolment.withdraw, _("%(name)s is withdrawn and gets a mail."))


@require_POST
@access.lab_view("manage_enrolment")
def admit(request: KnownRequest, lab: Lab, pk: int) -> HttpResponse:
    """Say yes to somebody who waits for it."""
    return _do(request, lab, pk, enrolment.admit, _("%(name)s is admitted and gets a mail."))


@require_POST
@access.lab_view("manage_enrolment")
def refuse(request: KnownRequest, lab: Lab, pk: int) -> HttpResponse:
    """Say no to somebody who waits for a yes."""
    return _do(request, lab, pk, enrolment.refuse, _("%(name)s is not admitted and gets a mail."))


@require_POST
@access.lab_view("manage_enrolment")
def new_link(request: KnownRequest, lab: Lab, pk: int) -> HttpResponse:
    """Mail somebody a new link; the one they had works no more."""
    done = _("%(name)s gets a mail with a new link. The old one works no more.")
    return _do(request, lab, pk, new_links.renew, done)


@require_POST
@access.lab_view("manage_enrolment")
def set_approval(request: KnownRequest, lab: Lab) -> HttpResponse:
    """Whether new people wait for the coordinator's yes in this lab."""
    on = request.POST.get("approval") == "on"
    approval.switch(request.user, lab, on=on)
    if on:
        messages.success(
            request, _("From now on the coordinator says yes or no to each enrolment.")
        )
    else:
        messages.success(request, _("From now on colleagues get a place at once."))
    return redirect("werklab:participants", lab.slug)
