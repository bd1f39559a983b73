from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InitiativesConfig(AppConfig):
    """The register of residents' initiatives."""

    name = "initiatives"
    verbose_name = _("Initiatives")
