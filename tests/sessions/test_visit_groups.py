"""Groups for the coffee visits: made by one button, moved by hand, never too large."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from initiatives import profile_links
from initiatives.models import Initiative
from sessions import visit_groups
from sessions.models import Visit, VisitGuest, VisitSlot
from tests.factories import EnrolmentFactory, InitiativeFactory, LabFactory, LabInitiativeFactory
from werklab.errors import Refused
from werklab.models import Event

pytestmark = pytest.mark.django_db
TRAINER, COORDINATOR, PARTICIPANT = "trainer", "coordinator", "participant"
DEPARTMENTS = ["Zorg en welzijn", "Ruimte en wonen", "Veiligheid"]


def lab_with(people=12, hosts=3, most=5):
    """A lab whose participants are welcome at some initiatives, all at the same time."""
    lab = LabFactory()
    for number in range(people):
        EnrolmentFactory(lab=lab, department=DEPARTMENTS[number % 3])
    for _host in range(hosts):
        agreed(lab, most=most)
    return lab


def agreed(lab, *, most=5, minutes=0, own=None):
    """A visit that was agreed, so many minutes after session 1 begins."""
    initiative = InitiativeFactory(municipality=lab.municipality, most_guests=own)
    first = lab.sessions.get(number=1)
    visit = Visit.objects.create(
        lab_session=first,
        guest_of=LabInitiativeFactory(lab=lab, initiative=initiative),
        place="Kruidenpad 14",
        group_size=most,
    )
    starts_at = first.starts_at + timedelta(minutes=minutes)
    slot = VisitSlot.objects.create(
        visit=visit, number=1, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=60)
    )
    visit.answer, visit.slot, visit.answered_at = "welcome", slot, timezone.now()
    visit.save()
    return visit


def page(lab, tail=""):
    return reverse("sessions:groups", args=[lab.slug]) + tail


def trainer_of(lab):
    return lab.roles.filter(role="trainer").first().user


@pytest.mark.req("REQ-014")
def test_the_button_puts_everybody_somewhere_and_says_what_it_did(client_as):
    lab = lab_with()

    response = client_as(TRAINER, lab).post(page(lab, "verdeel/"), follow=True)

    (moment,) = visit_groups.moments_of(lab)
    assert [len(host.guests) for host in moment.hosts] == [4, 4, 4]
    assert moment.unassigned == []
    assert "12 mensen zijn verdeeld over 3 groepen." in response.text
    assert Event.objects.filter(lab=lab, name="groups_divided").count() == 1


def test_visits_after_one_another_are_moments_of_their_own_with_everybody_in_both():
    lab = lab_with(hosts=2, most=6)
    agreed(lab, most=12, minutes=75)

    visit_groups.divide(trainer_of(lab), lab)

    first, second = visit_groups.moments_of(lab)
    assert [len(host.guests) for host in first.hosts] == [6, 6]
    assert [len(host.guests) for host in second.hosts] == [12]


def test_a_host_that_can_receive_fewer_gets_fewer():
    lab = lab_with(people=10, hosts=2, most=8)
    small = agreed(lab, most=8, own=2)

    visit_groups.divide(trainer_of(lab), lab)

    assert small.guests.count() == 2


def test_too_few_chairs_is_said_and_the_groups_stay_as_they_were(client_as):
    lab = lab_with(people=12, hosts=2, most=6)
    visit_groups.divide(trainer_of(lab), lab)
    before = set(VisitGuest.objects.values_list("visit", "enrolment"))
    Visit.objects.update(group_size=5)

    response = client_as(TRAINER, lab).post(page(lab, "verdeel/"), follow=True)

    assert "plek voor 10 mensen, en jullie zijn met 12" in response.text
    assert set(VisitGuest.objects.values_list("visit", "enrolment")) == before


def test_a_host_whose_maximum_shrank_stands_out_with_how_many_are_too_many(client_as):
    lab = lab_with(people=10, hosts=2, most=5)
    visit_groups.divide(trainer_of(lab), lab)
    Visit.objects.filter(pk=Visit.objects.first().pk).update(group_size=3)

    assert "2 te veel voor dit initiatief" in client_as(TRAINER, lab).get(page(lab)).text


def test_a_host_that_says_by_its_link_that_fewer_fit_loses_nobody_and_stands_out(client, client_as):
    lab = lab_with(people=8, hosts=2, most=5)
    visit_groups.divide(trainer_of(lab), lab)
    host = Visit.objects.order_by("pk").first()
    initiative = host.guest_of.initiative
    link = profile_links.path(profile_links.renew(trainer_of(lab), initiative))
    before = set(VisitGuest.objects.values_list("visit", "enrolment"))

    words = {"name": initiative.name, "description": initiative.description}
    saved = client.post(link, words | {"ownership": "residents", "most_guests": "3"})

    assert saved.status_code == 302
    assert set(VisitGuest.objects.values_list("visit", "enrolment")) == before
    trainer = client_as(TRAINER, lab)
    assert "1 te veel voor dit initiatief" in trainer.get(page(lab)).text

    trainer.post(page(lab, "verdeel/"))

    assert host.guests.count() == 3
    assert VisitGuest.objects.count() == 8
    assert "te veel voor dit initiatief" not in trainer.get(page(lab)).text


def test_when_the_others_have_no_chairs_left_it_is_said_and_nobody_is_moved(client, client_as):
    lab = lab_with(people=10, hosts=2, most=5)
    visit_groups.divide(trainer_of(lab), lab)
    host = Visit.objects.order_by("pk").first()
    Initiative.objects.filter(pk=host.guest_of.initiative_id).update(most_guests=3)
    before = set(VisitGuest.objects.values_list("visit", "enrolment"))

    response = client_as(TRAINER, lab).post(page(lab, "verdeel/"), follow=True)

    assert "plek voor 8 mensen, en jullie zijn met 10" in response.text
    assert "2 te veel voor dit initiatief" in response.text
    assert set(VisitGuest.objects.values_list("visit", "enrolment")) == before


def choices(lab, to):
    """What the form sends when everybody goes to this visit at the first moment."""
    return {f"plek-0-{one.pk}": str(to.pk) for one in lab.enrolments.seated()}


def test_people_are_moved_by_hand(client_as):
    lab = lab_with(people=3, hosts=2, most=5)
    first, second = Visit.objects.order_by("pk")
    chosen = choices(lab, first)
    chosen[min(chosen)] = str(second.pk)

    response = client_as(TRAINER, lab).post(page(lab), chosen)

    assert response.status_code == 302
    assert (first.guests.count(), second.guests.count()) == (2, 1)


def test_a_group_above_the_maximum_is_refused_and_the_choices_stay(client_as):
    lab = lab_with(people=6, hosts=2, most=5)
    visit = Visit.objects.order_by("pk").first()

    response = client_as(TRAINER, lab).post(page(lab), choices(lab, visit))

    assert "kan 5 mensen ontvangen. Jij koos er 6." in response.text
    assert response.text.count(f'value="{visit.pk}" selected') == 6
    assert VisitGuest.objects.count() == 0


def test_nobody_is_in_two_places_at_once():
    lab = lab_with(people=2, hosts=2)
    first, second = Visit.objects.order_by("pk")
    somebody = lab.enrolments.first().pk

    with pytest.raises(Refused, match="tegelijk"):
        visit_groups.arrange(trainer_of(lab), lab, {first.pk: [somebody], second.pk: [somebody]})

    assert VisitGuest.objects.count() == 0


@pytest.mark.parametrize("value", ["", "0", "-1", "x", "99999999999999999999"])
def test_a_choice_that_is_no_visit_of_this_moment_is_nowhere(value, client_as):
    lab = lab_with(people=1, hosts=1)
    somebody = lab.enrolments.first()

    response = client_as(TRAINER, lab).post(page(lab), {f"plek-0-{somebody.pk}": value})

    assert (response.status_code, VisitGuest.objects.count()) == (302, 0)


def test_who_is_nowhere_yet_stands_in_plain_sight(client_as):
    lab = lab_with(people=10, hosts=2)

    assert "10 mensen zijn nog nergens ingedeeld" in client_as(TRAINER, lab).get(page(lab)).text


def test_who_gave_their_place_back_comes_along_no_more():
    lab = lab_with(people=10, hosts=2)
    visit_groups.divide(trainer_of(lab), lab)
    gone = lab.enrolments.first()
    gone.status, gone.seat, gone.ended_at = "withdrawn", None, timezone.now()
    gone.save()

    (moment,) = visit_groups.moments_of(lab)
    assert sum(len(host.guests) for host in moment.hosts) == 9


def test_without_an_agreed_visit_the_page_says_so(client_as):
    lab = LabFactory(taken=3)

    response = client_as(TRAINER, lab).get(page(lab))

    assert "Er is nog geen bezoek afgesproken" in response.text
    with pytest.raises(Refused):
        visit_groups.divide(trainer_of(lab), lab)


@pytest.mark.parametrize(("role", "status"), [(COORDINATOR, 403), (PARTICIPANT, 403)])
def test_only_who_plans_visits_makes_groups(role, status, client_as):
    lab = lab_with(people=2, hosts=1)
    client = client_as(role, lab)

    assert client.get(page(lab)).status_code == status
    assert client.post(page(lab, "verdeel/")).status_code == status
    assert VisitGuest.objects.count() == 0


@pytest.mark.parametrize("hosts", [1, 5])
def test_the_page_costs_the_same_for_one_and_five(hosts, django_assert_num_queries, client_as):
    lab = lab_with(people=12, hosts=hosts, most=12)
    visit_groups.divide(trainer_of(lab), lab)
    client = client_as(TRAINER, lab)
    client.get(page(lab))

    with django_assert_num_queries(6):
        client.get(page(lab))


def test_a_participant_sees_the_own_visits_on_the_own_page(by_link):
    lab = lab_with(people=1, hosts=1)
    visit_groups.divide(trainer_of(lab), lab)
    visit = Visit.objects.get()

    own = by_link(lab.enrolments.get()).get(lab.get_absolute_url())

    assert "Jouw bezoeken" in own.text
    assert str(visit) in own.text
    assert visit.place in own.text
    assert "fatma" not in own.text.lower()
