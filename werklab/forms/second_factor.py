"""Forms of the second step with typed codes: an app, or a recovery code."""

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from werklab.forms.words import says

LONGEST = 40


def code_field(label, help_text="") -> forms.CharField:
    """A field for a code; phones and password managers can fill it."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST,
        error_messages=says(_("Type the code.")),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class GiveSecondCodeForm(AuthenticateForm):
    """The second step of signing in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(
            _("The code of your app, or a recovery code"), _("Each code works once.")
        )


class ConfirmByCodeForm(ReauthenticateForm):
    """Show once more that it is you, before something of the second step changes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(
            _("The code of your app, or a recovery code"), _("Each code works once.")
        )


class StartAppForm(ActivateTOTPForm):
    """The first code of an app shows that it was set up well."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field(_("The code that your app shows now"))
