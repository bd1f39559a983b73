"""The sheet of a visit: a page and a file, for the group and behind the initiative's link."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from sessions import visit_sheet as actions
from sessions.models import Visit
from werklab import access
from werklab.access import KnownRequest
from werklab.models import Lab, PersonalLink


def visit_of_group(request: KnownRequest, lab: Lab, pk: int, ability: str) -> Visit:
    """An agreed visit for who may do this in the lab, and for who comes along on it; others 403."""
    visit = get_object_or_404(actions.agreed(lab), pk=pk)
    if ability not in request.may and not actions.goes_along(visit, request.user):
        raise PermissionDenied
    return visit


@require_safe
@access.lab_view("see_lab")
def visit_sheet(request: KnownRequest, lab: Lab, pk: int) -> HttpResponse:
    """The sheet as a page, for who leads the lab and for the group."""
    visit = visit_of_group(request, lab, pk, "see_visits")
    page = {
        "lab": lab,
        "tab": "visits",
        "sheet": actions.sheet(visit, lab),
        "writes": "run_sessions" in request.may or "see_visits" not in request.may,
    }
    return render(request, "sessions/visit_sheet.html", page)


@require_safe
@access.lab_view("see_lab")
def visit_sheet_pdf(request: KnownRequest, lab: Lab, pk: int) -> HttpResponse:
    """The sheet on paper, for the same people."""
    visit = visit_of_group(request, lab, pk, "see_visits")
    return _file(visit, lab)


@require_safe
@access.link_view("visit")
def sheet_by_link(request: HttpRequest, link: PersonalLink, token: str) -> HttpResponse:
    """The sheet on paper, for the initiative."""
    visit = actions.agreed(link.lab).filter(pk=link.target_id).first()
    if visit is None:
        raise Http404
    return _file(visit, link.lab)


def _file(visit: Visit, lab: Lab) -> HttpResponse:
    name = f"bezoekblad-{slugify(str(visit))[:60] or visit.pk}.pdf"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    made = actions.make_pdf(actions.sheet(visit, lab))
    return HttpResponse(made, content_type="application/pdf", headers=headers)
