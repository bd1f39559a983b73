"""The logbook of a lab: who did what and when, for who must be able to look it up."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from werklab import access, eventnames
from werklab.forms.logbook import LogbookForm
from werklab.logbook import actors
from werklab.models import Event, Lab

EVENTS_PER_PAGE = 50


@require_safe
@access.lab_view("read_logbook")
def logbook(request: access.KnownRequest, lab: Lab) -> HttpResponse:
    """Who did what in this lab, and when; all of it, or what is looked for."""
    form = LogbookForm(request.GET, actors=actors(lab))
    found = Paginator(form.narrow(lab.events.all()), EVENTS_PER_PAGE)
    events = found.get_page(request.GET.get("pagina"))
    rows = [_row(event) for event in events]
    page = {"lab": lab, "tab": "overview", "rows": rows, "page": events, "form": form}
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
