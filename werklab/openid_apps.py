"""What stands in `OIDC_PROVIDERS`, as django-allauth reads it. Imports nothing of Django."""

from collections.abc import Iterable
from typing import Any

NEEDED = ("name", "client_id", "secret", "server_url", "domains")


def openid_apps(providers: Iterable[Any]) -> list[dict]:
    """Every municipality where people sign in with their work account, checked when we start.

    Each has `name` (as people say it), `client_id`, `secret`, `server_url` and `domains`: the ends
    of the addresses that this provider may speak for. `id` is its piece of our address; without one
    it follows from the name.
    """
    apps = []
    for provider in providers:
        missing = [key for key in NEEDED if not provider.get(key)]
        if missing:
            raise ValueError(f"OIDC_PROVIDERS: {provider.get('name')!r} lacks {', '.join(missing)}")
        if not provider["server_url"].startswith(("https://", "http://127.0.0.1")):
            raise ValueError(f"OIDC_PROVIDERS: {provider['name']!r} has a server_url without https")
        apps.append(
            {
                "provider_id": provider.get("id") or _slug(provider["name"]),
                "name": provider["name"],
                "client_id": provider["client_id"],
                "secret": provider["secret"],
                "settings": {
                    "server_url": provider["server_url"],
                    "domains": [domain.lower().lstrip("@") for domain in provider["domains"]],
                    "oauth_pkce_enabled": True,
                },
            }
        )
    return apps


def _slug(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower()).strip("-")
