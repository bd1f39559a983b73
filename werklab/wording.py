"""The words of letters: Dutch data in `werklab/data/letters.json`, or as a lab wants them."""

import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from django.conf import settings

from werklab.models import Lab, LabRole, LetterText, User
from werklab.prepared import Prepared

LETTERS_FILE = Path(__file__).parent / "data" / "letters.json"
PLACEHOLDER = re.compile(r"{{\s*(\w+)\s*}}")
WITHOUT_FOOTER = {"login_code"}
# What every letter of a lab may say, beside the placeholders of its own text.
EVERYWHERE = {
    *("first_name", "lab_title", "municipality", "trainer_names", "coordinator_name"),
    *("contact_name", "contact_email", "contact_phone", "privacy_url"),
}


OWN_WORDS = Prepared(
    lambda lab: LetterText.objects.filter(lab=lab).values_list("kind", "subject", "body")
)
TEAM = Prepared(
    lambda lab: LabRole.objects.filter(lab=lab).values_list("role", "user__name", "user__email")
)


@cache
def letters() -> dict[str, dict[str, str]]:
    """Every letter by its key: subject and body with `{{ placeholders }}`; and the footer."""
    data = json.loads(LETTERS_FILE.read_text())
    return {letter["key"]: letter for letter in data["mails"]} | {"": {"body": data["footer"]}}


def words_of(kind: str, lab: Lab | None) -> tuple[str, str]:
    """Subject and body of this kind of letter, with placeholders: the lab's own words first."""
    if lab is not None:
        for own, subject, body in OWN_WORDS(lab.pk):
            if own == kind:
                return subject, body
    letter = letters()[kind]
    return letter["subject"], letter["body"]


def placeholders(kind: str) -> set[str]:
    """What this kind of letter can fill in: what its standard text says, and what all can."""
    letter = letters()[kind]
    return {*PLACEHOLDER.findall(letter["subject"] + letter["body"]), *EVERYWHERE}


def put_in(template: str, context: dict) -> str:
    """A text with its placeholders filled. Raises KeyError for one that nobody fills."""
    return PLACEHOLDER.sub(lambda found: str(context[found[1]]), template)


def full_text(kind: str, body: str, context: dict) -> str:
    """The body of a letter filled in, and under it whom to ask and what we keep."""
    if kind in WITHOUT_FOOTER:
        return put_in(body, context)
    return f"{put_in(body, context)}\n\n{put_in(letters()['']['body'], context)}"


def common_context(lab: Lab | None, person: User | None) -> dict[str, str]:
    """What letters say of a lab, its team and whom they are to."""
    context = {
        "contact_name": settings.SITE_CONTACT_NAME,
        "contact_email": settings.SITE_CONTACT_EMAIL,
        "contact_phone": settings.SITE_CONTACT_PHONE,
        "lab_title": "Werklab",
        "privacy_url": f"{settings.BASE_URL}/privacy/",
    }
    if lab is not None:
        context |= {
            "contact_name": lab.contact_name or context["contact_name"],
            "contact_email": lab.contact_email or context["contact_email"],
            "contact_phone": lab.contact_phone or context["contact_phone"],
            "lab_title": lab.title,
            "municipality": lab.municipality.name,
        } | _team(lab)
    if person is not None:
        context["first_name"] = person.first_name
    return context


def _team(lab: Lab) -> dict[str, str]:
    names = defaultdict(list)
    for role, name, email in TEAM(lab.pk):
        names[role].append(name or email)
    return {
        "trainer_names": " en ".join(names["trainer"]) or lab.contact_name,
        "coordinator_name": " en ".join(names["coordinator"]) or lab.contact_name,
    }
