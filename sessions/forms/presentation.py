"""The meeting of the management team, and who of the initiatives join."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from sessions.endorsements import TAKERS, Taker
from sessions.forms.endorsements import Words
from sessions.models import Presentation
from werklab.forms.words import says
from werklab.models import Lab


class PresentationForm(forms.ModelForm):
    """Day and place of the presentation, and the two initiative takers who join (REQ-120)."""

    class Meta:
        model = Presentation
        fields = ("date", "place", "answer_by")
        help_texts = {"answer_by": _("The management team reads this on page one.")}
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("date", "answer_by")
        }
        error_messages = {
            "date": {"invalid": _("Write the day like this: 9-3-2027.")},
            "answer_by": {"invalid": _("Write the day like this: 9-3-2027.")},
            "place": says(""),
        }

    def __init__(self, *args, lab: Lab, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].widget.attrs.pop("maxlength", None)
        takers = list(self.instance.presenters.all()) if self.instance.pk else []
        initiatives = lab.initiatives.select_related("initiative")
        for number in range(1, TAKERS + 1):
            taker = takers[number - 1] if len(takers) >= number else None
            self._add_taker(number, taker, initiatives)
        self.helper = FormHelper()
        self.helper.hide_optional = True
        self.helper.layout = Layout(
            Fieldset(_("The management team"), Row("date", "answer_by"), "place"),
            *(self._fieldset(number) for number in range(1, TAKERS + 1)),
            Submit("save", _("Save")),
        )

    def _add_taker(self, number, taker, initiatives):
        self.fields[f"initiative_{number}"] = forms.ModelChoiceField(
            initiatives,
            label=_("Of which initiative?"),
            required=False,
            empty_label=_("Not known yet"),
            initial=taker and taker.initiative_id,
            error_messages={"invalid_choice": _("Choose an initiative from the list.")},
        )
        self.fields[f"name_{number}"] = Words(
            label=_("Who joins?"),
            max_length=80,
            required=False,
            initial=taker.name if taker else "",
            error_messages=says(""),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields[f"named_{number}"] = forms.BooleanField(
            label=_("This name may stand in the advice. We have asked."),
            required=False,
            initial=bool(taker and taker.name_in_report),
        )

    def _fieldset(self, number):
        legend = _("Initiative taker %(number)s") % {"number": number}
        return Fieldset(legend, Row(f"initiative_{number}", f"name_{number}"), f"named_{number}")

    def clean(self):
        given = super().clean() or {}
        if given.get("date") and given.get("answer_by") and given["answer_by"] <= given["date"]:
            self.add_error("answer_by", _("Choose a day after the presentation."))
        given["takers"] = []
        for number in range(1, TAKERS + 1):
            initiative, name = given.get(f"initiative_{number}"), given.get(f"name_{number}")
            if name and not initiative:
                self.add_error(f"initiative_{number}", _("Choose of which initiative."))
            elif initiative and not name:
                self.add_error(f"name_{number}", _("Fill in who joins."))
            elif initiative:
                given["takers"].append(Taker(initiative, name or "", given[f"named_{number}"]))
        if len({(taker.initiative, taker.name) for taker in given["takers"]}) < len(
            given["takers"]
        ):
            self.add_error("name_2", _("Name two different people."))
        return given

    def _post_clean(self):
        pass  # the action writes
