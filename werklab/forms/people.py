"""Forms of people who sign in, and of the pool of trainers."""

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from werklab.forms.who import name_in_words, own_name
from werklab.forms.words import ADDRESS, says
from werklab.models import Background


class AskCodeForm(RequestLoginCodeForm):
    """Ask for a code by mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.EmailField(
            label=_("Your e-mail address"),
            max_length=254,
            error_messages=says(ADDRESS, invalid=ADDRESS),
            widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        )


class GiveCodeForm(ConfirmLoginCodeForm):
    """Type the code from the mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=_("The code from the mail"),
            max_length=40,
            error_messages=says(_("Type the code that stands in the mail.")),
            widget=forms.TextInput(
                attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
            ),
        )


class OwnDetailsForm(forms.Form):
    """Your own name and phone number; the address stays, it is how we know you."""

    name = own_name()
    phone = forms.CharField(
        label=_("Your phone number"),
        max_length=20,
        required=False,
        error_messages=says(""),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(self, *args, has_phone: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_phone:
            del self.fields["phone"]
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields, Submit("save", _("Save")))


class TrainerForm(forms.Form):
    """Somebody new in the pool of trainers."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        validators=[name_in_words],
        error_messages=says(_("Fill in the name of the trainer.")),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("With this address the trainer signs in."),
        error_messages=says(ADDRESS, invalid=ADDRESS),
    )
    background = forms.ChoiceField(
        label=_("What does this trainer know from the inside?"),
        help_text=_("A lab has one trainer of each background."),
        choices=Background.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what this trainer knows from the inside.")},
    )
    phone = forms.CharField(
        label=_("Phone number"), max_length=20, required=False, error_messages=says("")
    )
    introduction = forms.CharField(
        label=_("Introduction"),
        max_length=160,
        required=False,
        help_text=_("One sentence for the public page, for example what this trainer did before."),
        error_messages=says(""),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "name",
            "email",
            "background",
            Field("phone", wrapper_class="field--medium"),
            "introduction",
            Submit("add", _("Add trainer")),
        )
