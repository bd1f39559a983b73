"""What people type on a board: a card, another version of it, the shared view."""

from itertools import groupby

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sessions.models import Advice, Card, CardKind, Column, LabInitiative, Side
from werklab.forms.words import says
from werklab.models import Lab

LONGEST_VIEW = 1500
UNNAMED, NAMED = "zonder", "met"  # they stand in addresses too

# What only civil servants are asked; an initiative that talks along gets the other questions.
FOR_CIVIL_SERVANTS = (
    CardKind.GOVERNMENT_VIEW,
    CardKind.EXPECTATION_MUNICIPALITY,
    CardKind.ROLE,
    CardKind.SKILL,
    CardKind.NEED_SELF,
    CardKind.NEED_INITIATIVES,
    CardKind.NEED_ORGANISATION,
    CardKind.NEED_COLLEAGUES,
)


class OneLine(forms.CharField):
    """The text of a card: whatever line breaks are pasted in, it is one line."""

    def __init__(self, **kwargs):
        too_long = _(
            "A card has room for %(limit_value)d characters. You typed %(show_value)d. Make it "
            "shorter, or make two cards of it."
        )
        words = says(_("Write something on the card first."), max_length=too_long)
        kwargs = {"label": _("Your card"), "error_messages": words} | kwargs
        super().__init__(max_length=Card.MOST_CHARACTERS, **kwargs)

    def to_python(self, value):
        return " ".join(super().to_python(value).split())

    def widget_attrs(self, widget):
        """No `maxlength`: a browser would cut off what is pasted, without a word."""
        return {}


class Named(forms.ChoiceField):
    """With a name or without, said at the input; without, when nothing is said."""

    def __init__(self, *, required=False, **kwargs):
        super().__init__(initial=UNNAMED, required=required, **kwargs)

    def clean(self, value):
        return super().clean(value) == NAMED


class CardForm(forms.Form):
    """A new card. Who writes down what others say (a trainer), also tells whose words they are."""

    text = OneLine()
    named = Named(choices=[(UNNAMED, _("Without a name")), (NAMED, _("With my name"))])
    side = forms.ChoiceField(choices=Side.choices)
    heard_at = forms.ModelChoiceField(LabInitiative.objects.none(), required=False)
    key = forms.CharField(max_length=64, required=False)

    def __init__(self, *args, lab: Lab, for_others: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if for_others:
            self.fields["heard_at"].queryset = LabInitiative.objects.filter(lab=lab)
        else:
            del self.fields["side"], self.fields["heard_at"]


class EditCardForm(forms.ModelForm):
    """Another version of a card: a trainer sets its side, its author may take their name off it."""

    text = OneLine(label=_("The card"), widget=forms.Textarea(attrs={"rows": 3}))
    named = Named(
        label=_("Your name"),
        choices=[(NAMED, _("With my name")), (UNNAMED, _("Without a name"))],
        widget=forms.RadioSelect,
        help_text=_("Once your name is off the card, it cannot come back."),
        required=True,
        error_messages={"required": _("Choose with or without your name.")},
    )

    class Meta:
        model = Card
        fields = ("text", "side", "column")
        labels = {"side": _("Who says it?"), "column": _("Which column?")}

    def __init__(self, *args, lab: Lab, is_trainer: bool, is_author: bool, **kwargs):
        super().__init__(*args, initial={"named": NAMED}, **kwargs)
        columns = Column.objects.filter(lab_session__lab=lab).select_related("lab_session")
        self.fields["column"].queryset = columns.order_by("lab_session__number", "order")
        self.fields["column"].choices = by_session(self.fields["column"].queryset)
        if not is_trainer:
            del self.fields["side"]
        if not is_author:
            del self.fields["named"]
        self.helper = FormHelper()
        self.helper.hide_optional = True
        self.helper.layout = Layout(*self.fields, Submit("save", _("Save card")))


def by_session(columns) -> list:
    """Choices of columns, grouped by the session whose board they are on."""
    return [
        (f"{lab_session.number}. {lab_session}", [(column.pk, str(column)) for column in found])
        for lab_session, found in groupby(columns, lambda column: column.lab_session)
    ]


class TalkAlongForm(forms.Form):
    """A card of an initiative, by its link (REQ-017): which question, what, and in whose name."""

    column = forms.ModelChoiceField(
        Column.objects.none(),
        label=_("What is it about?"),
        error_messages={
            "required": _("Choose what your card is about."),
            "invalid_choice": _("Choose what your card is about."),
        },
    )
    text = OneLine(label=_("What would you like to say?"), widget=forms.Textarea(attrs={"rows": 3}))
    named = Named(label=_("In whose name?"), widget=forms.RadioSelect)
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, initiative: LabInitiative, **kwargs):
        super().__init__(*args, **kwargs)
        columns = Column.objects.filter(lab_session__lab=initiative.lab)
        columns = columns.exclude(kind__in=FOR_CIVIL_SERVANTS).select_related("lab_session")
        column = self.fields["column"]
        column.queryset = columns.order_by("lab_session__number", "order")
        column.choices = by_session(column.queryset)
        self.fields["text"].help_text = _("One thing per card, in one or two sentences.")
        self.fields["named"].choices = [
            (UNNAMED, _("Without a name")),
            (NAMED, gettext("On behalf of %(initiative)s") % {"initiative": initiative}),
        ]
        self.helper = FormHelper()
        self.helper.hide_optional = True
        self.helper.layout = Layout(*self.fields, Submit("add", _("Put it on the board")))


class SharedViewForm(forms.Form):
    """What the group thinks together about working together (REQ-030); drawn in its column."""

    shared_view = forms.CharField(
        label=_("Our shared view, in about five sentences"),
        max_length=LONGEST_VIEW,
        required=False,
        error_messages=says(""),
    )


class TieForm(forms.Form):
    """Which advice comes from this card too."""

    advice = forms.ModelChoiceField(Advice.objects.none())

    def __init__(self, *args, lab: Lab, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["advice"].queryset = lab.advices
