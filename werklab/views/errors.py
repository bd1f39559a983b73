"""The pages for what went wrong: in Dutch, without a stack trace, with what to do next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself is not in order."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: you may see this lab, but not do this."""
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that was open too long or came from elsewhere."""
    return render(request, "403.html", {"form_expired": True}, status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing that is yours to see."""
    return render(request, "404.html", status=404)


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """Too many tries in a short time; django-allauth asks for this page."""
    return render(request, "429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our mistake; the page needs nothing from the database."""
    return render(request, "500.html", status=500)
