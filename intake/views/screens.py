"""What the pages of every questionnaire show: one screen of questions, and all answers to read."""

from collections.abc import Iterator
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from intake.forms import StepForm
from intake.given import Given, in_words, missing
from intake.models import Intake, OrganisationIntake, Question
from intake.questionnaires import ORGANISATION, PARTICIPANT, STEPS, Sheet
from werklab.models import Lab

STEP_PAGES = {PARTICIPANT: "intake:step", ORGANISATION: "intake:organisation_step"}
NOBODY: frozenset[str] = frozenset()


def saved(intake: Intake | OrganisationIntake | None) -> str:
    """When this was last kept, in words; empty before the first time."""
    if intake is None:
        return ""
    moment = timezone.localtime(intake.saved_at)
    words = {"time": date_format(moment, "G.i"), "day": date_format(moment, "j F")}
    if moment.date() == timezone.localdate():
        return _("Saved at %(time)s") % words
    return _("Saved on %(day)s at %(time)s") % words


def screen(
    lab: Lab,
    sheet: Sheet,
    step: int,
    form: StepForm,
    intake: Intake | OrganisationIntake | None,
    refused: str = "",
) -> dict:
    """One screen, for `intake/_screen.html`."""
    return {
        "lab": lab,
        "form": form,
        "parts": list(form.parts()),
        "step": step,
        "steps": STEPS,
        "heading": sheet.title_of(step),
        "intro": sheet.questionnaire.intro if step == 1 else "",
        "saved": saved(intake),
        "refused": refused,
    }


def to_read(
    lab: Lab,
    sheet: Sheet,
    found: dict[str, Given],
    *,
    is_open: bool,
    hidden: frozenset[str] = NOBODY,
) -> dict:
    """All answers, screen by screen, and what is missing; `hidden` are not for this reader."""
    lacking = [question for question in missing(sheet, found) if question.key not in hidden]
    return {
        "missing": [_link(lab, sheet, question) for question in lacking],
        "steps": [
            {
                "number": number,
                "title": sheet.title_of(number),
                "url": _page(lab, sheet, number),
                "parts": list(_parts(sheet.on(number), found, hidden, is_open=is_open)),
            }
            for number in range(1, STEPS + 1)
        ],
    }


def _page(lab: Lab, sheet: Sheet, step: int) -> str:
    return reverse(STEP_PAGES[sheet.questionnaire.code], args=[lab.slug, step])


def _link(lab: Lab, sheet: Sheet, question: Question) -> dict:
    """Where a question is answered."""
    field = question.rows[0][0] if question.rows else question.key
    url = f"{_page(lab, sheet, question.step)}#div_id_{field}"
    return {"label": question.label, "url": url}


def _parts(
    questions: list[Question], found: dict[str, Given], hidden: frozenset[str], *, is_open: bool
) -> Iterator[dict]:
    """One screen's answers, cut where other people see them."""
    for audience, some in groupby(questions, key=lambda question: question.audience):
        answers = [
            {
                "label": question.label,
                "lines": in_words(question, found.get(question.key)),
                "is_missing": question.required and is_open,
                "is_hidden": question.key in hidden,
            }
            for question in some
        ]
        yield {"audience": audience, "answers": answers}
