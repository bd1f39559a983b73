"""Dates and addresses on the pages of labs, made once and remembered, as the tags do in templates.

A page shows dozens; that is a tenth of what it costs.
"""

from datetime import date, datetime
from functools import lru_cache

from django.urls import reverse
from django.utils import timezone

from werklab.templatetags import fast


def shown(moment: date | None, form: str) -> str:
    """A day, or a moment by the Dutch clock, as people read it: `shown(day, "l j F")`.

    What has no date yet shows as nothing.
    """
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return str(fast.date(local, form)) if local is not None else ""


@lru_cache(maxsize=8192)
def address(name: str, *args: str | int) -> str:
    """The path of a page by its name."""
    return reverse(name, args=args)
