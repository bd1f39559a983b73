"""What comes along when an earlier lab is copied."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sessions import copying
from sessions.forms.agreement import CoordinatorFields, in_reach
from sessions.forms.team import ask_about_double_bookings
from sessions.meetings import double_bookings
from sessions.team import trainers_of
from werklab.models import Lab

COMES_ALONG = {
    copying.TRAINERS: gettext_lazy("the two trainers"),
    copying.PLACES: gettext_lazy("the places, how to get there and their accessibility"),
    copying.CAPACITY: gettext_lazy("the number of places"),
    copying.APPROVAL: gettext_lazy("whether the coordinator says yes to each enrolment"),
    copying.CONTACT: gettext_lazy("the contact person"),
    copying.LETTERS: gettext_lazy("the letters as you worded them"),
}


class CopyForm(CoordinatorFields):
    """Tick what comes along; type who is the coordinator and, if known, the first day."""

    field_order = ("what", "first_day")

    what = forms.MultipleChoiceField(
        label=gettext_lazy("What comes along?"),
        choices=COMES_ALONG.items(),
        initial=list(COMES_ALONG),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose from the list.")},
        help_text=gettext_lazy("People, answers, visits, cards and advice never come along."),
    )
    first_day = forms.DateField(
        label=gettext_lazy("Day of session 1"),
        required=False,
        validators=[in_reach],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy(
            "The other sessions keep their hours and the days between them. Leave it empty if you "
            "do not know yet."
        ),
        error_messages={"invalid": gettext_lazy("Fill in a day, for example 12-03-2027.")},
    )

    def __init__(self, *args, lab: Lab, **kwargs):
        super().__init__(*args, **kwargs)
        self.lab = lab
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "what",
            Field("first_day", wrapper_class="field--medium"),
            Fieldset(_("Coordinator"), Row("coordinator_name", "coordinator_email")),
            Submit("copy", _("Copy the werklab"), css_class="btn--large"),
        )

    def clean(self):
        """Say at the field what the action would refuse."""
        data = super().clean()
        if not self.errors:
            wrong = copying.copy_objections(
                self.lab, set(data["what"]), data["coordinator_email"], data["first_day"]
            )
            for name, sentence in wrong.items():
                self.add_error(name, sentence)
        if not self.errors and copying.TRAINERS in data["what"]:
            meetings = copying.meetings_from(self.lab, data["first_day"])
            same = copying.copied_before(self.lab, data["coordinator_email"], data["first_day"])
            found = [] if same else double_bookings(trainers_of(self.lab).values(), meetings)
            ask_about_double_bookings(self, found)
        return data

    def agreed(self) -> dict:
        """As the action wants it."""
        names = ("first_day", "coordinator_name", "coordinator_email")
        agreed = {name: self.cleaned_data[name] for name in names}
        return agreed | {"what": set(self.cleaned_data["what"])}
