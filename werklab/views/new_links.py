"""The page for who lost the link from the mail."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from werklab import new_links, public_page
from werklab.errors import Refused
from werklab.forms.enrolments import LostLinkForm
from werklab.models import Lab

MOST_PER_HOUR = 120  # from one address of the internet: a whole town hall may share one


def _lab(code: str) -> Lab:
    return get_object_or_404(Lab.objects.select_related("municipality"), join_code=code)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_link(request: HttpRequest, code: str) -> HttpResponse:
    """Type the address with which you enrolled; the answer is the same for every address."""
    lab = _lab(code)
    form = LostLinkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _not_too_often(request)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            new_links.ask(lab, form.cleaned_data["email"])
            return redirect("werklab:link_sent", code)
    page = {"lab": lab, "form": form, **public_page.contact(lab)}
    return render(request, "werklab/new_link.html", page)


@login_not_required
@require_safe
def link_sent(request: HttpRequest, code: str) -> HttpResponse:
    """What happens next, whoever asked."""
    lab = _lab(code)
    return render(request, "werklab/link_sent.html", {"lab": lab, **public_page.contact(lab)})


def _not_too_often(request: HttpRequest) -> None:
    key = f"new-link-{get_adapter().get_client_ip(request)}"
    counts = caches["fragments"]
    counts.add(key, 0, timeout=60 * 60)
    if counts.incr(key) > MOST_PER_HOUR:
        raise Refused(
            _("Many people ask for a link from your network. Try it in an hour, or call us.")
        )
