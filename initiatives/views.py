"""The pages of the register, for who works with initiatives."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.forms import InitiativeForm
from initiatives.models import Initiative
from initiatives.register import OWNERSHIP_MEANS, add, change, initiatives_for, municipalities_for
from werklab import access
from werklab.errors import Refused
from werklab.models import Lab, User

LONGEST_SEARCH = 100


def _initiative(user: User, slug: str) -> Initiative:
    """The initiative at this address; not yours to see: 404."""
    found = initiatives_for(user, "read_register").select_related("municipality", "contact")
    return get_object_or_404(found, slug=slug)


def _may_edit(user: User, initiative: Initiative) -> bool:
    return initiatives_for(user, "edit_register").filter(pk=initiative.pk).exists()


@require_safe
def register(request):
    """The initiatives of the municipalities in whose labs this person may read the register."""
    visible = municipalities_for(request.user, "read_register")
    if not (access.may_anywhere(request.user, "create_lab") or visible.exists()):
        raise PermissionDenied
    search = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    mine = Q(lab_links__lab__in=access.labs_for(request.user, "see_visits"))
    initiatives = (
        initiatives_for(request.user, "read_register")
        .active()
        .filter(name__icontains=search)
        .select_related("municipality", "contact")
        .prefetch_related("themes")
        .annotate(labs_count=Count("lab_links", filter=mine))
        .order_by("municipality__name", "name")
    )
    page = {
        "initiatives": list(initiatives),
        "search": search,
        "may_add": municipalities_for(request.user, "edit_register").exists(),
    }
    return render(request, "initiatives/register.html", page)


@require_safe
def initiative(request, slug):
    """The profile of one initiative, and in which labs and visits it takes part."""
    initiative = _initiative(request.user, slug)
    mine = initiative.lab_links.filter(lab__in=access.labs_for(request.user, "see_visits"))
    asked = initiative.lab_links.filter(visits__isnull=False)
    to_ask = access.labs_for(request.user, "plan_visits").filter(
        municipality=initiative.municipality, status__in=[Lab.Status.PREPARING, Lab.Status.LIVE]
    )
    page = {
        "initiative": initiative,
        "themes": list(initiative.themes.all()),
        "ownership_means": OWNERSHIP_MEANS[initiative.ownership],
        "lab_links": list(mine.select_related("lab").prefetch_related("visits__slot")),
        "labs_to_ask": list(to_ask.exclude(pk__in=asked.values("lab"))),
        "may_edit": _may_edit(request.user, initiative),
    }
    return render(request, "initiatives/initiative.html", page)


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
    if request.method == "POST" and form.is_valid():
        try:
            initiative = add(request.user, **form.initiative())
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("%(name)s is in the register.") % {"name": initiative})
            return redirect(_after_adding(request, lab, initiative))
    return render(request, "initiatives/add_initiative.html", {"form": form, "lab": lab})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_initiative(request, slug):
    """Change what the register says about an initiative."""
    initiative = _initiative(request.user, slug)
    if not _may_edit(request.user, initiative):
        raise PermissionDenied
    form = InitiativeForm(request.POST if request.method == "POST" else None, instance=initiative)
    if request.method == "POST" and form.is_valid():
        try:
            change(request.user, initiative, **form.initiative())
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("initiatives:initiative", slug)
    return render(request, "initiatives/edit_initiative.html", {"form": form, "slug": slug})
