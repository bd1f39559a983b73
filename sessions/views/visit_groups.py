"""The page on which trainers make the groups for the coffee visits."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sessions import visit_groups as actions
from werklab import access
from werklab.access import KnownRequest
from werklab.errors import Refused
from werklab.models import Lab


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("plan_visits")
def groups(request: KnownRequest, lab: Lab) -> HttpResponse:
    """Everybody with, per moment, where they go; a choice for each, kept with one button."""
    moments = actions.moments_of(lab)
    error = ""
    if request.method == "POST":
        chosen = _chosen(request, moments)
        try:
            actions.arrange(request.user, lab, chosen)
        except Refused as refusal:
            error = str(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("sessions:groups", lab.slug)
    page = {"lab": lab, "tab": "visits", "moments": moments, "error": error}
    page["rows"] = _rows(request, moments)
    return render(request, "sessions/groups.html", page)


def _field(number: int, pk: int) -> str:
    return f"plek-{number}-{pk}"


def _everybody(moment: actions.Moment) -> list:
    found = [*moment.unassigned, *(guest for host in moment.hosts for guest in host.guests)]
    return sorted(found, key=lambda enrolment: enrolment.seat)


def _chosen(request, moments) -> dict[int, list[int]]:
    """For each visit who was put there; what is no visit of this moment is nowhere."""
    chosen: dict[int, list[int]] = {}
    for number, moment in enumerate(moments):
        here = {str(host.visit.pk): host.visit.pk for host in moment.hosts}
        for enrolment in _everybody(moment):
            visit = here.get(request.POST.get(_field(number, enrolment.pk), ""))
            if visit is not None:
                chosen.setdefault(visit, []).append(enrolment.pk)
    return chosen


def _rows(request, moments) -> list[dict]:
    """A row per person with a choice per moment; what was typed stays where it was wrong."""
    rows: dict[int, dict] = {}
    for number, moment in enumerate(moments):
        at = {guest.pk: host.visit.pk for host in moment.hosts for guest in host.guests}
        for enrolment in _everybody(moment):
            row = rows.setdefault(enrolment.pk, {"enrolment": enrolment, "choices": []})
            name = _field(number, enrolment.pk)
            now = str(at.get(enrolment.pk, ""))
            value = request.POST.get(name, now) if request.method == "POST" else now
            row["choices"].append({"name": name, "value": value, "moment": moment})
    return list(rows.values())


@require_POST
@access.lab_view("plan_visits")
def divide_groups(request: KnownRequest, lab: Lab) -> HttpResponse:
    """Let the groups be made, and say what was done."""
    try:
        explained = actions.divide(request.user, lab)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, explained)
    return redirect("sessions:groups", lab.slug)
