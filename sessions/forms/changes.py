"""Why a lab is called off, or goes on with few people."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms

from werklab.forms.words import says


class WhyForm(forms.Form):
    """One question: why. The page says what happens with the answer."""

    why = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(
        self, *args, label: str, hint: str, required: str, button: str, css: str, **kwargs
    ):
        super().__init__(*args, **kwargs)
        field = self.fields["why"]
        field.label, field.help_text = label, hint
        field.error_messages |= says(required)
        self.helper = FormHelper()
        self.helper.layout = Layout("why", Submit("do", button, css_class=css))
