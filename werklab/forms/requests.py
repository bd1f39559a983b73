"""The form with which a municipality asks for a lab, and what staff do with it."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from werklab.forms.places import MunicipalityField
from werklab.forms.who import own_name, work_email
from werklab.forms.words import says

MOST_LETTERS = 2000


class Trap(forms.TextInput):
    """An input that no person sees; whoever fills it in is a program. It comes back empty."""

    def get_context(self, name, value, attrs):
        return super().get_context(name, None, attrs)


class RequestForm(forms.Form):
    """Who asks, for which municipality, what they want to learn, and when roughly (REQ-047)."""

    municipality = MunicipalityField()
    name = own_name()
    email = work_email()
    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        max_length=20,
        required=False,
        error_messages=says(""),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    function = forms.CharField(
        label=gettext_lazy("Your function"),
        max_length=80,
        error_messages=says(gettext_lazy("Fill in what you do at the municipality.")),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    wish = forms.CharField(
        label=gettext_lazy("What do you want to learn or change?"),
        max_length=MOST_LETTERS,
        help_text=gettext_lazy("A few sentences are enough. We talk about the rest."),
        error_messages=says(gettext_lazy("Write in a few words what you want to learn.")),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    period = forms.CharField(
        label=gettext_lazy("When, roughly?"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For example: after the summer, or before June."),
        error_messages=says(""),
    )
    homepage = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=Trap(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field("municipality", wrapper_class="field--medium"),
            Field("name", wrapper_class="field--medium"),
            Field("function", wrapper_class="field--medium"),
            Field("email", wrapper_class="field--medium"),
            Field("phone", wrapper_class="field--medium"),
            "wish",
            Field("period", wrapper_class="field--medium"),
            Field("homepage", template="werklab_forms/trap.html"),
            Submit("ask", _("Send the request"), css_class="btn--large"),
        )

    def clean(self):
        """A program is told what a person may do who fell into the trap: send it once more."""
        data = super().clean()
        if data.pop("homepage", ""):
            raise ValidationError(_("We could not send this. Press the button once more."))
        return data


class DeclineForm(forms.Form):
    """Why no lab is made of a request now; it stands in the letter."""

    why = forms.CharField(
        label=gettext_lazy("Why not now?"),
        max_length=MOST_LETTERS,
        required=False,
        help_text=gettext_lazy(
            "This stands in the letter. If you write nothing, it says that there are no trainers "
            "free in the coming months."
        ),
        error_messages=says(""),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("why", Submit("decline", _("Decline and send the letter")))


class PriceForm(forms.Form):
    """The agreed price and notes, for staff alone."""

    price = forms.CharField(
        label=gettext_lazy("Agreed price"),
        max_length=80,
        required=False,
        error_messages=says(""),
    )
    staff_notes = forms.CharField(
        label=gettext_lazy("Notes for LSA"),
        max_length=MOST_LETTERS,
        required=False,
        error_messages=says(""),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field("price", wrapper_class="field--medium"),
            "staff_notes",
            Submit("save", _("Save")),
        )
