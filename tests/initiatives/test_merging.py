"""Making two initiatives one; taking one off the list and putting it back."""

import pytest
from django.utils import timezone

from initiatives import doubles
from initiatives.models import Acquaintance, Agreement, Conversation, Initiative, Theme
from sessions.models import LabInitiative, Visit
from tests.conftest import STRANGER
from tests.factories import InitiativeFactory, LabFactory, UserFactory, VisitFactory
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.errors import Refused
from werklab.models import Event, Lab

REGISTER = "/initiatieven/"


@pytest.fixture
def lab():
    return LabFactory()


@pytest.fixture
def keep(lab):
    return InitiativeFactory(municipality=lab.municipality, name="De Kruidhoek", does_not="")


@pytest.fixture
def gone(lab):
    return InitiativeFactory(
        municipality=lab.municipality,
        name="Natuurtuin Kruidhoek",
        description="Andere woorden",
        does_not="Geen winkel",
        volunteers=0,
        latitude=52.1,
        longitude=5.1,
    )


def path(initiative, what="samenvoegen"):
    return f"{REGISTER}{initiative.slug}/{what}/"


def test_its_own_words_stay_and_what_is_empty_comes_from_the_other(keep, gone):
    theme = Theme.objects.first()
    gone.themes.add(theme)
    words = keep.description

    doubles.merge(UserFactory(), keep, gone)

    keep.refresh_from_db()
    gone.refresh_from_db()
    assert (keep.description, keep.does_not) == (words, "Geen winkel")
    assert (keep.volunteers, keep.latitude, list(keep.themes.all())) == (0, 52.1, [theme])
    assert gone.merged_into == keep
    assert gone.retired_at
    assert keep.retired_at is None
    assert "Kruidhoek" in Event.objects.get(name="initiatives_merged").about


def test_talks_agreements_and_visits_move_along_and_the_contact_is_kept(lab, keep, gone):
    visit = VisitFactory(guest_of=LabInitiative.objects.create(lab=lab, initiative=gone))
    Conversation.objects.create(
        initiative=gone, held_on=timezone.localdate(), kind="coffee", notes="Fijn"
    )
    Agreement.objects.create(initiative=gone, what="Sleutel", decision="decided")
    Acquaintance.objects.create(initiative=keep, goals_initiative="Rust")
    Acquaintance.objects.create(initiative=gone, goals_initiative="Groen", together="Tuin")
    contact = keep.contact.email
    version = Lab.objects.get(pk=lab.pk).version

    doubles.merge(UserFactory(), keep, gone)

    keep = Initiative.objects.get(pk=keep.pk)
    assert Visit.objects.get(pk=visit.pk).guest_of.initiative == keep
    assert (keep.conversations.count(), keep.agreements.count()) == (1, 1)
    card = keep.acquaintance
    assert (card.goals_initiative, card.together) == ("Rust", "Tuin")
    assert keep.contact.email == contact
    assert Lab.objects.get(pk=lab.pk).version > version


def test_without_a_contact_of_its_own_it_gets_that_of_the_other(lab, gone):
    keep = InitiativeFactory(municipality=lab.municipality, contact=False)
    Acquaintance.objects.create(initiative=gone, together="Tuin")

    doubles.merge(UserFactory(), keep, gone)

    keep = Initiative.objects.get(pk=keep.pk)
    assert keep.contact.name == gone.contact.name
    assert keep.acquaintance.together == "Tuin"


def test_what_went_up_in_the_other_before_points_on(lab, keep, gone):
    oldest = InitiativeFactory(municipality=lab.municipality, name="De eerste")
    doubles.merge(UserFactory(), gone, oldest)

    doubles.merge(UserFactory(), keep, gone)

    assert Initiative.objects.get(pk=oldest.pk).merged_into == keep


def refused(by, keep, gone):
    with pytest.raises(Refused) as refusal:
        doubles.merge(by, keep, gone)
    assert not Initiative.objects.filter(merged_into__isnull=False).exists()
    return str(refusal.value)


def test_two_that_take_part_in_the_same_lab_are_not_merged(lab, keep, gone):
    for one in (keep, gone):
        LabInitiative.objects.create(lab=lab, initiative=one)

    assert str(lab) in refused(UserFactory(), keep, gone)
    assert LabInitiative.objects.filter(initiative=gone).count() == 1


def test_two_of_different_municipalities_itself_or_one_off_the_list_are_refused(keep, gone):
    refused(UserFactory(), keep, keep)
    refused(UserFactory(), keep, InitiativeFactory())
    Initiative.objects.filter(pk=keep.pk).update(retired_at=timezone.now())
    refused(UserFactory(), keep, gone)


@pytest.mark.req("REQ-133")
def test_by_the_page_two_become_one_and_the_old_address_leads_there(client_as, lab, keep, gone):
    client = client_as(TRAINER, lab)

    assert gone.slug in client.get(path(keep)).content.decode()
    both = client.get(path(keep), {"met": gone.slug}).content.decode()
    assert "Andere woorden" in both
    assert keep.description in both
    assert not Initiative.objects.filter(retired_at__isnull=False).exists()

    done = client.post(path(keep), {"met": gone.slug})

    assert (done.status_code, done.url) == (302, keep.get_absolute_url())
    old = client.get(gone.get_absolute_url())
    assert (old.status_code, old.url) == (302, keep.get_absolute_url())
    client.get(REGISTER)  # the message of what was done
    assert gone.name not in client.get(REGISTER, {"q": "natuurtuin"}).content.decode()
    assert client.post(path(keep), {"met": gone.slug}).status_code == 200  # a second press


@pytest.mark.parametrize("met", ["", "bestaat-niet", "\x00", "x" * 3000])
def test_choosing_nothing_or_nonsense_is_said_at_the_field(client_as, lab, keep, met):
    client = client_as(TRAINER, lab)

    for page in (client.get(path(keep), {"met": met}), client.post(path(keep), {"met": met})):
        assert page.status_code == 200
        assert "Kies welk initiatief hetzelfde is" in page.content.decode()


def test_a_refusal_stands_on_the_page(client_as, lab, keep, gone):
    for one in (keep, gone):
        LabInitiative.objects.create(lab=lab, initiative=one)

    page = client_as(TRAINER, lab).post(path(keep), {"met": gone.slug})

    assert "doen allebei mee" in page.content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 302), (TRAINER, 302), (COORDINATOR, 302), (PARTICIPANT, 404), (STRANGER, 404)],
)
@pytest.mark.parametrize("what", ["samenvoegen", "gestopt", "terugzetten"])
def test_who_merges_and_takes_off_the_list(client_as, lab, keep, gone, role, status, what):
    response = client_as(role, lab).post(path(keep, what), {"met": gone.slug})

    assert response.status_code == status
    off = Initiative.objects.filter(retired_at__isnull=False).count()
    assert off == int(status == 302 and what != "terugzetten")


def test_what_has_stopped_leaves_the_list_keeps_its_page_and_comes_back(client_as, lab, keep):
    client = client_as(TRAINER, lab)
    assert "Gestopt" in client.get(keep.get_absolute_url()).content.decode()

    client.post(path(keep, "gestopt"))
    client.post(path(keep, "gestopt"))

    client.get(REGISTER)  # the message of what was done
    assert keep.name not in client.get(REGISTER, {"q": "kruid"}).content.decode()
    assert "Zet terug in de lijst" in client.get(keep.get_absolute_url()).content.decode()
    assert Event.objects.filter(name="initiative_retired").count() == 1

    client.post(path(keep, "terugzetten"))

    keep.refresh_from_db()
    assert keep.retired_at is None
    assert Event.objects.filter(name="initiative_brought_back").count() == 1


def test_looking_stops_nothing(client_as, lab, keep):
    client = client_as(TRAINER, lab)

    assert client.get(path(keep, "gestopt")).status_code == 405
    assert client.get(path(keep, "terugzetten")).status_code == 405


def test_what_went_up_in_another_does_not_come_back_by_itself(client_as, lab, keep, gone):
    doubles.merge(UserFactory(), keep, gone)

    page = client_as(TRAINER, lab).post(path(gone, "terugzetten"), follow=True)

    assert "opgegaan in een ander" in page.content.decode()
    gone.refresh_from_db()
    assert gone.retired_at
