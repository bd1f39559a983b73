"""The form on the public page of a lab; a trainer or coordinator uses it for somebody else."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from werklab.forms.who import own_name, work_email
from werklab.forms.words import says
from werklab.models import ContactFrequency, Department


class EnrolForm(forms.Form):
    """Name, work e-mail, field of policy, function, and how often in contact with initiatives.

    Everybody may take part, beginner or old hand: the last question never bars (REQ-005).
    """

    name = own_name()
    email = work_email(_("We send all information to this address."))
    department = forms.ChoiceField(
        label=_("Your field of policy"),
        choices=[("", _("Choose a field of policy")), *Department.choices],
        error_messages={
            "required": _("Choose your field of policy from the list."),
            "invalid_choice": _("Choose your field of policy from the list."),
        },
    )
    own_words = forms.CharField(
        label=_("Is your field of policy not in the list?"),
        max_length=80,
        required=False,
        help_text=_("Choose the last line of the list, and write it here in your own words."),
        error_messages=says(""),
    )
    function = forms.CharField(
        label=_("Your function"),
        max_length=80,
        help_text=_("For example policy officer, district manager or permit officer."),
        error_messages=says(_("Fill in what you do at the municipality.")),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    contact_frequency = forms.ChoiceField(
        label=_("How often are you in contact with residents' initiatives?"),
        help_text=_("You are welcome with any answer. A mixed group learns most."),
        choices=ContactFrequency.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the answer that fits best.")},
    )

    def __init__(self, *args, for_colleague=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.button = _("Add participant") if for_colleague else _("Enrol")
        if for_colleague:
            self._speak_of_a_colleague()

    @cached_property
    def helper(self):
        """How crispy draws the fields, without form tag and token; who only reads never asks."""
        helper = FormHelper()
        helper.form_tag, helper.disable_csrf = False, True
        *typed, often = self.fields
        helper.layout = Layout(
            *(Field(name, wrapper_class="field--medium") for name in typed),
            often,
            Submit("enrol", self.button, css_class="btn--large"),
        )
        return helper

    def _speak_of_a_colleague(self):
        labels = {
            "name": _("Name"),
            "email": _("Work e-mail"),
            "department": _("Their field of policy"),
            "own_words": _("Is the field of policy not in the list?"),
            "function": _("Function"),
            "contact_frequency": _("How often is this person in contact with initiatives?"),
        }
        for name, field in self.fields.items():
            field.label = labels[name]
            field.widget.attrs.pop("autocomplete", None)
        for name in ("email", "contact_frequency"):
            self.fields[name].help_text = ""

    def clean(self):
        """Who chooses "other" says it in their own words; those are what is kept."""
        data = super().clean()
        own_words = data.pop("own_words", None)
        if data.get("department") == Department.OTHER and own_words is not None:
            if not own_words:
                self.add_error("own_words", _("Write your field of policy in your own words."))
            data["department"] = own_words
        return data


class HandOverForm(EnrolForm):
    """Who gets a seat: as when somebody puts a colleague in; the field of policy goes along."""

    department = None  # type: ignore[assignment]
    own_words = None  # type: ignore[assignment]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, for_colleague=True, **kwargs)
        self.button = _("Hand over the place")


class LostLinkForm(forms.Form):
    """The address to which somebody's own link once went."""

    email = work_email(_("The address with which you enrolled."))

    @cached_property
    def helper(self):
        """One field and one button, within the page's own form tag."""
        helper = FormHelper()
        helper.form_tag, helper.disable_csrf = False, True
        helper.layout = Layout(
            Field("email", wrapper_class="field--medium"), Submit("ask", _("Mail me my link"))
        )
        return helper
