"""The page on which LSA and the municipality choose together whom to visit."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from initiatives.finding import Filters
from sessions import choosing as actions
from sessions import visits
from sessions.forms.choosing import SayForm
from sessions.models import LabInitiative
from werklab import access
from werklab.access import KnownRequest
from werklab.errors import Refused
from werklab.models import Lab

SHOWN = 20
SPEAKS_FOR = {actions.LSA: "plan_visits", actions.MUNICIPALITY: "choose_for_municipality"}


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("see_visits")
def choose(request: KnownRequest, lab: Lab) -> HttpResponse:
    """The long list with what both sides say; each side answers for itself."""
    if "list" in request.POST:
        return _put_on(request, lab)
    form = SayForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            row = _say(request, lab, form.cleaned_data)
        except Refused as refusal:
            form.add_error("why", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(request.get_full_path() + f"#i{row.pk}")
    return render(request, "sessions/choose.html", _page(request, lab, form))


def _say(request: KnownRequest, lab: Lab, said: dict) -> LabInitiative:
    """Write down what a side says; only somebody of that side may (403)."""
    if SPEAKS_FOR[said["side"]] not in request.may:
        raise PermissionDenied
    rows = LabInitiative.objects.select_related("initiative", "lab")
    row = get_object_or_404(rows, pk=said["row"], lab=lab)
    return actions.say(request.user, row, said["side"], said["choice"], said["why"])


def _put_on(request: KnownRequest, lab: Lab) -> HttpResponse:
    slug = request.POST["list"].replace("\x00", "")
    initiative = get_object_or_404(actions.not_on_it(lab), slug=slug)
    try:
        row = actions.put_on(request.user, lab, initiative)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(request.get_full_path())
    messages.success(request, _("%(name)s is on the list.") % {"name": row})
    return redirect(request.get_full_path() + f"#i{row.pk}")


def _page(request: KnownRequest, lab: Lab, form: SayForm | None) -> dict:
    rows = list(actions.long_list(lab))
    asked = actions.asked_lately(row.initiative_id for row in rows)
    filters = Filters(q=Filters.of(request.GET).q)
    others = list(filters.narrow(actions.not_on_it(lab)).order_by("name")[: SHOWN + 1])
    is_over = visits.is_over(lab)
    return {
        "lab": lab,
        "tab": "visits",
        "rows": [_row(request, row, asked, form, is_over) for row in rows],
        "chosen": sum(actions.is_chosen(row) for row in rows),
        "others": others[:SHOWN],
        "has_more": len(others) > SHOWN,
        "q": filters.q,
        "is_over": is_over,
        "form": form,
    }


def _row(request, row: LabInitiative, asked: dict, form: SayForm | None, is_over: bool) -> dict:
    """One initiative with a place to answer for each side; what was typed wrong stays there."""
    visit = next(iter(row.visits.all()), None)
    sides = []
    for side, says, why in (
        (actions.LSA, row.lsa_says, row.lsa_why),
        (actions.MUNICIPALITY, row.municipality_says, row.municipality_why),
    ):
        here = form is not None and form.data.get("row") == str(row.pk)
        bound = form if here and form is not None and form.data.get("side") == side else None
        sides.append(
            {
                "side": side,
                "says": says,
                "why": why,
                "may": SPEAKS_FOR[side] in request.may and visit is None and not is_over,
                "typed": bound["why"].value() if bound else why,
                "errors": bound["why"].errors if bound else [],
            }
        )
    return {
        "row": row,
        "visit": visit,
        "asked": asked.get(row.initiative_id),
        "chosen": actions.is_chosen(row),
        "sides": sides,
    }
