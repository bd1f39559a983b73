"""What people type about an advice: its words, and the cards that it comes from."""

from itertools import groupby

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Row, Submit
from django import forms
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from sessions.advice import WORDS, Overtaken
from sessions.columns import FAMILIES
from sessions.models import Advice, Card
from werklab.forms.choices import SeveralOf
from werklab.forms.words import says

ROWS = {"title": 2, "text": 3, "why": 4, "first_step": 2}
BY_CHARACTERS = ("title", "text", "why", "for_whom", "first_step", "owner", "needs")


class AdviceForm(forms.ModelForm):
    """The words of an advice. Only the sentence on top is needed: the rest may come later.

    The text version travels along: it tells whether somebody else was faster. The form only reads;
    the action writes.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Advice
        fields = WORDS
        help_texts = {
            "title": _("Begin with a verb. At most 120 characters."),
            "text": _("What exactly, in one to three sentences."),
            "why": _("What did you hear or see? In two to four sentences."),
            "first_step": _("What happens within two weeks?"),
            "owner": _("A function or a team."),
            "needs": _("Hours, money, room in the rules. Nothing extra is fine too."),
        }
        widgets = {name: forms.Textarea(attrs={"rows": rows}) for name, rows in ROWS.items()}
        error_messages = {name: says("") for name in BY_CHARACTERS} | {
            "title": says(_("Write your advice in one sentence."))
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in BY_CHARACTERS:  # a browser would cut off what is pasted, without a word
            self.fields[name].widget.attrs.pop("maxlength", None)
        self.fields["seen"].initial = self.instance.text_version
        self.helper = FormHelper()
        self.helper.hide_optional = True
        self.helper.layout = Layout(
            *("title", "text", "why", "first_step"),
            Row("owner", "term"),
            *("for_whom", "needs", "seen"),
            Div(
                Submit("save", _("Save")),
                Submit("choose", _("Save and choose cards"), css_class="btn--line"),
                css_class="buttons",
            ),
        )

    def clean(self):
        """With line ends as they are stored, so that the same text is the same text."""
        given = super().clean()
        texts = {name: text for name, text in given.items() if isinstance(text, str)}
        return given | {name: text.replace("\r\n", "\n") for name, text in texts.items()}

    def _post_clean(self):
        pass  # would write into the advice that the page also shows as it was saved

    @property
    def words(self) -> dict[str, str]:
        """What was written, for the action."""
        return {name: self.cleaned_data[name] for name in WORDS}

    def show_both(self, overtaken: Overtaken) -> None:
        """Show the words of the other writer at each field where they differ from these."""
        typed = self.words
        self.add_error(None, str(overtaken))
        for name in WORDS:
            other = getattr(overtaken.now, name)
            if other != typed[name]:
                shown = overtaken.now.get_term_display() if name == "term" else other
                note = (
                    _("The other wrote: “%(text)s”") if other else _("The other left this empty.")
                )
                self.add_error(name, note % {"text": shown})
        self.data = self.data.copy()
        self.data["seen"] = overtaken.now.text_version


class SourcesForm(forms.Form):
    """Cards of the boards to tie to an advice, beside those that are tied already."""

    cards = SeveralOf(
        queryset=Card.objects.none(),
        error_messages={
            "required": _("Choose a card, or go back."),
            "invalid_choice": _("One of the cards is no longer on a board. Choose again."),
        },
    )

    def __init__(self, *args, advice: Advice, **kwargs):
        super().__init__(*args, **kwargs)
        cards = Card.objects.filter(column__lab_session__lab=advice.lab_id)
        self.fields["cards"].queryset = cards.exclude(advice_links__advice=advice)

    def sessions(self) -> list[dict]:
        """The cards to choose from, by session and column as they hang on the boards."""
        cards = self.fields["cards"].queryset.select_related("column__lab_session")
        cards = cards.annotate(dots=Count("votes")).order_by(
            "column__lab_session__number", "column__order", "-dots", "pk"
        )
        chosen = set(self.data.getlist("cards")) if self.is_bound else set()
        for card in cards:
            card.chosen = str(card.pk) in chosen
        return [
            {"lab_session": lab_session, "columns": self._columns(of_session)}
            for lab_session, of_session in groupby(cards, lambda card: card.column.lab_session)
        ]

    def _columns(self, cards):
        return [
            {"column": column, "family": FAMILIES.get(column.kind, ""), "cards": list(of_column)}
            for column, of_column in groupby(cards, lambda card: card.column)
        ]
