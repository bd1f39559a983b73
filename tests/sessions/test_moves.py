"""Who hears that a session moved: one draft each, with old and new moment, and nobody else."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from sessions.meetings import Meeting, meetings_of
from sessions.programme import change_lab
from tests.factories import ContactFactory, EnrolmentFactory, LabFactory, VisitFactory, in_days
from werklab import letters, links, outbox
from werklab.models import Lab, LabRole, OutgoingMail, User

DRAFT = OutgoingMail.Status.DRAFT


def agreed(lab, **changes):
    """What stands about this lab, for the action; `meetings` and others may be different."""
    coordinator = lab.roles.get(role=LabRole.Role.COORDINATOR).user
    return {
        "meetings": meetings_of(Lab.objects.get(pk=lab.pk)),
        "enrol_until": lab.enrol_until,
        "capacity": lab.capacity,
        "contact_name": lab.contact_name,
        "contact_email": lab.contact_email,
        "contact_phone": lab.contact_phone,
        "coordinator_name": coordinator.name,
        "coordinator_email": coordinator.email,
        "mail_domains": lab.municipality.mail_domains,
        "decide_on": lab.decide_on,
    } | changes


def move(lab, number=3, days=0, **fields):
    """Move one session so many days; or give other `fields` of the meeting."""
    lab = Lab.objects.get(pk=lab.pk)
    meetings = meetings_of(lab)
    old = meetings[number - 1]
    pushed = {
        "starts_at": old.starts_at + timedelta(days=days),
        "ends_at": old.ends_at + timedelta(days=days),
    }
    meetings[number - 1] = Meeting(**old.fields() | pushed | fields)
    return change_lab(lab.roles.first().user, lab, **agreed(lab, meetings=meetings))[1]


def drafts(lab):
    """Who would get which letter."""
    return {letter.to: letter for letter in lab.letters.filter(status=DRAFT)}


def welcome(lab):
    """An initiative that said yes to a visit."""
    visit = VisitFactory(guest_of__lab=lab)
    visit.answer, visit.slot, visit.answered_at = "welcome", visit.slots.get(), timezone.now()
    visit.save()
    return visit


def address(visit):
    return visit.guest_of.initiative.contact.email


def coordinator(lab):
    return lab.roles.get(role="coordinator").user.email


def test_everybody_for_whom_session_3_moves_gets_one_draft_and_nobody_else():
    lab = LabFactory(capacity=10, taken=8)
    group = {person.person.email for person in lab.enrolments.all()}
    seated = EnrolmentFactory(lab=lab)
    offered = EnrolmentFactory(
        lab=lab, status="offered", seat=10, offered_until=in_days(2), number=2001
    )
    waiting = EnrolmentFactory(lab=lab, status="waiting", number=2002)
    for status in ("to_confirm", "withdrawn", "refused"):
        EnrolmentFactory(lab=lab, status=status)
    visit, asked = welcome(lab), VisitFactory(guest_of__lab=lab)

    assert move(lab, 3, days=7) is True

    found = {to: letter.kind for to, letter in drafts(lab).items()}
    assert {found.pop(to) for to in group} == {"sessions_moved"}
    assert found == {
        seated.person.email: "sessions_moved",
        offered.person.email: "sessions_moved",
        waiting.person.email: "sessions_moved",
        coordinator(lab): "sessions_moved_coordinator",
        address(visit): "sessions_moved_initiative",
    }
    assert address(asked) not in drafts(lab)
    assert OutgoingMail.objects.exclude(status=DRAFT).count() == 0


def test_the_letter_says_what_was_and_what_is_and_how_somebody_stands():
    lab = LabFactory(capacity=10, taken=8)
    seated = EnrolmentFactory(lab=lab)
    offered = EnrolmentFactory(
        lab=lab, status="offered", seat=10, offered_until=in_days(2), number=2001
    )
    waiting = EnrolmentFactory(lab=lab, status="waiting", number=2002)
    old = lab.sessions.get(number=2)

    move(lab, 2, days=1, place="Zaal 9")

    new, found = lab.sessions.get(number=2), drafts(lab)
    text = found[seated.person.email].text
    assert f"{letters.moment(new.starts_at, new.ends_at)}, Zaal 9" in text
    assert f"{letters.moment(old.starts_at, old.ends_at)}, {old.place}" in text
    assert text.count("Sessie 2") == 1
    assert "Sessie 1" not in text
    assert "Je plek blijft van jou" in text
    assert "Je kunt nog ja zeggen" in found[offered.person.email].text
    assert "wachtlijst" in found[waiting.person.email].text
    assert found[offered.person.email].calendar == found[waiting.person.email].calendar == ""


@pytest.mark.parametrize(("number", "hears"), [(1, True), (2, False), (3, True)])
def test_initiatives_hear_only_of_the_sessions_at_which_they_are(number, hears):
    lab = LabFactory()
    visit = welcome(lab)

    move(lab, number, days=1)

    assert (address(visit) in drafts(lab)) == hears


@pytest.mark.req("REQ-076")
def test_another_time_for_initiatives_alone_is_told_to_them_alone():
    lab = LabFactory(taken=1)
    visit = welcome(lab)
    starts = lab.sessions.get(number=3).starts_at

    move(lab, 3, initiatives_start_at=starts + timedelta(minutes=45))

    assert set(drafts(lab)) == {address(visit)}
    draft = drafts(lab)[address(visit)]
    assert "10.15 tot 13.30" in draft.text
    session = lab.sessions.get(number=3)
    (event,) = [
        event
        for event in Calendar.from_ical(draft.calendar).walk("VEVENT")
        if event["UID"].startswith(f"session-{session.pk}-")
    ]
    assert event.start == starts + timedelta(minutes=45)
    assert event["SEQUENCE"] == 1


def test_a_visit_on_the_day_that_session_1_left_is_asked_for_again():
    lab = LabFactory()
    visit = welcome(lab)

    move(lab, 1, days=1)

    assert "We vragen jullie om een ander moment" in drafts(lab)[address(visit)].text
    move(lab, 1, days=-1)
    assert drafts(lab) == {}


def test_a_second_move_replaces_the_drafts_and_tells_from_what_people_know():
    lab = LabFactory()
    EnrolmentFactory(lab=lab)
    known = lab.sessions.get(number=3)
    move(lab, 3, days=7)

    move(lab, 3, days=7)

    session = lab.sessions.get(number=3)
    (text,) = [one.text for one in drafts(lab).values() if one.kind == "sessions_moved"]
    assert letters.moment(known.starts_at, known.ends_at) in text
    assert letters.moment(session.starts_at, session.ends_at) in text
    between = known.starts_at + timedelta(days=7)
    assert letters.moment(between, known.ends_at + timedelta(days=7)) not in text
    assert len(drafts(lab)) == 2
    assert session.sequence == 2


def test_two_sessions_moved_one_after_the_other_stand_in_one_letter():
    lab = LabFactory(taken=1)
    move(lab, 3, days=7)

    move(lab, 2, days=1)

    assert len(drafts(lab)) == 2
    assert all("Sessie 2" in one.text and "Sessie 3" in one.text for one in drafts(lab).values())


def test_what_was_sent_is_known_so_the_next_letter_tells_from_there():
    lab = LabFactory(taken=1)
    move(lab, 3, days=7)
    told = lab.sessions.get(number=3)
    outbox.send_all(User.objects.first(), lab, [one.pk for one in drafts(lab).values()])

    move(lab, 3, days=7)

    assert len(drafts(lab)) == 2
    moment = letters.moment(told.starts_at, told.ends_at)
    assert all(f"{moment}, {told.place}" in one.text for one in drafts(lab).values())
    assert lab.letters.filter(status="due").count() == 2


def test_a_session_that_is_put_back_needs_no_letter():
    lab = LabFactory(taken=3)
    move(lab, 3, days=7)

    assert move(lab, 3, days=-7) is False

    assert drafts(lab) == {}


def test_who_enrols_between_two_moves_hears_only_of_the_second():
    lab = LabFactory()
    EnrolmentFactory(lab=lab)
    move(lab, 2, days=1)
    newcomer = EnrolmentFactory(lab=lab)

    move(lab, 3, days=1)

    text = drafts(lab)[newcomer.person.email].text
    assert ("Sessie 2 is nu" in text, "Sessie 3 is nu" in text) == (False, True)


def test_who_gave_a_place_back_loses_the_draft_at_the_next_move():
    lab = LabFactory()
    leaver = EnrolmentFactory(lab=lab)
    move(lab, 3, days=1)
    lab.enrolments.filter(pk=leaver.pk).update(status="withdrawn", seat=None)

    move(lab, 3, days=1)

    assert set(drafts(lab)) == {coordinator(lab)}


def test_a_coordinator_who_takes_part_hears_it_once():
    lab = LabFactory()
    EnrolmentFactory(lab=lab, person=lab.roles.get(role="coordinator").user)

    move(lab, 3, days=1)

    assert [one.kind for one in drafts(lab).values()] == ["sessions_moved"]


def test_an_initiative_without_an_address_gets_no_letter():
    lab = LabFactory()
    visit = welcome(lab)
    visit.guest_of.initiative.contact.delete()
    ContactFactory(initiative=visit.guest_of.initiative, email="", phone="06 1")

    move(lab, 3, days=1)

    assert set(drafts(lab)) == {coordinator(lab)}


@pytest.mark.parametrize("field", ["route", "accessibility"])
def test_how_to_get_there_is_no_move(field):
    lab = LabFactory(taken=1)

    assert move(lab, 1, **{field: "Bus 4"}) is False

    assert (drafts(lab), lab.sessions.get(number=1).sequence) == ({}, 0)


def test_each_letter_has_a_link_that_works_and_a_number_to_call(client):
    lab = LabFactory(taken=1)
    visit = welcome(lab)
    move(lab, 3, days=1)

    for letter in drafts(lab).values():
        text = links.fill(letter.text)
        client.logout()
        if letter.kind == "sessions_moved_coordinator":
            client.force_login(lab.roles.get(role="coordinator").user)
        paths = re.findall(r"https?://[^/\s]+(/(?:mijn|bezoek|werklabs)/\S+)", text)
        assert paths
        assert {client.get(path).status_code for path in paths} == {200}
        assert lab.contact_phone in text
    assert visit.guest_of.initiative.contact.first_name in drafts(lab)[address(visit)].text


@pytest.mark.parametrize("people", [1, 8])
def test_a_move_costs_a_fixed_number_of_questions_per_person(people, django_assert_max_num_queries):
    lab = LabFactory(taken=people)

    with django_assert_max_num_queries(45 + 7 * people):
        move(lab, 3, days=1)
