"""What initiatives say of the advice: by their link, or to a trainer who writes it down."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from sessions.endorsements import Said, Support
from sessions.models import Advice, Endorsement, LabInitiative
from werklab.forms.words import says

Answer = Endorsement.Answer
MOST_WORDS = Endorsement._meta.get_field("words").max_length
OUR_ANSWERS = {
    Answer.YES: _("We endorse this"),
    Answer.YES_IF: _("We endorse this, if"),
    Answer.NO: _("We do not endorse this"),
    Answer.NO_OPINION: _("We have no opinion"),
}
WORDS_WITH = {Answer.YES_IF: "if", Answer.NO: "no"}  # the other two need no words


class Words(forms.CharField):
    """Text of which the browser cuts nothing off: what is too long gets a sentence."""

    def widget_attrs(self, widget):
        return {}


class AnswersForm(forms.Form):
    """Four answers to choose from for every advice and every initiative; each may stay open.

    An answer to an older text is not filled in: who presses "send" has chosen it for this text.
    `seen` is the text version that was on the screen. `about_name` is the question whether the name
    of the one initiative may stand in the report; without it, that is not asked.
    """

    def __init__(
        self,
        *args,
        advices: Iterable[Advice],
        initiatives: list[LabInitiative],
        support: dict[int, Support],
        about_name: str = "",
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self._asked = {
            f"{advice.pk}-{voice.initiative.pk}": (advice, voice)
            for advice in advices
            for voice in support[advice.pk].voices
        }
        for key, (advice, voice) in self._asked.items():
            self._add_fields(key, voice, advice.title if about_name else str(voice.initiative))
        if about_name:
            self.fields["name_in_report"] = forms.BooleanField(
                label=about_name,
                help_text=_("Otherwise it says: a residents' initiative."),
                required=False,
                initial=initiatives[0].name_in_report,
            )

    def _add_fields(self, key, voice, label):
        self.fields[f"answer-{key}"] = forms.ChoiceField(
            label=label,
            choices=OUR_ANSWERS.items(),
            widget=forms.RadioSelect,
            required=False,
            initial=voice.answer if voice.counts else "",
            error_messages={"invalid_choice": _("Choose one of the four answers.")},
        )
        for answer, name in WORDS_WITH.items():
            self.fields[f"{name}-{key}"] = Words(
                label=_("Under which condition?") if name == "if" else _("Why not?"),
                max_length=MOST_WORDS,
                required=False,
                initial=voice.words if voice.answer == answer else "",
                error_messages=says(""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.fields[f"seen-{key}"] = forms.IntegerField(required=False)

    def clean(self):
        given = super().clean()
        for key, (advice, _voice) in self._asked.items():
            answer = given.get(f"answer-{key}")
            if answer == Answer.YES_IF and given.get(f"if-{key}") == "":
                self.add_error(f"if-{key}", _("Write down under which condition."))
            if answer and given.get(f"seen-{key}") != advice.text_version:
                changed = _("The text has just changed. Read it once more, and send it again.")
                self.add_error(f"answer-{key}", changed)
        return given

    def questions(self) -> list[dict]:
        """Each advice and initiative with its answers, ready to be drawn."""
        return [
            {
                "key": key,
                "advice": advice,
                "voice": voice,
                "seen": advice.text_version,
                "errors": self[f"answer-{key}"].errors,
                "options": [
                    self._option(key, value, label) for value, label in OUR_ANSWERS.items()
                ],
            }
            for key, (advice, voice) in self._asked.items()
        ]

    def _option(self, key, value, label):
        more = WORDS_WITH.get(value)
        return {
            "id": f"id_answer-{key}_{list(OUR_ANSWERS).index(value)}",
            "value": value.value,
            "label": label,
            "checked": str(self[f"answer-{key}"].value() or "") == value,
            "more": self[f"{more}-{key}"] if more else None,
        }

    def said(self) -> list[Said]:
        """What was answered, for the action; words only with the answers that ask for them."""
        given, found = self.cleaned_data, []
        for key, (advice, voice) in self._asked.items():
            answer = given[f"answer-{key}"]
            if answer:
                name = WORDS_WITH.get(Answer(answer))
                words = given[f"{name}-{key}"].replace("\r\n", "\n") if name else ""
                seen = given[f"seen-{key}"]
                found.append(Said(voice.initiative, advice, answer, words, seen))
        return found
