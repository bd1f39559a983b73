"""The sheet that an initiative takes to its own talk with the municipality: on screen, on paper.

No telephone, mail or private address of the initiative stands on it: sheets lie around.
"""

from typing import Any

from initiatives import agreements, profile_links, talks
from initiatives.models import Agreement, Initiative
from initiatives.register import OWNERSHIP_MEANS
from initiatives.vocabularies import labels
from werklab import printing

# What to come home with an answer to; in Dutch, as the method has them.
QUESTIONS = (
    "Wie beslist hierover, en wanneer?",
    "Wie is ons vaste gezicht, ook als er meer afdelingen meedoen?",
    "Wat kan wel, wat kan niet, en waarom niet?",
    "Wat verwachten jullie van ons, en wat krijgen wij ervoor terug?",
    "Wanneer horen we van jullie, ook als er geen nieuws is?",
)
# What is asked of the initiative on the card, as it says it itself.
WE = {
    "goals": "Dit willen we bereiken",
    "wishes": "Zo werken we het liefst samen",
    "interests": "Dit staat er voor ons op het spel",
    "expectations": "Dit verwachten we van de gemeente",
}
MOST, MOST_WHEN_FULL = 6, 3  # agreements on one page
FULL = "densest"  # the style sheet knows it
MUCH = (1600, 3600)  # characters from which the page needs smaller letters


def sheet(initiative: Initiative) -> dict[str, Any]:
    """What stands on the sheet: only what the initiative may see."""
    card = talks.card_of(initiative)
    seen = [each for each in agreements.standing(initiative) if each.shown]
    page: dict[str, Any] = {
        "initiative": initiative,
        "wants": [(title, getattr(card, f"{row}_initiative")) for row, title in WE.items()],
        "roles": labels("role_wish", initiative.role_wishes),
        "needs": labels("support_need", initiative.support_needs),
        "ownership_means": OWNERSHIP_MEANS[initiative.ownership],
        "questions": QUESTIONS,
        "agreements": [_words(each) for each in seen[:MOST]],
        "next_talk": card.next_talk,
        "call": profile_links.whom_to_call(initiative.municipality),
    }
    density = _density(page)
    shown = page["agreements"][: MOST_WHEN_FULL if density == FULL else MOST]
    more = len(seen) - len(shown)
    return page | {"agreements": shown, "more_agreements": more, "density": density}


def _words(agreement: Agreement) -> dict[str, Any]:
    who = [agreement.who_municipality, agreement.who_initiative]
    return {
        "what": agreement.what,
        "what_not": agreement.what_not,
        "who": ", ".join(name for name in who if name),
        "status": agreement.get_decision_display(),
        "is_open": agreements.is_open(agreement),
        "next_message_on": agreement.next_message_on,
        "term": agreement.term,
    }


def _density(page: dict[str, Any]) -> str:
    """How small the letters must be for everything to stay on one page."""
    initiative = page["initiative"]
    words = [initiative.does_not, initiative.support_words, *page["roles"], *page["needs"]]
    words += [text for _title, text in page["wants"]]
    for each in page["agreements"]:
        words += [each["what"], each["what_not"], each["who"], each["term"]]
    much = sum(len(text) + 40 for text in words if text)
    return ("", "dense", FULL)[sum(much > limit for limit in MUCH)]


def pdf(initiative: Initiative) -> bytes:
    """The sheet as one page of paper (PDF/UA-1)."""
    found = sheet(initiative)
    page = {"sheet": found, "initiative": initiative, "density": found["density"]}
    return printing.make_pdf("initiatives/preparation_pdf.html", page, "preparation.css")
