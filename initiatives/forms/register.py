"""What is asked about an initiative and its contact."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.forms.place import MapPlaceField
from initiatives.forms.words import (
    HELPS,
    LABELS,
    SECTIONS,
    WRONG,
    SeveralWords,
    WebAddress,
    explained,
    whole_number,
)
from initiatives.models import Initiative, Ownership
from initiatives.register import OWNERSHIP_MEANS, name_is_taken
from initiatives.vocabularies import choices, title
from werklab.forms.choices import SeveralOf
from werklab.forms.more import More
from werklab.models import Department

CONTACT = ("name", "email", "phone")
NOT_OFFERED = Department.OTHER  # a field of policy that only says "something else"


class InitiativeForm(forms.ModelForm):
    """An initiative and the person to reach there, on one page.

    Themes, fields of policy and sort are all optional and several: an initiative is never forced
    into one box (REQ-088). Without `municipalities` the municipality stays what it is.
    """

    departments = SeveralWords(
        label=_("Fields of policy it touches"),
        help_text=_("Often more than one."),
        choices=[choice for choice in Department.choices if choice[0] != NOT_OFFERED],
    )
    kinds = SeveralWords(
        label=title("initiative_type"),
        help_text=_("More than one is fine. Does nothing fit? Leave it open."),
        choices=explained("initiative_type"),
    )
    role_wishes = SeveralWords(
        label=_("Which role do they want?"),
        help_text=_("Only what they really want. Nothing ticked means: not asked yet."),
        choices=explained("role_wish"),
    )
    roles_possible = SeveralWords(
        label=_("And which role can they take?"),
        help_text=_("Wanting and being able are two things: time, people, knowledge."),
        choices=choices("role_wish"),
    )
    support_needs = SeveralWords(label=title("support_need"), choices=explained("support_need"))
    started_year = whole_number(_("Since"), 1800, 2100, _("A year."))
    volunteers = whole_number(_("How many volunteers"), 0, 9999, _("An estimate is enough."))
    paid_people = whole_number(_("How many paid people"), 0, 9999)
    most_guests = whole_number(
        _("How many people they can receive"),
        1,
        500,
        _("At once, on a visit. Groups never get larger than this."),
    )
    map_place = MapPlaceField(
        label=_("Place on the map"),
        help_text=_("Two numbers, as a map gives them. For example: 52.0907, 5.1214."),
        required=False,
    )
    contact_name = forms.CharField(label=_("Name"), max_length=80, required=False)
    contact_email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("With an address we mail the question for a visit."),
        required=False,
    )
    contact_phone = forms.CharField(
        label=_("Phone number"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )

    class Meta:
        model = Initiative
        fields = (
            "municipality",
            "name",
            "description",
            "does_not",
            "ownership",
            "place",
            "address",
            "first_contact",
            "kinds",
            "themes",
            "departments",
            "friction",
            "stage",
            "started_year",
            "focus",
            "staffing",
            "volunteers",
            "paid_people",
            "capacity",
            "role_wishes",
            "roles_possible",
            "support_needs",
            "support_words",
            "reaches",
            "not_yet",
            "local_knowledge",
            "most_guests",
            "website",
            "internal_notes",
            "source",
        )
        field_classes = {"themes": SeveralOf, "website": WebAddress}
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "does_not": forms.Textarea(attrs={"rows": 2}),
            "friction": forms.Textarea(attrs={"rows": 2}),
            "local_knowledge": forms.Textarea(attrs={"rows": 2}),
            "internal_notes": forms.Textarea(attrs={"rows": 3}),
            "ownership": forms.RadioSelect,
            "themes": forms.CheckboxSelectMultiple,
        }
        labels, help_texts, error_messages = LABELS, HELPS, WRONG

    def __init__(self, *args, municipalities=None, **kwargs):
        super().__init__(*args, **kwargs)
        if municipalities is None:
            del self.fields["municipality"]
        else:
            self.fields["municipality"].queryset = municipalities
            self.fields["municipality"].empty_label = _("Choose a municipality")
            if len(municipalities) == 1:
                self.initial["municipality"] = municipalities[0].pk
        self.fields["ownership"].choices = [
            (value, f"{label}\n{OWNERSHIP_MEANS[value]}") for value, label in Ownership.choices
        ]
        if self.instance.latitude is not None:
            self.initial["map_place"] = (self.instance.latitude, self.instance.longitude)
        self.fields["source"].required = False
        contact = getattr(self.instance, "contact", None)
        for field in CONTACT:
            self.fields[f"contact_{field}"].initial = getattr(contact, field, "")
            self.fields[f"contact_{field}"].widget.attrs["autocomplete"] = "off"
        self.helper = FormHelper()
        self.helper.layout = self._layout()

    def _layout(self):
        first = ["municipality"] if "municipality" in self.fields else []
        return Layout(
            Fieldset(
                _("Which initiative is it?"),
                *first,
                *("name", "description", "does_not", "ownership", "place", "address"),
            ),
            Fieldset(
                _("Whom can we reach?"),
                "contact_name",
                Row("contact_email", "contact_phone"),
                "first_contact",
                css_id="contact",
            ),
            *(More(*names, summary=subject) for subject, names in SECTIONS),
            Fieldset(_("How did it come here?"), "source"),
            Submit("save", _("Save the initiative")),
        )

    def clean(self):
        """The name is free in this municipality, and a contact can be reached."""
        super().clean()
        data = self.cleaned_data
        name, municipality = data.get("name"), data.get("municipality")
        if self.instance.pk:
            municipality = self.instance.municipality
        if name and municipality and name_is_taken(municipality, name, besides=self.instance):
            self.add_error("name", _("This municipality has an initiative of this name."))
        if any(self._contact().values()):
            self._check_contact()
        return data

    def _contact(self):
        return {field: self.cleaned_data.get(f"contact_{field}", "") for field in CONTACT}

    def _check_contact(self):
        contact = self._contact()
        if not contact["name"] and "contact_name" not in self.errors:
            self.add_error("contact_name", _("Fill in the name of this person."))
        wrong = {"contact_email", "contact_phone"} & set(self.errors)
        if not (contact["email"] or contact["phone"] or wrong):
            self.add_error("contact_email", _("Give an e-mail address or a phone number."))

    def initiative(self):
        """What the actions `add` and `change` take, by name."""
        contact = self._contact()
        fields = {
            field: self.cleaned_data[field] for field in self.Meta.fields if field in self.fields
        }
        fields["source"] = fields["source"] or self["source"].initial
        north, east = self.cleaned_data["map_place"] or (None, None)
        fields |= {"latitude": north, "longitude": east}
        return fields | {"contact": contact if any(contact.values()) else None}
