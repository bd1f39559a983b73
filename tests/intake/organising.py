"""The intake of an organisation for the tests: what a coordinator fills in on each screen."""

from intake import organisation
from intake.given import Given
from intake.models import OrganisationAnswer, OrganisationIntake
from tests.conftest import person_with
from werklab.access import COORDINATOR
from werklab.models import Lab, User

SECRET = "De wethouder en het buurthuis praten niet meer."
SENSITIVE = ("org_sensitive", "org_expectations_residents")

# What a browser sends, screen by screen, when only what is needed gets an answer.
SCREENS = {
    1: {
        "org_reason": "Ons antwoord laat te lang op zich wachten.",
        "org_background": ["Onze rol als gemeente verandert"],
        "org_goals": ["Initiatieven beter leren kennen"],
        "org_success": "Elk initiatief weet wie het gezicht is.",
    },
    2: {
        "org_developments": ["Omgevingswet en omgevingsplan"],
        "org_contact_structure": "Dat verschilt per keer",
    },
    3: {"org_initiatives": "De Eetbare Hoek en Blok 9", "org_relation": "3"},
    4: {
        "org_participants": "Twaalf collega's van acht afdelingen",
        "org_management": "Nog niet",
        "org_mt_date": "2027-03-17",
    },
    5: {
        "org_format": "Weet ik nog niet",
        "org_dates": "Niet op woensdag",
        "org_contact": "Roos Tanis, 06 0000 0000",
    },
}


def cleaned(step: int, **more) -> dict[str, Given | None]:
    """The answers of a screen as a form hands them over; `more` are answers by key."""
    answers = {key: Given(value) for key, value in SCREENS[step].items()}
    if "org_relation" in answers:
        answers["org_relation"] = Given(3)
    return answers | more


def an_organisation_intake(
    lab: Lab, *, by: User | None = None, steps=(1, 2, 3, 4, 5), hand_in=True, **more
) -> OrganisationIntake:
    """Keep the screens of `steps` as the coordinator and hand it in; `more` belongs to step 3."""
    by = by or person_with(COORDINATOR, lab)
    for step in steps:
        extra = more if step == 3 else {}
        intake = organisation.save_step(by, lab, step, cleaned(step, **extra))
    return organisation.hand_in(by, lab) if hand_in else intake


def answers_of(lab: Lab) -> dict:
    """What stands in the database for this lab, by the question's key."""
    rows = OrganisationAnswer.objects.filter(intake__lab=lab)
    return dict(rows.values_list("question__key", "value"))


def page(lab: Lab, name: str = "") -> str:
    """The address of a page of the organisation's intake."""
    return f"/werklabs/{lab.slug}/organisatie/{name}"
