"""Getting acquainted: the card of both sides, the log of talks, the overview on the profile."""

import pytest
from django.utils import timezone

from initiatives import agreements, talks
from initiatives.models import Acquaintance, Conversation
from tests.conftest import STRANGER, person_with
from tests.factories import InitiativeFactory, LabFactory, UserFactory
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.errors import Refused
from werklab.models import Event

CARD = {
    f"{row}_{side}": f"{row} van {side}"
    for row in ("goals", "wishes", "interests", "expectations")
    for side in ("municipality", "initiative")
}
SHARED = {
    "together": "Een groene buurt.",
    "friction": "Wie betaalt het water?",
    "talked_on": "2027-03-09",
    "present": "Truus (tuin), Noor (gemeente)",
    "next_talk": "In april, op de markt.",
}
TALK = {"held_on": "2027-03-09", "kind": "coffee", "present": "Truus", "notes": "Er was soep."}


def there(lab):
    initiative = InitiativeFactory(municipality=lab.municipality)
    return initiative, f"/initiatieven/{initiative.slug}/"


@pytest.mark.req("REQ-131")
def test_both_sides_of_the_card_are_kept_and_read_back(client_as):
    lab = LabFactory()
    initiative, at = there(lab)
    client = client_as(COORDINATOR, lab)

    response = client.post(at + "kennismaking/", CARD | SHARED | {"seen": ""})

    card = Acquaintance.objects.get(initiative=initiative)
    page = client.get(at + "kennismaking/").content.decode()
    assert response.status_code == 302
    assert {name: getattr(card, name) for name in CARD} == CARD
    assert (card.together, card.talked_on.isoformat()) == (SHARED["together"], "2027-03-09")
    assert all(words in page for words in CARD.values())
    assert Event.objects.get().name == "acquaintance_written"


def test_a_card_is_filled_in_bit_by_bit(client_as):
    lab = LabFactory()
    initiative, at = there(lab)
    client = client_as(TRAINER, lab)

    client.post(at + "kennismaking/", {"goals_initiative": "Een tuin."})
    seen = client.get(at + "kennismaking/").context["form"]["seen"].value()
    client.post(at + "kennismaking/", {"goals_initiative": "Een tuin!", "seen": seen})

    assert Acquaintance.objects.get(initiative=initiative).goals_initiative == "Een tuin!"


def test_who_saves_after_somebody_else_loses_no_words_of_either(client_as):
    lab = LabFactory()
    initiative, at = there(lab)
    talks.write_card(person_with(TRAINER, lab), initiative, None, goals_municipality="Van Noor.")

    response = client_as(COORDINATOR, lab).post(
        at + "kennismaking/", {"goals_municipality": "Van Ria.", "seen": ""}
    )

    assert response.status_code == 200
    assert response.context["form"].non_field_errors()
    assert "Van Ria." in response.content.decode()
    assert Acquaintance.objects.get().goals_municipality == "Van Noor."


@pytest.mark.parametrize(
    ("field", "wrong"), [("goals_initiative", "x" * 501), ("talked_on", "gisteren")]
)
def test_a_card_with_something_wrong_keeps_what_was_typed(client_as, field, wrong):
    lab = LabFactory()
    _initiative, at = there(lab)

    response = client_as(STAFF, lab).post(at + "kennismaking/", CARD | {field: wrong, "seen": "x"})

    assert field in response.context["form"].errors
    assert CARD["wishes_municipality"] in response.content.decode()
    assert not Acquaintance.objects.exists()


PAGES = ["kennismaking/", "gesprekken/", "afspraken/", "afspraken/nieuw/", "voorbereiding/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 200), (TRAINER, 200), (COORDINATOR, 200), (PARTICIPANT, 404), (STRANGER, 404)],
)
def test_who_sees_these_pages(client_as, role, status, page):
    lab = LabFactory()
    _initiative, at = there(lab)

    assert client_as(role, lab).get(at + page).status_code == status


@pytest.mark.parametrize("role", [PARTICIPANT, STRANGER])
@pytest.mark.parametrize("page", ["kennismaking/", "gesprekken/", "afspraken/nieuw/"])
def test_nobody_else_writes(client_as, role, page):
    lab = LabFactory()
    initiative, at = there(lab)

    assert client_as(role, lab).post(at + page, CARD | TALK).status_code == 404
    assert not Acquaintance.objects.exists()
    assert not initiative.conversations.exists()


def test_another_municipality_finds_nothing(client_as):
    initiative = InitiativeFactory()
    talk = talks.note(UserFactory(), initiative, **TALK)
    client = client_as(TRAINER, LabFactory())

    for page in [*PAGES, f"gesprekken/{talk.pk}/"]:
        assert client.get(f"/initiatieven/{initiative.slug}/{page}").status_code == 404


def test_a_talk_is_written_down_with_who_did(client_as):
    lab = LabFactory()
    initiative, at = there(lab)

    client_as(COORDINATOR, lab).post(at + "gesprekken/", TALK)

    talk = initiative.conversations.get()
    assert (talk.notes, talk.kind) == ("Er was soep.", "coffee")
    assert talk.by == person_with(COORDINATOR, lab)
    assert Event.objects.get().name == "conversation_noted"


@pytest.mark.parametrize(
    "wrong", [{"held_on": ""}, {"held_on": "40-1"}, {"kind": "x"}, {"notes": ""}]
)
def test_a_talk_with_something_missing_is_not_kept(client_as, wrong):
    lab = LabFactory()
    _initiative, at = there(lab)

    response = client_as(TRAINER, lab).post(at + "gesprekken/", TALK | wrong)

    assert list(response.context["form"].errors) == list(wrong)
    assert "Truus" in response.content.decode()
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"), [(COORDINATOR, 302), (STAFF, 302), (TRAINER, 403), (PARTICIPANT, 404)]
)
def test_a_talk_is_changed_by_who_wrote_it_and_by_staff(client_as, role, status):
    lab = LabFactory()
    initiative, at = there(lab)
    talk = talks.note(person_with(COORDINATOR, lab), initiative, **TALK)
    client, page = client_as(role, lab), f"{at}gesprekken/{talk.pk}/"

    assert client.post(page, TALK | {"notes": "Thee."}).status_code == status
    talk.refresh_from_db()
    assert talk.notes == ("Thee." if status == 302 else "Er was soep.")
    assert client.post(page, {"remove": "1"}).status_code == status
    assert initiative.conversations.exists() == (status != 302)


def test_a_talk_of_another_initiative_is_not_found_here(client_as):
    lab = LabFactory()
    _initiative, at = there(lab)
    other = talks.note(UserFactory(), there(lab)[0], **TALK)

    assert client_as(STAFF, lab).get(f"{at}gesprekken/{other.pk}/").status_code == 404


def test_the_actions_refuse_somebody_elses_talk():
    talk = talks.note(UserFactory(), InitiativeFactory(), **TALK)

    with pytest.raises(Refused):
        talks.change(UserFactory(), talk, notes="Anders.")
    with pytest.raises(Refused):
        talks.remove(UserFactory(), talk)
    assert Conversation.objects.get().notes == "Er was soep."


def with_much(lab, count):
    initiative, at = there(lab)
    for number in range(count):
        by = UserFactory()
        talks.note(by, initiative, **TALK | {"held_on": timezone.localdate()})
        agreements.agree(by, initiative, what=f"Afspraak {number}", decision="decided")
    return at


@pytest.mark.parametrize("count", [1, 8])
@pytest.mark.parametrize(
    ("page", "queries"), [("gesprekken/", 6), ("afspraken/", 6), ("voorbereiding/", 7)]
)
def test_the_pages_cost_the_same_for_one_and_for_eight(
    client_as, django_assert_max_num_queries, page, queries, count
):
    lab = LabFactory()
    at = with_much(lab, count)
    client = client_as(TRAINER, lab)

    with django_assert_max_num_queries(queries):
        assert client.get(at + page).status_code == 200


def test_the_profile_tells_the_latest_talks_and_what_waits_for_a_decision(client_as):
    lab = LabFactory()
    initiative, at = there(lab)
    by = person_with(TRAINER, lab)
    talks.note(by, initiative, **TALK)
    agreements.agree(by, initiative, what="We bellen.", next_message_on=timezone.localdate())

    page = client_as(COORDINATOR, lab).get(at).content.decode()

    assert "Er was soep." in page
    assert "We bellen." in page
    assert f'href="{at}kennismaking/"' in page
    assert f'href="{at}voorbereiding/"' in page
    assert f'href="{at}link/"' in page


def test_what_people_type_is_text(client_as):
    lab = LabFactory()
    initiative, at = there(lab)
    code = "<script>alert(1)</script>"
    by = person_with(TRAINER, lab)
    talks.note(by, initiative, **TALK | {"notes": code, "present": code})
    talks.write_card(by, initiative, None, goals_initiative=code)
    agreements.agree(by, initiative, what=code, decision="decided")

    for page in ["", *PAGES]:
        assert code not in client_as(STAFF, lab).get(at + page).content.decode()
