"""There and back: signing in at a municipality's own server. Heavy: opened by `views.later`."""

from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.openid_connect import views
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from werklab import openid

registry.load()
registry.register(OpenIDConnectProvider)


@require_POST
def there(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the municipality's sign-in page.

    By a page of ours in between: our policy lets no form lead to another site, not by a redirect
    either.
    """
    name = _name_of(provider_id)
    try:
        response = views.login(request, provider_id)
    except RequestException:
        page = {"name": name}
        return render(request, "socialaccount/authentication_error.html", page, status=502)
    if response.status_code != 302:
        return response
    return render(request, "socialaccount/login.html", {"name": name, "url": response["Location"]})


@require_safe
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back with their answer, once."""
    _name_of(provider_id)
    return views.callback(request, provider_id)


def _name_of(provider_id: str) -> str:
    names = {way["url"].split("/")[-2]: way["name"] for way in openid.ways_in()}
    try:
        return names[provider_id]
    except KeyError as nobody:
        raise Http404 from nobody
