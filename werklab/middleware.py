"""What happens around every request."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from werklab import second_factor
from werklab.models import Enrolment, PersonalLink

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
LINK_IN_SESSION = "link"


def demo_stays_on_this_machine(get_response: Callable) -> Callable:
    """In the demo anybody may be anybody: refuse requests that came through a proxy."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.DEMO and any(header in request.META for header in FORWARDED):
            raise BadRequest("The demo is for this machine only.")
        return get_response(request)

    return middleware


def visitor_by_link(get_response: Callable) -> Callable:
    """Know somebody again who pressed "Ga verder als …" on their own link's page.

    The person gets `by_link`, the enrolment of that link: `werklab.access` grants them that one
    lab as participant, no more.
    The sign-in pages see nobody, so that the same person can still sign in.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        link_id = None if request.user.is_authenticated else request.session.get(LINK_IN_SESSION)
        if link_id and not request.path.startswith("/inloggen/"):
            living = PersonalLink.objects.filter(
                pk=link_id,
                purpose=PersonalLink.Purpose.ENROLMENT,
                target_id=OuterRef("pk"),
                revoked_at__isnull=True,
                expires_at__gt=timezone.now(),
            )
            enrolments = Enrolment.objects.select_related("person")
            enrolment = enrolments.filter(Exists(living), person__is_active=True).first()
            if enrolment:
                request.user = enrolment.person
                request.user.by_link = enrolment
        return get_response(request)

    return middleware


# What a trainer or somebody of LSA sees while their second factor is still to come.
WITHOUT_SECOND_FACTOR = (
    "/inloggen/",
    "/mijn-account/tweede-stap/",
    "/uitloggen/",
    "/hulp/",
    "/privacy/",
    "/toegankelijkheid/",
)


def second_factor_first(get_response: Callable) -> Callable:
    """Lead trainers and staff to setting up, or giving, their second factor before all else.

    What they have shown stands in their session, so this asks the database nothing.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if (
            settings.REQUIRE_SECOND_FACTOR
            and second_factor.is_needed_by(request.user)
            and not second_factor.was_shown(request)
            and not request.path.startswith(WITHOUT_SECOND_FACTOR)
        ):
            return redirect("mfa_index")
        return get_response(request)

    return middleware


def not_kept_by_browsers(get_response: Callable) -> Callable:
    """Pages of people who are known are stored nowhere (ASVS 14.3.2)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    return middleware
