"""What is asked about a visit: by the trainer, and of the initiative."""

from datetime import datetime, timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Fieldset, Layout, Row, Submit
from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from initiatives.models import Initiative
from sessions.choosing import Choice, asked_lately
from sessions.models import LabInitiative, Visit
from sessions.visits import MOST_SLOTS, Agreed
from werklab.letters import moment
from werklab.models import Lab

Answer = Visit.Answer
NUMBERS = range(1, MOST_SLOTS + 1)
SLOT = ("day", "begin", "end")
GETTING_READY = timedelta(minutes=30)
VISIT_LASTS = timedelta(minutes=90)
LEGENDS = {1: _("Moment 1"), 2: _("Moment 2 (not needed)"), 3: _("Moment 3 (not needed)")}
GIVE = {
    "day": _("Moment %(number)s: choose the day."),
    "begin": _("Moment %(number)s: fill in when it begins."),
    "end": _("Moment %(number)s: fill in when it ends."),
}


class SlotsForm(forms.Form):
    """One to three moments for a visit: a day with begin and end each."""

    BUTTON = _("Offer these moments")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for number in NUMBERS:
            self._add_slot(number)
        self._lay_out()

    def _lay_out(self):
        self.helper = FormHelper()
        self.helper.hide_optional = True
        self.helper.layout = Layout(*self._layout(), Submit("save", self.BUTTON))

    def _add_slot(self, number):
        wrong_time = {"invalid": _("Write the time like this: 10:00.")}
        self.fields[f"day_{number}"] = forms.DateField(
            label=_("Day"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": _("Write the day like this: 9-3-2027.")},
        )
        for name, label in (("begin", _("From")), ("end", _("Until"))):
            self.fields[f"{name}_{number}"] = forms.TimeField(
                label=label,
                required=False,
                widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                error_messages=wrong_time,
            )

    def _layout(self):
        return [
            Fieldset(LEGENDS[number], Row(*(f"{part}_{number}" for part in SLOT)))
            for number in NUMBERS
        ]

    def clean(self):
        super().clean()
        data = self.cleaned_data
        data["slots"] = [slot for number in NUMBERS if (slot := self._slot(data, number))]
        return data

    def _slot(self, data, number):
        """One moment as (begin, end), or None for an empty or a wrong row."""
        names = {part: f"{part}_{number}" for part in SLOT}
        given = {part: data.get(name) for part, name in names.items()}
        wrong = any(name in self.errors for name in names.values())
        if wrong or (number > 1 and not any(given.values())):
            return None
        for part, value in given.items():
            if value is None:
                self.add_error(names[part], GIVE[part] % {"number": number})
        if None in given.values():
            return None
        if given["end"] <= given["begin"]:
            later = _("Moment %(number)s: choose a later end.")
            self.add_error(names["end"], later % {"number": number})
        if given["day"] < timezone.localdate():
            to_come = _("Moment %(number)s: choose a day that is still to come.")
            self.add_error(names["day"], to_come % {"number": number})
            return None
        return tuple(
            timezone.make_aware(datetime.combine(given["day"], given[part]))
            for part in ("begin", "end")
        )


def in_session(starts_at):
    """A first moment to offer: in session 1, after half an hour of getting to know one another."""
    begin = timezone.localtime(starts_at) + GETTING_READY
    return {"day_1": begin.date(), "begin_1": begin.time(), "end_1": (begin + VISIT_LASTS).time()}


class AskVisitForm(SlotsForm):
    """Ask an initiative of the lab's own municipality for a visit (REQ-014, REQ-016)."""

    BUTTON = _("Ask for a visit")

    initiative = forms.ModelChoiceField(
        label=_("Which initiative?"),
        queryset=Initiative.objects.none(),
        empty_label=_("Choose an initiative"),
        error_messages={
            "required": _("Choose an initiative."),
            "invalid_choice": _("Choose an initiative of this municipality."),
        },
    )
    place = forms.CharField(
        label=_("Where are you welcome?"),
        help_text=_("The address of the initiative: a visit is outside the town hall."),
        max_length=160,
        error_messages={"required": _("Fill in the address of the initiative.")},
    )
    group_size = forms.IntegerField(
        label=_("How many civil servants come along?"),
        min_value=1,
        max_value=Lab.MAX_PARTICIPANTS,
        initial=5,
        error_messages={
            "required": _("Fill in a number, for example 5."),
            "invalid": _("Fill in a number, for example 5."),
        },
    )

    compensation = forms.CharField(
        label=_("What do they get for it?"),
        help_text=_("For example coffee and cake from us, or 50 euros. It stands in the letter."),
        max_length=120,
        required=False,
    )
    route = forms.CharField(label=_("How do you get there?"), max_length=200, required=False)
    accessibility = forms.CharField(
        label=_("Can everybody get in?"),
        help_text=_("For example: no threshold, an accessible toilet."),
        max_length=200,
        required=False,
    )
    said_yes = forms.BooleanField(
        label=_("The coordinator said yes, in a talk"),
        help_text=_("Only tick this when you spoke. Else the coordinator says yes on the list."),
        required=False,
    )
    said_yes_on = forms.DateField(
        label=_("On which day?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day like this: 9-3-2027.")},
    )
    knowingly = forms.BooleanField(
        label=_("We know this and ask all the same"),
        error_messages={"required": _("Tick this when you want to ask them all the same.")},
    )

    def __init__(self, data=None, *, lab, asked_for=None):
        initial = in_session(lab.starts_at) if lab.starts_at else {}
        initial |= {"said_yes_on": timezone.localdate()}
        if asked_for is not None:
            initial |= {"initiative": asked_for, "place": asked_for.address}
        here = Initiative.objects.active().filter(municipality=lab.municipality_id)
        self.target = _target(data, here) or asked_for
        self.asked = asked_lately([self.target.pk]).get(self.target.pk) if self.target else None
        super().__init__(data, initial=initial)
        self.fields["initiative"].queryset = here
        if not (self.asked and self.asked.is_often):
            del self.fields["knowingly"]
        if self.target and _municipality_said_yes(lab, self.target):
            del self.fields["said_yes"], self.fields["said_yes_on"]
        self._lay_out()

    def _layout(self):
        explanation = _("Offer one moment or a choice of three. Session 1 is filled in already.")
        return [
            Fieldset(
                _("Whom do we visit?"),
                "initiative",
                *self._often(),
                "place",
                Field("group_size", wrapper_class="field--short"),
            ),
            *self._together(),
            HTML(f'<p class="hint mb-5">{explanation}</p>'),
            *super()._layout(),
            Fieldset(_("Good to know (not needed)"), "compensation", "route", "accessibility"),
        ]

    def _often(self):
        """That these volunteers were asked often lately, and the tick that one knows."""
        if self.asked is None or not self.asked.is_often:
            return []
        note = render_to_string("sessions/_asked_note.html", {"asked": self.asked})
        return [HTML(note), "knowingly"]

    def _together(self):
        """That the municipality agrees, unless the list says so already (REQ-021)."""
        if "said_yes" not in self.fields:
            return []
        return [
            Fieldset(
                _("Does the municipality agree?"),
                "said_yes",
                Field("said_yes_on", wrapper_class="field--short"),
            )
        ]

    def clean_said_yes_on(self):
        day = self.cleaned_data["said_yes_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come. When did you speak?"))
        return day

    def visit(self):
        """What the action `ask` takes, by name."""
        data = self.cleaned_data
        said_yes = data.get("said_yes") and (data["said_yes_on"] or timezone.localdate())
        agreed = Agreed(
            route=data["route"],
            accessibility=data["accessibility"],
            compensation=data["compensation"],
            said_yes_on=said_yes or None,
            knowingly=data.get("knowingly", False),
        )
        taken = ("initiative", "place", "group_size", "slots")
        return {name: data[name] for name in taken} | {"agreed": agreed}


def _target(data, here):
    """The initiative that was chosen in a form that came back."""
    chosen = (data or {}).get("initiative", "")
    is_key = chosen.isascii() and chosen.isdecimal() and len(chosen) < 19
    return here.filter(pk=int(chosen)).first() if is_key else None


def _municipality_said_yes(lab, initiative):
    rows = LabInitiative.objects.filter(lab=lab, initiative=initiative)
    return rows.filter(municipality_says=Choice.YES).exists()


class SlotChoice(forms.ModelChoiceField):
    """The moments of a visit to choose from, in words."""

    def label_from_instance(self, slot):
        return capfirst(moment(slot.starts_at, slot.ends_at))


class AnswerForm(forms.Form):
    """What an initiative answers: one of three equal buttons, with words if they like.

    The buttons are in the template: `answer` is drawn by hand there.
    """

    slot = SlotChoice(
        label=_("Which moment suits you?"),
        queryset=None,
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose a moment from the list.")},
    )
    other_time = forms.CharField(
        label=_("Does another moment suit you better? Which one?"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = forms.CharField(
        label=_("Is there anything we should know?"),
        help_text=_("For example where to park, or that there are stairs."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    answer = forms.ChoiceField(
        choices=[choice for choice in Answer.choices if choice[0] != Answer.NONE],
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Press one of the three buttons."),
            "invalid_choice": _("Press one of the three buttons."),
        },
    )

    def __init__(self, data=None, *, visit, now=None):
        initial = {"slot": visit.slot, "other_time": visit.other_time, "note": visit.note}
        super().__init__(data, initial=initial)
        coming = visit.slots.filter(starts_at__gt=now or timezone.now())
        self.fields["slot"].queryset = coming
        self.only = coming[0] if len(coming) == 1 else None
        if self.only:
            del self.fields["slot"]

    def clean(self):
        super().clean()
        data = self.cleaned_data
        welcome = data.get("answer") == Answer.WELCOME
        if self.only:
            data["slot"] = self.only
            if welcome and self.data.get("slot", str(self.only.pk)) != str(self.only.pk):
                self.add_error(
                    None, _("The moment has changed. Look whether it suits, and answer.")
                )
        if welcome and not data.get("slot") and "slot" not in self.errors:
            self.add_error("slot", _("Choose a moment."))
        return data
