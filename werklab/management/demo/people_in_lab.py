"""The people of a demo lab: participants with intakes, the waiting list, who waits for a yes."""

from datetime import timedelta

from django.utils import timezone

from intake.models import Answer, Intake, Question, Questionnaire
from intake.questionnaires import current
from werklab import people
from werklab.models import Consent, Enrolment, Lab

# Made-up answers, taken in turn, so that the group's page shows something of every kind.
CASES = [
    "Een groep bewoners wilde een bankje. Na vier maanden stond het er, en was iedereen moe.",
    "De moestuin achter de school. Het liep pas toen één collega het bleef volgen.",
    "Het buurthuis. Zij wisten precies wat ze wilden, wij niet wie erover ging.",
]
BRINGS = ["Ik ken veel mensen in de wijk.", "Ik weet hoe subsidies werken.", "Gewoon lef."]
QUESTIONS = [
    "Hoe zeg ik eerlijk dat iets nog niet besloten is?",
    "Hoe help ik een plan dat bij drie afdelingen hoort?",
    "Wanneer laat ik los?",
]
NEEDS = {
    "part_need_self": ["Eerder bellen.", "Minder snel met een oplossing komen."],
    "part_need_colleagues": ["Dat iemand terugbelt.", "Samen op bezoek gaan."],
    "part_need_org": ["Uren in mijn jaarplan.", "Een leidinggevende die achter me staat."],
    "part_need_init": ["Eén vast gezicht.", "Zeg het als wij te snel gaan."],
}


def add_people(lab: Lab, data: dict) -> list[Enrolment]:
    """Seat the participants, fill the list, and answer the intakes; returns who has a chair."""
    enrolled, questionnaire = [], current("deelnemer")
    questions = list(questionnaire.questions.all())
    for seat, row in enumerate(data["participants"], start=1):
        enrolment = _enrol(lab, row, status="seated", seat=seat)
        if row["consent_name"] and row["intake"] == "done":
            for kind in (Consent.Kind.NAME, Consent.Kind.QUOTES):
                Consent.objects.create(enrolment=enrolment, kind=kind)
        if row["intake"] != "none":
            intake = _intake(enrolment, questionnaire, seat, busy=row["intake"] == "busy")
            _answer(intake, questions, row, seat)
        enrolled.append(enrolment)
    for row in data["waiting"]:
        _enrol(lab, row, status="waiting")
    for row in data.get("outside", []):
        _enrol(lab, row, status="to_confirm")
    lab.save(update_fields=["last_number"])
    return enrolled


def _enrol(lab: Lab, row: dict, *, status: str, seat: int | None = None) -> Enrolment:
    lab.last_number += 1
    return Enrolment.objects.create(
        lab=lab,
        person=people.person_for(row["email"], row["name"]),
        number=lab.last_number,
        seat=seat,
        status=status,
        department=row["department"],
        function=row["function"],
        contact_frequency=row["contact_frequency"],
        created_at=lab.created_at - timedelta(days=20) + timedelta(hours=7 * lab.last_number),
    )


def _intake(enrolment: Enrolment, questionnaire: Questionnaire, turn: int, *, busy: bool) -> Intake:
    kept = timezone.now() - timedelta(days=turn)
    return Intake.objects.create(
        enrolment=enrolment,
        questionnaire=questionnaire,
        started_at=kept,
        saved_at=kept,
        done_at=None if busy else kept,
    )


def _answer(intake: Intake, questions: list[Question], row: dict, turn: int) -> None:
    values, busy = _values(row, turn), intake.done_at is None
    Answer.objects.bulk_create(
        Answer(intake=intake, question=question, value=values[question.key])
        for question in questions
        if question.key in values and (not busy or question.step <= 2)
    )


def _values(row: dict, turn: int) -> dict:
    def pick(options):
        return options[turn % len(options)]

    keys = ("outcome_insight", "outcome_skills", "outcome_tools", "outcome_energy")
    return {
        "part_years": pick(["Korter dan 1 jaar", "1 tot 5 jaar", "5 tot 15 jaar"]),
        "part_current_role": [
            pick(
                [
                    "Adviseur: ik denk inhoudelijk mee",
                    "Verbinder: ik breng mensen bij elkaar",
                    "Regisseur: ik bewaak de voortgang",
                    "Ik heb nu geen rol bij initiatieven",
                ]
            )
        ],
        "part_experience": pick(["Ik begin net", "Een beetje", "Best veel"]),
        "part_case": pick(CASES),
        "part_bring": pick(BRINGS),
        "part_question": pick(QUESTIONS),
        "outcomes_before": dict(zip(keys, row["outcomes"], strict=True)),
        "part_key_questions": [
            pick(["Hoe bouw ik vertrouwen op?", "Hoe voorkom ik verkeerde verwachtingen?"]),
            "Wat heb ik nodig van de organisatie?",
        ],
        "part_attendance": ["Sessie 1", "Sessie 2", "Sessie 3"],
        "part_travel": pick(["Met de fiets", "Lopend", "Met het openbaar vervoer"]),
        **{key: pick(options) for key, options in NEEDS.items()},
        **({"part_diet": "Vegetarisch"} if turn == 2 else {}),
    }
