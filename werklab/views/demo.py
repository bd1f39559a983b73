"""The demo's door, under DEMO=1 only: step in as anybody, and read the post of the app."""

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from werklab import links
from werklab.management.demo.ways_in import WAYS_IN, way_in
from werklab.models import Lab, OutgoingMail
from werklab.signing_in import come_by_link


@require_safe
@login_not_required
def demo(request: HttpRequest) -> HttpResponse:
    """Everybody a newcomer can be, in the state that shows most."""
    labs = Lab.objects.order_by("pk")
    return render(request, "werklab/demo.html", {"ways_in": WAYS_IN, "labs": labs})


@require_POST
@login_not_required
def step_in(request: HttpRequest) -> HttpResponse:
    """One press: sign in as this person, or come by this link, where there is most to see."""
    user, link, page = way_in(request.POST.get("role", ""))
    logout(request)
    if user is not None:
        login(request, user)
    elif link is not None and link.purpose == link.Purpose.ENROLMENT:
        come_by_link(request, link)
    return redirect(page)


@require_safe
@login_not_required
def post(request: HttpRequest) -> HttpResponse:
    """The letters that the app wrote, newest first."""
    letters = Paginator(OutgoingMail.objects.select_related("lab"), 50)
    return render(
        request, "werklab/demo_post.html", {"letters": letters.get_page(request.GET.get("pagina"))}
    )


@require_safe
@login_not_required
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter as its reader would see it, with links that work."""
    found = get_object_or_404(OutgoingMail, pk=pk)
    return render(
        request, "werklab/demo_letter.html", {"letter": found, "text": links.fill(found.text)}
    )
