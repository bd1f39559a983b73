"""Setting up and using a second step. Heavy, so opened by way of `views.later`.

django-allauth's pages with our words: each change is written down and told to its owner in the
same transaction.
"""

from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from werklab import second_factor
from werklab.qr import qr_code

TYPE = Authenticator.Type


class AddPasskey(AddWebAuthnView):
    """Make a passkey on this device, or on another one."""

    def get_context_data(self, **kwargs):
        """Ask the browser for a passkey that works without typing an address."""
        page = super(AddWebAuthnView, self).get_context_data(**kwargs)
        options = auth.begin_registration(self.request.user, passwordless=True)
        return page | {"options": options}

    @transaction.atomic
    def form_valid(self, form):
        """Keep it, and show the recovery codes to who has none yet."""
        response = super().form_valid(form)
        second_factor.added(self.request.user, TYPE.WEBAUTHN)
        second_factor.remember_as_shown(self.request, TYPE.WEBAUTHN)
        messages.success(self.request, _("Your passkey is ready."))
        return response


class RemovePasskey(RemoveWebAuthnView):
    """Take a passkey off, after showing that it is you."""

    context_object_name = "factor"
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs):
        """Say beforehand when it cannot go."""
        return super().get_context_data(**kwargs) | {"stays": self.stays()}

    def stays(self):
        """The last factor of who needs one."""
        self.object.user = self.request.user
        return not second_factor.may_go(self.object)

    @transaction.atomic
    def form_valid(self, form):
        """Take it off, unless it is the last of who needs one."""
        if self.stays():
            refusal = second_factor.Adapter.error_messages["cannot_delete_authenticator"]
            messages.error(self.request, str(refusal))
            return redirect("mfa_index")
        response = super().form_valid(form)
        second_factor.removed(self.request.user, TYPE.WEBAUTHN)
        messages.success(self.request, _("The passkey is gone."))
        return response


class StartApp(ActivateTOTPView):
    """Set up an app that shows a new code every half minute."""

    def get_context_data(self, **kwargs):
        """The picture to scan stands in the page itself: no other address needs to know it."""
        page = super(ActivateTOTPView, self).get_context_data(**kwargs)
        secret = page["form"].secret
        address = second_factor.Adapter().build_totp_url(self.request.user, secret)
        code = qr_code(address)
        groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
        return page | {"squares": code.path, "size": code.size, "secret": " ".join(groups)}

    @transaction.atomic
    def form_valid(self, form):
        """Keep it, and show the recovery codes to who has none yet."""
        response = super().form_valid(form)
        second_factor.added(self.request.user, TYPE.TOTP)
        second_factor.remember_as_shown(self.request, TYPE.TOTP)
        messages.success(self.request, _("Your app is ready."))
        return response


class StopApp(DeactivateTOTPView):
    """Take the app off, after showing that it is you."""

    def get_form_kwargs(self):
        """Who the factor belongs to is known already."""
        self.authenticator.user = self.request.user
        return super().get_form_kwargs()

    @transaction.atomic
    def form_valid(self, form):
        """Take it off."""
        response = super().form_valid(form)
        second_factor.removed(self.request.user, TYPE.TOTP)
        messages.success(self.request, _("The app is gone."))
        return response


class NewCodes(GenerateRecoveryCodesView):
    """Ten new recovery codes; the old ones do not work any more."""

    @transaction.atomic
    def form_valid(self, form):
        """Make them, and tell their owner."""
        response = super().form_valid(form)
        second_factor.added(self.request.user, TYPE.RECOVERY_CODES)
        return response


add_passkey = AddPasskey.as_view()
remove_passkey = RemovePasskey.as_view()
start_app = StartApp.as_view()
stop_app = StopApp.as_view()
codes = ViewRecoveryCodesView.as_view()
new_codes = NewCodes.as_view()
second_step = AuthenticateView.as_view()
sign_in_by_passkey = LoginWebAuthnView.as_view()
confirm_by_code = ReauthenticateView.as_view()
confirm_by_passkey = ReauthenticateWebAuthnView.as_view()
