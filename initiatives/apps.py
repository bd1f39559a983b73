from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InitiativesConfig(AppConfig):
    """The register of residents' initiatives."""

    name = "initiatives"
    verbose_name = _("Initiatives")

    def ready(self):
        """Let letters hold the link by which an initiative keeps its own profile."""
        import_module("initiatives.profile_links")  # says so; its models are there from now on
