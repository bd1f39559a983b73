"""Schedule a lab, and change what was agreed."""

from crispy_forms.layout import Field, Fieldset, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sessions.forms.agreement import AgreementForm, OneLine
from sessions.meetings import (
    change_objections,
    double_bookings,
    meetings_of,
    schedule_objections,
)
from sessions.programme import scheduled_before
from werklab.forms.places import MailDomainsField, MunicipalityField
from werklab.forms.words import ADDRESS, says
from werklab.models import Lab, LabRole, User


class ScheduleForm(AgreementForm):
    """A new lab. `by` is who schedules it: a trainer finds their own name on their own chair."""

    municipality = MunicipalityField()

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["contact_phone"].initial = by.phone
        labels = {
            LabRole.Chair.MUNICIPAL: _("Trainer who knows the municipality"),
            LabRole.Chair.INITIATIVES: _("Trainer who knows initiatives"),
        }
        for chair, label in labels.items():
            self.fields[chair] = forms.ModelChoiceField(
                User.objects.who_know(chair).order_by("name"),
                label=label,
                empty_label=_("Choose a trainer"),
                error_messages={
                    "required": _("Choose a trainer."),
                    "invalid_choice": _("Choose a trainer from the list."),
                },
            )
        mine = next((c for c in labels if by.background in (c, "both")), None)
        if mine:
            self.fields[mine].initial = by
        self.lay_out(
            Fieldset(
                _("Where and with whom?"),
                Field("municipality", wrapper_class="field--medium"),
                Row(*LabRole.Chair.values),
                Row("coordinator_name", "coordinator_email"),
            ),
            *self.session_fieldsets(),
            Fieldset(_("Enrolment"), Row("capacity", "enrol_until"), "contact_phone"),
            Submit("schedule", _("Schedule the werklab"), css_class="btn--large"),
        )

    def objections(self, data):
        """What the action would refuse, by field."""
        return schedule_objections(
            self.by,
            trainers={chair: data[chair] for chair in LabRole.Chair.values if chair in data},
            coordinator_email=data.get("coordinator_email", ""),
            meetings=data["meetings"],
            enrol_until=data["enrol_until"],
        )

    def double_bookings(self, data):
        """Where the two trainers are at these moments; not in this lab, sent a second time."""
        trainers = {chair: data[chair] for chair in LabRole.Chair.values}
        same = scheduled_before(data["municipality"], trainers, data["meetings"])
        return double_bookings(trainers.values(), data["meetings"], besides=same)

    def agreed(self) -> dict:
        """As the action wants it: the trainers by chair."""
        data = super().agreed()
        return data | {"trainers": {chair: data.pop(chair) for chair in LabRole.Chair.values}}


class ChangeForm(AgreementForm):
    """What was agreed about a lab. Its municipality and trainers stay as they are."""

    contact_name = OneLine(
        label=gettext_lazy("Contact person"),
        max_length=80,
        error_messages=says(gettext_lazy("Fill in whom people can ask.")),
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("E-mail of the contact person"),
        max_length=254,
        error_messages=says(ADDRESS, invalid=ADDRESS),
    )
    mail_domains = MailDomainsField()

    def __init__(self, *args, lab: Lab, **kwargs):
        super().__init__(*args, initial=_now_agreed(lab), **kwargs)
        self.lab = lab
        self.fields["decide_on"] = self._day(_("Decide whether it goes ahead on"), "")
        self.fields["decide_on"].required = False
        self.fields["decide_on"].help_text = _(
            "Are there fewer than ten people then? You go on, move it, or call it off."
        )
        self.lay_out(
            *self.session_fieldsets(),
            Fieldset(_("Enrolment"), Row("capacity", "enrol_until"), "decide_on", "mail_domains"),
            Fieldset(
                _("Whom can people ask?"), Row("contact_name", "contact_email"), "contact_phone"
            ),
            Fieldset(_("Coordinator"), Row("coordinator_name", "coordinator_email")),
            Submit("save", _("Save the changes"), css_class="btn--large"),
        )

    def objections(self, data):
        """What the action would refuse, by field."""
        return change_objections(
            self.lab,
            meetings=data["meetings"],
            enrol_until=data["enrol_until"],
            capacity=data.get("capacity", Lab.MAX_PARTICIPANTS),
            coordinator_email=data.get("coordinator_email", ""),
            decide_on=data.get("decide_on"),
        )

    def double_bookings(self, data):
        """Where the trainers of this lab are at the moments that are new."""
        trainers = User.objects.filter(
            lab_roles__lab=self.lab, lab_roles__role=LabRole.Role.TRAINER
        )
        return double_bookings(trainers, data["meetings"], besides=self.lab)


def _now_agreed(lab: Lab) -> dict:
    """What stands now, by the names of the form's fields."""
    names = (
        "enrol_until",
        "capacity",
        "decide_on",
        "contact_name",
        "contact_email",
        "contact_phone",
    )
    initial = {name: getattr(lab, name) for name in names}
    initial["mail_domains"] = ", ".join(lab.municipality.mail_domains)
    coordinator = lab.roles.filter(role=LabRole.Role.COORDINATOR).select_related("user").first()
    if coordinator:
        initial["coordinator_name"] = coordinator.user.name
        initial["coordinator_email"] = coordinator.user.email
    for number, meeting in enumerate(meetings_of(lab), start=1):
        if meeting.starts_at:
            starts, ends = (
                timezone.localtime(meeting.starts_at),
                timezone.localtime(meeting.ends_at),
            )
            initial |= {f"date_{number}": starts.date(), f"place_{number}": meeting.place}
            initial |= {f"starts_{number}": starts.time(), f"ends_{number}": ends.time()}
            if meeting.initiatives_start_at:
                theirs = timezone.localtime(meeting.initiatives_start_at)
                initial[f"initiatives_{number}"] = theirs.time()
        initial |= {f"route_{number}": meeting.route}
        initial |= {f"accessibility_{number}": meeting.accessibility}
    return initial
