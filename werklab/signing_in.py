"""The two ways in: a mailed code (django-allauth: no sign-up, no passwords) and a personal link."""

from datetime import datetime, timedelta

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db.models import Case, Value, When
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from werklab import mail
from werklab.middleware import LINK_IN_SESSION
from werklab.models import OutgoingMail, PersonalLink

CODE_FOR = "code_for"  # in the session: for which address a code was asked
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LETTERS = {"account/email/login_code": "login_code"}
CODES_ARE_KEPT_FOR = timedelta(hours=1)


class Adapter(DefaultAccountAdapter):
    """Closes sign-up, and writes the letter with the code as every other letter."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not right. Have another look at the mail."),
        "too_many_login_attempts": gettext_lazy("That was tried too often. Ask for a new code."),
        "rate_limited": gettext_lazy("That went too fast. Wait a minute and try it again."),
    }

    def is_open_for_signup(self, request):
        """People come in by an invitation, never by themselves."""
        return False

    def send_mail(self, template_prefix, email, context):
        """Hand allauth's letter to the outbox; letters this product does not send are left out."""
        kind = LETTERS.get(template_prefix)
        if kind:
            mail.send(kind, to=email.lower(), lab=None, context={"code": context["code"]})

    def add_message(self, request, level, *args, message=None, **kwargs):
        """Only what went wrong: what was done is said by the next page itself."""
        if message:
            messages.add_message(request, level, message)

    def get_reauthentication_methods(self, user):
        """Ways to show once more that it is you: the passkey first, it is the least work."""
        if not user.is_authenticated:
            return []
        types = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        ways = []
        if Authenticator.Type.WEBAUTHN in types:
            ways.append(("mfa_reauthenticate_webauthn", _("Use your passkey")))
        if types - {Authenticator.Type.WEBAUTHN}:
            ways.append(("mfa_reauthenticate", _("Use a code")))
        return [{"id": name, "description": str(text), "url": reverse(name)} for name, text in ways]

    def respond_user_inactive(self, request, user):
        """Somebody whose account was closed between asking for a code and typing it."""
        messages.error(request, _("You cannot sign in with this address any more."))
        return redirect("account_login")


def come_by_link(request: HttpRequest, link: PersonalLink) -> None:
    """Remember this link in a session of its own; whoever was signed in here is signed out."""
    logout(request)
    request.session[LINK_IN_SESSION] = link.pk
    request.session.set_expiry(settings.LINK_VISIT_SECONDS)
    request.session.cycle_key()


def wipe_codes(now: datetime | None = None) -> int:
    """Wipe sign-in codes from letters of an hour ago, and drop those that were never posted."""
    now, status = now or timezone.now(), OutgoingMail.Status
    old = OutgoingMail.objects.filter(
        kind__in=LETTERS.values(), created_at__lte=now - CODES_ARE_KEPT_FOR
    ).exclude(text="")
    unposted = When(status=status.DUE, then=Value(status.DROPPED))
    return old.update(
        text="", subject=_("A code for signing in"), status=Case(unposted, default="status")
    )
