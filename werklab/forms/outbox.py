"""Forms for the post of a lab: a draft, a better address, and the words of a kind of letter."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from werklab import letter_texts, outbox
from werklab.forms.words import ADDRESS, says
from werklab.models import OutgoingMail, User

MOST_CHARACTERS = 20_000
A_SUBJECT = _("Fill in a subject.")
A_TEXT = _("Fill in what the letter says.")


class Text(forms.CharField):
    """Text of which the browser cuts nothing off: what is too long gets a sentence."""

    def widget_attrs(self, widget):
        return {}


def _address():
    return forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        error_messages=says(ADDRESS, invalid=ADDRESS),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )


def _body(label):
    return Text(
        label=label,
        max_length=MOST_CHARACTERS,
        error_messages=says(A_TEXT),
        widget=forms.Textarea(attrs={"rows": 10}),
    )


class DraftForm(forms.Form):
    """To whom a draft goes and what it says; personal links stand in it as `[link 1]`."""

    to = _address()
    subject = Text(label=_("Subject"), max_length=200, error_messages=says(A_SUBJECT))
    text = _body(_("Text"))

    def __init__(self, *args, letter: OutgoingMail, **kwargs):
        body = outbox.editable(letter.text)
        kwargs["initial"] = {"to": letter.to, "subject": letter.subject, "text": body}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field("to", wrapper_class="field--medium"),
            "subject",
            "text",
            Submit("save", _("Save")),
        )


class AddressForm(forms.Form):
    """Where a failed letter goes now; `person` is the participant whose own address this was."""

    to = _address()
    for_good = forms.BooleanField(required=False, initial=True)

    def __init__(self, *args, letter: OutgoingMail, person: User | None, **kwargs):
        kwargs["initial"] = {"to": letter.to}
        super().__init__(*args, **kwargs)
        if person is None:
            del self.fields["for_good"]
        else:
            label = _("Use this address for %(name)s from now on") % {"name": person}
            self.fields["for_good"].label = label
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field("to", wrapper_class="field--medium"),
            *(["for_good"] if person is not None else []),
            Submit("again", _("Change the address and try again")),
        )


class LetterTextForm(forms.Form):
    """The words of one kind of letter; what nobody can fill in is refused by name."""

    subject = Text(label=_("Subject"), max_length=200, error_messages=says(A_SUBJECT))
    body = _body(_("Text"))

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["body"].widget.attrs["rows"] = 20
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "subject",
            "body",
            Div(
                Submit("look", _("Look how it reads"), css_class="btn--line"),
                Submit("save", _("Save")),
                css_class="buttons",
            ),
        )

    def clean(self):
        given = super().clean() or {}
        for name in ("subject", "body"):
            for sentence in letter_texts.what_is_wrong(self.kind, given.get(name, "")):
                self.add_error(name, sentence)
        if given.get("body"):
            for sentence in letter_texts.what_is_missing(self.kind, given["body"]):
                self.add_error("body", sentence)
        return given
