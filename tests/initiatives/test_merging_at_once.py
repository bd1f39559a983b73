"""Two become one at the very moment that somebody else writes: whoever is second sees it."""

import pytest

from initiatives import doubles, profile_links, talks
from initiatives.models import Contact, Conversation, Initiative
from tests.factories import InitiativeFactory, LabFactory, UserFactory, today
from tests.sessions.test_visits_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pair():
    """Two initiatives of one municipality."""
    lab = LabFactory()
    return [InitiativeFactory(municipality=lab.municipality, name=name) for name in ("Een", "Twee")]


def test_two_trainers_who_merge_in_opposite_directions_leave_one_of_the_two(pair):
    one, other = pair

    ended = at_once(
        lambda: doubles.merge(UserFactory(), one, other),
        lambda: doubles.merge(UserFactory(), other, one),
    )

    assert ended == ["done", "refused"]
    assert Initiative.objects.filter(merged_into=None, retired_at=None).count() == 1
    assert Contact.objects.count() == 1


def test_a_profile_is_kept_before_the_merging_or_refused_after_it(pair):
    keep, gone = pair
    link = profile_links.renew(UserFactory(), gone)
    contact = {"name": "Truus Tuinhek", "email": "truus@kruidhoek.example", "phone": ""}

    ended = at_once(
        lambda: doubles.merge(UserFactory(), keep, gone),
        lambda: profile_links.change_own(link, name="Twee", description="Nieuw", contact=contact),
    )

    gone = Initiative.objects.get(pk=gone.pk)
    assert (gone.merged_into, Contact.objects.get().initiative) == (keep, keep)
    notes = Initiative.objects.get(pk=keep.pk).internal_notes
    assert (gone.description == "Nieuw") == (ended == ["done", "done"])
    assert ("Truus Tuinhek" in notes) == (ended == ["done", "done"])


def test_a_talk_that_is_written_down_meanwhile_is_found_at_the_one_that_is_kept(pair):
    keep, gone = pair

    ended = at_once(
        lambda: doubles.merge(UserFactory(), keep, gone),
        lambda: talks.note(UserFactory(), gone, held_on=today(), kind="coffee", notes="Fijn."),
    )

    assert ended == ["done", "done"]
    assert Conversation.objects.get().initiative == keep
