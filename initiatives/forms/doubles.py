"""Asking whether an initiative is there already, and which one is the same."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.doubles import Candidate, candidates
from initiatives.models import Initiative

IS_ANOTHER = "is_another"


def look_for_doubles(form: forms.ModelForm) -> list[Candidate]:
    """Those that may be the one in the form; with any the form asks for a tick and is not valid.

    The tick is there only then: who writes down something new never sees it.
    """
    if IS_ANOTHER in form.data:
        _add_tick(form)
    if not form.is_valid() or form.cleaned_data.get(IS_ANOTHER):
        return []
    data = form.cleaned_data
    found = candidates(
        data["municipality"],
        data["name"],
        data["place"],
        data["contact_email"],
        data["contact_phone"],
    )
    if found:
        _add_tick(form)
        form.add_error(IS_ANOTHER, _("Look at these first. Is it another one? Tick that below."))
    return found


def _add_tick(form):
    if IS_ANOTHER not in form.fields:
        label = _("No, this is another one")
        form.fields[IS_ANOTHER] = forms.BooleanField(label=label, required=False)
        form.helper.layout.fields.insert(-1, IS_ANOTHER)


class KnownInitiative(forms.ModelChoiceField):
    """An initiative by its address; what no address can hold is no choice."""

    def to_python(self, value):
        """The initiative; nonsense gets the same sentence as nothing."""
        return super().to_python(value.replace("\x00", "") if isinstance(value, str) else value)


class OtherForm(forms.Form):
    """Which initiative of the same municipality is the same one."""

    met = KnownInitiative(
        queryset=Initiative.objects.none(),
        to_field_name="slug",
        label=gettext_lazy("Which one is the same?"),
        empty_label=gettext_lazy("Choose an initiative"),
        error_messages={
            "required": gettext_lazy("Choose which initiative is the same."),
            "invalid_choice": gettext_lazy("Choose which initiative is the same."),
        },
    )

    def __init__(self, *args, initiative: Initiative, **kwargs):
        super().__init__(*args, **kwargs)
        there = Initiative.objects.filter(municipality=initiative.municipality_id)
        others = there.filter(merged_into=None).exclude(pk=initiative.pk)
        self.fields["met"].queryset = others.order_by("name").only("name", "slug")
