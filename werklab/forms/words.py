"""What a field says when its text cannot be kept: what to do, never only that it is wrong."""

from django.utils.translation import gettext_lazy as _


def says(required, **more):
    """The messages of one text field; `required` says what to type in it."""
    return {
        "required": required,
        "max_length": _("Use at most %(limit_value)d characters. You typed %(show_value)d."),
        "null_characters_not_allowed": _(
            "There is a character in it that cannot be kept. Type it again."
        ),
    } | more


ADDRESS = _("Fill in your whole e-mail address, with an @ and a dot in it.")
