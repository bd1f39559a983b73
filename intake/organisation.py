"""The intake of the organisation: who may read which answer, and what is done with it.

A coordinator answers it, hands it in, and a trainer goes through it with them, all before session 1
begins (REQ-039). Once it was handed in it stays complete: answers change, but none that is needed
goes away.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from intake import questionnaires
from intake.answers import in_turn, why_closed, write_answers
from intake.given import Given, missing
from intake.models import OrganisationIntake, Question
from intake.questionnaires import ORGANISATION, Sheet
from werklab import events, mail
from werklab.errors import Refused
from werklab.models import Lab, LabRole, User


@dataclass(frozen=True)
class Told:
    """What one reader may know: the answers, and the keys of those that are not for them."""

    answers: dict[str, Given]
    hidden: frozenset[str]


def intake_of(lab: Lab) -> OrganisationIntake | None:
    """The intake of this lab's organisation, or None before the first answer."""
    people = ("questionnaire", "writer", "gone_through_by")
    found = OrganisationIntake.objects.filter(lab=lab).select_related(*people).first()
    if found is not None:
        found.lab = lab
    return found


def sheet_of(intake: OrganisationIntake | None) -> Sheet:
    """The twenty questions."""
    return questionnaires.sheet_of(intake, ORGANISATION)


def is_handed_in(lab: Lab) -> bool:
    """Whether the organisation's intake of this lab is complete and with the trainers."""
    return OrganisationIntake.objects.filter(lab=lab, handed_in_at__isnull=False).exists()


def told(intake: OrganisationIntake | None, reader: User, *, sensitive: bool = False) -> Told:
    """What this person may read of it: with `sensitive` all, else not what others keep apart."""
    found, hidden = {}, set()
    if intake is not None and intake.pk:  # one that begins now is not saved yet
        rows = intake.answers.values_list(
            "question__key", "value", "other", "question__visibility", "writer"
        )
        for key, value, other, visibility, writer in rows:
            if sensitive or visibility != Question.Visibility.WRITER or writer == reader.pk:
                found[key] = Given(value, other)
            else:
                hidden.add(key)
    return Told(found, frozenset(hidden))


@transaction.atomic
def save_step(
    by: User,
    lab: Lab,
    step: int,
    cleaned: dict[str, Given | None],
    *,
    now: datetime | None = None,
) -> OrganisationIntake | None:
    """Keep what changed on one screen; None takes an answer away. Gives the intake, if it began.

    Raises Refused from session 1 on, for a lab that is over, and for an answer to a question that a
    colleague has answered for the trainers alone.
    """
    now = now or timezone.now()
    lab, intake = _take_turn(lab, now)
    begins = intake is None
    if intake is None:
        questionnaire = questionnaires.current(ORGANISATION)
        intake = OrganisationIntake(lab=lab, questionnaire=questionnaire, writer=by, started_at=now)
    changes = _changes(by, intake, sheet_of(intake).on(step), cleaned)
    if not changes:
        return None if begins else intake
    intake.saved_at = now
    intake.save()
    write_answers(intake, changes, writer=by)
    if begins or intake.handed_in_at:
        name = "organisation_intake_begun" if begins else "organisation_intake_changed"
        events.record(by, name, intake, lab=lab)
    return intake


def _take_turn(lab: Lab, now: datetime) -> tuple[Lab, OrganisationIntake | None]:
    """The lab and its organisation's intake as they are now, one saver at a time."""
    lab = in_turn(lab.pk)
    if reason := why_closed(lab, now):
        raise Refused(reason)
    return lab, intake_of(lab)


def _changes(
    by: User,
    intake: OrganisationIntake,
    questions: list[Question],
    cleaned: dict[str, Given | None],
) -> dict[str, Given | None]:
    """What is new; nothing of a colleague's sensitive answer, and no gap in what was handed in."""
    before, changes = told(intake, by), {}
    for question in questions:
        key, answer = question.key, cleaned.get(question.key)
        if key in before.hidden and answer:
            words = _(
                "Meanwhile a colleague has answered “%(question)s”, for the trainers alone. "
                "Take your answer away there, and call the trainers with it. "
                "Nothing of this screen is kept yet."
            )
            raise Refused(words % {"question": question.label})
        if key not in cleaned or key in before.hidden or answer == before.answers.get(key):
            continue
        if answer or not (question.required and intake.handed_in_at):
            changes[key] = answer
    return changes


@transaction.atomic
def hand_in(by: User, lab: Lab, *, now: datetime | None = None) -> OrganisationIntake:
    """Give the finished intake to the trainers, and tell both; twice is once.

    Raises Refused while something is missing, from session 1 on, and for a lab that is over.
    """
    now = now or timezone.now()
    lab, intake = _take_turn(lab, now)
    if intake is None or missing(sheet_of(intake), told(intake, by, sensitive=True).answers):
        raise Refused(_("Some questions still need your answer. After that you can hand it in."))
    if intake.handed_in_at:
        return intake
    intake.handed_in_at, intake.writer = now, by
    intake.save()
    events.record(by, "organisation_intake_handed_in", intake, lab=lab)
    _tell_trainers(by, lab)
    return intake


def _tell_trainers(by: User, lab: Lab) -> None:
    page = settings.BASE_URL + reverse("intake:organisation_read", args=[lab.slug])
    for role in lab.roles.filter(role=LabRole.Role.TRAINER).select_related("user"):
        mail.send(
            "organisation_intake_handed_in",
            to=role.user.email,
            lab=lab,
            person=role.user,
            context={"writer_name": str(by), "organisation_url": page},
        )


@transaction.atomic
def go_through(
    by: User, lab: Lab, on: date, remark: str = "", *, now: datetime | None = None
) -> OrganisationIntake:
    """Write down that the trainers talked it over with the coordinator: when, and a remark.

    Raises Refused before it was handed in, for a day that is still to come, from session 1 on, and
    for a lab that is over.
    """
    now = now or timezone.now()
    lab, intake = _take_turn(lab, now)
    if intake is None or intake.handed_in_at is None:
        raise Refused(_("The coordinator has not handed it in yet."))
    if on > timezone.localdate(now):
        raise Refused(_("Choose a day that is not still to come."))
    intake.gone_through_at, intake.gone_through_by = now, by
    intake.gone_through_on, intake.remark = on, remark
    intake.save()
    events.record(by, "organisation_intake_gone_through", intake, lab=lab)
    return intake
