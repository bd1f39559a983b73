from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WerklabConfig(AppConfig):
    """People, labs, places, rights, post and links: the cellar and the roof of the house."""

    name = "werklab"
    verbose_name = _("Werklab")
