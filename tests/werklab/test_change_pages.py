"""The pages on which a lab is moved, called off or decided upon, and people are told of it."""

import pytest
from django.test import Client
from django.utils import timezone

from sessions import changes
from tests.conftest import STRANGER, person_with
from tests.factories import EnrolmentFactory, LabFactory
from tests.sessions.scheduling import as_agreed, day
from tests.sessions.test_moves import drafts, move, welcome
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.models import Event, Lab, OutgoingMail

WHY = "Te weinig mensen."


def at(lab, page):
    return f"/werklabs/{lab.slug}/{page}/"


# --- tell everybody -------------------------------------------------------------------------------


def test_a_session_is_moved_and_everybody_told_in_three_presses(client_as):
    lab = LabFactory(taken=3)
    trainer = client_as(TRAINER, lab)
    assert at(lab, "wijzig") in trainer.get(lab.get_absolute_url()).content.decode()  # 1: Wijzig

    saved = trainer.post(at(lab, "wijzig"), as_agreed(lab, date_3=day(90)))  # 2: Bewaar
    seen = trainer.get(saved["Location"]).context["pks"]
    sent = trainer.post(saved["Location"], {"letter": seen})  # 3: Verstuur

    assert (sent["Location"], len(seen)) == (lab.get_absolute_url(), 4)
    assert set(lab.letters.values_list("status")) == {("due",)}


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 302), (TRAINER, 302), (COORDINATOR, 302), (PARTICIPANT, 403), (STRANGER, 404)],
)
def test_who_sends_the_letters(client_as, role, status):
    lab = LabFactory(taken=1)
    move(lab, 3, days=1)
    seen = [letter.pk for letter in drafts(lab).values()]

    response = client_as(role, lab).post(at(lab, "wijzig/vertellen"), {"letter": seen})

    assert response.status_code == status
    assert lab.letters.filter(status="due").count() == (2 if status == 302 else 0)


def test_looking_sends_nothing(client_as):
    lab = LabFactory(taken=1)
    move(lab, 3, days=1)

    page = client_as(TRAINER, lab).get(at(lab, "wijzig/vertellen"))

    assert len(page.context["rows"]) == len(drafts(lab)) == 2


@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 40, "1 OR 1=1", "\x00"])
def test_false_numbers_send_nothing(client_as, typed):
    lab = LabFactory(taken=1)
    move(lab, 3, days=1)

    response = client_as(TRAINER, lab).post(at(lab, "wijzig/vertellen"), {"letter": typed})

    assert (response.status_code, len(drafts(lab))) == (302, 2)


def test_letters_of_another_lab_and_other_drafts_stay_where_they_are(client_as):
    lab, other = LabFactory(), LabFactory()
    move(other, 3, days=1)
    invitation = OutgoingMail.objects.create(
        lab=lab, kind="invite_enrol", to="a@oss.example", status="draft", message_id="<1@x>"
    )
    pks = [invitation.pk, *other.letters.values_list("pk", flat=True)]

    client_as(TRAINER, lab).post(at(lab, "wijzig/vertellen"), {"letter": pks})

    assert not OutgoingMail.objects.exclude(status="draft").exists()


def test_who_must_be_called_is_named(client_as):
    lab = LabFactory()
    visit = welcome(lab)
    visit.guest_of.initiative.contact.delete()
    trainer = client_as(TRAINER, lab)

    move(lab, 2, days=1)
    assert trainer.get(at(lab, "wijzig/vertellen")).context["to_call"] == []
    move(lab, 3, days=1)
    assert trainer.get(at(lab, "wijzig/vertellen")).context["to_call"] == [visit]


@pytest.mark.parametrize("people", [1, 8])
@pytest.mark.parametrize("page", ["wijzig/vertellen", "afgelasten", "besluit"])
def test_the_same_questions_for_one_and_for_eight(
    client_as, people, page, django_assert_max_num_queries
):
    lab = LabFactory(taken=people)
    for _ in range(people):
        welcome(lab)
    move(lab, 3, days=1)
    trainer = client_as(TRAINER, lab)
    trainer.get(at(lab, page))

    with django_assert_max_num_queries(15):
        trainer.get(at(lab, page))


# --- call it off ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 302), (TRAINER, 302), (COORDINATOR, 403), (PARTICIPANT, 403), (STRANGER, 404)],
)
def test_who_calls_a_lab_off(client_as, role, status):
    lab = LabFactory()

    response = client_as(role, lab).post(at(lab, "afgelasten"), {"why": WHY})

    lab.refresh_from_db()
    assert (response.status_code, lab.status == "cancelled") == (status, status == 302)
    if status == 302:
        assert response["Location"] == at(lab, "wijzig/vertellen")


def test_without_a_reason_nothing_happens_and_it_is_told_at_the_field(client_as):
    lab = LabFactory()

    response = client_as(TRAINER, lab).post(at(lab, "afgelasten"), {"why": " "})

    lab.refresh_from_db()
    assert list(response.context["form"].errors) == ["why"]
    assert (lab.status, drafts(lab)) == ("live", {})


def test_looking_calls_nothing_off_and_shows_who_gets_a_letter(client_as):
    lab = LabFactory(taken=3)
    visit = welcome(lab)

    page = client_as(TRAINER, lab).get(at(lab, "afgelasten"))

    lab.refresh_from_db()
    assert lab.status == "live"
    assert page.context["effects"].letters == 5
    assert f"{visit} krijgt een brief" in page.content.decode()


def test_a_lab_that_is_off_says_so_everywhere(client_as, by_link):
    lab = LabFactory(taken=2)
    offered = EnrolmentFactory(
        lab=lab, status="offered", seat=9, offered_until=timezone.now(), number=2001
    )
    seated = lab.enrolments.seated().first()
    participant, guest = by_link(seated), by_link(offered)
    changes.cancel_lab(person_with(TRAINER, lab), lab, WHY)

    public = Client().get(f"/meedoen/{lab.join_code}/").content.decode()
    assert "Dit werklab gaat niet door" in public
    assert "/aanmelden/" not in public
    for page in (
        participant.get(lab.get_absolute_url()),
        participant.get(at(lab, "plek")),
        guest.get(at(lab, "plek")),
    ):
        text = page.content.decode()
        assert ("gaat niet door" in text, WHY in text, "/plek/aanbod/" in text) == (
            True,
            True,
            False,
        )
    cockpit = client_as(COORDINATOR, lab).get(lab.get_absolute_url()).content.decode()
    assert WHY in cockpit
    assert "/afgelasten/" not in cockpit
    events = Client().get(f"/meedoen/{lab.join_code}/agenda.ics").content.decode()
    assert events.count("STATUS:CANCELLED") == 3


def test_calling_off_twice_changes_nothing(client_as):
    lab = LabFactory(taken=1)
    trainer = client_as(TRAINER, lab)
    trainer.post(at(lab, "afgelasten"), {"why": WHY})

    again = trainer.post(at(lab, "afgelasten"), {"why": "Iets anders."})

    lab.refresh_from_db()
    assert (again.status_code, lab.cancelled_why, len(drafts(lab))) == (200, WHY, 2)
    assert Event.objects.filter(name="lab_cancelled").count() == 1


# --- decide ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 302), (TRAINER, 302), (COORDINATOR, 302), (PARTICIPANT, 403), (STRANGER, 404)],
)
def test_who_decides_to_go_on(client_as, role, status):
    lab = LabFactory(taken=5)

    response = client_as(role, lab).post(at(lab, "besluit"), {"why": WHY})

    lab.refresh_from_db()
    assert (response.status_code, lab.decided_why) == (status, WHY if status == 302 else "")


def test_the_lab_page_leads_to_the_decision_on_its_day_and_then_tells_it(client_as):
    lab = LabFactory(taken=5, begins_in=20, decide_on=timezone.localdate())
    coordinator = client_as(COORDINATOR, lab)

    before = coordinator.get(lab.get_absolute_url()).content.decode()
    coordinator.post(at(lab, "besluit"), {"why": "De groep is hecht."})
    after = coordinator.get(lab.get_absolute_url()).content.decode()

    assert at(lab, "besluit") in before
    assert "De groep is hecht." not in before
    assert "De groep is hecht." in after
    assert at(lab, "besluit") not in after


def test_a_coordinator_sees_whom_to_ask_what_they_may_not_do(client_as):
    lab = LabFactory(taken=5)
    trainer = lab.roles.filter(role="trainer").first().user

    theirs = client_as(COORDINATOR, lab).get(at(lab, "besluit")).content.decode()
    ours = client_as(TRAINER, lab).get(at(lab, "besluit")).content.decode()

    assert (trainer.email in theirs, at(lab, "afgelasten") in theirs) == (True, False)
    assert (at(lab, "afgelasten") in ours, at(lab, "wijzig") in ours) == (True, True)


def test_no_reason_is_told_at_the_field(client_as):
    lab = LabFactory(taken=5)

    response = client_as(TRAINER, lab).post(at(lab, "besluit"), {"why": ""})

    assert list(response.context["form"].errors) == ["why"]
    assert Lab.objects.get(pk=lab.pk).decided_at is None
