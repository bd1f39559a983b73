from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    """The three sessions of a lab and what comes out of them.

    The label differs from the name because `django.contrib.sessions` holds the label `sessions`.
    """

    name = "sessions"
    label = "labsessions"
    verbose_name = _("Sessions")
