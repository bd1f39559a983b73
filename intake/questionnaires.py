"""The questionnaires: from their file to the database and to the screen.

The file is the truth. The first answer that needs it brings it into the database, not a migration:
so it is there after `migrate` without another command, a test may empty the tables, and a changed
file becomes a new version by itself. Showing a screen needs only the file, so GET writes nothing.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Max

from intake.models import Intake, OrganisationIntake, Question, Questionnaire

FILE = Path(__file__).parent / "data" / "questionnaires.json"
PARTICIPANT = "deelnemer"
ORGANISATION = "organisatie"
STEPS = 5
OTHER = "Anders, namelijk:"  # the option that asks for own words; data, so in Dutch


@dataclass(frozen=True)
class Sheet:
    """A questionnaire with its questions in order, to read: from the file or from the database."""

    questionnaire: Questionnaire
    questions: tuple[Question, ...]

    def on(self, step: int) -> list[Question]:
        """The questions of one screen; those that trainers see with a name come first."""
        questions = [question for question in self.questions if question.step == step]
        return sorted(questions, key=lambda question: (not question.named, question.number))

    def title_of(self, step: int) -> str:
        """The heading of one screen."""
        return self.questionnaire.steps[step - 1]

    def question(self, key: str) -> Question:
        """The one question with this key."""
        return next(question for question in self.questions if question.key == key)


@cache
def _data(path: Path) -> dict[str, dict]:
    return json.loads(path.read_text(encoding="utf-8"))


def _questionnaire(code: str, data: dict) -> Questionnaire:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return Questionnaire(
        code=code,
        digest=sha256(text.encode()).hexdigest(),
        title=data["title"],
        intro=data["intro"],
        steps=data["steps"],
    )


def _questions(data: dict) -> Iterator[Question]:
    for row in data["questions"]:
        yield Question(
            number=int(row["id"][1:]),
            key=row["key"],
            kind=row["type"],
            label=row["label"],
            help=row.get("help", ""),
            required=row["required"],
            options=row.get("options", []),
            rows=row.get("rows", []),
            scale=row.get("scale", []),
            most=row.get("max"),
            step=row["step"],
            named=row["named"],
            visibility=row.get("visibility", Question.Visibility.GROUP),
        )


@cache
def sheet(code: str = PARTICIPANT, path: Path = FILE) -> Sheet:
    """The questionnaire as the file has it, for reading only: nothing of it is in the database."""
    data = _data(path)[code]
    return Sheet(_questionnaire(code, data), tuple(_questions(data)))


def sheet_of(intake: Intake | OrganisationIntake | None, code: str = PARTICIPANT) -> Sheet:
    """The questions that this intake answers: today's, or those of the version it began with."""
    today = sheet(code)
    if intake is None or intake.questionnaire.digest == today.questionnaire.digest:
        return today
    return Sheet(intake.questionnaire, tuple(intake.questionnaire.questions.all()))


def load(code: str = PARTICIPANT, path: Path = FILE) -> Questionnaire:
    """The questionnaire of the file in the database, put there when it is not; safe to run twice.

    A text that was never there becomes the next version; the earlier ones stay with their answers.
    """
    data = _data(path)[code]
    new = _questionnaire(code, data)
    same = Questionnaire.objects.filter(code=code, digest=new.digest)
    if known := same.first():
        return known
    last = Questionnaire.objects.filter(code=code).aggregate(last=Max("version"))["last"]
    new.version = (last or 0) + 1
    try:
        with transaction.atomic():
            new.save()
            questions = list(_questions(data))
            for question in questions:
                question.questionnaire = new
            Question.objects.bulk_create(questions)
    except IntegrityError:  # somebody else brought it in at this very moment
        return same.get()
    return new


def current(code: str = PARTICIPANT) -> Questionnaire:
    """The questionnaire that is asked today, in the database."""
    return load(code)
