"""What an initiative says of itself by its link: the same questions, put to "you"."""

from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.forms.register import InitiativeForm
from initiatives.forms.words import SECTIONS
from werklab.forms.more import More

# What others keep of an initiative, or what only serves their lists.
NOT_THEIRS = ("first_contact", "internal_notes", "source", "map_place")
LABELS = {
    "name": _("What is the name of your initiative?"),
    "description": _("What do you do?"),
    "does_not": _("We do not do this"),
    "ownership": _("Whose plan is it?"),
    "place": _("In which neighbourhood or village?"),
    "address": _("Where may visitors come?"),
    "friction": _("Where does it rub with rules or policy?"),
    "volunteers": _("About how many volunteers are you?"),
    "paid_people": _("And how many paid people?"),
    "capacity": _("How much time do you have?"),
    "role_wishes": _("Which role do you want?"),
    "roles_possible": _("And which role can you take?"),
    "support_words": _("What do you need, in your own words?"),
    "reaches": _("Whom do you reach?"),
    "not_yet": _("And whom not yet?"),
    "local_knowledge": _("What do you know of the neighbourhood?"),
    "most_guests": _("How many people can you receive at once?"),
}
HELPS = {
    "does_not": _("What do you not want to be used for?"),
    "role_wishes": _("Tick only what you really want. Nothing is fine too."),
    "local_knowledge": _("What do you see that others do not?"),
    "departments": _("Where in the town hall do you have to be? Often more than one."),
    "contact_email": _("We use it for questions about visits and this list, for nothing else."),
}


class OwnProfileForm(InitiativeForm):
    """The profile as the initiative itself keeps it, its own contact included."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in NOT_THEIRS:
            del self.fields[field]
        for field, label in LABELS.items():
            self.fields[field].label = label
        for field, text in HELPS.items():
            self.fields[field].help_text = text

    def _layout(self):
        parts = [
            (subject, [name for name in names if name not in NOT_THEIRS])
            for subject, names in SECTIONS[:-1]
        ]
        return Layout(
            Fieldset(
                _("Who are you?"),
                *("name", "description", "does_not", "ownership", "place", "address"),
            ),
            Fieldset(
                _("Whom can we reach?"),
                "contact_name",
                Row("contact_email", "contact_phone"),
                css_id="contact",
            ),
            *(More(*names, summary=subject) for subject, names in parts),
            More("most_guests", "website", summary=_("Visits and website")),
            Submit("save", _("Save our profile")),
        )

    def initiative(self):
        """What the action `change` takes, by name: only what the initiative says itself."""
        contact = self._contact()
        fields = {
            field: self.cleaned_data[field] for field in self.Meta.fields if field in self.fields
        }
        return fields | {"contact": contact if any(contact.values()) else None}

    def typed(self):
        """What stands in the form, for who must copy it elsewhere: (label, text) per question."""
        answers = [(field.label, self._words(field)) for field in self]
        return [(label, text) for label, text in answers if text]

    def _words(self, field):
        value = field.value()
        if not isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return str(value or "").strip()
        chosen = [str(code) for code in (value if isinstance(value, list) else [value])]
        labels = [str(label) for code, label in field.field.choices if str(code) in chosen]
        return ", ".join(label.partition("\n")[0] for label in labels)
