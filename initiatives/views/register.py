"""The list of the register, and writing an initiative down."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.drawing import shown
from initiatives.finding import Filters
from initiatives.forms.doubles import look_for_doubles
from initiatives.forms.filters import lists
from initiatives.forms.register import InitiativeForm
from initiatives.listing import found
from initiatives.register import add, municipalities_for, reach_of
from werklab import access
from werklab.errors import Refused


@require_safe
def register(request):
    """The initiatives of the municipalities in whose labs this person may read the register."""
    filters, reach = Filters.of(request.GET), reach_of(request.user)
    if reach.read == set() and not access.may_anywhere(request.user, "create_lab"):
        raise PermissionDenied
    listing = found(reach, filters, request.GET.get("pagina", ""))
    page = {
        "filters": filters,
        "page": listing.page,
        "groups": listing.groups,
        "on_map": shown(listing.rows, get_language()) if filters.kaart else "",
        "lists": lists(filters, get_language()),
        "may_add": reach.edit is None or bool(reach.edit),
        "has_more": reach.read is None or len(reach.read) > 1,
    }
    return render(request, "initiatives/register.html", page)


def _lab_that_asks(request):
    """The lab from which somebody came to write an initiative down, to go back there."""
    slug = request.GET.get("lab", "").replace("\x00", "")
    return access.labs_for(request.user, "edit_register").filter(slug=slug).first()


def _after_adding(request, lab, initiative):
    if lab is None or lab.municipality_id != initiative.municipality_id:
        return initiative.get_absolute_url()
    if not access.may(request.user, "plan_visits", lab):
        return reverse("sessions:visits", args=[lab.slug])
    return reverse("sessions:ask_visit", args=[lab.slug]) + f"?initiatief={initiative.slug}"


@require_http_methods(["GET", "HEAD", "POST"])
def add_initiative(request):
    """Write down an initiative; who came from a lab goes on to ask it for a visit."""
    municipalities = municipalities_for(request.user, "edit_register")
    if not municipalities.exists():
        raise PermissionDenied
    lab = _lab_that_asks(request)
    form = InitiativeForm(
        request.POST if request.method == "POST" else None,
        municipalities=municipalities,
        initial={"municipality": lab.municipality_id if lab else None},
    )
    doubles = look_for_doubles(form) if request.method == "POST" else []
    if request.method == "POST" and form.is_valid():
        try:
            initiative = add(request.user, **form.initiative())
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("%(name)s is in the register.") % {"name": initiative})
            return redirect(_after_adding(request, lab, initiative))
    page = {"form": form, "lab": lab, "doubles": doubles}
    return render(request, "initiatives/add_initiative.html", page)
