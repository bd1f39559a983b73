"""What is written down of getting acquainted, of a talk and of an agreement."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from initiatives.models import Acquaintance, Agreement, Conversation
from initiatives.talks import ROWS, SIDES
from initiatives.vocabularies import choices, helps
from werklab.forms.words import says

WRONG_DAY = {"invalid": _("Write the day like this: 9-3-2027.")}
SAYS = {"municipality": _("the municipality"), "initiative": _("the initiative")}


def day_widget() -> forms.DateInput:
    """A day picked from the browser's calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AcquaintanceForm(forms.ModelForm):
    """The card: four questions to both sides, then what they share.

    `seen` says when the card that stands in the form was changed last.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Acquaintance
        fields = (
            *(f"{row}_{side}" for row in ROWS for side in SIDES),
            *("together", "friction", "talked_on", "present", "next_talk"),
        )
        labels = {
            f"{row}_{side}": format_lazy("{row}: {side}", row=title, side=SAYS[side])
            for row, (title, _question) in ROWS.items()
            for side in SIDES
        } | {
            "together": _("Here we meet"),
            "friction": _("Here it rubs"),
            "talked_on": _("On which day was the talk?"),
            "present": _("Who were there?"),
            "next_talk": _("When do you talk again?"),
        }
        help_texts = {
            "together": _("On what do we agree?"),
            "friction": _("On what not, and what do we do about it?"),
            "present": _("First name and role, and only of who is fine with it."),
            "next_talk": _("For example: in April, on the market."),
        }
        widgets = {
            **{
                f"{row}_{side}": forms.Textarea(attrs={"rows": 3}) for row in ROWS for side in SIDES
            },
            "together": forms.Textarea(attrs={"rows": 3}),
            "friction": forms.Textarea(attrs={"rows": 3}),
            "talked_on": day_widget(),
        }
        error_messages = {"talked_on": WRONG_DAY}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        card = self.instance
        self.initial["seen"] = card.changed_at.isoformat() if card.pk else ""

    def rows(self):
        """The card row by row, for the page: title, question, and a field per side."""
        return [
            (title, question, [self[f"{row}_{side}"] for side in SIDES])
            for row, (title, question) in ROWS.items()
        ]

    def shared(self):
        """The fields that both sides fill in together."""
        names = ("together", "friction", "talked_on", "present", "next_talk")
        return [self[name] for name in names]

    def card(self):
        """What the action `write_card` takes, by name."""
        fields = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return fields | {"seen": _moment(self.cleaned_data["seen"])}


def _moment(text):
    try:
        return parse_datetime(text)
    except ValueError:
        return None


class ConversationForm(forms.ModelForm):
    """One talk: when, what sort, with whom, what was said."""

    class Meta:
        model = Conversation
        fields = ("held_on", "kind", "present", "notes")
        labels = {
            "held_on": _("On which day?"),
            "kind": _("Sort of meeting"),
            "present": _("Who were there?"),
            "notes": _("What was said?"),
        }
        help_texts = {
            "present": _("First name and role, and only of who is fine with it."),
            "notes": _("The people it is about may ask to see it."),
        }
        widgets = {"held_on": day_widget(), "notes": forms.Textarea(attrs={"rows": 6})}
        error_messages = {
            "held_on": {"required": _("Fill in the day of the talk.")} | WRONG_DAY,
            "kind": {"required": _("Choose what sort of meeting it was.")},
            "notes": says(_("Write down what was said.")),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Choose")), *choices("contact_moment_kind")]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row("held_on", "kind"), "present", "notes", Submit("save", _("Save"))
        )


class AgreementForm(forms.ModelForm):
    """One agreement: what, what not, who, what was decided, and when they hear from us."""

    class Meta:
        model = Agreement
        fields = (
            *("what", "what_not", "who_municipality", "who_initiative", "role"),
            *("decision", "decider", "next_message_on", "term", "means", "shown"),
        )
        labels = {
            "what": _("What do we agree?"),
            "what_not": _("What do we expressly not agree?"),
            "who_municipality": _("Who does it at the municipality?"),
            "who_initiative": _("Who does it at the initiative?"),
            "role": _("Role of the initiative in the project"),
            "decision": _("What was decided?"),
            "decider": _("Who decides?"),
            "next_message_on": _("When do they hear from you, also without news?"),
            "term": _("When is it done?"),
            "means": _("What is needed?"),
            "shown": _("The initiative sees this agreement"),
        }
        help_texts = {
            "what": _("A sentence with a verb."),
            "what_not": _("Often just as important."),
            "who_municipality": _("One name."),
            "who_initiative": _("One name."),
            "decider": _("A name or a body."),
            "next_message_on": _(
                "Needed as long as nothing is decided. Two days before, you get a mail."
            ),
            "term": _("A day, or “all the time”."),
            "means": _("Hours, money, a room, knowledge."),
            "shown": _("On the sheet that they take to their talk."),
        }
        widgets = {
            "role": forms.RadioSelect,
            "decision": forms.RadioSelect,
            "next_message_on": day_widget(),
        }
        error_messages = {
            "what": says(_("Write down what you agree.")),
            "decision": {"required": _("Choose what was decided.")},
            "role": {"required": _("Choose a role.")},
            "next_message_on": WRONG_DAY,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        means = helps("decision_status")
        self.fields["decision"].choices = [
            (code, f"{label}\n{means[code]}") for code, label in choices("decision_status")
        ]
        self.fields["role"].choices = Agreement.Role.choices
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(
                _("The agreement"),
                "what",
                "what_not",
                Row("who_municipality", "who_initiative"),
                "role",
            ),
            Fieldset(_("How it stands"), "decision", "decider", "next_message_on"),
            Fieldset(_("More"), "term", "means", "shown"),
            Submit("save", _("Save")),
        )

    def clean(self):
        """While nothing is decided there is a day on which they hear (REQ-095)."""
        data = super().clean()
        waits = data.get("decision") in Agreement.OPEN
        if waits and not data.get("next_message_on") and "next_message_on" not in self.errors:
            self.add_error(
                "next_message_on",
                _("Nothing is decided yet. Say when they hear from you, also without news."),
            )
        return data

    def _get_validation_exclusions(self):
        """`clean` says it at the field; the constraint would say the same above the form."""
        return super()._get_validation_exclusions() | {"next_message_on"}
