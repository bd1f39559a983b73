"""The form in which a file for the register is chosen."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.tables import MB, MOST_BYTES


class ImportForm(forms.Form):
    """One file, CSV or XLSX, of at most 10 MB."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV or XLSX, at most 10 MB. First you see what will happen; nothing is written yet."
        ),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
            "missing": gettext_lazy("Choose a file."),
            "invalid": gettext_lazy("The file did not arrive. Choose it again."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout("file", Submit("look", _("Look what will happen")))

    def clean_file(self):
        """No larger than a table of this kind can be."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            size = {"size": -(-file.size // MB), "most": MOST_BYTES // MB}
            sentence = _("The file is %(size)s MB. At most %(most)s MB is possible.")
            raise ValidationError(sentence % size)
        return file
