"""Schedule a lab, look at it, change it; and its logbook."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sessions import programme
from sessions.forms.programme import ChangeForm, ScheduleForm
from werklab import access, eventnames
from werklab import labs as actions
from werklab.errors import Refused
from werklab.models import Event, Lab, Municipality
from werklab.views.cockpit import cockpit
from werklab.views.own_lab import own_lab

EVENTS_PER_PAGE = 50


@require_safe
@access.lab_view("see_lab")
def lab(request: access.KnownRequest, lab: Lab) -> HttpResponse:
    """The lab on one screen: the cockpit, or a participant's own page."""
    page = {"lab": lab, "tab": "overview"}
    if "manage_enrolment" in request.may:
        page["cockpit"] = cockpit(lab, request.may)
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
            messages.success(request, _("The werklab is ready. Now open enrolment."))
            return redirect(lab)
    names = Municipality.objects.values_list("name", flat=True)
    return render(request, "werklab/schedule_lab.html", {"form": form, "municipalities": names})


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("schedule_sessions")
def edit_lab(request: access.KnownRequest, lab: Lab) -> HttpResponse:
    """Change dates, places, contact and coordinator."""
    form = ChangeForm(request.POST if request.method == "POST" else None, lab=lab)
    if form.is_valid():
        try:
            lab, moved = programme.change_lab(request.user, lab, **form.agreed())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your changes are kept."))
            if moved:
                messages.warning(request, _tell_them(lab))
            return redirect(lab)
    return render(request, "werklab/edit_lab.html", {"lab": lab, "form": form, "tab": "overview"})


def _tell_them(lab: Lab) -> str:
    if lab.enrolments.seated().exists():
        return _("A session has moved. Tell the participants with the button “Mail the group”.")
    return _("A session has moved. Tell whom you agreed it with before.")


@require_POST
@access.lab_view("schedule_sessions")
def open_enrolment(request: access.KnownRequest, lab: Lab) -> HttpResponse:
    """Open the public page, or say what is missing."""
    try:
        actions.open_enrolment(request.user, lab)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Enrolment is open. Pass on the link to colleagues."))
    return redirect(lab)


@require_safe
@access.lab_view("read_logbook")
def logbook(request: access.KnownRequest, lab: Lab) -> HttpResponse:
    """Who did what in this lab, and when."""
    events = Paginator(lab.events.all(), EVENTS_PER_PAGE).get_page(request.GET.get("pagina"))
    rows = [_row(event) for event in events]
    page = {"lab": lab, "tab": "overview", "rows": rows, "page": events}
    return render(request, "werklab/logbook.html", page)


def _row(event: Event) -> dict:
    """One line of the logbook, in words."""
    by_itself = event.via == Event.Via.WORKER
    moment = date_format(timezone.localtime(event.at), "D j M Y, G.i")
    return {
        "what": eventnames.sentence(event.name),
        "about": event.about,
        "who": event.by_name or (_("by itself") if by_itself else _("somebody")),
        "when": _("%(moment)s hours") % {"moment": moment.lower()},
        "how": event.get_via_display(),
    }
