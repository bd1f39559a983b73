"""Notes of a visit: written by the group, put right by the initiative, then a card on the board."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions import visit_notes
from sessions.models import Card, Report, VisitGuest, VisitNote
from tests.conftest import STRANGER, person_with
from tests.factories import EnrolmentFactory, LabFactory, VisitFactory
from werklab import links
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.errors import Refused
from werklab.management.commands.work import TASKS
from werklab.models import Event, Lab, OutgoingMail, PersonalLink

HEARD = "Bel ons gewoon eens terug."
A_WEEK = timedelta(days=7)


def visited(hours_ago=2, **changes):
    """A visit that has been, of a lab of which session 1 is behind us."""
    lab = LabFactory(begins_in=-1, **changes)
    visit = VisitFactory(guest_of__lab=lab)
    slot = visit.slots.get()
    slot.starts_at = timezone.now() - timedelta(hours=hours_ago)
    slot.ends_at = slot.starts_at + timedelta(hours=1)
    slot.save()
    visit.answer, visit.slot, visit.answered_at = "welcome", slot, visit.asked_at
    visit.save()
    return visit


def guest(visit):
    """A participant in the group of this visit."""
    enrolment = EnrolmentFactory(lab=visit.guest_of.lab)
    VisitGuest.objects.create(visit=visit, enrolment=enrolment)
    return enrolment


def trainer(visit):
    return person_with(TRAINER, visit.guest_of.lab)


def noted(visit, text=HEARD, kind="wish"):
    return visit_notes.write(trainer(visit), visit, kind, text)


def sent(visit, text=HEARD):
    note = noted(visit, text)
    visit_notes.send(trainer(visit), visit)
    return VisitNote.objects.get(pk=note.pk)


def page_of(visit, tail=""):
    return f"/werklabs/{visit.guest_of.lab.slug}/bezoeken/{visit.pk}/notities/{tail}"


def by_the_link(visit):
    """The page behind the initiative's link."""
    link = links.link_for(
        "visit",
        visit.pk,
        lab=visit.guest_of.lab,
        behalf=str(visit),
        expires_at=timezone.now() + A_WEEK,
    )
    return links.path(link) + "notities/"


def state(note):
    return VisitNote.objects.values_list("state", "text", "by_initiative").get(pk=note.pk)


# --- the group ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 302), (TRAINER, 302), (COORDINATOR, 403), (PARTICIPANT, 403), (STRANGER, 404)],
)
def test_who_writes_notes(client_as, role, status):
    visit = visited()
    client = client_as(role, visit.guest_of.lab)

    response = client.post(page_of(visit), {"kind": "wish", "text": HEARD})

    assert response.status_code == status
    assert VisitNote.objects.count() == (status == 302)


@pytest.mark.req("REQ-018", "REQ-019", "REQ-020", "REQ-059", "REQ-060", "REQ-061")
@pytest.mark.parametrize("kind", ["strength", "impact", "experience", "ideal_official", "wish"])
def test_somebody_of_the_group_writes_under_each_of_the_five_questions(by_link, kind):
    visit = visited()
    client = by_link(guest(visit))

    response = client.post(page_of(visit), {"kind": kind, "text": HEARD})

    note = VisitNote.objects.get()
    assert response.status_code == 302
    assert (note.kind, note.text, note.state) == (kind, HEARD, "draft")
    assert HEARD in client.get(page_of(visit)).content.decode()


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ({"text": ""}, {"text"}),
        ({"text": "   "}, {"text"}),
        ({"text": "x" * 281}, {"text"}),
        ({"text": "a\x00"}, {"text"}),
        ({"kind": ""}, {"kind"}),
        ({"kind": "do"}, {"kind"}),
    ],
)
def test_a_wrong_note_is_said_at_its_field(client_as, words, wrong):
    visit = visited()
    client = client_as(TRAINER, visit.guest_of.lab)

    page = client.post(page_of(visit), {"kind": "wish", "text": HEARD} | words)

    assert (page.status_code, page.context["form"].errors.keys()) == (200, wrong)
    assert not VisitNote.objects.exists()


def test_the_same_note_sent_twice_is_one():
    visit = visited()

    assert noted(visit) == noted(visit)
    assert Event.objects.filter(name="visit_note_written").count() == 1


def test_before_the_visit_and_after_the_lab_nothing_is_noted():
    early, late = visited(hours_ago=-2), visited()
    Lab.objects.filter(pk=late.guest_of.lab_id).update(status=Lab.Status.CLOSED)

    for visit in (early, late):
        with pytest.raises(Refused):
            noted(visit)

    assert not VisitNote.objects.exists()


def test_a_draft_is_changed_and_taken_away_by_the_group(by_link):
    visit = visited()
    note, client = noted(visit), by_link(guest(visit))

    client.post(page_of(visit, f"{note.pk}/"), {"text": "Bel terug."})
    assert state(note) == ("draft", "Bel terug.", False)

    client.post(page_of(visit, f"{note.pk}/weg/"))
    assert not VisitNote.objects.exists()


def test_what_the_initiative_has_is_no_longer_the_groups_to_change(client_as):
    visit = visited()
    note = sent(visit)
    client = client_as(TRAINER, visit.guest_of.lab)

    page = client.post(page_of(visit, f"{note.pk}/"), {"text": "Iets anders."})
    client.post(page_of(visit, f"{note.pk}/weg/"))

    assert page.context["form"].errors
    assert state(note) == ("sent", HEARD, False)


def test_a_note_of_another_visit_is_not_found_here(client_as):
    visit, other = visited(), visited()
    note = noted(other)
    client = client_as(TRAINER, visit.guest_of.lab)

    assert client.get(page_of(visit, f"{note.pk}/")).status_code == 404
    assert client.post(page_of(visit, f"{note.pk}/weg/")).status_code == 404
    assert VisitNote.objects.count() == 1


# --- before the initiative ------------------------------------------------------------------------


def test_laying_it_before_them_is_one_letter_with_their_own_link(client, client_as):
    visit = visited()
    noted(visit), noted(visit, "Kom eens eten.")

    client_as(TRAINER, visit.guest_of.lab).post(page_of(visit, "stuur/"))

    (letter,) = OutgoingMail.objects.filter(kind="visit_notes_sent")
    path = links.path(PersonalLink.objects.get(purpose="visit")) + "notities/"
    assert letter.to == visit.guest_of.initiative.contact.email
    assert path in links.fill(letter.text)
    assert letter.calendar == ""
    assert HEARD in client.get(path).content.decode()
    assert set(visit.notes.values_list("state", flat=True)) == {"sent"}


def test_a_participant_does_not_send_and_nothing_new_is_not_sent(by_link, client_as):
    visit = visited()
    noted(visit)

    assert by_link(guest(visit)).post(page_of(visit, "stuur/")).status_code == 403
    visit_notes.send(trainer(visit), visit)
    with pytest.raises(Refused):
        visit_notes.send(trainer(visit), visit)

    assert OutgoingMail.objects.filter(kind="visit_notes_sent").count() == 1


def test_the_initiative_puts_it_right_and_agrees_and_it_becomes_a_card(client):
    visit = visited()
    note, path = sent(visit), by_the_link(visit)

    client.post(path, {f"note_{note.pk}": "Bel binnen drie dagen.", "keep": "1"})
    assert state(note) == ("sent", "Bel binnen drie dagen.", True)
    assert not Card.objects.exists()

    client.post(path, {f"note_{note.pk}": "Bel binnen drie dagen.", "agrees": "1"})
    card = Card.objects.get()
    assert state(note)[0] == "agreed"
    assert (card.text, card.side, card.column.kind) == (
        "Bel binnen drie dagen.",
        "initiative",
        "wish",
    )
    assert (card.heard_at, card.named, card.author) == (visit.guest_of, False, None)
    assert card.column.lab_session == visit.lab_session


def test_an_empty_box_takes_the_note_out(client):
    visit = visited()
    note, path = sent(visit), by_the_link(visit)

    client.post(path, {f"note_{note.pk}": "", "agrees": "1"})

    assert (VisitNote.objects.count(), Card.objects.count()) == (0, 0)


def test_agreeing_twice_is_one_card(client):
    visit = visited()
    note, path = sent(visit), by_the_link(visit)

    for _ in range(2):
        client.post(path, {f"note_{note.pk}": HEARD, "agrees": "1"})
    visit_notes.settle_notes(timezone.now() + A_WEEK)

    assert Card.objects.count() == 1
    assert Event.objects.filter(name="visit_notes_agreed").count() == 1


def test_looking_a_hundred_times_changes_nothing(client):
    visit = visited()
    note, path = sent(visit), by_the_link(visit)
    before = (state(note), Event.objects.count(), Lab.objects.get().version)

    for _ in range(50):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200

    assert (state(note), Event.objects.count(), Lab.objects.get().version) == before
    assert not Card.objects.exists()


def test_a_draft_is_not_theirs_to_see_or_change(client):
    visit = visited()
    sent(visit, "Kom eten.")
    draft, path = noted(visit), by_the_link(visit)

    page = client.get(path).content.decode()
    client.post(path, {f"note_{draft.pk}": "x", "agrees": "1"})

    assert HEARD not in page
    assert state(draft) == ("draft", HEARD, False)


def test_too_long_a_text_is_said_at_its_box_and_stays(client):
    visit = visited()
    note, path = sent(visit), by_the_link(visit)

    page = client.post(path, {f"note_{note.pk}": "x" * 281, "agrees": "1"})

    assert (page.status_code, state(note)) == (200, ("sent", HEARD, False))
    assert "x" * 281 in page.content.decode()


# --- seven days -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "cards"), [(6.99, 0), (7, 1), (30, 1)])
def test_after_seven_days_without_an_answer_it_goes_on_by_itself(days, cards):
    visit = visited()
    note = sent(visit)

    for _ in range(2):
        visit_notes.settle_notes(note.sent_at + timedelta(days=days))

    assert Card.objects.count() == cards
    assert state(note)[0] == ("agreed" if cards else "sent")
    assert Event.objects.filter(name="visit_notes_settled").count() == cards
    assert visit_notes.settle_notes in TASKS


def test_one_that_was_sent_later_waits_longer():
    visit = visited()
    first = sent(visit)
    second = noted(visit, "Kom eten.")
    visit_notes.send(trainer(visit), visit, now=timezone.now() + timedelta(days=3))

    visit_notes.settle_notes(first.sent_at + A_WEEK)

    assert [state(first)[0], state(second)[0]] == ["agreed", "sent"]


def test_a_final_advice_takes_no_more_cards(client):
    visit = visited()
    note, path = sent(visit), by_the_link(visit)
    Report.objects.create(lab=visit.guest_of.lab, number=1, pdf=b"%PDF", sha256="0" * 64)

    page = client.post(path, {f"note_{note.pk}": HEARD, "agrees": "1"})
    visit_notes.settle_notes(timezone.now() + A_WEEK)

    assert page.context["form"].errors
    assert (state(note)[0], Card.objects.count()) == ("sent", 0)


def test_what_was_heard_is_nowhere_in_the_logbook(client):
    visit = visited()
    note = sent(visit)
    client.post(by_the_link(visit), {f"note_{note.pk}": HEARD + " Echt.", "agrees": "1"})

    rows = Event.objects.values_list("name", "about", "detail", "by_name")

    assert {"visit_note_written", "visit_notes_sent", "visit_notes_agreed", "card_added"} <= {
        row[0] for row in rows
    }
    assert not [row for row in rows if "Bel ons" in " ".join(row)]


@pytest.mark.parametrize("many", [1, 8])
def test_the_pages_cost_the_same_for_one_and_for_eight(
    client, client_as, many, django_assert_num_queries
):
    visit = visited()
    for n in range(many):
        noted(visit, f"Kom eten {n}.")
    team, path = client_as(TRAINER, visit.guest_of.lab), by_the_link(visit)
    visit_notes.send(trainer(visit), visit)
    team.get(page_of(visit))

    with django_assert_num_queries(6):
        team.get(page_of(visit))
    with django_assert_num_queries(4):
        client.get(path)


def test_a_participant_finds_sheet_and_notes_on_their_own_page(by_link):
    visit = visited()
    enrolment = guest(visit)

    page = by_link(enrolment).get(f"/werklabs/{enrolment.lab.slug}/").content.decode()

    assert page_of(visit) in page
    assert f"/bezoeken/{visit.pk}/blad/" in page
