"""A seat that passes to a colleague, by its owner or by who looks after the group."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from werklab import access, handing_over
from werklab.access import KnownRequest
from werklab.errors import Refused
from werklab.forms.enrolments import HandOverForm
from werklab.models import Enrolment, Lab


def _form(request: KnownRequest, seat: Enrolment) -> tuple[HandOverForm, Enrolment | None]:
    """The form, and the colleague's place once it is theirs."""
    form = HandOverForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return form, handing_over.hand_over(request.user, seat, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return form, None


@require_http_methods(["GET", "HEAD", "POST"])
@access.own_place_view
def hand_over(request: KnownRequest, enrolment: Enrolment) -> HttpResponse:
    """Give your own seat to a colleague; your link ends with it."""
    lab = enrolment.lab
    form, made = _form(request, enrolment)
    if made:
        words = _("Your place is %(name)s's now. You both get a mail.")
        messages.success(request, words % {"name": made.person.name})
        return redirect("werklab:join", lab.join_code)
    prefetch_related_objects([lab], "sessions")
    why_not = "" if form.is_bound else handing_over.why_not(request.user, enrolment)
    page = {"lab": lab, "enrolment": enrolment, "form": form, "why_not": why_not}
    return render(request, "werklab/hand_over.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("manage_enrolment")
def hand_over_participant(request: KnownRequest, lab: Lab, pk: int) -> HttpResponse:
    """Give somebody's seat to a colleague, because they called."""
    seat = get_object_or_404(lab.enrolments.select_related("person"), pk=pk)
    seat.lab = lab
    form, made = _form(request, seat)
    if made:
        words = {"seat": made.seat, "name": made.person.name}
        done = _("Chair %(seat)s is %(name)s's now. Both get a mail.")
        messages.success(request, done % words)
        return redirect("werklab:participants", lab.slug)
    prefetch_related_objects([lab], "sessions")
    why_not = "" if form.is_bound else handing_over.why_not(request.user, seat)
    page = {"lab": lab, "tab": "participants", "enrolment": seat, "form": form, "why_not": why_not}
    return render(request, "werklab/hand_over_participant.html", page)
