"""What one side says of an initiative on the long list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sessions.choosing import LSA, MUNICIPALITY, Choice


class SayForm(forms.Form):
    """Yes or rather not, for one side; the second with a reason."""

    row = forms.IntegerField(widget=forms.HiddenInput)
    side = forms.ChoiceField(choices=[(LSA, LSA), (MUNICIPALITY, MUNICIPALITY)])
    choice = forms.ChoiceField(choices=Choice.choices)
    why = forms.CharField(
        label=_("Why rather not?"),
        max_length=200,
        required=False,
        error_messages={"max_length": _("Keep it shorter: at most 200 characters.")},
    )

    def clean(self):
        super().clean()
        data = self.cleaned_data
        needs_why = data.get("choice") == Choice.RATHER_NOT and "why" not in self.errors
        if needs_why and not data.get("why"):
            self.add_error("why", _("Say why rather not. The initiative never sees this."))
        return data
