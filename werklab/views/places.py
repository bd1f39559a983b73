"""Somebody's way into a lab: public page, form, confirmation, own page behind the mailed link."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from crispy_forms.utils import render_crispy_form
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.cache import caches
from django.core.exceptions import BadRequest
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from werklab import access, calendar, handing_over, letters, public_page
from werklab import enrolment as actions
from werklab.access import KnownRequest
from werklab.errors import Refused
from werklab.forms.enrolments import EnrolForm
from werklab.models import Enrolment, Lab, PersonalLink
from werklab.signing_in import come_by_link

RECEIPT, RECEIPT_SECONDS = "enrolled", 60 * 60 * 24
PLACES_FROM_LINK = ("", "intake", "plek", "advies")
MOST_PER_HOUR = 600  # from one address: a whole town hall may share one


def _lab(code: str) -> Lab:
    return get_object_or_404(Lab.objects.select_related("municipality"), join_code=code)


@login_not_required
@require_safe
def join(request: HttpRequest, code: str) -> HttpResponse:
    """The public page of a lab, for who may want to take part."""
    lab = _lab(code)
    page = {"lab": lab, "page": public_page.fragment(lab)}
    return render(request, "werklab/join.html", page)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, code: str) -> HttpResponse:
    """One form; ends in a seat, a place on the waiting list, or the coordinator's attention."""
    lab = _lab(code)
    form = EnrolForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _not_too_often(request)
            made = actions.enrol(lab, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("werklab:enrolled", code, _receipt(made, form.cleaned_data["name"]))
    prefetch_related_objects([lab], "sessions")
    if not form.is_bound and not lab.takes_enrolments():
        return redirect("werklab:join", code)
    numbers = public_page.seats(lab)
    page = {"lab": lab, "form": form, "state": public_page.state(lab, numbers, timezone.now())}
    page["blank"] = "" if form.is_bound else _blank_form()
    return render(request, "werklab/enrol.html", page | numbers | public_page.contact(lab))


def _blank_form() -> str:
    """The empty fields, the same for everybody; the token stands around them."""
    key = f"enrol-form-{get_language()}"
    html = caches["fragments"].get(key)
    if html is None:
        html = render_crispy_form(EnrolForm())
        caches["fragments"].set(key, html)
    return html


def _not_too_often(request: HttpRequest) -> None:
    key = f"enrol-{get_adapter().get_client_ip(request)}"
    counts = caches["fragments"]
    counts.add(key, 0, timeout=60 * 60)
    if counts.incr(key) > MOST_PER_HOUR:
        raise Refused(
            _("Very many people enrol from your network now. Try it again in an hour, or call us.")
        )


def _receipt(made: Enrolment, name: str) -> str:
    """What the next page may know: whose place, the name as it was typed, and whether it is new."""
    told = {"place": made.pk, "name": name.split()[0], "new": made.just_made}
    return signing.dumps(told, salt=RECEIPT)


@login_not_required
@require_safe
def enrolled(request: HttpRequest, code: str, receipt: str) -> HttpResponse:
    """What came of it, and what happens next; the seat's number only to who has just got it."""
    try:
        told = signing.loads(receipt, salt=RECEIPT, max_age=RECEIPT_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    found = Enrolment.objects.living().select_related("lab__municipality", "person")
    place_now = get_object_or_404(found, pk=told["place"], lab__join_code=code)
    page = _place_page(place_now) | {"name": told["name"], "new": told["new"]}
    response = render(request, "werklab/enrolled.html", page)
    response["Cache-Control"] = "no-store"
    return response


def _place_page(mine: Enrolment) -> dict:
    """A place in a lab, with everything that its pages say about it."""
    lab = mine.lab
    prefetch_related_objects([lab], "sessions")
    return {
        "lab": lab,
        "enrolment": mine,
        "number": mine.place_in_line,
        "is_outside": letters.is_from_outside(mine),
        "can_hand_over": not handing_over.why_not(mine.person, mine),
        "dated": [lab_session for lab_session in lab.programme() if lab_session.starts_at],
        "intake_deadline": lab.intake_deadline(),
        "open": lab.takes_enrolments(),
        "offer_hours": letters.OFFER_HOURS,
        **public_page.seats(lab),
        **public_page.contact(lab),
    }


@login_not_required
@require_safe
def calendar_of_lab(request: HttpRequest, code: str) -> HttpResponse:
    """The sessions as a calendar file; open, as the programme on the public page is."""
    labs = Lab.objects.with_programme().exclude(
        status__in=[Lab.Status.REQUESTED, Lab.Status.PREPARING]
    )
    lab = get_object_or_404(labs, join_code=code)
    file = calendar.calendar_file(lab, calendar.session_appointments(lab))
    response = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="werklab-{lab.slug}.ics"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@access.link_view("enrolment")
def own(request: HttpRequest, link: PersonalLink, token: str, where: str = "") -> HttpResponse:
    """Where a personal link leads: whose place it is. Only the button (POST) lets somebody in."""
    if where not in PLACES_FROM_LINK:
        raise Http404
    mine = get_object_or_404(Enrolment.objects.select_related("person"), pk=link.target_id)
    mine.lab = link.lab
    if request.method == "POST":
        come_by_link(request, link)
        return redirect(_behind(mine, where), mine.lab.slug)
    return render(request, "werklab/own.html", _place_page(mine) | {"where": where})


def _behind(mine: Enrolment, where: str) -> str:
    if mine.status != Enrolment.Status.SEATED or where == "plek":
        return "werklab:place"
    pages = {"intake": "intake:answer", "advies": "sessions:report"}
    return pages.get(where, "werklab:lab")


@require_safe
@access.own_place_view
def place(request: KnownRequest, enrolment: Enrolment) -> HttpResponse:
    """Where you stand in a lab, and what you can do about it."""
    return render(request, "werklab/place.html", _place_page(enrolment))


@require_POST
@access.own_place_view
def give_back(request: KnownRequest, enrolment: Enrolment) -> HttpResponse:
    """Give your place back; the page behind it says so."""
    return _do(request, actions.withdraw, enrolment)


@require_POST
@access.own_place_view
def answer_offer(request: KnownRequest, enrolment: Enrolment) -> HttpResponse:
    """Say yes or no to a place that is held for you."""
    answers = {"yes": actions.accept_offer, "no": actions.decline_offer}
    answer = request.POST.get("answer")
    if answer not in answers:
        raise BadRequest
    return _do(request, answers[answer], enrolment)


def _do(request: KnownRequest, action: Callable, mine: Enrolment) -> HttpResponse:
    try:
        action(request.user, mine)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("werklab:place", mine.lab.slug)
