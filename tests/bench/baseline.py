"""The baseline of `make bench`: one view without middleware that reads one row by primary key."""

import os

import django
from django.apps import apps
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "werklab.settings")
settings.MIDDLEWARE = []
# Without middleware allauth refuses to start.
settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "allauth.account"]
settings.ROOT_URLCONF = __name__
django.setup()


def one_row(request: HttpRequest, pk: int) -> HttpResponse:
    """The least a page from the database can cost on this server."""
    return HttpResponse(apps.get_model("werklab", "Municipality").objects.get(pk=pk).name)


urlpatterns = [path("rij/<int:pk>/", one_row)]
application = get_wsgi_application()
