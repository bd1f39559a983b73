"""Two things that are typed as text and mean more: a municipality, and mail domains."""

import difflib
import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from werklab.forms.words import says
from werklab.labs import EVERYBODYS_MAIL
from werklab.models import Municipality

BY_ANOTHER_NAME = {"denhaag": "sgravenhage", "denbosch": "shertogenbosch"}
MOST_DOMAINS = 10


def plain(name: str) -> str:
    """A name as people may type it: no capitals, accents, spaces or hyphens."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]", "", letters)


class MunicipalityField(forms.CharField):
    """One of the 342 municipalities, by typing its name.

    A list of that length is hard on a phone; a text input offers the names that begin like what is
    typed (the page brings a `datalist` with this id), and works without that too.
    """

    LIST = "municipalities"

    def __init__(self):
        super().__init__(
            label=gettext_lazy("Municipality"),
            max_length=60,
            help_text=gettext_lazy("Type the first letters and choose from the list."),
            widget=forms.TextInput(attrs={"list": self.LIST, "autocomplete": "off"}),
            error_messages=says(gettext_lazy("Fill in the municipality.")),
        )

    def clean(self, value):
        typed = plain(super().clean(value))
        found = {
            plain(municipality.name): municipality for municipality in Municipality.objects.all()
        }
        typed = BY_ANOTHER_NAME.get(typed, typed)
        if typed in found:
            return found[typed]
        begin = [name for name in found if typed and name.startswith(typed)][:3]
        close = begin or difflib.get_close_matches(typed, found, n=3, cutoff=0.7)
        if not close:
            raise ValidationError(_("We do not know this municipality. Look at how you wrote it."))
        names = ", ".join(found[name].name for name in close)
        raise ValidationError(_("Which municipality is it: %(names)s?") % {"names": names})


class MailDomainsField(forms.CharField):
    """The mail domains of a municipality, with commas or spaces between; gives a list."""

    def __init__(self):
        super().__init__(
            label=gettext_lazy("Mail domains of the municipality"),
            max_length=400,
            required=False,
            help_text=gettext_lazy(
                "Who has an address that ends in one of these gets a place at once. For others "
                "the coordinator says yes or no."
            ),
            error_messages=says(""),
        )

    def clean(self, value):
        typed = re.split(r"[\s,;]+", super().clean(value).lower())
        domains = list(dict.fromkeys(part.rpartition("@")[2] for part in typed if part.strip("@")))
        for domain in domains:
            self._look_at(domain)
        if len(domains) > MOST_DOMAINS:
            raise ValidationError(_("Write down ten domains at most."))
        return domains

    def _look_at(self, domain):
        if domain in EVERYBODYS_MAIL:
            raise ValidationError(
                _("Everybody can have an address at %(domain)s. Leave it out.") % {"domain": domain}
            )
        try:
            validate_email(f"iemand@{domain}")
        except ValidationError:
            sentence = _("“%(domain)s” is not a mail domain. Write it like this: oss.example")
            raise ValidationError(sentence % {"domain": domain[:40]}) from None
