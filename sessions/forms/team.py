"""The two trainers of a lab, by chair."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.utils.translation import gettext as _

from sessions.forms.agreement import SAVE_ANYWAY
from sessions.meetings import double_bookings, meetings_of
from sessions.team import team_objections, trainers_of
from werklab.models import Lab, LabRole, User


def ask_about_double_bookings(form: forms.Form, found: list[str]) -> None:
    """A trainer may be in two labs at once only when somebody says so; not a wall."""
    if not found or form.data.get(SAVE_ANYWAY):
        return
    form.fields[SAVE_ANYWAY] = forms.BooleanField(label=_("Save anyway"), required=False)
    form.helper.layout.insert(-1, SAVE_ANYWAY)
    form.add_error(SAVE_ANYWAY, " ".join(found))


class TeamForm(forms.Form):
    """A chair that is taken cannot become empty: choose who sits there instead."""

    def __init__(self, *args, lab: Lab, **kwargs):
        super().__init__(*args, **kwargs)
        self.lab, self.now = lab, trainers_of(lab)
        labels = {
            LabRole.Chair.MUNICIPAL: _("Trainer who knows the municipality"),
            LabRole.Chair.INITIATIVES: _("Trainer who knows initiatives"),
        }
        for chair, label in labels.items():
            self.fields[chair] = self._chair(chair, label)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *(Field(chair, wrapper_class="field--medium") for chair in labels),
            Submit("save", _("Save the trainers")),
        )

    def _chair(self, chair, label):
        pool = User.objects.who_know(chair)
        taken = self.now.get(chair)
        if taken is not None:  # who left the pool may stay
            pool = pool | User.objects.filter(pk=taken.pk)
        return forms.ModelChoiceField(
            pool.order_by("name"),
            label=label,
            initial=taken,
            required=taken is not None,
            empty_label=_("Nobody yet") if taken is None else None,
            error_messages={
                "required": _("Choose a trainer."),
                "invalid_choice": _("Choose a trainer from the list."),
            },
        )

    def clean(self):
        """Say at the chair what the action would refuse."""
        data = super().clean()
        if not self.errors:
            for chair, sentence in team_objections(self.lab, self.trainers()).items():
                self.add_error(chair, sentence)
        if not self.errors:
            came = set(self.trainers().values()) - set(self.now.values())
            meetings = [meeting for meeting in meetings_of(self.lab) if meeting.starts_at]
            ask_about_double_bookings(self, double_bookings(came, meetings))
        return data

    def trainers(self) -> dict[str, User]:
        """Who was chosen, by chair; a chair that stays empty is not in it."""
        chosen = {chair: self.cleaned_data.get(chair) for chair in LabRole.Chair.values}
        return {chair: user for chair, user in chosen.items() if user is not None}
