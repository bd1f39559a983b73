"""The door for the production server: loads what every page needs before the first visitor."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "werklab.settings")
application = get_wsgi_application()


def warm_up() -> None:
    """Load the URLs and the most used templates, and keep them out of the collector's way."""
    reverse("werklab:home")
    for name in ("base.html", "base_lab.html"):
        get_template(name)
    gc.collect()
    gc.freeze()


warm_up()
