"""Everything that is kept about you, to read and to take along (AVG art. 15 and 20)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from werklab import access, privacy
from werklab.access import KnownRequest
from werklab.models import Enrolment


def _page(request: HttpRequest, **about) -> HttpResponse:
    return render(request, "werklab/own_data.html", about)


def _file(data: dict) -> JsonResponse:
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="mijn-gegevens.json"'
    return response


@require_safe
@access.account_view
def own_data(request: KnownRequest) -> HttpResponse:
    """Everything about who signed in, on a page."""
    return _page(request, data=privacy.everything_about(request.user), lab=None)


@require_safe
@access.account_view
def own_data_file(request: KnownRequest) -> HttpResponse:
    """The same as a file, for other programs."""
    return _file(privacy.everything_about(request.user))


@require_safe
@access.own_place_view
def own_data_here(request: KnownRequest, enrolment: Enrolment) -> HttpResponse:
    """Everything of one lab, for who has a place in it and for who had one."""
    data = privacy.everything_about(request.user, enrolment.lab)
    return _page(request, data=data, lab_name=str(enrolment.lab), place=enrolment)


@require_safe
@access.own_place_view
def own_data_here_file(request: KnownRequest, enrolment: Enrolment) -> HttpResponse:
    """The same as a file."""
    return _file(privacy.everything_about(request.user, enrolment.lab))
