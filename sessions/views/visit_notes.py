"""The notes of a visit: written by the group, put right by the initiative behind its link."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from sessions import visit_notes as actions
from sessions import visit_sheet
from sessions.forms.visit_notes import AnswerNotesForm, NoteForm, NoteTextForm
from sessions.models import VISIT_KINDS, Visit, VisitNote
from sessions.views.visit_sheet import visit_of_group
from werklab import access
from werklab.access import KnownRequest
from werklab.errors import Refused
from werklab.models import Lab, PersonalLink

SHOW_AND_SEND = require_http_methods(["GET", "HEAD", "POST"])


@SHOW_AND_SEND
@access.lab_view("see_lab")
def visit_notes(request: KnownRequest, lab: Lab, pk: int) -> HttpResponse:
    """What the group heard, under the five questions, and a place to write more."""
    visit = visit_of_group(request, lab, pk, "run_sessions")
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.write(request.user, visit, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("sessions:visit_notes", lab.slug, pk)
    notes = list(visit.notes.all())
    page = {
        "lab": lab,
        "tab": "visits",
        "visit": visit,
        "form": form,
        "questions": [(k.label, [n for n in notes if n.kind == k]) for k in VISIT_KINDS],
        "drafts": sum(note.state == VisitNote.State.DRAFT for note in notes),
        "has_mail": bool(getattr(_contact(visit), "email", "")),
    }
    return render(request, "sessions/visit_notes.html", page)


def _contact(visit: Visit):
    return getattr(visit.guest_of.initiative, "contact", None)


def _note(visit: Visit, pk: int) -> VisitNote:
    notes = VisitNote.objects.select_related("visit__slot", "visit__guest_of__lab")
    return get_object_or_404(notes, pk=pk, visit=visit)


@SHOW_AND_SEND
@access.lab_view("see_lab")
def edit_note(request: KnownRequest, lab: Lab, pk: int, note_pk: int) -> HttpResponse:
    """Other words for a note that the initiative does not have yet."""
    visit = visit_of_group(request, lab, pk, "run_sessions")
    note = _note(visit, note_pk)
    form = NoteTextForm(
        request.POST if request.method == "POST" else None, initial={"text": note.text}
    )
    if form.is_valid():
        try:
            actions.change(request.user, note, form.cleaned_data["text"])
        except Refused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("sessions:visit_notes", lab.slug, pk)
    page = {"lab": lab, "tab": "visits", "visit": visit, "note": note, "form": form}
    return render(request, "sessions/edit_note.html", page)


@require_POST
@access.lab_view("see_lab")
def remove_note(request: KnownRequest, lab: Lab, pk: int, note_pk: int) -> HttpResponse:
    """Take a note away that the initiative does not have yet."""
    visit = visit_of_group(request, lab, pk, "run_sessions")
    try:
        actions.remove(request.user, _note(visit, note_pk))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The note has been taken away."))
    return redirect("sessions:visit_notes", lab.slug, pk)


@require_POST
@access.lab_view("run_sessions")
def send_notes(request: KnownRequest, lab: Lab, pk: int) -> HttpResponse:
    """Lay the notes before the initiative: it gets a letter with its link."""
    visit = visit_of_group(request, lab, pk, "run_sessions")
    try:
        count = actions.send(request.user, visit)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        sentence = ngettext(
            "%(n)s note lies before %(name)s now.", "%(n)s notes lie before %(name)s now.", count
        )
        messages.success(request, sentence % {"n": count, "name": visit})
    return redirect("sessions:visit_notes", lab.slug, pk)


@SHOW_AND_SEND
@access.link_view("visit")
def answer_notes(request: HttpRequest, link: PersonalLink, token: str) -> HttpResponse:
    """Behind the link of an initiative: read what was heard, put it right, agree."""
    visit = visit_sheet.agreed(link.lab).filter(pk=link.target_id).first()
    if visit is None:
        raise Http404
    notes = actions.with_initiative(visit)
    form = AnswerNotesForm(request.POST if request.method == "POST" else None, notes=notes)
    if request.method == "POST" and form.is_valid():
        agrees = "agrees" in request.POST
        try:
            actions.answer(visit, form.texts(), agrees=agrees)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            thanks = _("Thank you. It goes on to the group.") if agrees else _("Saved.")
            messages.success(request, thanks)
            return redirect("sessions:answer_notes", token)
    page = {
        "visit": visit,
        "link": link,
        "token": token,
        "form": form,
        "agreed": list(visit.notes.filter(state=VisitNote.State.AGREED)),
        "until": max((n.sent_at + actions.ANSWER_WITHIN for n in notes if n.sent_at), default=None),
    }
    return render(request, "sessions/answer_notes.html", page)
