"""The pages of the intake: five screens and a check page for participants."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from intake import answers, questionnaires
from intake.forms import ConsentForm, StepForm
from intake.given import Given, given, intake_of, next_step
from intake.models import Intake
from intake.questionnaires import STEPS, Sheet
from intake.views import screens
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
    return render(request, "intake/step.html", screens.screen(lab, sheet, step, form, intake))


def _keep_step(request: HttpRequest, enrolment: Enrolment, sheet: Sheet, step: int) -> HttpResponse:
    """Keep what is right, then go on, back, or show what is wrong or missing."""
    lab = enrolment.lab
    form = StepForm(request.POST, questions=sheet.on(step), given={})
    try:
        intake = answers.keep(enrolment, step, form.kept(), by=enrolment.person)
    except Refused as refusal:
        page = screens.screen(lab, sheet, step, form, intake_of(enrolment), str(refusal))
        return render(request, "intake/step.html", page, status=403)
    if "back" in request.POST:
        return redirect("intake:step", lab.slug, max(step - 1, 1))
    if form.errors:
        return render(request, "intake/step.html", screens.screen(lab, sheet, step, form, intake))
    if step == STEPS or intake.done_at:
        return redirect("intake:check", lab.slug)
    return redirect("intake:step", lab.slug, step + 1)


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
    return screens.to_read(lab, sheet, found, is_open=not closed) | {
        "lab": lab,
        "is_done": intake is not None and intake.done_at is not None,
        "is_open": not closed,
        "closed": closed,
        "saved": screens.saved(intake),
        "until": lab.starts_at,
        "consent_form": form,
    }
