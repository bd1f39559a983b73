"""Signing in with the work account of a municipality (OpenID Connect), for who is known here.

The municipality says who somebody is; whether they may come in stays ours. Nothing of it is kept:
no tokens, no account of theirs, only that this person signed in.
"""

import logging

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse

from werklab.models import User

log = logging.getLogger(__name__)


def ways_in() -> list[dict]:
    """The municipalities where people can sign in with their work account: name and address."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return [
        {"name": app["name"], "url": reverse("openid_connect_login", args=[app["provider_id"]])}
        for app in apps
    ]


def person_of(claims: dict, domains: list[str]) -> User | None:
    """The person we know behind these claims: a verified address, of a domain of this provider."""
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str):
        return None
    email = email.strip().lower()
    if email.rpartition("@")[2] not in domains:
        return None
    return User.objects.filter(email=email, is_active=True).first()


class Adapter(DefaultSocialAccountAdapter):
    """What django-allauth asks about signing in elsewhere."""

    def is_open_for_signup(self, request, sociallogin):
        """People come in by an invitation, never by themselves."""
        return False

    def populate_user(self, request, sociallogin, data):
        """Nothing of what they say is taken over: name and address are kept here."""
        return sociallogin.user

    def authenticate_by_email(self, sociallogin):
        """The one way in: by address. Without an address in the answer nothing is connected."""
        app = sociallogin.provider.app
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or {}
        person = person_of(claims, app.settings["domains"])
        return (person, "") if person else None

    def pre_social_login(self, request: HttpRequest, sociallogin) -> None:
        """Who is not known, or not for sure, gets a page that says what to do."""
        if not sociallogin.is_existing:
            name = sociallogin.provider.app.name
            raise ImmediateHttpResponse(
                render(request, "socialaccount/signup_closed.html", {"name": name}, status=403)
            )

    def on_authentication_error(
        self, request, provider, error=None, exception=None, extra_context=None
    ):
        """Their server said no, or something odd: a page that leads to the code by mail."""
        log.warning("Signing in at %s failed: %s %r", provider.name, error, type(exception))
        page = {"name": provider.app.name}
        raise ImmediateHttpResponse(
            render(request, "socialaccount/authentication_error.html", page, status=400)
        )
