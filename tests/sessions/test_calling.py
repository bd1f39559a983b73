"""An initiative that stays silent: a reminder after a week, then no more mail but a call."""

from datetime import timedelta

import pytest
from django.utils import timezone

from initiatives.models import Contact
from sessions import reminders, visits
from sessions.models import Visit
from tests.conftest import person_with
from tests.factories import InitiativeFactory, LabFactory, chosen, in_days
from tests.werklab.overview import COORDINATORS, TRAINERS, facts_of
from werklab import links
from werklab.access import TRAINER
from werklab.models import OutgoingMail, PersonalLink
from werklab.views import todo


def silent(days_ago, **contact):
    """A visit that was asked so many days ago, of a lab that begins in four weeks."""
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    Contact.objects.filter(initiative=initiative).update(**contact)
    chosen(lab, initiative)
    start = lab.starts_at + timedelta(hours=1)
    moments = [(start, start + timedelta(hours=1))]
    trainer = person_with(TRAINER, lab)
    visit = visits.ask(trainer, lab, initiative, "Kruidenpad 14", 5, moments)
    Visit.objects.update(asked_at=timezone.now() - timedelta(days=days_ago))
    return visit


def calls(lab, who=TRAINERS):
    return [task for task in todo.tasks(facts_of(lab), who) if task.what.startswith("Bel ")]


@pytest.mark.parametrize(("days", "number"), [(9, 0), (10, 1), (20, 1)])
def test_after_ten_days_a_trainer_calls(days, number):
    visit = silent(days, phone="06 8888 7777")

    found = calls(visit.guest_of.lab)

    assert len(found) == number
    for task in found:
        assert "06 8888 7777" in task.detail
        assert task.url.endswith(f"/bezoeken/{visit.pk}/")


def test_without_a_number_it_says_so_and_a_coordinator_gets_no_task():
    lab = silent(12, phone="").guest_of.lab

    assert "geen telefoonnummer" in calls(lab)[0].detail
    assert calls(lab, COORDINATORS) == []


@pytest.mark.parametrize("answer", ["welcome", "other_time", "not_now"])
def test_after_an_answer_nobody_calls(answer):
    visit = silent(12)
    visits.answer(visit, answer)

    assert calls(visit.guest_of.lab) == []


def test_who_was_offered_other_moments_has_ten_days_again():
    visit = silent(12)
    lab = visit.guest_of.lab
    start = lab.starts_at + timedelta(hours=5)

    visits.offer(person_with(TRAINER, lab), visit, [(start, start + timedelta(hours=1))])

    assert calls(lab) == []


def test_the_reminder_is_the_last_mail():
    visit = silent(0)
    for day in range(1, 25):
        reminders.remind(in_days(day, 10))

    kinds = OutgoingMail.objects.filter(to=visit.guest_of.initiative.contact.email)
    assert sorted(kinds.values_list("kind", flat=True)) == ["initiative_invited", "visit_reminder"]


def test_a_yes_by_phone_brings_the_same_letter_as_their_own(client_as):
    by_phone, by_themselves = silent(12), silent(12)
    visits.answer(by_themselves, "welcome")
    client = client_as(TRAINER, by_phone.guest_of.lab)

    client.post(
        f"/werklabs/{by_phone.guest_of.lab.slug}/bezoeken/{by_phone.pk}/antwoord/",
        {"answer": "welcome"},
    )

    letters = [
        OutgoingMail.objects.get(kind="visit_confirmed", lab=visit.guest_of.lab)
        for visit in (by_phone, by_themselves)
    ]
    assert [letter.text.count("\n") for letter in letters] == [letters[0].text.count("\n")] * 2
    assert all("Kruidenpad 14" in letter.text and letter.calendar for letter in letters)


def test_a_declined_visit_is_confirmed_later_and_twice_from_two_phones_is_once():
    visit = silent(3)
    visits.answer(visit, "not_now")

    visits.answer(visit, "welcome")
    visits.answer(visit, "welcome")

    visit.refresh_from_db()
    assert (visit.answer, visit.slot) == ("welcome", visit.slots.get())
    assert OutgoingMail.objects.filter(kind="visit_confirmed").count() == 1


def test_the_link_of_an_initiative_that_was_merged_still_answers(client):
    visit = silent(3)
    old = visit.guest_of.initiative
    old.merged_into = InitiativeFactory(municipality=old.municipality)
    old.retired_at = timezone.now()
    old.save()
    path = links.path(PersonalLink.objects.get())

    assert client.get(path).status_code == 200
    assert client.post(path, {"answer": "welcome"}).status_code == 302
    visit.refresh_from_db()
    assert visit.answer == "welcome"


def test_a_mail_scanner_that_looks_a_hundred_times_changes_nothing(client):
    visit = silent(3)
    path = links.path(PersonalLink.objects.get())
    before = (Visit.objects.values().get(), visit.guest_of.lab.events.count())

    for _ in range(50):
        assert client.get(path, headers={"Purpose": "prefetch"}).status_code == 200
        assert client.head(path).status_code == 200

    assert (Visit.objects.values().get(), visit.guest_of.lab.events.count()) == before
    assert OutgoingMail.objects.count() == 1
