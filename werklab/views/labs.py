"""Schedule a lab, look at it, and open its enrolment."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sessions import programme, readiness
from sessions.forms.programme import ScheduleForm
from werklab import access
from werklab.errors import Refused
from werklab.models import Lab, Municipality
from werklab.views.cockpit import cockpit
from werklab.views.own_lab import own_lab


@require_safe
@access.lab_view("see_lab")
def lab(request: access.KnownRequest, lab: Lab) -> HttpResponse:
    """The lab on one screen: the cockpit, or a participant's own page."""
    page = {"lab": lab, "tab": "overview"}
    if "manage_enrolment" in request.may:
        page["cockpit"] = cockpit(lab, request.may)
        page["may_copy"] = access.may_anywhere(request.user, "create_lab")
        return render(request, "werklab/lab.html", page)
    return render(request, "werklab/lab_participant.html", page | own_lab(lab, request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@access.anywhere_view("create_lab")
def schedule_lab(request: access.KnownRequest) -> HttpResponse:
    """One form for a whole lab: municipality, people, three sessions, places."""
    form = ScheduleForm(request.POST if request.method == "POST" else None, by=request.user)
    if form.is_valid():
        try:
            lab = programme.schedule_lab(request.user, **form.agreed())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The new werklab is there. See what it still needs."))
            return redirect(lab)
    names = Municipality.objects.values_list("name", flat=True)
    return render(request, "werklab/schedule_lab.html", {"form": form, "municipalities": names})


@require_POST
@access.lab_view("schedule_sessions")
def open_enrolment(request: access.KnownRequest, lab: Lab) -> HttpResponse:
    """Open the public page, or say what is missing."""
    try:
        readiness.open_enrolment(request.user, lab)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Enrolment is open. Pass on the link to colleagues."))
    return redirect(lab)
