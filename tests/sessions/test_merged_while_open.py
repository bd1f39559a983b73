"""An initiative turns out to be another one while somebody has a page of it open: nothing is lost.

Each page is opened, then the two are made one, then the form is sent.
"""

import pytest

from initiatives import doubles, profile_links, talks
from initiatives.models import Acquaintance, Agreement, Contact, Conversation, Initiative
from sessions import endorsements, visits
from sessions.models import Endorsement, LabInitiative, Visit, VisitNote
from tests.conftest import person_with
from tests.factories import (
    AdviceFactory,
    InitiativeFactory,
    LabFactory,
    LabInitiativeFactory,
    UserFactory,
    chosen,
    today,
)
from tests.initiatives.test_own_profile import TYPED
from tests.sessions.test_visit_notes import by_the_link, sent, visited
from werklab import links
from werklab.access import TRAINER
from werklab.errors import Refused
from werklab.models import Event, OutgoingMail, PersonalLink

KEPT, GONE = "De Kruidhoek", "Natuurtuin Kruidhoek"


@pytest.fixture
def lab():
    return LabFactory()


@pytest.fixture
def keep(lab):
    return InitiativeFactory(municipality=lab.municipality, name=KEPT)


@pytest.fixture
def gone(lab):
    return InitiativeFactory(municipality=lab.municipality, name=GONE)


def merge(keep, gone):
    """What a trainer does meanwhile."""
    doubles.merge(UserFactory(), keep, gone)


def register():
    """What the register says: initiatives and whom to reach."""
    return [list(model.objects.order_by("pk").values()) for model in (Initiative, Contact)]


def link_path(purpose, target):
    return links.path(PersonalLink.objects.get(purpose=purpose, target_id=target.pk))


# --- behind a link --------------------------------------------------------------------------------


def test_a_profile_that_was_open_is_not_kept_and_stands_there_to_copy(client, lab, keep, gone):
    path = profile_links.path(profile_links.renew(UserFactory(), gone))
    assert client.get(path).status_code == 200
    merge(keep, gone)
    before = register()

    response = client.post(path, TYPED)

    assert response.status_code == 410
    assert f"{GONE} stond twee keer in de lijst" in response.text
    assert KEPT in response.text
    assert lab.contact_phone in response.text  # whom to call for the link that belongs to it
    for words in (TYPED["description"], TYPED["does_not"], TYPED["contact_phone"]):
        assert words in response.text
    assert keep.contact.email not in response.text
    assert register() == before
    assert Event.objects.filter(name="initiative_changed").count() == 0


def test_a_profile_sent_at_the_very_moment_of_merging_is_not_written_at_all(keep, gone):
    link = profile_links.open_link(
        profile_links.path(profile_links.renew(UserFactory(), gone)).split("/")[-2]
    )
    merge(keep, gone)
    before = register()

    with pytest.raises(Refused):
        profile_links.change_own(link, name=GONE, description="Te laat", contact=None)

    assert register() == before


def test_the_profile_link_of_the_one_that_is_kept_still_works(client, keep, gone):
    path = profile_links.path(profile_links.renew(UserFactory(), keep))
    merge(keep, gone)

    assert client.post(path, TYPED).status_code == 302
    keep = Initiative.objects.get(pk=keep.pk)
    assert (keep.name, keep.contact.name) == (TYPED["name"], TYPED["contact_name"])


def test_nobody_mails_or_renews_the_link_of_one_that_went_up_in_another(client_as, lab, keep, gone):
    profile_links.renew(UserFactory(), gone)
    client, page = client_as(TRAINER, lab), f"/initiatieven/{gone.slug}/link/"
    merge(keep, gone)

    for action in ("nieuw/", "mailen/"):
        assert "staat niet meer in de lijst" in client.post(page + action, follow=True).text
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ({"answer": "welcome", "note": "Er is een trap."}, "welcome"),
        ({"answer": "other_time", "other_time": "Liever woensdag"}, "other_time"),
        ({"answer": "not_now"}, "not_now"),
    ],
)
def test_a_question_for_a_visit_that_was_open_is_answered(client, lab, keep, gone, sent, answer):
    chosen(lab, gone)
    slots = [(lab.starts_at, lab.sessions.get(number=1).ends_at)]
    visit = visits.ask(person_with(TRAINER, lab), lab, gone, "Kruidenpad 14", 5, slots)
    path = link_path("visit", visit)
    assert client.get(path).status_code == 200
    merge(keep, gone)

    assert client.post(path, sent).status_code == 302

    visit = Visit.objects.get(pk=visit.pk)
    assert (visit.answer, visit.guest_of.initiative) == (answer, keep)
    assert (visit.note, visit.other_time) == (sent.get("note", ""), sent.get("other_time", ""))
    assert f"namens {GONE}" in client.get(path).text  # the name by which they were asked
    trainers = OutgoingMail.objects.filter(kind__startswith="visit_").exclude(
        kind="visit_confirmed"
    )
    assert trainers.count() >= 2
    assert all(KEPT in letter.subject + letter.text for letter in trainers)


def test_an_advice_that_was_being_read_is_answered_for_the_one_that_is_kept(
    client, lab, keep, gone
):
    taker = LabInitiativeFactory(lab=lab, initiative=gone)
    advice = AdviceFactory(lab=lab)
    endorsements.ask(UserFactory(), lab)
    path = link_path("endorse", taker)
    assert GONE in client.get(path).text
    merge(keep, gone)
    key = f"{advice.pk}-{taker.pk}"

    response = client.post(
        path, {f"seen-{key}": advice.text_version, f"answer-{key}": "yes", f"if-{key}": ""}
    )

    assert response.status_code == 302
    said = Endorsement.objects.get()
    assert (said.answer, said.advice, said.initiative.initiative) == ("yes", advice, keep)
    page = client.get(path).text
    assert KEPT in page
    assert GONE not in page


def test_notes_that_were_open_are_put_right(client):
    visit = visited()
    note = sent(visit)
    gone = visit.guest_of.initiative
    path = by_the_link(visit)
    assert client.get(path).status_code == 200
    merge(InitiativeFactory(municipality=gone.municipality, name=KEPT), gone)

    response = client.post(path, {f"note_{note.pk}": "Bel ons op maandag.", "agrees": "1"})

    assert response.status_code == 302
    assert VisitNote.objects.get().text == "Bel ons op maandag."


# --- at a trainer's ------------------------------------------------------------------------------


def test_a_change_by_a_trainer_is_refused_with_everything_typed_still_there(
    client_as, lab, keep, gone
):
    client, path = client_as(TRAINER, lab), f"/initiatieven/{gone.slug}/wijzig/"
    assert client.get(path).status_code == 200
    merge(keep, gone)
    before = register()

    response = client.post(path, TYPED | {"source": "trainers"})

    assert response.status_code == 200
    assert KEPT in str(response.context["form"].errors["name"])
    assert TYPED["description"] in response.text
    assert TYPED["contact_phone"] in response.text
    assert register() == before
    assert client.get(path).url == f"/initiatieven/{keep.slug}/wijzig/"


TALK = {"held_on": "2026-03-02", "kind": "coffee", "present": "", "notes": "Goed gesprek."}
PROMISE = {"what": "Sleutel van de kas", "role": "none", "decision": "decided", "shown": "on"}


@pytest.mark.parametrize(
    ("tail", "words", "model"),
    [
        ("gesprekken/", TALK, Conversation),
        ("afspraken/nieuw/", PROMISE, Agreement),
        ("kennismaking/", {"goals_initiative": "Groen in de wijk"}, Acquaintance),
    ],
)
def test_what_a_trainer_writes_down_comes_to_the_one_that_is_kept(
    client_as, lab, keep, gone, tail, words, model
):
    client, path = client_as(TRAINER, lab), f"/initiatieven/{gone.slug}/{tail}"
    assert client.get(path).status_code == 200
    merge(keep, gone)

    response = client.post(path, words, follow=True)

    assert response.status_code == 200
    assert model.objects.get().initiative == keep
    assert keep.slug in response.redirect_chain[-1][0]


def test_a_talk_that_was_being_changed_is_changed_where_it_went(client_as, lab, keep, gone):
    client = client_as(TRAINER, lab)
    client.post(f"/initiatieven/{gone.slug}/gesprekken/", TALK)
    path = f"/initiatieven/{gone.slug}/gesprekken/{Conversation.objects.get().pk}/"
    assert client.get(path).status_code == 200
    merge(keep, gone)

    assert client.post(path, TALK | {"notes": "Heel goed gesprek."}).status_code == 302

    talk = Conversation.objects.get()
    assert (talk.initiative, talk.notes) == (keep, "Heel goed gesprek.")


def test_a_card_on_which_somebody_wrote_at_the_one_that_is_kept_is_not_written_over(
    client_as, lab, keep, gone
):
    talks.write_card(UserFactory(), keep, seen=None, goals_initiative="Rust")
    client, path = client_as(TRAINER, lab), f"/initiatieven/{gone.slug}/kennismaking/"
    client.get(path)
    merge(keep, gone)

    response = client.post(path, {"goals_initiative": "Groen in de wijk"})

    assert "Groen in de wijk" in response.text
    assert Acquaintance.objects.get().goals_initiative == "Rust"


def test_the_action_itself_follows_to_the_one_that_is_kept(keep, gone):
    merge(keep, gone)

    talk = talks.note(UserFactory(), gone, held_on=today(), kind="coffee", notes="Net te laat.")

    assert talk.initiative == keep


def test_a_trainer_who_was_about_to_ask_the_other_one_is_told(client_as, lab, keep, gone):
    chosen(lab, gone)
    client, path = client_as(TRAINER, lab), f"/werklabs/{lab.slug}/bezoeken/vragen/"
    merge(keep, gone)
    words = {"initiative": gone.pk, "place": "Kruidenpad 14", "group_size": 5, "said_yes": "on"}
    day = {"day_1": today(28).isoformat(), "begin_1": "10:00", "end_1": "11:30"}

    client.post(path, words | day)

    assert not Visit.objects.exists()
    assert LabInitiative.objects.get().initiative == keep
