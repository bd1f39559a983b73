"""A municipality asks for a lab; staff make one of it, or say why not now.

Making the lab itself needs the sessions: see `sessions.from_request`.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from werklab import events, mail
from werklab.errors import Refused
from werklab.models import Event, Lab, LabRequest, Municipality, User

SENT_TWICE = timedelta(minutes=10)


@transaction.atomic
def ask(
    *,
    municipality: Municipality,
    name: str,
    email: str,
    wish: str,
    phone: str = "",
    function: str = "",
    period: str = "",
    now: datetime | None = None,
) -> LabRequest:
    """Keep what a municipality asks for on the public page; tell the asker and staff (REQ-047).

    The same form sent twice within ten minutes is one request.
    """
    now = now or timezone.now()
    # One at a time per municipality: whoever sends a form twice waits here for the first.
    municipality = Municipality.objects.select_for_update().get(pk=municipality.pk)
    asked = {
        "name": name,
        "email": email.strip().lower(),
        "phone": phone,
        "function": function,
        "wish": wish,
        "period": period,
    }
    lately = municipality.lab_requests.filter(created_at__gt=now - SENT_TWICE, **asked)
    if before := lately.first():
        return before
    request = LabRequest.objects.create(municipality=municipality, created_at=now, **asked)
    events.record(None, "lab_requested", request, by_name=name, via=Event.Via.FORM)
    about = settings.BASE_URL + reverse("werklab:about")
    _to_asker("request_received", request, about_url=about)
    _tell_staff(request)
    return request


def _to_asker(
    kind: str,
    request: LabRequest,
    lab: Lab | None = None,
    person: User | None = None,
    **more: str,
) -> None:
    """A letter to whoever asked.

    The address was typed by a stranger and may be somebody else's: nothing that was typed in their
    own words goes into these letters.
    """
    words = request.name.split()
    context = {
        "first_name": words[0] if words else request.email,
        "municipality": request.municipality.name,
    }
    mail.send(kind, to=request.email, lab=lab, person=person, context=context | more)


def _tell_staff(request: LabRequest) -> None:
    """Somebody of LSA looks at the list of requests."""
    mail.send(
        "request_came",
        to=settings.SITE_CONTACT_EMAIL,
        lab=None,
        context={
            "name": request.name,
            "function": request.function or _("not said"),
            "municipality": request.municipality.name,
            "email": request.email,
            "phone": request.phone or _("not said"),
            "wish": request.wish,
            "period": request.period or _("not said"),
            "requests_url": settings.BASE_URL + reverse("werklab:requests"),
        },
    )


def take_turn(request: LabRequest) -> LabRequest:
    """The request as it is now that nobody else can decide about it."""
    return (
        LabRequest.objects.select_for_update(of=("self",))
        .select_related("municipality")
        .get(pk=request.pk)
    )


def accept(request: LabRequest, lab: Lab, coordinator: User) -> None:
    """Tie the lab that was made to its request, and tell the asker, who is its coordinator."""
    request.lab = lab
    request.save(update_fields=["lab"])
    lab_url = settings.BASE_URL + lab.get_absolute_url()
    _to_asker("request_accepted", request, lab, coordinator, lab_url=lab_url)


@transaction.atomic
def decline(
    by: User, request: LabRequest, why: str = "", now: datetime | None = None
) -> LabRequest:
    """Say in a letter that there will be no lab now. Raises Refused when it was made before.

    Saying it twice is saying it once.
    """
    request = take_turn(request)
    if request.lab_id:
        raise Refused(_("A werklab was made of this request before."))
    if request.declined_at:
        return request
    request.declined_at = now or timezone.now()
    request.save(update_fields=["declined_at"])
    events.record(by, "request_declined", request)
    again = settings.BASE_URL + reverse("werklab:request_lab")
    reason = why or _("We have no trainers free in the coming months.")
    _to_asker("request_declined", request, why=reason, request_url=again)
    return request


@transaction.atomic
def agree_price(by: User, lab: Lab, price: str, staff_notes: str) -> Lab:
    """Write down the agreed price and notes, which only staff of LSA ever see."""
    lab.price, lab.staff_notes = price, staff_notes
    lab.save(update_fields=["price", "staff_notes"])
    events.record(by, "price_agreed", lab, lab=lab)
    return lab
