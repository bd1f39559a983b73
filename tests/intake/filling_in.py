"""Intakes for the tests: what somebody fills in on each screen, and somebody who did."""

from intake.answers import keep
from intake.given import Given, given
from intake.questionnaires import sheet
from werklab.models import Enrolment

SCORES = ("outcome_insight", "outcome_skills", "outcome_tools", "outcome_energy")

# What a browser sends, screen by screen, when only what is needed gets an answer.
SCREENS = {
    1: {
        "part_role": "Wijkregisseur",
        "part_department": "Zorg en welzijn",
        "part_contact_frequency": "Elke maand",
        "part_current_role": ["Verbinder: ik breng mensen bij elkaar"],
        "part_experience": "Een beetje",
    },
    2: {"part_question": "Hoe zeg ik eerlijk dat iets nog niet besloten is?"},
    3: {**dict.fromkeys(SCORES, "3"), "part_key_questions": ["Hoe bouw ik vertrouwen op?"]},
    4: {},
    5: {"part_attendance": ["Sessie 1", "Sessie 2"]},
}


def an_intake(enrolment: Enrolment, *, scores=(3, 3, 3, 3), steps=(1, 2, 3, 4, 5), **more):
    """Keep the screens of `steps` for this person; `more` are answers by key."""
    answers = {
        "part_role": Given(enrolment.function),
        "part_current_role": Given(["Verbinder: ik breng mensen bij elkaar"]),
        "part_experience": Given("Een beetje"),
        "part_question": Given("Hoe zeg ik eerlijk dat iets nog niet besloten is?"),
        "outcomes_before": Given(dict(zip(SCORES, scores, strict=True))),
        "part_key_questions": Given(["Hoe bouw ik vertrouwen op?"]),
        "part_attendance": Given(["Sessie 1", "Sessie 2"]),
        **more,
    }
    for step in steps:
        intake = keep(enrolment, step, answers, by=enrolment.person)
    return intake


def answers_of(enrolment: Enrolment) -> dict:
    """What stands in the database for this person, by the question's key."""
    fresh = Enrolment.objects.get(pk=enrolment.pk)
    return {key: answer.value for key, answer in given(fresh, sheet()).items()}


def steps_url(lab, step) -> str:
    return f"/werklabs/{lab.slug}/intake/{step}/"
