"""What the group answered, for its trainers: never a name where none was promised.

An answer that was given without a name is shown from five people on, and in an order that follows
from its text alone (REQ-032 to REQ-035). Reading only.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.charts import FEWEST, Chart, chart_of, in_order, rows_of_squares
from intake.given import CONSENTS, ON_ENROLMENT, Given, in_words
from intake.models import Answer, Question
from intake.questionnaires import Sheet, sheet
from werklab.models import Consent, ContactFrequency, Enrolment, Lab

LITTLE_CONTACT = (ContactFrequency.YEARLY, ContactFrequency.RARELY)
# Above a column there is no room for a question.
COLUMNS = {
    "part_role": gettext_lazy("Function"),
    "part_department": gettext_lazy("Field of policy"),
    "part_years": gettext_lazy("At the municipality"),
    "part_contact_frequency": gettext_lazy("Contact with initiatives"),
    "part_attendance": gettext_lazy("Comes to"),
    CONSENTS: gettext_lazy("Consent for"),
    "part_diet": gettext_lazy("At table"),
    "part_access": gettext_lazy("To take part"),
    "part_travel": gettext_lazy("To the visits"),
}
CONSENT_WORDS = {
    Consent.Kind.NAME: gettext_lazy("name"),
    Consent.Kind.QUOTES: gettext_lazy("words without a name"),
    Consent.Kind.PHOTO: gettext_lazy("photo"),
}
Kind, Visibility = Question.Kind, Question.Visibility


@dataclass(frozen=True)
class Progress:
    """How far the participants of a lab are with their intakes."""

    done: int
    busy: int
    not_begun: int

    @property
    def total(self) -> int:
        """Everybody with a seat."""
        return self.done + self.busy + self.not_begun

    @property
    def parts(self) -> list[tuple[int, str, str]]:
        """The three groups for the chart of people as squares."""
        return [
            (self.done, "k-taken", _("done")),
            (self.busy, "k-busy", _("busy")),
            (self.not_begun, "k-free", _("not begun")),
        ]


def progress(lab: Lab) -> Progress:
    """Who has a seat, counted by how far the intake is, in one query; the cockpit shows it."""
    return Progress(
        **lab.enrolments.seated().aggregate(
            done=Count("pk", filter=Q(intake__done_at__isnull=False)),
            busy=Count("pk", filter=Q(intake__isnull=False, intake__done_at__isnull=True)),
            not_begun=Count("pk", filter=Q(intake__isnull=True)),
        )
    )


class Group:
    """The seated participants of one lab with all that they answered, read in three queries."""

    def __init__(self, lab: Lab):
        self.sheet: Sheet = sheet()
        seated = lab.enrolments.seated().select_related("person", "intake")
        self.people = sorted(seated.prefetch_related("consents"), key=lambda one: str(one).lower())
        self.answers: dict[str, dict[int, Given]] = defaultdict(dict)
        rows = Answer.objects.filter(intake__enrolment__in=self.people)
        for who, key, value, other in rows.values_list(
            "intake__enrolment", "question__key", "value", "other"
        ):
            self.answers[key][who] = Given(value, other)

    def in_state(self, state: str) -> list[Enrolment]:
        """Who is "done", "busy" or has "not_begun"."""
        return [one for one in self.people if _state(one) == state]

    def standing(self) -> Progress:
        """The same as `progress`, from what was read already."""
        counted = Counter(_state(one) for one in self.people)
        return Progress(counted["done"], counted["busy"], counted["not_begun"])

    def enough_people(self) -> bool:
        """Whether open answers may be shown: nobody can tell whose they are."""
        return sum(_state(one) != "not_begun" for one in self.people) >= FEWEST

    def charts(self) -> list[Chart]:
        """The choices that were made without a name."""
        kinds = (Kind.SINGLE, Kind.MULTI)
        return [
            chart_of(question, list(self.answers[question.key].values()), len(self.people))
            for question in self.sheet.questions
            if question.kind in kinds and not question.named
        ]

    def mix(self) -> dict:
        """How often people meet initiatives, with a word when the mix is thin (REQ-110)."""
        often = Counter(one.contact_frequency for one in self.people)
        little = sum(often[value] for value in LITTLE_CONTACT)
        hint = ""
        if len(self.people) >= FEWEST and little == 0:
            hint = _("Nobody in this group has little contact with initiatives.")
        elif len(self.people) >= FEWEST and (len(self.people) - little) * 5 <= len(self.people):
            hint = _("Hardly anybody has contact with initiatives.")
        return {
            "question": self.sheet.question("part_contact_frequency").label,
            "rows": rows_of_squares(
                [(value, often[value]) for value in ContactFrequency.values], len(self.people)
            ),
            "little": little,
            "total": len(self.people),
            "hint": hint,
        }

    def outcomes(self) -> list[dict]:
        """Per statement the average of the group and of how many; none from fewer than five."""
        return [
            self._outcome(question, key, words)
            for question in self.sheet.questions
            if question.kind == Kind.MATRIX5
            for key, words in question.rows
        ]

    def _outcome(self, question: Question, key: str, words: str) -> dict:
        answers = self.answers[question.key].values()
        scores = [answer.value[key] for answer in answers if key in answer.value]
        average = sum(scores) / len(scores) if len(scores) >= FEWEST else None
        shown = "" if average is None else number_format(round(average, 1), 1)
        return {"statement": words, "average": shown, "people": len(scores)}

    def open_answers(self, *, named: bool) -> list[dict]:
        """The open questions with what was written: with a name, or in alphabetical order."""
        return [
            {"question": question.label, "quotes": self._quotes(question)}
            for question in self.sheet.questions
            if question.kind == Kind.TEXTAREA
            and question.named == named
            and question.visibility != Visibility.LOGISTICS
            and (named or self.enough_people())
        ]

    def _quotes(self, question: Question) -> list[dict]:
        answers = self.answers[question.key]
        if question.named:
            return [
                {"text": answers[one.pk].value, "who": str(one)}
                for one in self.people
                if one.pk in answers
            ]
        return [{"text": text} for text in in_order(answer.value for answer in answers.values())]

    def facts(self) -> tuple[list[str], list[dict]]:
        """What was asked with a name and fits a table: the questions, and a row per person."""
        questions = [
            question
            for question in self.sheet.questions
            if question.named
            and question.kind != Kind.TEXTAREA
            and question.visibility != Visibility.LOGISTICS
        ]
        rows = [
            {"who": str(one), "cells": [self._cell(one, question) for question in questions]}
            for one in self.people
        ]
        return [_column(question) for question in questions], rows

    def _cell(self, one: Enrolment, question: Question) -> dict:
        if question.key in ON_ENROLMENT:
            lines = [getattr(one, ON_ENROLMENT[question.key])]
        elif question.key == CONSENTS:
            lines = [
                str(CONSENT_WORDS[Consent.Kind(consent.kind)]) for consent in one.consents.all()
            ]
        else:
            lines = in_words(question, self.answers[question.key].get(one.pk))
        label = _column(question)
        return {"label": label, "lines": lines, "short": all(len(line) < 12 for line in lines)}

    def logistics(self) -> list[dict]:
        """Who needs what to take part and at table; wiped the day after session 3."""
        return [
            {
                "who": str(one),
                "about": _column(question),
                "text": answers[one.pk].value,
            }
            for question in self.sheet.questions
            if question.visibility == Visibility.LOGISTICS
            for answers in [self.answers[question.key]]
            for one in self.people
            if one.pk in answers
        ]


def _state(one: Enrolment) -> str:
    intake = getattr(one, "intake", None)
    if intake is None:
        return "not_begun"
    return "done" if intake.done_at else "busy"


def _column(question: Question) -> str:
    """What stands above a question's answers, or before them."""
    return str(COLUMNS.get(question.key, question.label))
