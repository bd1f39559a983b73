"""Views whose modules are heavy: imported when somebody first opens them.

Passkeys need a library for cryptography, signing in elsewhere one for HTTP: together some 25 MB in
every worker that most workers never use.
"""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from werklab import access


def later(dotted_name: str) -> Callable:
    """A page of one's own account, for who signed in. A personal link is no account: 404."""

    @access.account_view
    def view(request: HttpRequest, **kwargs) -> HttpResponse:
        return import_string(dotted_name)(request, **kwargs)

    return view


def open_later(dotted_name: str) -> Callable:
    """A page for who has not signed in yet."""

    @login_not_required
    def view(request: HttpRequest, **kwargs) -> HttpResponse:
        return import_string(dotted_name)(request, **kwargs)

    return view
