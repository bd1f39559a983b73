"""Coffee visits: planned by trainers, answered by initiatives."""

from django.conf import settings
from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.models import Initiative
from sessions import visit_letters, visit_sheet, visit_warnings
from sessions import visits as actions
from sessions.forms.visits import AnswerForm, AskVisitForm, SlotsForm
from sessions.models import Visit, VisitNote
from werklab import access, calendar, links
from werklab.errors import Refused
from werklab.models import Lab, PersonalLink, User

Answer = Visit.Answer
NOT_TOLD = ("visit_note_written", "visit_note_changed", "visit_note_removed")
SHOW_AND_SEND = require_http_methods(["GET", "HEAD", "POST"])


def _posted(request: HttpRequest):
    return request.POST if request.method == "POST" else None


@require_safe
@access.lab_view("see_visits")
def visits(request, lab):
    """All visits of a lab with what must happen next, and who else can be asked."""
    prefetch_related_objects([lab], "sessions")
    asked, listed = list(actions.visits_of(lab)), visit_warnings.on_the_list(lab)
    welcome = sum(visit.answer == Answer.WELCOME for visit in asked)
    page = {
        "lab": lab,
        "tab": "visits",
        "visits": asked,
        "not_asked": [row for row in listed if not row.visits.all()],
        "warnings": visit_warnings.warnings(lab, listed),
        "welcome": welcome,
        "enough": welcome >= actions.ENOUGH_VISITS,
        "is_over": actions.is_over(lab),
        "first": next((s for s in lab.programme() if s.number == 1), None),
        "last": next((s for s in lab.programme() if s.number == 3), None),
        "now": timezone.now(),
    }
    return render(request, "sessions/visits.html", page)


@SHOW_AND_SEND
@access.lab_view("plan_visits")
def ask_visit(request, lab):
    """Ask an initiative for a visit, at one to three moments."""
    prefetch_related_objects([lab], "sessions")
    slug = request.GET.get("initiatief", "").replace("\x00", "")
    here = Initiative.objects.active().filter(municipality=lab.municipality)
    form = AskVisitForm(
        _posted(request),
        lab=lab,
        asked_for=here.filter(slug=slug).first(),
    )
    if form.is_valid():
        try:
            visit = actions.ask(request.user, lab, **form.visit())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s is asked for a visit.") % {"name": visit})
            return redirect("sessions:visit", lab.slug, visit.pk)
    page = {"lab": lab, "tab": "visits", "form": form}
    return render(request, "sessions/ask_visit.html", page)


def _visit(lab: Lab, pk: int) -> Visit:
    """A visit of this lab; one of another lab is not found."""
    return get_object_or_404(actions.visits_of(lab), pk=pk)


@require_safe
@access.lab_view("see_visits")
def visit(request, lab, pk):
    """Everything about one visit, and for a trainer the personal link to pass on."""
    visit = _visit(lab, pk)
    link = PersonalLink.objects.filter(
        purpose=PersonalLink.Purpose.VISIT,
        target_id=pk,
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
    ).first()
    page = {
        "lab": lab,
        "tab": "visits",
        "visit": visit,
        "can_change": visit.can_be_answered() and not actions.is_over(lab),
        "can_offer": not (actions.is_over(lab) or _has_begun(visit)),
        "url": links.url(link) if link and "plan_visits" in request.may else "",
        "phone": _phone(lab),
        "history": list(
            lab.events.filter(object_type="visit", object_id=pk).exclude(name__in=NOT_TOLD)
        ),
    }
    return render(request, "sessions/visit.html", page)


def _has_begun(visit: Visit) -> bool:
    return visit.slot is not None and not visit.can_be_answered()


def _phone(lab: Lab) -> str:
    return lab.contact_phone or settings.SITE_CONTACT_PHONE


@SHOW_AND_SEND
@access.lab_view("plan_visits")
def answer_for(request, lab, pk):
    """Write down, after a call, what an initiative answered; the record says by whom."""
    visit = _visit(lab, pk)
    form = AnswerForm(_posted(request), visit=visit)
    if form.is_valid():
        try:
            actions.answer(visit, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The answer of %(name)s is saved.") % {"name": visit})
            return redirect("sessions:visit", lab.slug, pk)
    page = {"lab": lab, "tab": "visits", "visit": visit, "form": form}
    return render(request, "sessions/answer_for.html", page)


@SHOW_AND_SEND
@access.lab_view("plan_visits")
def offer_slots(request, lab, pk):
    """Offer an initiative other moments; it is asked again."""
    visit = _visit(lab, pk)
    form = SlotsForm(_posted(request))
    if form.is_valid():
        try:
            actions.offer(request.user, visit, form.cleaned_data["slots"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s can choose again.") % {"name": visit})
            return redirect("sessions:visit", lab.slug, pk)
    page = {"lab": lab, "tab": "visits", "visit": visit, "form": form}
    return render(request, "sessions/offer_slots.html", page)


def _visit_of(link: PersonalLink) -> Visit:
    """The visit that a personal link opens."""
    return get_object_or_404(actions.visits_of(link.lab), pk=link.target_id)


@SHOW_AND_SEND
@access.link_view("visit")
def answer_visit(request: HttpRequest, link: PersonalLink, token: str) -> HttpResponse:
    """The page behind the link in the letter: answer by one of three buttons, without an account.

    Looking changes nothing; only a button does. Afterwards the same page says what was answered.
    """
    visit = _visit_of(link)
    form = AnswerForm(_posted(request), visit=visit)
    if form.is_valid():
        try:
            actions.answer(visit, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("sessions:answer_visit", token)
    return render(
        request, "sessions/answer_visit.html", _answer_page(request, link, token, visit, form)
    )


def _answer_page(request, link, token, visit, form) -> dict:
    """What an initiative sees: the question, or what it answered and who heard that."""
    can_answer = visit.can_be_answered() and not actions.is_over(link.lab)
    asking = visit.answer == Answer.NONE or "wijzig" in request.GET or form.is_bound
    notes = visit.notes.all()
    has_sheet = visit.slot is not None and not (asking and can_answer)
    return {
        "visit": visit,
        "link": link,
        "form": form,
        "token": token,
        "can_answer": can_answer,
        "asking": asking and can_answer,
        "phone": _phone(link.lab),
        "trainers": _names(visit_letters.who_hear(link.lab, Answer.WELCOME)),
        "hear": _names(visit_letters.who_hear(link.lab, visit.answer)),
        "last": next((s for s in link.lab.programme() if s.number == 3 and s.starts_at), None),
        "sheet": visit_sheet.sheet(visit, link.lab) if has_sheet else None,
        "notes": {
            "count": sum(note.state != VisitNote.State.DRAFT for note in notes),
            "asked": any(note.state == VisitNote.State.SENT for note in notes),
        },
    }


def _names(people: list[User]) -> str:
    """People in a sentence: one, two and three."""
    *others, last = [str(person) for person in people] or [_("the trainers")]
    if not others:
        return last
    return _("%(names)s and %(last)s") % {"names": ", ".join(others), "last": last}


@require_safe
@access.link_view("visit")
def calendar_of_visit(request: HttpRequest, link: PersonalLink, token: str) -> HttpResponse:
    """The agreed visit as a calendar file."""
    visit = _visit_of(link)
    if visit.slot is None:
        raise Http404
    text = calendar.calendar_file(visit.guest_of.lab, visit_letters.appointments(visit))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="bezoek.ics"'
    return response
