"""Scheduling a lab with its sessions, and changing what was agreed."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone

from sessions.meetings import Meeting
from sessions.models import CardKind, Column
from sessions.programme import change_lab, programmes, schedule_lab
from tests.factories import (
    AMSTERDAM,
    EnrolmentFactory,
    LabFactory,
    MunicipalityFactory,
    UserFactory,
    as_of_now,
    in_days,
    today,
)
from tests.factories import TrainerFactory as Trainer
from tests.sessions.scheduling import meetings
from werklab.errors import Refused
from werklab.labs import EVERYBODYS_MAIL
from werklab.letters import link_of
from werklab.models import Enrolment, Event, Lab, LabRole, OutgoingMail, User


def schedule(by=None, **changes):
    """Schedule a lab with what is usual; `changes` are other agreements."""
    trainers = changes.pop("trainers", None) or {"municipal": Trainer(), "initiatives": Trainer()}
    agreed = {
        "municipality": MunicipalityFactory(name="Vlierhoven", mail_domains=[]),
        "coordinator_name": "Ilse de Boer",
        "coordinator_email": "Ilse@vlierhoven.example",
        "meetings": meetings(),
        "enrol_until": timezone.localdate() + timedelta(days=20),
        "capacity": 15,
        "contact_phone": "06 1234 5678",
    }
    return schedule_lab(by or trainers["municipal"], trainers=trainers, **agreed | changes)


def change(lab, by=None, **changes):
    """Change a lab: all stays as it is but for `changes`."""
    coordinator = lab.roles.get(role=LabRole.Role.COORDINATOR).user
    agreed = {
        "meetings": [Meeting(s.starts_at, s.ends_at, s.place) for s in lab.programme()],
        "enrol_until": lab.enrol_until,
        "capacity": lab.capacity,
        "contact_name": lab.contact_name,
        "contact_email": lab.contact_email,
        "contact_phone": lab.contact_phone,
        "coordinator_name": coordinator.name,
        "coordinator_email": coordinator.email,
        "mail_domains": lab.municipality.mail_domains,
    }
    return change_lab(by or lab.roles.first().user, lab, **agreed | changes)


def moments(lab):
    return [(s.starts_at, s.ends_at, s.place, s.sequence) for s in lab.sessions.all()]


@pytest.mark.req("REQ-028", "REQ-037", "REQ-038")
def test_a_scheduled_lab_has_a_municipality_two_trainers_and_a_coordinator():
    trainers = {"municipal": Trainer(), "initiatives": Trainer()}

    lab = schedule(trainers=trainers)

    chairs = {role.chair: role.user for role in lab.roles.all() if role.role == "trainer"}
    assert (lab.municipality.name, lab.status, chairs) == ("Vlierhoven", "preparing", trainers)
    assert [role.user.email for role in lab.roles.filter(role="coordinator")] == [
        "ilse@vlierhoven.example"
    ]


@pytest.mark.req("REQ-057", "REQ-062", "REQ-068")
def test_a_scheduled_lab_has_the_three_sessions_of_the_template_with_their_boards():
    lab = schedule()

    template = programmes()["three_sessions"]
    assert [(s.number, s.title) for s in lab.programme()] == [
        (1, "Op de koffie bij bewonersinitiatieven"),
        (2, "De samenwerking van de gemeente met bewonersinitiatieven"),
        (3, "Je eigen rol"),
    ]
    for session, plan in zip(lab.programme(), template, strict=True):
        kinds = [column["kind"] for block in plan["blocks"] for column in block["columns"]]
        assert list(session.columns.values_list("kind", flat=True)) == kinds


@pytest.mark.req("REQ-018", "REQ-019", "REQ-020", "REQ-059", "REQ-060")
def test_the_board_of_session_1_asks_the_five_questions_of_a_visit():
    lab = schedule()

    board = Column.objects.filter(lab_session__lab=lab, lab_session__number=1)
    asked = set(board.values_list("kind", flat=True))
    assert asked > {
        CardKind.STRENGTH,
        CardKind.IMPACT,
        CardKind.EXPERIENCE,
        CardKind.IDEAL_OFFICIAL,
        CardKind.WISH,
    }


@pytest.mark.req("REQ-069", "REQ-083", "REQ-084")
def test_the_boards_have_a_place_for_roles_dos_and_donts_and_the_four_lists_of_needs():
    lab = schedule()

    kinds = set(Column.objects.filter(lab_session__lab=lab).values_list("kind", flat=True))
    needs = {CardKind.NEED_SELF, CardKind.NEED_INITIATIVES}
    needs |= {CardKind.NEED_ORGANISATION, CardKind.NEED_COLLEAGUES}
    assert kinds >= needs | {CardKind.ROLE, CardKind.DO, CardKind.DONT}


def test_the_coordinator_gets_one_letter_with_the_dates_and_the_link_to_pass_on():
    lab = schedule()

    letter = OutgoingMail.objects.get(lab=lab)
    assert (letter.kind, letter.to) == ("coordinator_invited", "ilse@vlierhoven.example")
    assert f"/meedoen/{lab.join_code}/" in letter.text
    assert "Buurthuis De Dorsvloer" in letter.text


def test_scheduling_stands_in_the_logbook():
    by = Trainer()

    lab = schedule(by, trainers={"municipal": by, "initiatives": Trainer()})

    assert [(e.name, e.by) for e in lab.events.all()] == [("lab_scheduled", by)]


@pytest.mark.req("REQ-073")
def test_three_parts_of_one_day_are_a_lab_too():
    parts = [Meeting(in_days(30, 9 + 2 * n), in_days(30, 11 + 2 * n), "Zaal") for n in range(3)]

    lab = schedule(meetings=parts)

    assert (lab.format, lab.sessions.count()) == (Lab.Format.ONE_DAY, 3)


def test_a_session_keeps_its_hour_of_the_clock_when_summer_time_begins():
    """29 March 2026 is such a night: half past nine stays half past nine."""
    starts = [datetime(2026, 3, day, 9, 30, tzinfo=AMSTERDAM) for day in (27, 30, 31)]
    then = datetime(2026, 1, 5, tzinfo=AMSTERDAM)

    lab = schedule(
        meetings=[Meeting(at, at + timedelta(hours=3), "Zaal") for at in starts],
        enrol_until=datetime(2026, 3, 1).date(),  # noqa: DTZ001
        now=then,
    )

    shown = [timezone.localtime(s.starts_at).strftime("%H:%M") for s in lab.programme()]
    assert shown == ["09:30", "09:30", "09:30"]
    assert {s.starts_at.utcoffset() for s in lab.sessions.all()} == {timedelta(0)}


@pytest.mark.parametrize(
    "changes",
    [
        {"meetings": partial(meetings, 45, 30, 60)},
        {"meetings": partial(meetings, 30, 60, 45)},
        {"meetings": partial(meetings, 30, 45, 60, hours=-1)},
        {"meetings": partial(meetings, 30, 30, 60)},
        {"meetings": partial(meetings, -1, 45, 60)},
        {"enrol_until": partial(today, 31)},
        {"enrol_until": partial(today, -1)},
        {"coordinator_email": "noor@werklab.example"},
    ],
    ids=["2-before-1", "3-before-2", "ends-first", "overlap", "past", "late", "over", "trainer"],
)
def test_a_programme_that_cannot_be_is_refused_and_leaves_nothing(changes):
    trainers = {"municipal": Trainer(email="noor@werklab.example"), "initiatives": Trainer()}

    with pytest.raises(Refused):
        schedule(trainers=trainers, **as_of_now(changes))

    assert not Lab.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert not User.objects.filter(email="ilse@vlierhoven.example").exists()


@pytest.mark.req("REQ-037")
def test_one_trainer_on_both_chairs_is_refused():
    trainer = Trainer()

    with pytest.raises(Refused):
        schedule(trainers={"municipal": trainer, "initiatives": trainer})

    assert not Lab.objects.exists()


def test_a_trainer_schedules_labs_of_their_own_and_staff_those_of_others():
    with pytest.raises(Refused):
        schedule(by=Trainer())
    assert not Lab.objects.exists()

    assert schedule(by=UserFactory(is_staff=True)).pk


def test_the_same_lab_scheduled_twice_is_one_lab_with_one_letter():
    trainers = {"municipal": Trainer(), "initiatives": Trainer()}
    agreed = {"trainers": trainers, "municipality": MunicipalityFactory(), "meetings": meetings()}

    first, second = schedule(**agreed), schedule(**agreed)

    assert first == second
    assert (Lab.objects.count(), OutgoingMail.objects.count()) == (1, 1)
    assert Event.objects.filter(name="lab_scheduled").count() == 1


def test_the_same_moment_with_other_agreements_is_refused_so_that_nothing_gets_lost():
    trainers = {"municipal": Trainer(), "initiatives": Trainer()}
    agreed = {"trainers": trainers, "municipality": MunicipalityFactory(), "meetings": meetings()}
    schedule(**agreed)

    with pytest.raises(Refused):
        schedule(**agreed, capacity=12)

    assert list(Lab.objects.values_list("capacity", flat=True)) == [15]


def test_two_groups_of_one_municipality_can_begin_at_the_same_moment_with_other_trainers():
    municipality, moments = MunicipalityFactory(), meetings()

    labs = [schedule(municipality=municipality, meetings=moments) for _ in range(2)]

    assert len({lab.slug for lab in labs}) == 2


@pytest.mark.parametrize(
    ("address", "domains"),
    [("ilse@vlierhoven.example", ["vlierhoven.example"]), (f"ilse@{min(EVERYBODYS_MAIL)}", [])],
)
def test_the_mail_domain_of_the_coordinator_is_the_municipality_s_unless_everybody_has_it(
    address, domains
):
    lab = schedule(coordinator_email=address)

    assert lab.municipality.mail_domains == domains


def test_a_moved_session_says_so_and_counts_its_calendar_entry_up():
    lab = LabFactory()

    _lab, moved = change(lab, meetings=meetings(40, 55, 70))

    assert moved is True
    assert [s.sequence for s in lab.sessions.all()] == [1, 1, 1]


def test_a_lab_that_stays_as_it_was_moves_nothing():
    lab = LabFactory()
    before = moments(lab)

    _lab, moved = change(lab, contact_phone="06 9999 9999")

    assert (moved, moments(lab)) == (False, before)
    lab.refresh_from_db()
    assert lab.contact_phone == "06 9999 9999"


def test_a_first_date_for_a_session_without_one_tells_nobody():
    lab = LabFactory(status="preparing")
    lab.sessions.update(starts_at=None, ends_at=None)

    _lab, moved = change(lab, meetings=meetings())

    assert moved is False
    assert [s.sequence for s in lab.sessions.all()] == [0, 0, 0]
    assert lab.starts_at == meetings()[0].starts_at


@pytest.mark.req("REQ-043")
@pytest.mark.parametrize(("capacity", "kept"), [(12, 12), (11, 15)])
def test_there_are_never_fewer_places_than_people_on_a_chair(capacity, kept):
    lab = LabFactory(taken=12)
    EnrolmentFactory(lab=lab, status="withdrawn")

    if kept == capacity:
        change(lab, capacity=capacity)
    else:
        with pytest.raises(Refused):
            change(lab, capacity=capacity)

    lab.refresh_from_db()
    assert lab.capacity == kept
    seats = lab.enrolments.seated().order_by("seat").values_list("seat", flat=True)
    assert list(seats) == list(range(1, 13))


def test_who_sits_above_the_new_number_of_places_moves_to_a_free_chair():
    lab = LabFactory(taken=9)
    last = EnrolmentFactory(lab=lab, seat=15)

    change(lab, capacity=10)

    last.refresh_from_db()
    assert last.seat == 10
    moved = lab.events.get(name="chair_moved")
    assert (moved.object_id, moved.detail) == (last.pk, "moved 15 10")


def test_more_places_are_offered_to_the_waiting_list_at_once():
    lab = LabFactory(taken=10, capacity=10)
    first = EnrolmentFactory(lab=lab, status="waiting")

    change(lab, capacity=11)

    first.refresh_from_db()
    assert (first.status, first.seat) == (Enrolment.Status.OFFERED, 11)


@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_a_lab_that_is_over_does_not_change(status):
    lab = LabFactory(status=status)
    before = moments(lab)

    with pytest.raises(Refused):
        change(lab, meetings=meetings())

    assert moments(lab) == before


def test_a_session_still_to_come_is_not_moved_into_the_past():
    lab = LabFactory()
    before = moments(lab)

    with pytest.raises(Refused):
        change(lab, meetings=meetings(-3, 45, 60), enrol_until=in_days(-5).date())

    assert moments(lab) == before


def test_the_date_of_a_session_that_has_been_may_be_put_right():
    lab = LabFactory(begins_in=-3)
    dates = meetings(-2, 30, 60)

    change(lab, meetings=dates)

    assert lab.starts_at == dates[0].starts_at


def test_another_coordinator_takes_the_place_of_the_first_and_gets_the_invitation():
    lab = LabFactory()

    change(lab, coordinator_name="Sanne Vos", coordinator_email="sanne@oss.example")

    coordinators = lab.roles.filter(role="coordinator")
    assert [role.user.email for role in coordinators] == ["sanne@oss.example"]
    assert [letter.to for letter in lab.letters.all()] == ["sanne@oss.example"]


def test_a_misspelled_name_of_the_coordinator_can_be_put_right_without_a_letter():
    lab = LabFactory()

    change(lab, coordinator_name="Ilse de Boer")

    assert lab.roles.get(role="coordinator").user.name == "Ilse de Boer"
    assert not lab.letters.exists()


def test_nobody_of_staff_gets_another_name_through_a_lab():
    lab = LabFactory()
    User.objects.filter(lab_roles__in=lab.roles.filter(role="coordinator")).update(is_staff=True)

    change(lab, coordinator_name="Iemand Anders")

    assert lab.roles.get(role="coordinator").user.name != "Iemand Anders"


def test_personal_links_live_as_long_as_the_new_dates_ask():
    lab = LabFactory(taken=1)
    link = link_of(lab.enrolments.get())

    change(lab, meetings=meetings(100, 120, 140))

    link.refresh_from_db()
    assert link.expires_at == lab.link_expiry()
