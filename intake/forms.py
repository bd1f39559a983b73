"""The screens of the intake as forms, made from the questions."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from django import forms
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from intake.fields import CHOICES_ERRORS, DATE_ERRORS, Words, field_for, field_for_own_words
from intake.given import CONSENTS, Given, consent_kinds
from intake.models import OrganisationIntake, Question
from intake.questionnaires import OTHER, Sheet

Kind = Question.Kind
OWN = "_own"  # behind a question's key: the field for own words
# What a field looks like, before and after its text: as many as there are ways to answer. What
# people write is not in it.
DRAWN: dict[tuple, tuple[SafeString, SafeString]] = {}
TYPED = (Kind.TEXT, Kind.TEXTAREA, Kind.DATE)  # answered with what somebody types
HERE = "\ue000"  # stands where the text goes; no keyboard types it


class StepForm(forms.Form):
    """One screen of the intake. What is right of it can be kept when something else is wrong.

    A screen that is only looked at needs no fields once its questions were drawn. Without `insist`
    a question that needs an answer may be left for later.
    """

    use_required_attribute = False

    def __init__(
        self,
        data=None,
        *,
        questions: list[Question],
        given: dict[str, Given],
        insist: bool = True,
    ):
        super().__init__(data, initial=dict(_initial(given)))
        self.questions, self.insist = questions, insist
        if self.is_bound:
            self._add_fields()

    def _add_fields(self) -> None:
        for question in self.questions:
            for name, label in _names(question):
                field = field_for(question)
                field.label, field.help_text = label, "" if question.rows else question.help
                self.fields[name] = field
            if OTHER in question.options:
                self.fields[question.key + OWN] = field_for_own_words(question)

    def clean(self):
        """At most so many, and own words with "Anders, namelijk:"; without it they do not count."""
        for question in self.questions:
            chosen = self.cleaned_data.get(question.key)
            if question.most and chosen and len(chosen) > question.most:
                words = _("Choose at most %(most)s answers. You chose %(number)s.")
                self.add_error(question.key, words % {"most": question.most, "number": len(chosen)})
            own = question.key + OWN
            if own not in self.fields:
                continue
            if not chosen or OTHER not in chosen:
                self.errors.pop(own, None)
            elif not self.cleaned_data.get(own) and own not in self.errors:
                self.add_error(own, _("Write in a few words what you mean."))
        if not self.insist:
            self._leave_for_later()
        return self.cleaned_data

    def _leave_for_later(self) -> None:
        for name, errors in list(self.errors.as_data().items()):
            if all(error.code == "required" for error in errors):
                del self.errors[name]

    def kept(self) -> dict[str, Given | None]:
        """What can be kept: the right answers, and None for what was left or made empty."""
        found = {}
        for question in self.questions:
            names = [name for name, _label in _names(question)]
            wrong = [
                error
                for name in [*names, question.key + OWN]
                for error in self.errors.as_data().get(name, [])
                if error.code != "required"
            ]
            if not wrong:
                found[question.key] = self._given(question, names)
        return found

    def _given(self, question: Question, names: list[str]) -> Given | None:
        values = {name: self.cleaned_data.get(name) for name in names}
        if question.kind == Kind.MATRIX5:
            rows = {name: value for name, value in values.items() if value}
            return Given(rows) if rows else None
        value = values[question.key]
        if not value:
            return None
        if isinstance(value, date):
            return Given(value.isoformat())
        if question.kind == Kind.SCALE5:
            return Given(value)
        own = self.cleaned_data.get(question.key + OWN, "") if OTHER in value else ""
        if question.kind == Kind.MULTI:
            value = [option for option in question.options if option in value]
        return Given(value, own)

    def parts(self) -> Iterator[dict]:
        """The screen for the template, cut where other people see the answers."""
        for audience, questions in groupby(self.questions, key=lambda each: each.audience):
            yield {"audience": audience, "questions": [self._part(q) for q in questions]}

    def _part(self, question: Question) -> dict:
        own = question.key + OWN
        return {
            "fields": [self._drawn(question, name) for name, _label in _names(question)],
            "own": self._drawn(question, own) if OTHER in question.options else "",
            "heading": question.label if question.rows else "",
            "help": question.help,
        }

    def _drawn(self, question: Question, name: str) -> SafeString:
        """One field as HTML: drawn once per choice, around the place where own text goes."""
        is_own = name.endswith(OWN)
        if self.is_bound:
            return _draw(self[name], is_own)
        answer = self.initial.get(name) or ""
        text = answer if is_own or question.kind in TYPED else ""
        key = (get_language(), name, bool(text) or str(answer), question.label, question.help)
        key += (*question.options, *question.scale, *(words for _key, words in question.rows))
        if key not in DRAWN:
            if not self.fields:
                self._add_fields()
            self.initial[name] = HERE if text else answer
            before, _here, after = _draw(self[name], is_own).partition(HERE)
            DRAWN[key] = SafeString(before), SafeString(after)
        before, after = DRAWN[key]
        return format_html("{}{}{}", before, text, after)


def _draw(field: forms.BoundField, is_own: bool) -> SafeString:
    return render_to_string("werklab_forms/field.html", {"field": field, "hide_optional": is_own})


def _names(question: Question) -> list[tuple[str, str]]:
    """The fields of one question with their labels: one, or one per statement."""
    return [(key, words) for key, words in question.rows] or [(question.key, question.label)]


def _initial(given: dict[str, Given]) -> Iterator[tuple[str, object]]:
    for key, answer in given.items():
        if isinstance(answer.value, dict):
            yield from answer.value.items()
        else:
            yield key, answer.value
            yield key + OWN, answer.own


class ConsentForm(forms.Form):
    """The consents by themselves: they may change as long as somebody has a place."""

    def __init__(self, data=None, *, sheet: Sheet, given: dict[str, Given]):
        super().__init__(data)
        self.sheet = sheet
        question, answer = sheet.question(CONSENTS), given.get(CONSENTS)
        self.fields["consents"] = forms.MultipleChoiceField(
            label=question.label,
            choices=[(option, option) for option in question.options],
            initial=answer.value if answer else [],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            error_messages=CHOICES_ERRORS,
        )

    def kinds(self) -> set[str]:
        """The kinds of consent that were ticked."""
        return consent_kinds(self.sheet, self.cleaned_data["consents"])


class GoneThroughForm(forms.ModelForm):
    """When the trainers talked the organisation's intake over, and what came of it."""

    LONGEST = 2000

    class Meta:
        model = OrganisationIntake
        fields = ("gone_through_on", "remark")
        widgets = {"gone_through_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        error_messages = {"gone_through_on": DATE_ERRORS}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["gone_through_on"].required = True
        self.fields["remark"] = Words(
            longest=self.LONGEST,
            label=_("What did you agree on?"),
            help_text=_("The coordinator reads this too."),
            widget=forms.Textarea(attrs={"rows": 3}),
            required=False,
        )

    def told(self) -> tuple[date, str]:
        """The day and the remark."""
        return self.cleaned_data["gone_through_on"], self.cleaned_data["remark"]
