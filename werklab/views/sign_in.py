"""Signing in: a code by mail, and the buttons for who has a quicker way."""

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import unstash_login
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from werklab import openid, signing_in
from werklab.forms.people import AskCodeForm


class AskCode(RequestLoginCodeView):
    """Ask for a code, or sign in with a passkey or at the municipality."""

    def get_initial(self):
        """The address of last time: who comes back for a new code need not type it again."""
        return {"email": self.request.session.get(signing_in.CODE_FOR, "")}

    def get_context_data(self, **kwargs):
        """The municipalities with a button of their own."""
        return super().get_context_data(**kwargs) | {"ways_in": openid.ways_in()}

    def form_valid(self, form):
        """Remember for which address it was; known or not makes no difference."""
        self.request.session[signing_in.CODE_FOR] = form.cleaned_data["email"]
        return super().form_valid(form)


@method_decorator([login_not_required, sensitive_post_parameters("code")], name="dispatch")
class GiveCode(ConfirmLoginCodeView):
    """Type the code. One that is ten minutes old leads to asking for another, with a sentence."""

    def dispatch(self, request, *args, **kwargs):
        """Say why, when the code is over."""
        response = super().dispatch(request, *args, **kwargs)
        if not getattr(self, "_process", True):
            messages.error(request, _("This code does not work any more. Ask for a new one."))
        return response


@login_not_required
@require_POST
def new_code(request: HttpRequest) -> HttpResponse:
    """Send another code to the same address; the one before it dies. Asks nothing again."""
    email = request.session.get(signing_in.CODE_FOR)
    if not email or request.user.is_authenticated:
        return redirect("account_login")
    form = AskCodeForm({"email": email})
    if form.is_valid():
        LoginCodeVerificationProcess.initiate(request=request, user=form._user, email=email)
        messages.success(
            request, _("A new code is under way. The one before it does not work any more.")
        )
    else:
        for error in form.errors.get("email", []):
            messages.error(request, error)
        if unstash_login(request, peek=True) is None:
            return redirect("account_login")
    return redirect("account_confirm_login_code")


ask_code = AskCode.as_view()
give_code = GiveCode.as_view()
