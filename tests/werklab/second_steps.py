"""Helpers: signing in with a code, and an app for codes."""

import re
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from werklab.models import OutgoingMail

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def app_code(secret=SECRET, moments=0):
    """What the app shows now, or that many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + moments))


def with_app(person):
    """This person has an app and recovery codes; the codes come back."""
    TOTP.activate(person, SECRET)
    return RecoveryCodes.activate(person).get_unused_codes()


def mailed_code():
    """The code that stands in the last letter with one."""
    letter = OutgoingMail.objects.filter(kind="login_code").latest("pk")
    return re.search(r"\d{4}-\d{4}", letter.text)[0]


def by_mail(person, **headers):
    """A client that asked for a code by mail and typed it; and the answer."""
    client = Client(**headers)
    client.post("/inloggen/", {"email": person.email})
    return client, client.post("/inloggen/code/", {"code": mailed_code()})


def is_signed_in(client):
    """Whether this client has come in."""
    return "_auth_user_id" in client.session


def kinds(person):
    """The types of factor that this person has."""
    return set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
