"""The fields of a screen: one kind per kind of question, with errors that say what to do."""

from collections.abc import Callable

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from intake.given import ON_ENROLMENT
from intake.models import Question
from intake.questionnaires import OTHER

Kind = Question.Kind
LONGEST: dict[str, int] = {Kind.TEXT: 200, Kind.TEXTAREA: 2000}
LONGEST_ON_ENROLMENT = 80
OWN_WORDS = 200
LONG_LIST = 8  # from here on a drop-down list: sixteen radios fill a phone twice

TEXT_ERRORS = {
    "required": gettext_lazy("Write your answer here."),
    "null_characters_not_allowed": gettext_lazy(
        "There is a sign in this text that we cannot keep. Type the text again."
    ),
}
CHOICE_ERRORS = {
    "required": gettext_lazy("Choose one answer."),
    "invalid_choice": gettext_lazy("Choose one of the answers in the list."),
}
CHOICES_ERRORS = {
    "required": gettext_lazy("Choose at least one answer."),
    "invalid_choice": gettext_lazy("Choose from the answers in the list."),
}

DATE_ERRORS = {
    "required": gettext_lazy("Choose a day."),
    "invalid": gettext_lazy("Choose a day that exists."),
}


class Words(forms.CharField):
    """Text with a limit that is told, not cut off: without `maxlength` nothing pasted gets lost."""

    def __init__(self, *, longest: int, **kwargs):
        super().__init__(error_messages=TEXT_ERRORS, **kwargs)
        self.validators.append(
            MaxLengthValidator(
                longest,
                ngettext_lazy(
                    "Make this shorter: at most %(limit_value)d sign. You wrote %(show_value)d.",
                    "Make this shorter: at most %(limit_value)d signs. You wrote %(show_value)d.",
                    "limit_value",
                ),
            )
        )

    def to_python(self, value):
        """A line break is one sign, whatever the browser sends."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class _MarksOwnWords(forms.widgets.ChoiceWidget):
    """Marks "Anders, namelijk:", so that the style sheet shows the line for own words beside it."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if value == OTHER:
            option["attrs"]["data-own"] = True
        return option


class Radios(_MarksOwnWords, forms.RadioSelect):
    pass


class Checkboxes(_MarksOwnWords, forms.CheckboxSelectMultiple):
    pass


class DropDown(_MarksOwnWords, forms.Select):
    pass


def _text(question: Question) -> forms.Field:
    longest = LONGEST[question.kind]
    widget: forms.Widget = forms.TextInput()
    if question.kind == Kind.TEXTAREA:
        widget = forms.Textarea(attrs={"rows": 3})
    if question.key in ON_ENROLMENT:
        longest = LONGEST_ON_ENROLMENT
        widget = forms.TextInput(attrs={"autocomplete": "organization-title"})
    return Words(longest=longest, widget=widget, required=question.required)


def _choice(question: Question) -> forms.Field:
    options = [(option, option) for option in question.options]
    long = len(options) > LONG_LIST
    if long:
        options.insert(0, ("", _("Choose")))
    return forms.ChoiceField(
        choices=options,
        widget=DropDown if long else Radios,
        required=question.required,
        error_messages=CHOICE_ERRORS,
    )


def _choices(question: Question) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=[(option, option) for option in question.options],
        widget=Checkboxes,
        required=question.required,
        error_messages=CHOICES_ERRORS,
    )


def _scale(question: Question) -> forms.Field:
    """Five squares; words that begin with their number lose it, for the square shows it."""
    words = [word.lstrip("12345 ") for word in question.scale]
    return forms.TypedChoiceField(
        choices=list(enumerate(words, start=1)),
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect(attrs={"data-scale": "1"}),
        required=question.required,
        error_messages=CHOICE_ERRORS,
    )


def _date(question: Question) -> forms.Field:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=question.required,
        error_messages=DATE_ERRORS,
    )


FIELDS: dict[str, Callable[[Question], forms.Field]] = {
    Kind.TEXT: _text,
    Kind.TEXTAREA: _text,
    Kind.SINGLE: _choice,
    Kind.MULTI: _choices,
    Kind.SCALE5: _scale,
    Kind.MATRIX5: _scale,
    Kind.DATE: _date,
}


def field_for(question: Question) -> forms.Field:
    """The field for this question, or for each of its statements."""
    return FIELDS[question.kind](question)


def field_for_own_words(question: Question) -> forms.Field:
    """The line beside "Anders, namelijk:"."""
    longest = LONGEST_ON_ENROLMENT if question.key in ON_ENROLMENT else OWN_WORDS
    return Words(longest=longest, label=OTHER.rstrip(":"), required=False)
