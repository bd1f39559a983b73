"""What is agreed about a lab: the part that is asked both when it is scheduled and later on."""

import re
from datetime import date, datetime, time, timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sessions.meetings import Meeting
from sessions.programme import programmes
from werklab.forms.more import More
from werklab.forms.words import ADDRESS, says
from werklab.models import Lab

NUMBERS = (1, 2, 3)
SAVE_ANYWAY = "save_anyway"
MORE = ("initiatives", "route", "accessibility")
USUAL_HOURS = (time(9, 30), time(13))
REACH = timedelta(days=5 * 365)
phone_number = RegexValidator(
    re.compile(r"^\+?[\d ()–-]{9,19}$"),
    gettext_lazy("Fill in a phone number, for example 06 1234 5678."),
)


def in_reach(day: date) -> None:
    """Nobody schedules something for the year 27 or 9999: that is a slip of the finger."""
    if abs(day - timezone.localdate()) > REACH:
        raise ValidationError(_("Look at the year once more."))


class OneLine(forms.CharField):
    """A line of text: whatever line breaks are pasted in, it is one line."""

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class CoordinatorFields(forms.Form):
    """Who coordinates a lab at the municipality: name and address."""

    coordinator_name = OneLine(
        label=gettext_lazy("Name of the coordinator"),
        max_length=80,
        error_messages=says(gettext_lazy("Fill in the name of the coordinator.")),
    )
    coordinator_email = forms.EmailField(
        label=gettext_lazy("E-mail of the coordinator"),
        max_length=254,
        error_messages=says(ADDRESS, invalid=ADDRESS),
    )


class AgreementForm(CoordinatorFields):
    """What both forms ask: coordinator, the three sessions, places, closing day, phone number."""

    capacity = forms.TypedChoiceField(
        label=gettext_lazy("Places"),
        coerce=int,
        choices=[(n, n) for n in range(Lab.MIN_PARTICIPANTS, Lab.MAX_PARTICIPANTS + 1)],
        initial=Lab.MAX_PARTICIPANTS,
        error_messages={
            "required": gettext_lazy("A lab takes 10 to 15 participants."),
            "invalid_choice": gettext_lazy("A lab takes 10 to 15 participants."),
        },
    )
    contact_phone = OneLine(
        label=gettext_lazy("Phone number for questions"),
        max_length=20,
        help_text=gettext_lazy("It stands on the public page and in every letter."),
        validators=[phone_number],
        error_messages=says(gettext_lazy("Give a phone number for questions.")),
        widget=forms.TextInput(attrs={"type": "tel"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["enrol_until"] = self._day(
            _("Enrolment until"), _("Choose a day on which enrolment closes.")
        )
        for number in NUMBERS:
            self._ask_session(number)
        self.helper = FormHelper()

    def _day(self, label, required):
        return forms.DateField(
            label=label,
            validators=[in_reach],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={
                "required": required,
                "invalid": _("Fill in a day, for example 12-03-2027."),
            },
        )

    def _time(self, label, initial, message, **more):
        return forms.TimeField(
            label=label,
            initial=initial,
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            error_messages={
                "required": message,
                "invalid": _("Fill in a time, for example 9.30."),
            },
            **more,
        )

    def _ask_session(self, number):
        which = {"number": number}
        begins, ends = USUAL_HOURS
        self.fields |= {
            f"date_{number}": self._day(
                _("Day"), _("Choose the day of session %(number)s.") % which
            ),
            f"starts_{number}": self._time(
                _("Begins at"), begins, _("Fill in when session %(number)s begins.") % which
            ),
            f"ends_{number}": self._time(
                _("Ends at"), ends, _("Fill in when session %(number)s ends.") % which
            ),
            f"place_{number}": OneLine(
                label=_("Where?"),
                max_length=160,
                error_messages=says(_("Fill in where session %(number)s is.") % which),
            ),
            f"initiatives_{number}": self._time(
                _("Initiatives come at"),
                None,
                "",
                required=False,
                help_text=_("Only if they come later than the participants."),
            ),
            f"route_{number}": OneLine(
                label=_("How do you get there?"), max_length=200, required=False
            ),
            f"accessibility_{number}": OneLine(
                label=_("Accessibility"),
                max_length=200,
                required=False,
                help_text=_("For example: no steps, a toilet for wheelchairs."),
            ),
        }

    def session_fieldsets(self):
        """A fieldset per session, under its title."""
        return [
            Fieldset(
                f"{template['number']}. {template['title']}",
                Row(*(f"{name}_{template['number']}" for name in ("date", "starts", "ends"))),
                f"place_{template['number']}",
                More(
                    *(f"{name}_{template['number']}" for name in MORE),
                    summary=_("More about this session"),
                ),
            )
            for template in programmes()[Lab.Format.THREE_SESSIONS]
        ]

    def lay_out(self, *parts):
        """Draw the form like this, and name the errors in the same order."""
        self.helper.layout = Layout(*parts)
        if self.is_bound and self.data.get(SAVE_ANYWAY):
            self._ask_to_save_anyway()
        self.order_fields([pointer.name for pointer in self.helper.layout.get_field_names()])

    def clean(self):
        """Look at the programme as a whole once its days and times can be read."""
        data = super().clean()
        data["meetings"] = [self._meeting(data, number) for number in NUMBERS]
        if all(data["meetings"]) and data.get("enrol_until"):
            for name, sentence in self.objections(data).items():
                self.add_error(name, sentence)
            self._look_for_double_bookings(data)
        return data

    def _look_for_double_bookings(self, data):
        """A trainer may be in two labs at once only when somebody says so (not a wall)."""
        found = [] if self.errors else self.double_bookings(data)
        if found and not data.get(SAVE_ANYWAY):
            if SAVE_ANYWAY not in self.fields:
                self._ask_to_save_anyway()
            self.add_error(SAVE_ANYWAY, " ".join(found))

    def _ask_to_save_anyway(self):
        self.fields[SAVE_ANYWAY] = forms.BooleanField(label=_("Save anyway"), required=False)
        self.helper.layout.insert(-1, SAVE_ANYWAY)

    def _meeting(self, data, number):
        day, starts, ends = (data.get(f"{name}_{number}") for name in ("date", "starts", "ends"))
        if day is None or starts is None or ends is None:
            return None
        theirs = data.get(f"initiatives_{number}")
        try:
            return Meeting(
                starts_at=_moment(day, starts),
                ends_at=_moment(day, ends),
                place=data.get(f"place_{number}", ""),
                initiatives_start_at=_moment(day, theirs) if theirs else None,
                route=data.get(f"route_{number}", ""),
                accessibility=data.get(f"accessibility_{number}", ""),
            )
        except ValidationError:
            self.add_error(f"starts_{number}", _("In this night the clock is changed."))
            return None

    def agreed(self) -> dict:
        """What was filled in, as the action wants it: the sessions as meetings."""
        parts = ("date", "starts", "ends", "place", *MORE)
        names = {f"{part}_{n}" for part in parts for n in NUMBERS} | {SAVE_ANYWAY}
        return {name: value for name, value in self.cleaned_data.items() if name not in names}


def _moment(day: date, at: time) -> datetime:
    return from_current_timezone(datetime.combine(day, at))
