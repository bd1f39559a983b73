"""Every letter as a page, filled in for a lab of the demo; printed as JSON, by its kind.

Run in a process of its own by `take`, with the variables of the demo that it takes pictures of.
"""

import json

import django

django.setup()

from werklab import letter_texts, mail, wording  # noqa: E402
from werklab.models import Lab, OutgoingMail  # noqa: E402
from werklab.views.letter_examples import examples  # noqa: E402

A_LINK = "https://werklab.example/mijn/voorbeeld/"
# What stands in letters that nobody changes per lab, so the preview of a lab lacks it.
OF_NO_LAB = {
    "code": "ABCD-2345",
    "what_changed": "Er is een passkey bij gekomen.",
    "phone": "06 0000 0002",
    "wish": "Sneller antwoord geven aan bewoners.",
    "link_until": "23 november 2027",
    "sender_name": "Noor Hendriks",
}
LINKS = ("login_url", "account_url", "request_url", "requests_url", "profile_url")
OF_NO_LAB |= dict.fromkeys(LINKS, A_LINK)


def pages(lab: Lab) -> dict[str, str]:
    """The HTML of each kind of letter, just as it is posted."""
    known = {
        name: A_LINK
        for name, about in letter_texts.meanings().items()
        if name.endswith("_url") and not about["example"].startswith("http")
    }
    known |= examples(lab) | OF_NO_LAB
    found = {}
    for kind in filter(None, wording.letters()):
        subject, text = letter_texts.preview(kind, *wording.words_of(kind, lab), known)
        assert "{{" not in subject + text, f"{kind} has a hole: give it a word in OF_NO_LAB"
        letter = OutgoingMail(lab=lab, kind=kind, subject=subject, text=text, to="jij@oss.example")
        found[kind] = mail.message(letter).alternatives[0].content
    return found


if __name__ == "__main__":
    print(json.dumps(pages(Lab.objects.with_programme().get(slug="vlierhoven"))))
