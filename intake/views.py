"""The pages of the intake: five screens and a check page for participants, one for trainers."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from intake import answers, questionnaires
from intake import summary as group
from intake.forms import ConsentForm, StepForm
from intake.given import Given, given, in_words, intake_of, missing, next_step
from intake.models import Intake, Question
from intake.questionnaires import STEPS, Sheet
from werklab import access
from werklab.errors import Refused
from werklab.models import Enrolment, Lab


def _own_place(request: HttpRequest, lab: Lab) -> Enrolment:
    """The chair of whoever looks, with the intake; what everything on these pages hangs on."""
    seated = Enrolment.objects.seated().select_related("intake__questionnaire")
    enrolment = get_object_or_404(seated, lab=lab, person=request.user)
    enrolment.lab, enrolment.person = lab, request.user
    prefetch_related_objects([lab], "sessions")
    return enrolment


def _saved(intake: Intake | None) -> str:
    """When this was last kept, in words; empty before the first time."""
    if intake is None:
        return ""
    moment = timezone.localtime(intake.saved_at)
    words = {"time": date_format(moment, "G.i"), "day": date_format(moment, "j F")}
    if moment.date() == timezone.localdate():
        return _("Saved at %(time)s") % words
    return _("Saved on %(day)s at %(time)s") % words


@require_safe
@access.lab_view("answer_intake")
def answer(request, lab):
    """Go on where the intake was left: the first screen that asks something, or the check page."""
    enrolment = _own_place(request, lab)
    sheet = questionnaires.sheet_of(intake_of(enrolment))
    step = next_step(sheet, given(enrolment, sheet))
    if step is None or not answers.takes_answers(lab):
        return redirect("intake:check", lab.slug)
    return redirect("intake:step", lab.slug, step)


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("answer_intake")
def step(request, lab, step):
    """One screen of questions, with what was answered before."""
    enrolment = _own_place(request, lab)
    intake = intake_of(enrolment)
    sheet = questionnaires.sheet_of(intake)
    if not 1 <= step <= STEPS:
        raise Http404
    if request.method == "POST":
        return _keep_step(request, enrolment, sheet, step)
    if not answers.takes_answers(lab):
        return redirect("intake:check", lab.slug)
    form = StepForm(questions=sheet.on(step), given=given(enrolment, sheet, step))
    return render(request, "intake/step.html", _screen(lab, sheet, step, form, intake))


def _keep_step(request: HttpRequest, enrolment: Enrolment, sheet: Sheet, step: int) -> HttpResponse:
    """Keep what is right, then go on, back, or show what is wrong or missing."""
    lab = enrolment.lab
    form = StepForm(request.POST, questions=sheet.on(step), given={})
    try:
        intake = answers.keep(enrolment, step, form.kept(), by=enrolment.person)
    except Refused as refusal:
        page = _screen(lab, sheet, step, form, intake_of(enrolment)) | {"refused": str(refusal)}
        return render(request, "intake/step.html", page, status=403)
    if "back" in request.POST:
        return redirect("intake:step", lab.slug, max(step - 1, 1))
    if form.errors:
        return render(request, "intake/step.html", _screen(lab, sheet, step, form, intake))
    if step == STEPS or intake.done_at:
        return redirect("intake:check", lab.slug)
    return redirect("intake:step", lab.slug, step + 1)


def _screen(lab: Lab, sheet: Sheet, step: int, form: StepForm, intake: Intake | None) -> dict:
    return {
        "lab": lab,
        "form": form,
        "parts": list(form.parts()),
        "step": step,
        "steps": STEPS,
        "heading": sheet.title_of(step),
        "intro": sheet.questionnaire.intro if step == 1 else "",
        "saved": _saved(intake),
        "refused": "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("answer_intake")
def check(request, lab):
    """All answers to look through; to read only from session 1 on, but for the consents."""
    enrolment = _own_place(request, lab)
    intake = intake_of(enrolment)
    sheet = questionnaires.sheet_of(intake)
    found = given(enrolment, sheet)
    data = request.POST if request.method == "POST" else None
    form = ConsentForm(data, sheet=sheet, given=found)
    if form.is_valid():
        answers.change_consents(enrolment, form.kinds(), by=request.user)
        messages.success(request, _("Your consent is kept."))
        return redirect("intake:check", lab.slug)
    return render(request, "intake/check.html", _answers(lab, sheet, intake, found, form))


def _answers(
    lab: Lab, sheet: Sheet, intake: Intake | None, found: dict[str, Given], form: ConsentForm
) -> dict:
    closed = answers.why_closed(lab)
    return {
        "lab": lab,
        "is_done": intake is not None and intake.done_at is not None,
        "is_open": not closed,
        "closed": closed,
        "saved": _saved(intake),
        "until": lab.starts_at,
        "missing": [_link(lab, question) for question in missing(sheet, found)],
        "steps": [
            _step(lab, sheet, number, found, is_open=not closed) for number in range(1, STEPS + 1)
        ],
        "consent_form": form,
    }


def _link(lab: Lab, question: Question) -> dict:
    """Where a question is answered."""
    field = question.rows[0][0] if question.rows else question.key
    page = reverse("intake:step", args=[lab.slug, question.step])
    return {"label": question.label, "url": f"{page}#div_id_{field}"}


def _step(lab: Lab, sheet: Sheet, number: int, found: dict[str, Given], *, is_open: bool) -> dict:
    """One screen's answers, what trainers see with a name apart from the rest."""
    parts = [
        {
            "named": named,
            "answers": [
                {
                    "label": question.label,
                    "lines": in_words(question, found.get(question.key)),
                    "is_missing": question.required and is_open,
                }
                for question in sheet.on(number)
                if question.named == named
            ],
        }
        for named in (True, False)
    ]
    return {
        "number": number,
        "title": sheet.title_of(number),
        "url": reverse("intake:step", args=[lab.slug, number]),
        "parts": [part for part in parts if part["answers"]],
    }


@require_safe
@access.lab_view("read_intakes")
def summary(request, lab):
    """What the group brings along, for the trainers."""
    people = group.Group(lab)
    columns, rows = people.facts()
    page = {
        "lab": lab,
        "tab": "intake",
        "progress": people.standing(),
        "busy": people.in_state("busy"),
        "not_begun": people.in_state("not_begun"),
        "mix": people.mix(),
        "charts": people.charts(),
        "outcomes": people.outcomes(),
        "enough_people": people.enough_people(),
        "unnamed": people.open_answers(named=False),
        "named": people.open_answers(named=True),
        "columns": columns,
        "rows": rows,
        "logistics": people.logistics(),
        "wiped_after": lab.ends_at,
    }
    return render(request, "intake/summary.html", page)
