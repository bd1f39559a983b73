"""The second factor: who needs one, how its secrets are kept, and what is told when it changes.

django-allauth does the work (passkeys, codes of an app, recovery codes); `Adapter` is what it asks
us. Nothing heavy is imported here: every page needs this module.
"""

import base64
from hashlib import sha256

from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from werklab import events, mail
from werklab.models import User

TYPE = Authenticator.Type
CODES_OF_ONE_SET = 10
ADDED = {
    TYPE.WEBAUTHN: gettext_lazy("A passkey was added to your account."),
    TYPE.TOTP: gettext_lazy("An app for codes was added to your account."),
    TYPE.RECOVERY_CODES: gettext_lazy("New recovery codes were made for your account."),
}
REMOVED = {
    TYPE.WEBAUTHN: gettext_lazy("A passkey was taken off your account."),
    TYPE.TOTP: gettext_lazy("The app for codes was taken off your account."),
}


def is_needed_by(user) -> bool:
    """Whether this person works here as trainer or staff, and came by signing in."""
    return (
        user.is_authenticated and user.by_link is None and (user.is_staff or bool(user.background))
    )


def was_shown(request: HttpRequest) -> bool:
    """Whether a second factor was used, or made, in this very session."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def remember_as_shown(request: HttpRequest, type_: str) -> None:
    """Who has just made a factor holds it: they need not show it again in this session."""
    record_authentication(request, request.user, "mfa", type=type_, reauthenticated=True)


def factors_of(user: User) -> list[Authenticator]:
    """Passkeys, the app and the recovery codes of this person, oldest first."""
    return list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))


def codes_left(codes: Authenticator) -> int:
    """How many recovery codes have not been used."""
    return CODES_OF_ONE_SET - bin(codes.data.get("used_mask", 0)).count("1")


def may_go(factor: Authenticator) -> bool:
    """Whether this factor can be taken off: the last one stays where one is required."""
    if not (settings.REQUIRE_SECOND_FACTOR and is_needed_by(factor.user)):
        return True
    others = Authenticator.objects.filter(user=factor.user).exclude(pk=factor.pk)
    return others.exclude(type=TYPE.RECOVERY_CODES).exists()


@transaction.atomic
def added(by: User, type_: str) -> None:
    """Write down that a factor was added, and tell its owner: it may not have been them."""
    events.record(by, "second_factor_added", by, detail=type_)
    _tell(by, str(ADDED[TYPE(type_)]))


@transaction.atomic
def removed(by: User, type_: str) -> None:
    """Write down that a factor was taken off, and tell its owner."""
    events.record(by, "second_factor_removed", by, detail=type_)
    _tell(by, str(REMOVED[TYPE(type_)]))


def _tell(person: User, what: str) -> None:
    account = settings.BASE_URL + reverse("werklab:account")
    context = {"what_changed": what, "account_url": account}
    mail.send("second_factor_changed", to=person.email, lab=None, person=person, context=context)


class Adapter(DefaultMFAAdapter):
    """What django-allauth asks about second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("That is not right. Try it once more."),
        "cannot_delete_authenticator": gettext_lazy(
            "You need a second step for your work here. Add another one first."
        ),
        "cannot_generate_recovery_codes": gettext_lazy("Add a passkey or an app first."),
    }

    @cached_property
    def _box(self):
        from cryptography.fernet import Fernet  # noqa: PLC0415 - 9 MB: only who has an app pays

        key = sha256(b"werklab.second_factor" + settings.SECRET_KEY.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(key))

    def encrypt(self, text: str) -> str:
        """Keep secrets such that the database alone opens no door."""
        return self._box.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return self._box.decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last factor stays where one is required."""
        return may_go(authenticator)

    def generate_authenticator_name(self, user, type) -> str:
        """A name for a passkey that was given none."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Under which name a passkey is kept: the site's own host, and "Werklab" for people."""
        return super().get_public_key_credential_rp_entity() | {"name": "Werklab"}
