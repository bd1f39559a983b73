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


def pages(lab: Lab) -> dict[str, str]:
    """The HTML of each kind of letter, just as it is posted."""
    known = {
        name: A_LINK
        for name, about in letter_texts.meanings().items()
        if name.endswith("_url") and not about["example"].startswith("http")
    }
    known |= examples(lab)
    found = {}
    for kind in filter(None, wording.letters()):
        subject, text = letter_texts.preview(kind, *wording.words_of(kind, lab), known)
        letter = OutgoingMail(lab=lab, kind=kind, subject=subject, text=text, to="jij@oss.example")
        found[kind] = mail.message(letter).alternatives[0].content
    return found


if __name__ == "__main__":
    print(json.dumps(pages(Lab.objects.with_programme().get(slug="vlierhoven"))))
