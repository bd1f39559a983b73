"""Forms that carry what a passkey says. Imported only by who uses one: see `views.later`."""

from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from werklab.forms.words import says

DID_NOT_WORK = _("That did not work with the passkey. Try it once more.")
# What a made-up answer can make the library stumble over.
NONSENSE = (ValueError, TypeError, KeyError, AttributeError, IndexError)


def credential_field() -> forms.JSONField:
    """What the browser fills in; a person never sees it."""
    return forms.JSONField(
        widget=forms.HiddenInput,
        error_messages={"required": DID_NOT_WORK, "invalid": DID_NOT_WORK},
    )


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey. It always works without a code too: the person shows that it is them."""

    field_order = ("name", "credential")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]
        self.fields["credential"] = credential_field()
        self.fields["name"] = forms.CharField(
            label=_("Name"),
            required=False,
            max_length=60,
            help_text=_("So that you know it again, for example: my phone."),
            error_messages=says(""),
        )
        self.initial.pop("name", None)

    def clean(self):
        """Ask for a passkey that checks its owner; whatever nonsense comes gets a sentence."""
        self.cleaned_data["passwordless"] = True
        if not isinstance(self.cleaned_data.get("credential", {}), dict):
            raise ValidationError(DID_NOT_WORK)
        try:
            return super().clean()
        except NONSENSE as error:
            raise ValidationError(DID_NOT_WORK) from error


class Guarded(AuthenticateWebAuthnForm):
    """Whatever nonsense comes instead of a passkey gets a sentence."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credential"] = credential_field()

    def clean_credential(self):
        """The passkey that was used."""
        if not isinstance(self.cleaned_data["credential"], dict):
            raise ValidationError(DID_NOT_WORK)
        try:
            return super().clean_credential()
        except NONSENSE as error:
            raise ValidationError(DID_NOT_WORK) from error


class UsePasskeyForm(Guarded):
    """The second step of signing in."""


class SignInByPasskeyForm(Guarded, LoginWebAuthnForm):
    """Signing in with nothing but a passkey."""


class ConfirmByPasskeyForm(Guarded, ReauthenticateWebAuthnForm):
    """Show once more that it is you."""
