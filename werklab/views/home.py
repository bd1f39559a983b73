"""The front door: what a werklab is for a passer-by, what to do now for who is known here."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from sessions.programme import programmes
from werklab import access
from werklab.models import Enrolment, Lab
from werklab.views.my_labs import my_labs


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The public page, the list of your labs, or your one lab when you came by a link."""
    if not request.user.is_authenticated:
        return render(request, "werklab/welcome.html", _welcome())
    if place := request.user.by_link:
        seated = place.status == Enrolment.Status.SEATED
        return redirect("werklab:lab" if seated else "werklab:place", place.lab.slug)
    page = my_labs(request.user, request.GET) | {
        "sees_all": request.user.is_staff,
        "may_create": access.may_anywhere(request.user, "create_lab"),
        "may_manage_trainers": access.may_anywhere(request.user, "manage_trainers"),
        "may_handle_requests": access.may_anywhere(request.user, "handle_requests"),
    }
    return render(request, "werklab/home.html", page)


def _welcome() -> dict:
    return {
        "sessions": programmes()[Lab.Format.THREE_SESSIONS],
        "contact_name": settings.SITE_CONTACT_NAME,
        "contact_email": settings.SITE_CONTACT_EMAIL,
        "contact_phone": settings.SITE_CONTACT_PHONE,
    }
