"""The words of the form of an initiative, and in which parts it is asked.

Also for the form in which an initiative keeps its own profile.
"""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from initiatives.vocabularies import choices, helps, title
from werklab.forms.words import says

SECTIONS = (  # what few need at once, folded away per subject
    (_("Sort, themes and fields of policy"), ("kinds", "themes", "departments", "friction")),
    (
        _("How far it is and who do the work"),
        ("stage", "started_year", "focus", "staffing", "volunteers", "paid_people", "capacity"),
    ),
    (
        _("Which role they want, and what they need"),
        ("role_wishes", "roles_possible", "support_needs", "support_words"),
    ),
    (_("The neighbourhood"), ("reaches", "not_yet", "local_knowledge")),
    (_("Visits, map and notes"), ("most_guests", "map_place", "website", "internal_notes")),
)

LABELS = {
    "municipality": _("Municipality"),
    "stage": title("stage"),
    "staffing": title("staffing"),
    "focus": title("focus"),
}
HELPS = {
    "name": _("As the initiative calls itself."),
    "description": _("In two or three sentences."),
    "does_not": _("What does it not want to be used for?"),
    "ownership": _("Talk about this before you make agreements."),
    "place": _("More than one place is fine."),
    "address": _("Where the group is welcome: not the town hall."),
    "first_contact": _("One name, also when more departments join."),
    "themes": _("More than one is fine."),
    "friction": _("Describe, do not judge."),
    "stage": _("An idea, or a group that is being founded, is welcome here too."),
    "capacity": _("For example: evenings and Saturdays."),
    "support_words": _("What does not stand above, or a sum of money."),
    "not_yet": _("An honest answer is enough."),
    "local_knowledge": _("What do they see that others do not?"),
    "website": _("For example their own site or a page on MAEX."),
    "internal_notes": _(
        "For trainers, LSA and the coordinator. The people it is about may ask to see it."
    ),
}
WRONG = {
    "municipality": {"required": _("Choose the municipality.")},
    "name": {"required": _("Fill in the name of the initiative.")},
    "description": {"required": _("Tell in two or three sentences what it does.")},
    "ownership": {"required": _("Choose whose plan it is.")},
    "website": says("", invalid=_("Fill in a web address, such as https://maex.nl.")),
}


def explained(name: str) -> list[tuple[str, str]]:
    """The words of a list with, on a second line, what each means."""
    means = helps(name)
    return [(code, f"{label}\n{means[code]}".rstrip()) for code, label in choices(name)]


class SeveralWords(forms.MultipleChoiceField):
    """Some words of a list, or none."""

    def __init__(self, *, choices, label, help_text=""):
        super().__init__(
            choices=choices,
            label=label,
            help_text=help_text,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )


class WebAddress(forms.URLField):
    """The address of a website; without "https://" it is fine too."""

    def __init__(self, **kwargs):
        super().__init__(assume_scheme="https", **kwargs)


def whole_number(label, least, most, help_text=""):
    """A number that may stay open, typed on a phone's number keys."""
    wrong = _("Fill in a whole number, from {least} to {most}.")
    words = format_lazy(wrong, least=least, most=most)
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=least,
        max_value=most,
        required=False,
        error_messages={"invalid": words, "min_value": words, "max_value": words},
    )
