"""What comes first in a lab: where it stands, the one notice, and what there is to do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from intake.models import Intake, Questionnaire
from sessions.models import Presentation, Presenter, Report, Visit
from tests.factories import (
    AdviceFactory,
    CardFactory,
    EndorsementFactory,
    EnrolmentFactory,
    LabFactory,
    LabInitiativeFactory,
    LabSessionFactory,
    MunicipalityFactory,
    in_days,
)
from tests.werklab.overview import COORDINATORS, TRAINERS, facts_of, urls, visit
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.models import Lab
from werklab.views import phases
from werklab.views.cockpit import cockpit, notice


@pytest.mark.parametrize(
    ("status", "days", "number"),
    [
        ("preparing", 0, 0),
        ("live", 0, 1),
        ("live", 15, 2),
        ("live", 28.1, 3),
        ("live", 30, 4),
        ("live", 42.1, 4),
        ("live", 45, 5),
        ("live", 57, 6),
        ("live", 80, 7),
        ("closed", 80, 8),
    ],
)
def test_the_stepper_follows_the_calendar(status, days, number):
    lab = LabFactory(status=status)
    Presentation.objects.create(lab=lab, date=in_days(70).date())

    facts = facts_of(lab, in_days(0) + timedelta(days=days))

    steps = phases.steps(facts)
    assert facts.phase_number == number
    assert [step["is_done"] for step in steps] == [n < number for n in range(1, 8)]
    assert [step["is_now"] for step in steps] == [n == number for n in range(1, 8)]


def test_a_lab_of_long_ago_shows_what_is_known_and_no_empty_panels(client_as):
    lab = LabFactory(
        status="closed",
        municipality=MunicipalityFactory(name="Roermond"),
        roles=False,
        sessions=False,
        enrol_until=None,
        contact_name="",
        contact_phone="",
        looking_back="Zeggen dat iets nog openligt werkt beter dan zwijgen.",
    )
    for number in (1, 2, 3):
        LabSessionFactory(lab=lab, number=number, starts_at=None, ends_at=None, place="")

    page = client_as(STAFF, lab).get(lab.get_absolute_url()).content.decode()

    assert "werkt beter dan zwijgen" in page
    assert "Van wat voor overheid maak je deel uit?" in page
    for panel in ("h-places", "h-intake", "h-visits", "h-advice", "h-todo", "h-team", "join-url"):
        assert f'"{panel}"' not in page
    assert 'class="phases"' not in page


@pytest.mark.parametrize("status", Lab.Status.values)
@pytest.mark.parametrize("role", [STAFF, TRAINER, COORDINATOR, PARTICIPANT])
def test_every_state_of_a_lab_has_a_page(client_as, role, status):
    lab = LabFactory(status=status, taken=1)

    assert client_as(role, lab).get(lab.get_absolute_url()).status_code == 200


def test_a_lab_in_preparation_is_one_press_from_open(client_as):
    lab = LabFactory(status="preparing", ready=True)

    page = client_as(TRAINER, lab).get(lab.get_absolute_url()).content.decode()

    assert f'form="acts" formaction="/werklabs/{lab.slug}/aanmelding-open/"' in page
    assert '<form id="acts" method="post">' in page


def test_a_coordinator_cannot_open_enrolment_and_sees_no_button_for_it(client_as):
    lab = LabFactory(status="preparing", ready=True)

    page = client_as(COORDINATOR, lab).get(lab.get_absolute_url()).content.decode()

    assert "aanmelding-open" not in page


@pytest.mark.req("REQ-037")
def test_a_lab_that_misses_a_trainer_says_so_in_place_of_the_button():
    lab = LabFactory(status="preparing", ready=True)
    lab.roles.filter(chair="initiatives").delete()

    first = notice(facts_of(lab), TRAINERS)

    assert (first.acts, first.button) == (False, "")


@pytest.mark.req("REQ-043")
@pytest.mark.parametrize(
    ("taken", "closes_in", "missing"),
    [(9, 14, 1), (10, 14, 0), (9, 15, 0), (0, 0, 10), (8, -1, 2)],
)
def test_fewer_than_ten_is_a_warning_from_two_weeks_before_the_closing_day(
    taken, closes_in, missing
):
    lab = LabFactory(taken=taken, begins_in=40)
    lab.enrol_until = timezone.localdate() + timedelta(days=closes_in)
    lab.save()

    facts = facts_of(lab)

    assert facts.too_few == missing
    assert ((notice(facts, TRAINERS) or facts).__dict__.get("css") == "stop") == bool(missing)


def test_somebody_from_outside_who_waits_for_a_yes_stands_on_top():
    lab = LabFactory(taken=10)
    EnrolmentFactory(lab=lab, status="to_confirm")

    assert notice(facts_of(lab), COORDINATORS).url == f"/werklabs/{lab.slug}/deelnemers/"


@pytest.mark.parametrize(
    ("answer", "begins_in", "warns"),
    [
        ("other_time", 30, True),
        ("none", 30, False),
        ("none", 14, True),
        ("welcome", 5, False),
        ("not_now", 5, False),
    ],
)
def test_a_visit_that_is_not_settled_asks_attention(answer, begins_in, warns):
    lab = LabFactory(taken=10, begins_in=begins_in)
    made = visit(lab, answer)

    first = notice(facts_of(lab, in_days(0, 9, 0)), TRAINERS)

    assert (first.url if first else None) == (
        f"/werklabs/{lab.slug}/bezoeken/{made.pk}/" if warns else None
    )


def test_a_live_lab_with_free_places_has_its_link_passed_on():
    lab = LabFactory(taken=14)
    assert "#join" in urls(lab)

    EnrolmentFactory(lab=lab)
    assert "#join" not in urls(lab)


def test_a_chair_on_offer_is_not_free():
    lab = LabFactory(taken=14)
    EnrolmentFactory(lab=lab, status="offered", seat=15, offered_until=lab.starts_at)

    assert "#join" not in urls(lab)


@pytest.mark.req("REQ-058")
def test_there_is_something_to_do_until_two_visits_are_asked():
    lab = LabFactory()
    assert "bezoeken/" in urls(lab)

    visit(lab, "not_now")
    visit(lab, "welcome")
    assert "bezoeken/" in urls(lab)

    visit(lab, "welcome")
    assert "bezoeken/" not in urls(lab)


def test_initiatives_may_be_asked_before_enrolment_opens():
    assert "bezoeken/" in urls(LabFactory(status="preparing"))


@pytest.mark.parametrize("answer", ["none", "other_time"])
def test_a_visit_without_a_yes_is_something_to_do_until_it_is_settled(answer):
    lab = LabFactory()
    made = visit(lab, answer)
    assert f"bezoeken/{made.pk}/" in urls(lab)

    Visit.objects.filter(pk=made.pk).update(answer="not_now", slot=None, answered_at=timezone.now())
    assert f"bezoeken/{made.pk}/" not in urls(lab)


@pytest.mark.parametrize(("may", "where"), [(TRAINERS, "intakes/"), (COORDINATORS, "deelnemers/")])
def test_intakes_that_are_not_done_ask_for_a_call_shortly_before_session_1(may, where):
    lab = LabFactory(taken=1, begins_in=14)
    intake = Intake(enrolment=lab.enrolments.get(), questionnaire=_questionnaire())
    assert where in urls(lab, may, in_days(0, 10))

    intake.done_at = timezone.now()
    intake.save()
    assert where not in urls(lab, may, in_days(0, 10))


def _questionnaire():
    return Questionnaire.objects.get_or_create(
        code="participant", version=99, digest="x", title="Intake", intro=""
    )[0]


def test_a_session_that_has_been_wants_its_cards():
    lab = LabFactory(begins_in=-1)
    assert "sessies/1/" in urls(lab)

    CardFactory(lab=lab)
    assert "sessies/1/" not in urls(lab)


@pytest.mark.req("REQ-015", "REQ-023")
def test_initiatives_are_asked_for_the_end_as_well_as_for_the_start():
    lab = LabFactory(begins_in=-20)
    assert "sessies/3/" not in urls(lab)

    LabInitiativeFactory(lab=lab)
    assert "sessies/3/" in urls(lab)


def test_the_advice_has_its_steps_one_by_one():
    lab = LabFactory(begins_in=-40)
    for number in (1, 2, 3):
        kind = lab.sessions.get(number=number).columns.first().kind
        card = CardFactory(lab=lab, kind=kind)
    assert urls(lab) == ["sessies/3/"]

    advice = AdviceFactory(lab=lab)
    assert urls(lab) == ["advies/", "advies/presentatie/", "advies/presentatie/", "advies/"]

    advice.sources.add(card)
    presentation = Presentation.objects.create(lab=lab, date=in_days(20).date())
    answer = EndorsementFactory(advice=advice)
    for number in (1, 2):
        Presenter.objects.create(
            presentation=presentation, number=number, initiative=answer.initiative, name="Fatma"
        )
    assert urls(lab) == ["advies/"]
    assert urls(lab, COORDINATORS) == []

    Report.objects.create(lab=lab, number=1, pdf=b"%PDF", sha256="0" * 64)
    assert urls(lab, COORDINATORS) == ["advies.pdf"]


@pytest.mark.req("REQ-118")
def test_an_answer_on_an_older_text_is_still_to_come():
    lab = LabFactory(begins_in=-40)
    advice = AdviceFactory(lab=lab, sources=[CardFactory(lab=lab)])
    EndorsementFactory(advice=advice)
    assert facts_of(lab).answers_awaited == 0

    advice.text_version += 1
    advice.save()
    assert facts_of(lab).answers_awaited == 1


@pytest.mark.parametrize("status", ["closed", "cancelled", "requested"])
def test_there_is_nothing_to_do_in_a_lab_that_does_not_live(status):
    lab = LabFactory(status=status)
    visit(lab, "other_time")

    assert urls(lab) == []


def test_what_the_notice_says_does_not_stand_in_the_list_too():
    lab = LabFactory(taken=15)
    made = visit(lab, "other_time")

    body = cockpit(lab, TRAINERS)["body"]

    assert body.count(f'href="/werklabs/{lab.slug}/bezoeken/{made.pk}/"') == 2  # notice and table
