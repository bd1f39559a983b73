"""What somebody looks for in a logbook, as it stands in the address."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from werklab.eventkinds import NAMES
from werklab.logbook import ITSELF, UNNAMED, narrowed
from werklab.models import Event

YEARS = range(2000, 2200)  # in which anything of a werklab may stand


def in_these_centuries(day: date) -> None:
    """Nothing happened in the year 27, and nobody means 9999: that is a slip of the finger."""
    if day.year not in YEARS:
        raise ValidationError(_("Look at the year once more."))


def day_field(label: Any) -> forms.DateField:
    """A day that may stay empty."""
    return forms.DateField(
        label=label,
        required=False,
        validators=[in_these_centuries],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Fill in a day, for example 12-03-2027.")},
    )


def choice_field(label: Any) -> forms.ChoiceField:
    """A list of which the first row leaves all in."""
    wrong = {"invalid_choice": gettext_lazy("Choose from the list.")}
    return forms.ChoiceField(label=label, required=False, error_messages=wrong)


class LogbookForm(forms.Form):
    """By whom, of which kind, and from which day to which; with something wrong it finds all."""

    wie = choice_field(gettext_lazy("Who did it"))
    wat = choice_field(gettext_lazy("What it was about"))
    van = day_field(gettext_lazy("From"))
    tot = day_field(gettext_lazy("Up to and including"))

    def __init__(self, *args, actors: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        nobody = {ITSELF: _("by itself"), UNNAMED: _("somebody without a name")}
        people = [(name, nobody.get(name, name)) for name in actors]
        self.fields["wie"].choices = [("", _("Everybody")), *people]
        self.fields["wat"].choices = [("", _("All subjects")), *NAMES.items()]

    def clean(self):
        """A period ends after it begins."""
        found = super().clean()
        first, last = found.get("van"), found.get("tot")
        if first and last and last < first:
            self.add_error("tot", _("This day is before the first one. Choose a later day."))
        return found

    @property
    def query(self) -> str:
        """The same for the address of another page of the list; empty when all is shown."""
        if not self.is_valid():
            return ""
        said = {name: str(value) for name, value in self.cleaned_data.items() if value}
        return urlencode(said) + "&" if said else ""

    def narrow(self, events: QuerySet[Event]) -> QuerySet[Event]:
        """The lines that are looked for; all of them as long as something is wrong."""
        if not self.is_valid():
            return events
        said = self.cleaned_data
        return narrowed(
            events, by=said["wie"], kind=said["wat"], first=said["van"], last=said["tot"]
        )
