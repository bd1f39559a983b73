"""A municipality asks for a lab on a public page; staff handle what was asked."""

import time

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sessions import from_request
from werklab import access
from werklab import requests as actions
from werklab.access import KnownRequest
from werklab.errors import Refused
from werklab.forms.requests import DeclineForm, PriceForm, RequestForm
from werklab.models import Lab, LabRequest, Municipality
from werklab.views.info import contact

MOST_PER_HOUR = 10
HOUR = 60 * 60
REQUESTS_PER_PAGE = 30


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_lab(request: HttpRequest) -> HttpResponse:
    """The form with which a municipality asks for a lab."""
    form = RequestForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound and _asked_too_often(request):
        form.add_error(None, _("Very many requests came from your network. Call or mail us."))
        status = 429
    elif form.is_valid():
        actions.ask(**form.cleaned_data)
        return redirect("werklab:requested")
    names = Municipality.objects.values_list("name", flat=True)
    page = {"form": form, "municipalities": names}
    return render(request, "werklab/request_lab.html", page, status=status)


def _asked_too_often(request: HttpRequest) -> bool:
    """Whether this address sent the form ten times within the hour, right or wrong."""
    key, now = f"request-{get_adapter().get_client_ip(request)}", time.time()
    lately = [moment for moment in cache.get(key, []) if moment > now - HOUR]
    if len(lately) >= MOST_PER_HOUR:
        return True
    cache.set(key, [*lately, now], timeout=HOUR)
    return False


@login_not_required
@require_safe
def requested(request: HttpRequest) -> HttpResponse:
    """What happens after the form was sent."""
    return render(request, "werklab/requested.html", contact())


@require_safe
@access.anywhere_view("handle_requests")
def requests(request: KnownRequest) -> HttpResponse:
    """What municipalities asked for, for staff: the open ones first."""
    is_open = Q(lab__isnull=True, declined_at__isnull=True)
    rows = LabRequest.objects.select_related("municipality", "lab").annotate(is_open=is_open)
    rows = rows.order_by("-is_open", "-created_at", "-pk")
    page = Paginator(rows, REQUESTS_PER_PAGE).get_page(request.GET.get("pagina"))
    return render(request, "werklab/requests.html", {"page": page})


@require_POST
@access.anywhere_view("handle_requests")
def make_lab(request: KnownRequest, pk: int) -> HttpResponse:
    """Make a lab of a request; then its days and places are asked."""
    asked = get_object_or_404(LabRequest, pk=pk)
    try:
        lab = from_request.make_lab(request.user, asked)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("werklab:requests")
    messages.success(request, _("The werklab is there. Now fill in its days and places."))
    return redirect("werklab:edit_lab", lab.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@access.anywhere_view("handle_requests")
def decline_request(request: KnownRequest, pk: int) -> HttpResponse:
    """Say in a letter why there is no lab now."""
    asked = get_object_or_404(LabRequest.objects.select_related("municipality"), pk=pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.decline(request.user, asked, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s gets a letter.") % {"name": asked.name})
            return redirect("werklab:requests")
    return render(request, "werklab/decline_request.html", {"asked": asked, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("see_price")
def price(request: KnownRequest, lab: Lab) -> HttpResponse:
    """The agreed price and notes, which only staff of LSA ever see."""
    now = {"price": lab.price, "staff_notes": lab.staff_notes}
    form = PriceForm(request.POST if request.method == "POST" else None, initial=now)
    if form.is_valid():
        actions.agree_price(request.user, lab, **form.cleaned_data)
        messages.success(request, _("Your changes are kept."))
        return redirect(lab)
    asked = LabRequest.objects.filter(lab=lab).first()
    page = {"lab": lab, "tab": "overview", "form": form, "asked": asked}
    return render(request, "werklab/price.html", page)
