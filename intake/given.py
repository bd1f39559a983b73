"""What somebody has answered so far, from the one place where each answer lives.

Function, field of policy and contact stand on the enrolment, which asked them already; consents are
rows of their own. The rest are answers. Reading only: `answers` changes them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from intake.models import Answer, Intake, Question
from intake.questionnaires import OTHER, STEPS, Sheet
from werklab.models import Consent, Enrolment

Kind = Question.Kind

# Asked at the enrolment and kept there: one truth, also when it is changed here (REQ-110).
ON_ENROLMENT = {
    "part_role": "function",
    "part_department": "department",
    "part_contact_frequency": "contact_frequency",
}
CONSENTS = "part_consents"
CONSENT_KINDS = (Consent.Kind.NAME, Consent.Kind.QUOTES, Consent.Kind.PHOTO)  # as the options go


@dataclass(frozen=True)
class Given:
    """One answer, in the shapes of `Answer`; `own` are the words beside "Anders, namelijk:"."""

    value: Any
    own: str = ""


def intake_of(enrolment: Enrolment) -> Intake | None:
    """This enrolment's intake, or None before the first answer."""
    return getattr(enrolment, "intake", None)


def given(enrolment: Enrolment, sheet: Sheet, step: int | None = None) -> dict[str, Given]:
    """The answers of one participant by the question's key: all, or those of one screen.

    What was not answered is not in it.
    """
    questions = [question for question in sheet.questions if step in (None, question.step)]
    found = {question.key: on_enrolment(enrolment, question) for question in questions}
    intake = intake_of(enrolment)
    if intake and intake.pk:  # one that begins now is not saved yet
        answers = Answer.objects.filter(intake=intake, question__key__in=found)
        for key, value, other in answers.values_list("question__key", "value", "other"):
            found[key] = Given(value, other)
    if CONSENTS in found:
        kinds = set(enrolment.consents.values_list("kind", flat=True))
        found[CONSENTS] = Given(consents_in_words(sheet, kinds))
    return {key: answer for key, answer in found.items() if answer and answer.value}


def on_enrolment(enrolment: Enrolment, question: Question) -> Given | None:
    """The answer that the enrolment holds; own words count as "Anders, namelijk:"."""
    if question.key not in ON_ENROLMENT:
        return None
    value = getattr(enrolment, ON_ENROLMENT[question.key])
    if value and question.options and value not in question.options:
        return Given(OTHER, value)
    return Given(value)


def consents_in_words(sheet: Sheet, kinds: set[str]) -> list[str]:
    """The options of the question about consent that stand for these kinds."""
    options = sheet.question(CONSENTS).options
    return [words for words, kind in zip(options, CONSENT_KINDS, strict=True) if kind in kinds]


def consent_kinds(sheet: Sheet, words: list[str]) -> set[str]:
    """The kinds of consent for which these options stand."""
    options = sheet.question(CONSENTS).options
    return {kind for option, kind in zip(options, CONSENT_KINDS, strict=True) if option in words}


def missing(sheet: Sheet, answers: dict[str, Given]) -> list[Question]:
    """The questions that still need an answer, in the order of the screens."""
    return [question for question in sheet.questions if _is_missing(question, answers)]


def _is_missing(question: Question, answers: dict[str, Given]) -> bool:
    if not question.required:
        return False
    answer = answers.get(question.key)
    if question.kind == Kind.MATRIX5:
        return answer is None or len(answer.value) < len(question.rows)
    return answer is None


def next_step(sheet: Sheet, answers: dict[str, Given]) -> int | None:
    """The first screen on which something is missing or nothing was said yet; None when done.

    A screen of which all may stay empty counts as seen once a later one has an answer.
    """
    lacking = {question.step for question in missing(sheet, answers)}
    if not lacking:
        return None
    # The consents may stand without a visit to their screen, so they do not count here.
    seen = {q.step for q in sheet.questions if q.key in answers and q.key != CONSENTS}
    last = max(seen, default=0)
    return next(step for step in range(1, STEPS + 1) if step in lacking or step > last)


def in_words(question: Question, answer: Given | None) -> list[str]:
    """An answer as lines of text."""
    if answer is None:
        return []
    match answer.value:
        case dict(values):
            line = _("%(statement)s: %(number)s of 5")
            rows = [(words, values[key]) for key, words in question.rows if key in values]
            return [line % {"statement": words, "number": number} for words, number in rows]
        case list(options):
            return [_with_own_words(option, answer.own) for option in options]
        case int(number):
            line = _("%(words)s, %(number)s of 5")
            return [line % {"words": question.scale[number - 1], "number": number}]
        case str(day) if question.kind == Kind.DATE:
            return [date_format(date.fromisoformat(day), "l j F Y")]
        case option:
            return [_with_own_words(option, answer.own)]


def _with_own_words(option: str, own: str) -> str:
    return f"{option} {own}".strip() if option == OTHER else option
