"""The forms of the notes of a visit: for the group, and for the initiative."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sessions.models import VISIT_KINDS
from sessions.visit_notes import LONGEST

TOO_LONG = _("Keep it shorter: at most 280 characters.")


class NoteForm(forms.Form):
    """One thing that was heard, under one of the five questions."""

    kind = forms.ChoiceField(
        label=_("Under which question?"),
        choices=[(kind.value, kind.label) for kind in VISIT_KINDS],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the five questions."),
            "invalid_choice": _("Choose one of the five questions."),
        },
    )
    text = forms.CharField(
        label=_("What did you hear?"),
        help_text=_("In their own words, without names. At most 280 characters."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what they said."), "max_length": TOO_LONG},
    )


class NoteTextForm(forms.Form):
    """Other words for a note."""

    text = NoteForm.base_fields["text"]


class AnswerNotesForm(forms.Form):
    """A box per note that lies before the initiative; an empty box takes the note out."""

    def __init__(self, data=None, *, notes):
        super().__init__(data)
        self.notes = notes
        for note in notes:
            self.fields[f"note_{note.pk}"] = forms.CharField(
                label=note.get_kind_display(),
                max_length=LONGEST,
                required=False,
                initial=note.text,
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"max_length": TOO_LONG},
            )

    def texts(self):
        """How each note should read, by its key."""
        return {note.pk: self.cleaned_data[f"note_{note.pk}"] for note in self.notes}
