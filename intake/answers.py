"""Answers: keep those of a screen, change a consent, wipe what has served its purpose."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from intake import questionnaires
from intake.given import (
    CONSENTS,
    ON_ENROLMENT,
    Given,
    consent_kinds,
    given,
    intake_of,
    missing,
)
from intake.models import Answer, Intake, OrganisationIntake, Question
from intake.questionnaires import OTHER, Sheet
from werklab import events
from werklab.errors import Refused
from werklab.models import Consent, Enrolment, Event, Lab, User

OVER = (Lab.Status.CLOSED, Lab.Status.CANCELLED)


def why_closed(lab: Lab, now: datetime | None = None) -> str:
    """Why the intake is to read only, in a sentence; empty while it may change."""
    if lab.status in OVER:
        return _("This lab is finished. Nothing can be changed any more.")
    if lab.has_begun(now):
        return _("Session 1 has begun. Your intake cannot be changed any more.")
    return ""


def takes_answers(lab: Lab, now: datetime | None = None) -> bool:
    """Whether the intake may still change: until session 1 begins, in a lab that is not over."""
    return not why_closed(lab, now)


def in_turn(lab_id: int) -> Lab:
    """The lab as it is now.

    Raising its version comes first: who saves at the same moment waits, also for the actions about
    places, and the pages that show this lab are made anew.
    """
    Lab.objects.filter(pk=lab_id).update(version=F("version") + 1)
    return Lab.objects.prefetch_related("sessions").get(pk=lab_id)


def _take_turn(enrolment: Enrolment) -> tuple[Lab, Enrolment]:
    """The lab and this enrolment as they are now."""
    lab = in_turn(enrolment.lab_id)
    seated = Enrolment.objects.seated().select_related("person", "intake__questionnaire")
    found = seated.filter(pk=enrolment.pk).first()
    if found is None:
        raise Refused(_("You have no place in this lab any more."))
    return lab, found


@transaction.atomic
def keep(
    enrolment: Enrolment,
    step: int,
    cleaned: dict[str, Given | None],
    *,
    by: User,
    now: datetime | None = None,
) -> Intake:
    """Keep the answers of one screen (REQ-005, REQ-069); None takes an answer away.

    `cleaned` holds what is right: something wrong or missing elsewhere on the screen loses nothing.
    The intake is done by itself as soon as nothing is missing, so nobody can forget to send it.

    Raises Refused from session 1 on, and for a lab that is over or a place that was given back.
    """
    now = now or timezone.now()
    lab, enrolment = _take_turn(enrolment)
    if reason := why_closed(lab, now):
        raise Refused(reason)
    intake = intake_of(enrolment)
    if begins := intake is None:
        intake = Intake(enrolment=enrolment, questionnaire=questionnaires.current(), started_at=now)
    was_done = intake.done_at is not None
    sheet = questionnaires.sheet_of(intake)
    answers = given(enrolment, sheet)
    changes = _changes(sheet.on(step), answers, cleaned)
    answers = {key: answer for key, answer in (answers | changes).items() if answer}
    intake.saved_at = now
    intake.done_at = None if missing(sheet, answers) else intake.done_at or now
    intake.save()
    _write(enrolment, intake, sheet, changes)
    _record(by, lab, intake, begins=begins, was_done=was_done)
    return intake


def _changes(
    questions: list[Question], before: dict[str, Given], cleaned: dict[str, Given | None]
) -> dict[str, Given | None]:
    """What is new. An enrolment cannot do without its three answers: those are never taken away."""
    return {
        question.key: cleaned[question.key]
        for question in questions
        if question.key in cleaned
        and cleaned[question.key] != before.get(question.key)
        and (cleaned[question.key] or question.key not in ON_ENROLMENT)
    }


def _write(
    enrolment: Enrolment, intake: Intake, sheet: Sheet, changes: dict[str, Given | None]
) -> None:
    """Put every change where it lives: on the enrolment, among the consents, among the answers."""
    kept = {key: answer for key, answer in changes.items() if answer}
    fields = {ON_ENROLMENT[key]: answer for key, answer in kept.items() if key in ON_ENROLMENT}
    for field, answer in fields.items():
        setattr(enrolment, field, answer.own if answer.value == OTHER else answer.value)
    if fields:
        enrolment.save(update_fields=fields.keys())
    if CONSENTS in changes:
        words = kept[CONSENTS].value if CONSENTS in kept else []
        _set_consents(enrolment, consent_kinds(sheet, words))
    rest = changes.keys() - ON_ENROLMENT.keys() - {CONSENTS}
    if rest:
        write_answers(intake, {key: kept.get(key) for key in rest})


def write_answers(
    intake: Intake | OrganisationIntake, changes: dict[str, Given | None], **more: User
) -> None:
    """Keep what changed as rows, None takes one away; `more` goes on every row that is written."""
    rows: Any = intake.answers.model
    questions = {q.key: q for q in intake.questionnaire.questions.filter(key__in=changes)}
    gone = [questions[key] for key, answer in changes.items() if answer is None]
    intake.answers.filter(question__in=gone).delete()
    rows._default_manager.bulk_create(
        [
            rows(
                intake=intake,
                question=questions[key],
                value=answer.value,
                other=answer.own,
                saved_at=intake.saved_at,
                **more,
            )
            for key, answer in changes.items()
            if answer
        ],
        update_conflicts=True,
        unique_fields=["intake", "question"],
        update_fields=["value", "other", "saved_at", *more],
    )


def _record(by: User, lab: Lab, intake: Intake, *, begins: bool, was_done: bool) -> None:
    """One line in the logbook when the intake's standing changes.

    Not a line for every screen: beside the group's page it would tell who answered what.
    """
    is_done = intake.done_at is not None
    if begins or is_done != was_done:
        name = "intake_done" if is_done else "intake_begun" if begins else "intake_reopened"
        events.record(by, name, intake, lab=lab, label=str(intake.enrolment.person))


@transaction.atomic
def change_consents(enrolment: Enrolment, kinds: set[str], *, by: User) -> None:
    """Give or take back a consent, also after session 1: taking back is as easy as giving.

    Raises Refused when the place was given back; the consents went with it.
    """
    lab, enrolment = _take_turn(enrolment)
    if _set_consents(enrolment, kinds):
        events.record(by, "consents_changed", enrolment, lab=lab, label=str(enrolment.person))


def _set_consents(enrolment: Enrolment, kinds: set[str]) -> bool:
    """Make these the consents that stand; a consent that stood keeps its moment."""
    before = set(enrolment.consents.values_list("kind", flat=True))
    enrolment.consents.exclude(kind__in=kinds).delete()
    Consent.objects.bulk_create(
        Consent(enrolment=enrolment, kind=kind) for kind in sorted(kinds - before)
    )
    return before != kinds


def wipe_logistics(now: datetime | None = None) -> int:
    """Wipe the answers on diet and accessibility that have served their purpose; how many.

    That is from the day after session 3, and at once when the lab is over or the place was given
    back. The worker's clockwork, safe to run twice.
    """
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    last_session = {"sessions__number": 3, "sessions__ends_at__lt": today}
    past = Lab.objects.filter(Q(status__in=OVER) | Q(**last_session))
    logistics = Answer.objects.filter(question__visibility=Question.Visibility.LOGISTICS)
    gone = ~Q(intake__enrolment__status__in=Enrolment.LIVING)
    due = logistics.filter(gone | Q(intake__enrolment__lab__in=past))
    wiped = 0
    for lab in Lab.objects.filter(pk__in=due.values("intake__enrolment__lab")):
        with transaction.atomic():
            number, _rows = due.filter(intake__enrolment__lab=lab).delete()
            events.record(None, "logistics_wiped", lab, lab=lab, via=Event.Via.WORKER)
        wiped += number
    return wiped
