"""The pages of the organisation's intake: for coordinators to fill in, for trainers to read."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from intake import organisation
from intake.answers import why_closed
from intake.forms import GoneThroughForm, StepForm
from intake.given import next_step
from intake.models import OrganisationIntake
from intake.questionnaires import STEPS, Sheet
from intake.views import screens
from werklab import access
from werklab.errors import Refused
from werklab.models import Lab


def _intake_of(lab: Lab) -> OrganisationIntake | None:
    prefetch_related_objects([lab], "sessions")
    return organisation.intake_of(lab)


@require_safe
@access.lab_view("read_organisation_intake")
def way_in(request, lab):
    """Who answers goes on where it was left; who only reads gets the page to read."""
    if "answer_organisation_intake" not in request.may:
        return redirect("intake:organisation_read", lab.slug)
    intake = _intake_of(lab)
    is_done = intake is not None and intake.handed_in_at is not None
    step = next_step(organisation.sheet_of(intake), organisation.told(intake, request.user).answers)
    if step is None or is_done or why_closed(lab):
        return redirect("intake:organisation_check", lab.slug)
    return redirect("intake:organisation_step", lab.slug, step)


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("answer_organisation_intake")
def step(request, lab, step):
    """One screen of questions, with what was answered before."""
    intake = _intake_of(lab)
    sheet = organisation.sheet_of(intake)
    if not 1 <= step <= STEPS:
        raise Http404
    if request.method == "POST":
        return _keep_step(request, lab, sheet, step, intake)
    if why_closed(lab):
        return redirect("intake:organisation_check", lab.slug)
    told = organisation.told(intake, request.user)
    questions = [question for question in sheet.on(step) if question.key not in told.hidden]
    form = StepForm(questions=questions, given=told.answers)
    page = _screen(lab, sheet, step, form, intake, told)
    return render(request, "intake/organisation_step.html", page)


def _keep_step(
    request: access.KnownRequest,
    lab: Lab,
    sheet: Sheet,
    step: int,
    intake: OrganisationIntake | None,
) -> HttpResponse:
    """Keep what is right, then go on, back, or show what is wrong; what is missing may wait."""
    told = organisation.told(intake, request.user)
    questions = [
        question
        for question in sheet.on(step)
        if question.key not in told.hidden or request.POST.get(question.key)
    ]
    is_done = intake is not None and intake.handed_in_at is not None
    form = StepForm(request.POST, questions=questions, given={}, insist=is_done)
    try:
        intake = organisation.save_step(request.user, lab, step, form.kept())
    except Refused as refusal:
        page = _screen(lab, sheet, step, form, intake, told, str(refusal))
        return render(request, "intake/organisation_step.html", page, status=403)
    if "back" in request.POST:
        return redirect("intake:organisation_step", lab.slug, max(step - 1, 1))
    if form.errors:
        page = _screen(lab, sheet, step, form, intake, told)
        return render(request, "intake/organisation_step.html", page)
    if step == STEPS or is_done:
        return redirect("intake:organisation_check", lab.slug)
    return redirect("intake:organisation_step", lab.slug, step + 1)


def _screen(
    lab: Lab,
    sheet: Sheet,
    step: int,
    form: StepForm,
    intake: OrganisationIntake | None,
    told: organisation.Told,
    refused: str = "",
) -> dict:
    kept_apart = [question.label for question in sheet.on(step) if question not in form.questions]
    return screens.screen(lab, sheet, step, form, intake, refused) | {
        "tab": "organisation",
        "kept_apart": kept_apart,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@access.lab_view("answer_organisation_intake")
def check(request, lab):
    """All answers to look through, and the button to hand them in; to read from session 1 on."""
    intake = _intake_of(lab)
    if request.method == "POST":
        try:
            organisation.hand_in(request.user, lab)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Handed in. The trainers get a mail."))
        return redirect("intake:organisation_check", lab.slug)
    closed = why_closed(lab)
    told = organisation.told(intake, request.user)
    sheet = organisation.sheet_of(intake)
    page = screens.to_read(lab, sheet, told.answers, is_open=not closed, hidden=told.hidden)
    page |= {"lab": lab, "tab": "organisation", "intake": intake, "saved": screens.saved(intake)}
    page |= {"closed": closed, "is_open": not closed, "until": lab.starts_at}
    return render(request, "intake/organisation_check.html", page)


@require_safe
@access.lab_view("read_organisation_intake")
def read(request, lab):
    """What the organisation handed in, for trainers and coordinators."""
    intake = _intake_of(lab)
    return render(request, "intake/organisation_read.html", _to_read(request, lab, intake))


@require_POST
@access.lab_view("go_through_organisation_intake")
def go_through(request, lab):
    """A trainer writes down that it was talked over."""
    form = GoneThroughForm(request.POST)
    if form.is_valid():
        try:
            organisation.go_through(request.user, lab, *form.told())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Written down that you went through the intake."))
            return redirect("intake:organisation_read", lab.slug)
    page = _to_read(request, lab, _intake_of(lab)) | {"form": form}
    return render(request, "intake/organisation_read.html", page)


def _to_read(request: access.KnownRequest, lab: Lab, intake: OrganisationIntake | None) -> dict:
    """The page to read; what was not handed in yet is still the coordinator's own."""
    page: dict = {
        "lab": lab,
        "tab": "intake" if "read_intakes" in request.may else "organisation",
        "intake": intake,
        "may_go_through": False,
    }
    if intake is None or intake.handed_in_at is None:
        return page
    sensitive = "read_sensitive_answers" in request.may
    told = organisation.told(intake, request.user, sensitive=sensitive)
    sheet = organisation.sheet_of(intake)
    is_open = not why_closed(lab)
    may_go_through = is_open and "go_through_organisation_intake" in request.may
    initial = {"gone_through_on": timezone.localdate(), "remark": intake.remark}
    page |= {"may_go_through": may_go_through, "form": GoneThroughForm(initial=initial)}
    return page | screens.to_read(lab, sheet, told.answers, is_open=False, hidden=told.hidden)
