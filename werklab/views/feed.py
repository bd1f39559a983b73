"""Somebody's own calendar: the page with its secret address, and the file behind it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sessions import visit_letters
from sessions.models import Visit
from werklab import calendar, feeds
from werklab.access import KnownRequest
from werklab.models import Enrolment, Lab, LabRole, User

Row = tuple[Lab, calendar.Appointment]


@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request: KnownRequest) -> HttpResponse:
    """Show the address to put in a calendar program; POST makes it, or a new one.

    For who has signed in: a personal link opens one lab, and a calendar holds them all.
    """
    if request.user.by_link is not None:
        raise PermissionDenied
    if request.method == "POST":
        feeds.renew(request.user)
        messages.success(request, _("This is your address. Put it in your calendar program."))
        return redirect("werklab:my_calendar")
    feed = feeds.feed_of(request.user)
    url = feeds.url(feed) if feed else ""
    page = {
        "feed": feed,
        "url": url,
        "webcal": "webcal" + url.removeprefix("https").removeprefix("http"),
    }
    return render(request, "werklab/my_calendar.html", page)


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """All meetings of who has this address, for a calendar program that asks again and again."""
    person = feeds.person_behind(token)
    rows = [*_sessions(person), *_visits(person)]
    rows.sort(key=lambda row: (row[1].starts_at, row[1].key))
    text = calendar.feed(_("My werklabs"), rows)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _sessions(person: User) -> list[Row]:
    """The sessions of every lab in which this person has a role or a seat."""
    role = LabRole.objects.filter(lab=OuterRef("pk"), user=person)
    seat = Enrolment.objects.seated().filter(lab=OuterRef("pk"), person=person)
    labs = Lab.objects.with_programme().filter(Q(Exists(role)) | Q(Exists(seat))).order_by("pk")
    return [(lab, one) for lab in labs for one in calendar.session_appointments(lab)]


def _visits(person: User) -> list[Row]:
    """The visits that were agreed in the labs that this person leads."""
    leads = LabRole.objects.filter(user=person, role=LabRole.Role.TRAINER).values("lab")
    visits = Visit.objects.filter(slot__isnull=False, lab_session__lab__in=leads).select_related(
        "slot", "guest_of__initiative", "guest_of__lab"
    )
    return [(v.guest_of.lab, visit_letters.appointment_for_us(v)) for v in visits.order_by("pk")]
