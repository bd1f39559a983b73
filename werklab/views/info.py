"""The pages in the footer: what a werklab is, help, privacy, accessibility. Open to everybody."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sessions.programme import programmes
from werklab.models import Lab


def contact() -> dict[str, str]:
    """Whom to ask about the site, and about a werklab of one's own (REQ-045)."""
    return {
        "name": settings.SITE_CONTACT_NAME,
        "phone": settings.SITE_CONTACT_PHONE,
        "address": settings.SITE_CONTACT_EMAIL,
    }


def _page(request: HttpRequest, template: str, **more) -> HttpResponse:
    return render(request, template, contact() | more)


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What a werklab is, for a municipality that thinks of one."""
    sessions = programmes()[Lab.Format.THREE_SESSIONS]
    return _page(request, "werklab/about.html", sessions=sessions)


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How it works for each kind of visitor, and whom to call."""
    return _page(request, "werklab/help.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about whom, why, and how long."""
    return _page(request, "werklab/privacy.html")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible this site is, honestly, and where to tell what is not."""
    return _page(request, "werklab/accessibility.html")
