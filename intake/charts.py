"""Choices of a group as a chart: people as squares, and the finding in words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from intake.given import Given
from intake.models import Question
from intake.questionnaires import OTHER

FEWEST = 5  # with fewer answers somebody could be recognised
Kind = Question.Kind


@dataclass(frozen=True)
class Chart:
    """How many people chose what; `rows` is empty while too few have answered."""

    key: str
    question: str
    finding: str
    rows: list[dict]
    people: int
    own_words: list[str]


def chart_of(question: Question, answers: list[Given], people: int) -> Chart:
    """What was chosen, each option on the scale of the whole group; empty for fewer than five."""
    chosen = Counter(option for answer in answers for option in _options(answer))
    counted = [(option, chosen[option]) for option in question.options]
    if question.kind == Kind.MULTI:
        counted.sort(key=lambda row: -row[1])
    shown = len(answers) >= FEWEST
    return Chart(
        key=question.key,
        question=question.label,
        finding=_finding(counted) if shown else "",
        rows=rows_of_squares(counted, people) if shown else [],
        people=len(answers),
        own_words=in_order(answer.own for answer in answers) if shown else [],
    )


def _options(answer: Given) -> list[str]:
    return answer.value if isinstance(answer.value, list) else [answer.value]


def in_order(texts: Iterable[str]) -> list[str]:
    """By the alphabet: an order that tells nothing about who wrote, or when."""
    return sorted((text for text in texts if text), key=lambda text: (text.casefold(), text))


def _finding(counted: list[tuple[str, int]]) -> str:
    """What was chosen most, when that is one thing or two; else nothing stands out."""
    most = max((count for _option, count in counted), default=0)
    top = [_without_colon(option) for option, count in counted if count == most and most]
    if len(top) == 1:
        return _("Chosen most: %(option)s") % {"option": top[0]}
    if len(top) == 2:
        return _("Chosen most: %(one)s, and %(other)s") % {"one": top[0], "other": top[1]}
    return ""


def _without_colon(option: str) -> str:
    return _("Something else") if option == OTHER else option


def rows_of_squares(counted: list[tuple[str, int]], people: int) -> list[dict]:
    """Rows for a chart and its table: every chart of this group on the same scale."""
    return [
        {
            "label": _without_colon(option),
            "count": count,
            "parts": [(count, "k-taken", _("people"))],
            "widest": people,
        }
        for option, count in counted
    ]
