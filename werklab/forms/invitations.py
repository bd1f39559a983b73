"""The form in which a list of people is pasted who are asked to take part."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from werklab import invitations
from werklab.forms.words import says

MOST_SHOWN = 25
PASTE = gettext_lazy("Paste at least one line with an e-mail address.")


class PastedPeople(forms.CharField):
    """Lines with a name and an address; gives what `invitations.read` makes of them.

    Every wrong line is named by its number, so nothing is stripped before the lines are counted.
    """

    def __init__(self):
        super().__init__(
            label=gettext_lazy("Who do you invite?"),
            max_length=100_000,
            strip=False,
            help_text=gettext_lazy(
                "A line for each person: the name and the address. For example: "
                "Ans Bakker <a.bakker@gemeente.example>. From a spreadsheet it works too."
            ),
            error_messages=says(PASTE),
            widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        )

    def clean(self, value):
        pasted = invitations.read(super().clean(value))
        if pasted.wrong:
            raise ValidationError(_sentences(pasted.wrong))
        if not pasted.people:
            raise ValidationError(PASTE)
        if len(pasted.people) > invitations.MOST_LINES:
            words = {"most": invitations.MOST_LINES, "number": len(pasted.people)}
            sentence = _("Paste at most %(most)s people at a time. You pasted %(number)s.")
            raise ValidationError(sentence % words)
        return pasted


def _sentences(wrong: list[tuple[int, str]]) -> list[str]:
    """What is wrong with each line, and how many more there are after so many."""
    found = [
        _("Line %(number)s: %(why)s") % {"number": number, "why": why}
        for number, why in wrong[:MOST_SHOWN]
    ]
    if (more := len(wrong) - MOST_SHOWN) > 0:
        sentence = ngettext(
            "And %(count)s more line is wrong.", "And %(count)s more lines are wrong.", more
        )
        found.append(sentence % {"count": more})
    return found


class InviteForm(forms.Form):
    """Whom to invite, and a sentence of one's own on top of the letter."""

    people = PastedPeople()
    message = forms.CharField(
        label=gettext_lazy("A sentence of your own, on top of the letter"),
        max_length=600,
        required=False,
        help_text=gettext_lazy("For example why you think of these people."),
        error_messages=says(""),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.helper.layout = Layout(
            "people", "message", Submit("prepare", _("Make the invitations ready"))
        )

    def clean_message(self):
        """One paragraph, however it was typed."""
        return " ".join(self.cleaned_data["message"].split())
