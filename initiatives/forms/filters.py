"""The lists to choose from above the register.

Together they hold a hundred words that are the same for everybody: they are drawn once for each
choice and then remembered.
"""

from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from initiatives.finding import Filters, offered

WORDS = offered()


def lists(filters: Filters, language: str) -> dict[str, SafeString]:
    """The choices of each list with the chosen one marked, by its name in the address."""
    return {name: _options(name, getattr(filters, name), language) for name in WORDS}


@lru_cache(maxsize=512)
def _options(name: str, chosen: str, language: str) -> SafeString:
    every = format_html('<option value="">{}</option>', _("All"))
    return every + format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((code, " selected" if code == chosen else "", str(label)) for code, label in WORDS[name]),
    )
