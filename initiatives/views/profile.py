"""The page of one initiative, and changing what the register says of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.finding import asked
from initiatives.forms.register import InitiativeForm
from initiatives.known import known
from initiatives.models import Initiative
from initiatives.register import OWNERSHIP_MEANS, change, initiatives_for
from initiatives.talks import overview
from werklab import access
from werklab.errors import Refused
from werklab.models import Lab, User


def initiative_for(user: User, slug: str) -> Initiative:
    """The initiative at this address; not yours to see: 404."""
    found = initiatives_for(user, "read_register")
    return get_object_or_404(
        found.select_related("municipality", "contact", "merged_into"), slug=slug
    )


def standing_for(user: User, slug: str) -> Initiative:
    """The same, or the one in which it went up: an older page still leads to where things stand."""
    found = initiative_for(user, slug)
    return initiative_for(user, found.merged_into.slug) if found.merged_into else found


def may_edit(user: User, initiative: Initiative) -> bool:
    """Whether this person may change what the register says of it."""
    return initiatives_for(user, "edit_register").filter(pk=initiative.pk).exists()


@require_safe
def initiative(request, slug):
    """The profile of one initiative, and in which labs and visits it takes part."""
    initiative = initiative_for(request.user, slug)
    if initiative.merged_into:
        return redirect(initiative.merged_into)
    mine = initiative.lab_links.filter(lab__in=access.labs_for(request.user, "see_visits"))
    already = initiative.lab_links.filter(visits__isnull=False)
    to_ask = access.labs_for(request.user, "plan_visits").filter(
        municipality=initiative.municipality, status__in=[Lab.Status.PREPARING, Lab.Status.LIVE]
    )
    page = {
        "initiative": initiative,
        "sections": known(initiative),
        "ownership_means": OWNERSHIP_MEANS[initiative.ownership],
        "lab_links": list(mine.select_related("lab").prefetch_related("visits__slot")),
        "labs_to_ask": list(to_ask.exclude(pk__in=already.values("lab"))),
        "asked": asked([initiative.pk])[initiative.pk],
        "talks": overview(initiative),
        "may_edit": may_edit(request.user, initiative),
    }
    return render(request, "initiatives/initiative.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_initiative(request, slug):
    """Change what the register says about an initiative."""
    initiative = initiative_for(request.user, slug)
    if not may_edit(request.user, initiative):
        raise PermissionDenied
    if initiative.merged_into and request.method != "POST":
        return redirect("initiatives:edit_initiative", initiative.merged_into.slug)
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
