"""Who somebody is: the questions that several forms ask in the same words."""

import re

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from werklab.forms.words import ADDRESS, says

# A letter begins with the name that somebody typed for somebody else's address: it holds no link.
name_in_words = RegexValidator(
    re.compile(r"[/@\\]|www\.", re.IGNORECASE),
    _("Fill in a name only, without a web address or an e-mail address."),
    inverse_match=True,
)


def own_name() -> forms.CharField:
    """The name of whoever fills in the form."""
    return forms.CharField(
        label=_("Your name"),
        max_length=80,
        validators=[name_in_words],
        error_messages=says(_("Fill in your name.")),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


def work_email(help_text="") -> forms.EmailField:
    """The address at work of whoever fills in the form."""
    return forms.EmailField(
        label=_("Your work e-mail"),
        max_length=254,
        help_text=help_text,
        error_messages=says(ADDRESS, invalid=ADDRESS),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
