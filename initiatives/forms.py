"""What is asked about an initiative and its contact."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.models import Initiative, Kind, Ownership
from initiatives.register import OWNERSHIP_MEANS, name_is_taken
from werklab.forms.choices import SeveralOf
from werklab.models import Department

CONTACT = ("name", "email", "phone")
NOT_OFFERED = Department.OTHER  # a field of policy that only says "something else"


class InitiativeForm(forms.ModelForm):
    """An initiative and the person to reach there, on one page.

    Themes, fields of policy and sort are all optional and several: an initiative is never forced
    into one box (REQ-088). Without `municipalities` the municipality stays what it is.
    """

    departments = forms.MultipleChoiceField(
        label=_("Fields of policy it touches"),
        help_text=_("More than one is fine."),
        choices=[choice for choice in Department.choices if choice[0] != NOT_OFFERED],
        widget=forms.CheckboxSelectMultiple,
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
            "kind",
            "themes",
            "departments",
            "friction",
        )
        field_classes = {"themes": SeveralOf}
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "does_not": forms.Textarea(attrs={"rows": 2}),
            "friction": forms.Textarea(attrs={"rows": 2}),
            "ownership": forms.RadioSelect,
            "themes": forms.CheckboxSelectMultiple,
        }
        labels = {"municipality": _("Municipality")}
        help_texts = {
            "name": _("As the initiative calls itself."),
            "description": _("In two or three sentences."),
            "does_not": _("What does it not want to be used for?"),
            "ownership": _("Talk about this before you make agreements."),
            "address": _("Where the group is welcome: not the town hall."),
            "kind": _("Does nothing fit? Leave it open."),
            "themes": _("More than one is fine."),
            "friction": _("Describe, do not judge."),
        }
        error_messages = {
            "municipality": {"required": _("Choose the municipality.")},
            "name": {"required": _("Fill in the name of the initiative.")},
            "description": {"required": _("Tell in two or three sentences what it does.")},
            "ownership": {"required": _("Choose whose plan it is.")},
        }

    def __init__(self, *args, municipalities=None, **kwargs):
        super().__init__(*args, **kwargs)
        if municipalities is None:
            del self.fields["municipality"]
        else:
            self.fields["municipality"].queryset = municipalities
            self.fields["municipality"].empty_label = _("Choose a municipality")
            if len(municipalities) == 1:
                self.initial["municipality"] = municipalities[0].pk
        self.fields["kind"].choices = [("", _("Not chosen yet")), *Kind.choices]
        self.fields["ownership"].choices = [
            (value, f"{label}\n{OWNERSHIP_MEANS[value]}") for value, label in Ownership.choices
        ]
        contact = getattr(self.instance, "contact", None)
        for field in CONTACT:
            self.fields[f"contact_{field}"].initial = getattr(contact, field, "")
            self.fields[f"contact_{field}"].widget.attrs["autocomplete"] = "off"
        self.helper = FormHelper()
        self.helper.layout = self._layout()

    def _layout(self):
        more = _("Themes, fields of policy and what rubs (not needed)")
        shown = " open" if self.instance.pk or self.is_bound else ""
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
                css_id="contact",
            ),
            HTML(f'<details class="disclosure mb-5"{shown}><summary>{more}</summary><div>'),
            *("kind", "themes", "departments", "friction"),
            HTML("</div></details>"),
            Submit("save", _("Save the initiative")),
        )

    def clean(self):
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
        return fields | {"contact": contact if any(contact.values()) else None}
