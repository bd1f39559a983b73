"""What the organisation of a demo lab answered, handed in by its coordinator."""

from datetime import date, timedelta

from django.utils import timezone

from intake.models import OrganisationAnswer, OrganisationIntake
from intake.questionnaires import ORGANISATION, current
from werklab.models import Lab, LabRole

BEFORE = timedelta(days=40)  # so long before session 1 it was handed in, or else last week
LAST_WEEK = timedelta(days=7)
DATES = {"org_mt_date"}


def add_intake(lab: Lab, data: dict, shift: timedelta) -> None:
    """The organisation's intake, handed in; with a remark the trainers have gone through it."""
    begins = lab.starts_at or timezone.now()
    handed_in = min(begins - BEFORE, timezone.now() - LAST_WEEK)
    coordinator = lab.roles.get(role=LabRole.Role.COORDINATOR).user
    trainer = lab.roles.get(chair=LabRole.Chair.MUNICIPAL).user
    questionnaire = current(ORGANISATION)
    intake = OrganisationIntake(
        lab=lab,
        questionnaire=questionnaire,
        writer=coordinator,
        started_at=handed_in,
        saved_at=handed_in,
        handed_in_at=handed_in,
    )
    if "remark" in data:
        intake.gone_through_at = handed_in + timedelta(days=3)
        intake.gone_through_on = timezone.localdate(intake.gone_through_at)
        intake.gone_through_by, intake.remark = trainer, data["remark"]
    intake.save()
    own_words = data.get("other", {})
    OrganisationAnswer.objects.bulk_create(
        OrganisationAnswer(
            intake=intake,
            question=question,
            writer=coordinator,
            value=_moved(question.key, data["answers"][question.key], shift),
            other=own_words.get(question.key, ""),
            saved_at=handed_in,
        )
        for question in questionnaire.questions.all()
        if question.key in data["answers"]
    )


def _moved(key: str, value: str | int | list[str], shift: timedelta) -> str | int | list[str]:
    """A date moves along with the lab; all else stays as it was written."""
    if key in DATES and isinstance(value, str):
        return (date.fromisoformat(value) + shift).isoformat()
    return value
