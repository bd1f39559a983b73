"""A trainer in two labs at once: it is shown, and saved when somebody says so."""

import pytest

from sessions.meetings import Meeting, double_bookings
from tests.factories import LabFactory, MunicipalityFactory, TrainerFactory, in_days
from tests.sessions.scheduling import as_agreed, day, meetings, typed
from werklab.models import Lab, LabRole

NEW = "/werklabs/nieuw/"


@pytest.fixture
def trainers():
    MunicipalityFactory(name="Vlierhoven", mail_domains=[])
    return TrainerFactory(name="Noor Veldman"), TrainerFactory(name="Samir Bakkali")


def lead(lab, person, chair="initiatives"):
    """Make this person a trainer of a lab, on this chair."""
    LabRole.objects.filter(lab=lab, chair=chair).delete()
    LabRole.objects.create(lab=lab, user=person, role="trainer", chair=chair)
    return lab


def busy(trainers, **fields):
    """Another lab of the second trainer, whose session 1 is in 30 days."""
    return lead(LabFactory(begins_in=30, **fields), trainers[1])


def test_scheduling_shows_which_lab_and_when_and_keeps_what_was_typed(client, trainers):
    other = busy(trainers)
    client.force_login(trainers[0])
    answers = typed(trainers)

    response = client.post(NEW, answers)

    form = response.context["form"]
    (error,) = form.errors["save_anyway"]
    assert list(form.errors) == ["save_anyway"]
    assert "Samir Bakkali" in error
    assert f"{other.title}, sessie 1" in error
    assert "9.30 tot 13.30 uur" in error
    assert {name: form[name].value() for name in answers} == {
        name: str(answer) for name, answer in answers.items()
    }
    assert Lab.objects.count() == 1
    assert 'name="save_anyway"' in response.content.decode()


def test_saved_all_the_same_when_somebody_says_so(client, trainers):
    busy(trainers)
    client.force_login(trainers[0])

    response = client.post(NEW, typed(trainers, save_anyway="on"))

    assert (response.status_code, Lab.objects.count()) == (302, 2)


def test_the_question_is_not_asked_where_nobody_is_in_two_places(client, trainers):
    client.force_login(trainers[0])

    assert 'name="save_anyway"' not in client.get(NEW).content.decode()
    assert client.post(NEW, typed(trainers)).status_code == 302


@pytest.mark.parametrize(
    ("starts", "ends", "clash"),
    [
        ((9, 30), (13, 30), True),
        ((13, 0), (17, 0), True),
        ((6, 0), (9, 31), True),
        ((10, 0), (11, 0), True),
        ((13, 30), (17, 0), False),
        ((6, 0), (9, 30), False),
    ],
)
def test_what_is_at_once(trainers, starts, ends, clash):
    busy(trainers)
    meeting = Meeting(in_days(30, *starts), in_days(30, *ends), "Zaal")

    assert bool(double_bookings(trainers, [meeting])) == clash


@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_a_lab_that_is_over_keeps_nobody_busy(trainers, status):
    busy(trainers, status=status)

    assert double_bookings(trainers, meetings(30, 45, 60)) == []


def test_a_coordinator_elsewhere_is_not_a_trainer_there(trainers):
    lab = LabFactory(begins_in=30)
    LabRole.objects.create(lab=lab, user=trainers[0], role="coordinator")

    assert double_bookings(trainers, meetings(30, 45, 60)) == []


def test_both_trainers_in_both_labs_are_named(trainers):
    lab = busy(trainers)
    lead(lab, trainers[0], "municipal")

    assert len(double_bookings(trainers, meetings(30, 90, 95))) == 2


@pytest.mark.parametrize("labs", [1, 5])
def test_one_question_for_however_many_labs(trainers, labs, django_assert_num_queries):
    for _ in range(labs):
        busy(trainers)

    with django_assert_num_queries(1):
        assert len(double_bookings(trainers, meetings(30, 90, 95))) == labs


def test_moving_onto_another_lab_is_shown_too(client, trainers):
    busy(trainers)
    mine = lead(LabFactory(begins_in=60), trainers[1])
    client.force_login(trainers[1])
    path, answers = f"/werklabs/{mine.slug}/wijzig/", as_agreed(mine, date_1=day(30))
    answers["enrol_until"] = day(20)

    refused = client.post(path, answers)
    saved = client.post(path, answers | {"save_anyway": "on"})
    unchanged = client.post(path, as_agreed(Lab.objects.get(pk=mine.pk)))

    assert list(refused.context["form"].errors) == ["save_anyway"]
    assert (saved.status_code, mine.sessions.get(number=1).starts_at) == (302, in_days(30))
    assert unchanged.status_code == 302  # what was accepted is not asked again
