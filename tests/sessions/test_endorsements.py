"""Initiatives read along: asked by letter or link, answering per advice, asked again on change."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape

from sessions import advice as advices
from sessions import endorsements as actions
from sessions.models import Endorsement, LabInitiative, Presentation, Report
from tests.conftest import STRANGER
from tests.factories import (
    AdviceFactory,
    EndorsementFactory,
    InitiativeFactory,
    LabFactory,
    LabInitiativeFactory,
    UserFactory,
)
from werklab import links, mail
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.errors import Refused
from werklab.models import OutgoingMail, PersonalLink

AGAIN = OutgoingMail.objects.filter(kind="endorse_again")


def lab_with(initiatives=1, how_many=1):
    """A lab with initiatives that take part and advices to read."""
    lab = LabFactory()
    takers = [LabInitiativeFactory(lab=lab) for _ in range(initiatives)]
    return lab, takers, [AdviceFactory(lab=lab) for _ in range(how_many)]


def link_path(initiative):
    return links.path(PersonalLink.objects.get(purpose="endorse", target_id=initiative.pk))


def filled_in(initiative, **answers):
    """What a browser sends: `a1="yes"` for the first advice, `if1="…"` for its condition."""
    data = {}
    for number, advice in enumerate(initiative.lab.advices.all(), start=1):
        key = f"{advice.pk}-{initiative.pk}"
        data |= {f"seen-{key}": advice.text_version}
        for name, field in (("a", "answer"), ("if", "if"), ("no", "no")):
            if f"{name}{number}" in answers:
                data[f"{field}-{key}"] = answers[f"{name}{number}"]
    return data


def said(advice, initiative, answer="yes", words="", seen=None):
    return actions.Said(initiative, advice, answer, words, seen or advice.text_version)


@pytest.mark.req("REQ-118")
def test_every_initiative_gets_one_letter_with_a_link_that_opens(client):
    lab, takers, _advices = lab_with(initiatives=2, how_many=3)

    letters = actions.ask(UserFactory(), lab)

    sent = OutgoingMail.objects.filter(kind="endorse_request")
    assert (letters, {letter.to for letter in sent}) == (
        2,
        {taker.initiative.contact.email for taker in takers},
    )
    for letter, taker in zip(sent.order_by("pk"), takers, strict=True):
        assert link_path(taker) in mail.message(letter).body
        assert client.get(link_path(taker)).status_code == 200


def test_the_letter_says_whom_to_call_and_until_when():
    lab, _takers, _advices = lab_with()
    now = timezone.now()
    Presentation.objects.create(lab=lab, date=timezone.localdate(now) + timedelta(days=8))

    actions.ask(UserFactory(), lab, now=now)

    letter = OutgoingMail.objects.get(kind="endorse_request")
    last_day = timezone.localdate(now) + timedelta(days=7)
    assert lab.contact_phone in letter.text
    assert f" {last_day.day} " in letter.text


@pytest.mark.req("REQ-118")
def test_an_initiative_without_an_address_has_a_link_to_pass_on(client_as):
    lab = LabFactory()
    quiet = InitiativeFactory(municipality=lab.municipality, contact=False)
    taker = LabInitiativeFactory(lab=lab, initiative=quiet)
    AdviceFactory(lab=lab)
    client = client_as(TRAINER, lab)

    client.post(f"/werklabs/{lab.slug}/advies/vraag/")

    assert OutgoingMail.objects.count() == 0
    assert link_path(taker) in client.get(f"/werklabs/{lab.slug}/advies/").content.decode()


def test_links_are_shown_to_trainers_and_not_to_participants(client_as):
    lab, (taker,), _advices = lab_with()
    actions.ask(UserFactory(), lab)

    page = client_as(PARTICIPANT, lab).get(f"/werklabs/{lab.slug}/advies/").content.decode()

    assert link_path(taker) not in page


def test_asking_twice_is_one_letter_each():
    lab, _takers, _advices = lab_with(initiatives=2)

    counts = [actions.ask(UserFactory(), lab) for _ in range(2)]

    assert (counts, OutgoingMail.objects.count()) == ([2, 0], 2)


def test_who_answered_everything_is_not_asked_later():
    lab, (done, _open), (advice,) = lab_with(initiatives=2)
    EndorsementFactory(advice=advice, initiative=done)

    actions.ask(UserFactory(), lab)

    assert [letter.to for letter in OutgoingMail.objects.all()] == [_open.initiative.contact.email]


@pytest.mark.parametrize("lacks", ["advices", "initiatives"])
def test_with_nothing_to_read_or_nobody_to_ask_nothing_happens(lacks):
    lab = LabFactory()
    if lacks == "advices":
        LabInitiativeFactory(lab=lab)
    else:
        AdviceFactory(lab=lab)

    with pytest.raises(Refused):
        actions.ask(UserFactory(), lab)

    assert (OutgoingMail.objects.count(), PersonalLink.objects.count()) == (0, 0)


@pytest.mark.req("REQ-118")
def test_an_initiative_answers_per_advice_without_an_account(client):
    lab, (taker,), _advices = lab_with(how_many=5)
    actions.ask(UserFactory(), lab)
    answers = {"a1": "yes", "a2": "yes_if", "if2": "Mits ook ’s avonds.", "a3": "no"}
    answers |= {"no3": "Dit is ons werk.", "a4": "no_opinion"}

    response = client.post(link_path(taker), filled_in(taker, **answers) | {"name_in_report": "on"})

    assert response["Location"] == link_path(taker)
    assert list(
        Endorsement.objects.order_by("advice__position").values_list("answer", "words")
    ) == [
        ("yes", ""),
        ("yes_if", "Mits ook ’s avonds."),
        ("no", "Dit is ons werk."),
        ("no_opinion", ""),
    ]
    assert LabInitiative.objects.get().name_in_report is True
    event = lab.events.get(name="endorsement_given")
    assert (event.by, event.by_name, event.via) == (None, str(taker), "link")


def test_nothing_is_chosen_beforehand_and_opening_changes_nothing(client):
    lab, (taker,), _advices = lab_with(how_many=2)
    actions.ask(UserFactory(), lab)

    page = client.get(link_path(taker)).content.decode()

    assert " checked" not in page
    assert Endorsement.objects.count() == 0


def test_what_was_answered_before_is_filled_in(client):
    lab, (taker,), (advice,) = lab_with()
    actions.ask(UserFactory(), lab)
    EndorsementFactory(advice=advice, initiative=taker, answer="yes_if", words="Mits het blijft.")

    page = client.get(link_path(taker)).content.decode()

    assert page.count(" checked") == 1
    assert "Mits het blijft." in page


def test_a_condition_without_words_is_asked_for_and_the_rest_stays(client):
    lab, (taker,), _advices = lab_with(how_many=2)
    actions.ask(UserFactory(), lab)

    response = client.post(
        link_path(taker), filled_in(taker, a1="yes_if", if1=" ", a2="no", no2="Te vaag.")
    )

    page = response.content.decode()
    assert (response.status_code, Endorsement.objects.count()) == (200, 0)
    assert page.count(" checked") == 2
    assert "Te vaag." in page


@pytest.mark.parametrize("wrong", [{"a1": "perhaps"}, {"a1": "no", "no1": "x" * 10_000}])
def test_other_answers_are_refused_with_a_sentence(client, wrong):
    lab, (taker,), _advices = lab_with()
    actions.ask(UserFactory(), lab)

    response = client.post(link_path(taker), filled_in(taker, **wrong))

    assert (response.status_code, Endorsement.objects.count()) == (200, 0)
    assert response.context["form"].errors


def test_words_that_belong_to_another_answer_are_not_kept(client):
    lab, (taker,), _advices = lab_with()
    actions.ask(UserFactory(), lab)

    client.post(link_path(taker), filled_in(taker, a1="yes", if1="hidden", no1="hidden"))

    assert Endorsement.objects.get().words == ""


def test_answers_of_somebody_else_cannot_be_slipped_in(client):
    lab, (taker, other), (advice,) = lab_with(initiatives=2)
    actions.ask(UserFactory(), lab)
    elsewhere = AdviceFactory()

    client.post(
        link_path(taker),
        {
            f"answer-{advice.pk}-{other.pk}": "no",
            f"answer-{elsewhere.pk}-{taker.pk}": "no",
            f"seen-{advice.pk}-{other.pk}": 1,
        },
    )

    assert Endorsement.objects.count() == 0


def test_an_answer_that_did_not_change_is_left_alone(client):
    lab, (taker,), (advice,) = lab_with()
    actions.ask(UserFactory(), lab)
    before = EndorsementFactory(advice=advice, initiative=taker)

    client.post(link_path(taker), filled_in(taker, a1="yes"))

    assert Endorsement.objects.get().answered_at == before.answered_at
    assert lab.events.filter(name="endorsement_given").count() == 0


def test_a_text_that_changed_while_it_was_read_must_be_read_again(client):
    lab, (taker,), (advice,) = lab_with()
    actions.ask(UserFactory(), lab)
    sent = filled_in(taker, a1="yes_if", if1="Mits dit.")
    advices.change_advice(UserFactory(), advice, {"title": "Heel anders"}, seen=1)

    response = client.post(link_path(taker), sent)

    page = response.content.decode()
    assert (response.status_code, Endorsement.objects.count()) == (200, 0)
    assert "Heel anders" in page
    assert "Mits dit." in page

    client.post(link_path(taker), filled_in(taker, a1="yes_if", if1="Mits dit."))

    assert Endorsement.objects.get().text_version == 2


def test_the_action_itself_refuses_an_answer_to_an_older_text():
    lab, (taker,), (advice,) = lab_with()
    advices.change_advice(UserFactory(), advice, {"title": "Heel anders"}, seen=1)

    with pytest.raises(actions.TextChanged):
        actions.answer(lab, [said(advice, taker, seen=1)], initiative=taker)

    assert Endorsement.objects.count() == 0


@pytest.mark.req("REQ-118", "REQ-119")
def test_an_endorsement_is_of_one_text():
    lab, (taker,), (advice,) = lab_with()
    actions.answer(lab, [said(advice, taker)], initiative=taker)

    changed = advices.change_advice(UserFactory(), advice, {"title": "Heel anders"}, seen=1)

    support = actions.support(lab, [changed])[advice.pk]
    assert (support.endorsing, support.answered, support.total) == (0, 0, 1)
    assert support.voices[0].outdated


def test_a_changed_advice_is_marked_and_its_old_answer_not_chosen(client):
    lab, (taker,), (advice,) = lab_with()
    actions.ask(UserFactory(), lab)
    actions.answer(lab, [said(advice, taker, "yes_if", "Mits dit.")], initiative=taker)
    advices.change_advice(UserFactory(), advice, {"title": "Heel anders"}, seen=1)

    response = client.get(link_path(taker))

    assert response.context["form"].questions()[0]["voice"].outdated
    assert " checked" not in response.content.decode()
    assert "Mits dit." in response.content.decode()


@pytest.mark.req("REQ-118")
def test_who_endorsed_is_asked_again_half_an_hour_after_the_last_change():
    lab, (taker, _silent), (advice,) = lab_with(initiatives=2)
    actions.answer(lab, [said(advice, taker)], initiative=taker)
    now = timezone.now()

    for minute in (0, 10, 25):
        advice = advices.change_advice(
            UserFactory(),
            advice,
            {"title": f"Versie {minute}"},
            seen=advice.text_version,
            now=now + timedelta(minutes=minute),
        )

    letter = AGAIN.get()
    assert (letter.to, letter.due_at) == (
        taker.initiative.contact.email,
        now + timedelta(minutes=55),
    )


def test_two_changed_advices_are_one_letter():
    lab, (taker,), both = lab_with(how_many=2)
    actions.answer(lab, [said(advice, taker) for advice in both], initiative=taker)

    for advice in both:
        advices.change_advice(UserFactory(), advice, {"title": "Anders"}, seen=1)

    assert AGAIN.count() == 1


def test_who_did_not_answer_the_first_letter_gets_no_second():
    lab, (taker,), (advice,) = lab_with()
    actions.answer(lab, [said(advice, taker)], initiative=taker)
    advice = advices.change_advice(UserFactory(), advice, {"title": "Een"}, seen=1)
    AGAIN.update(status=OutgoingMail.Status.SENT)

    advices.change_advice(UserFactory(), advice, {"title": "Twee"}, seen=2)

    assert AGAIN.count() == 1


@pytest.mark.parametrize("how", ["answered", "taken away", "asked anew"])
def test_a_letter_that_is_no_longer_needed_is_dropped(how):
    lab, (taker,), (advice,) = lab_with()
    actions.answer(lab, [said(advice, taker)], initiative=taker)
    advice = advices.change_advice(UserFactory(), advice, {"title": "Anders"}, seen=1)

    if how == "answered":
        actions.answer(lab, [said(advice, taker)], initiative=taker)
    elif how == "taken away":
        advices.remove(UserFactory(), advice)
    else:
        actions.ask(UserFactory(), lab)

    assert AGAIN.get().status == OutgoingMail.Status.DROPPED


@pytest.mark.req("REQ-118")
def test_a_trainer_writes_down_in_the_room_who_endorses_one_advice(client_as):
    lab, takers, (advice, later) = lab_with(initiatives=2, how_many=2)
    sent = filled_in(takers[0], a1="yes") | filled_in(takers[1], a1="no", no1="Te duur.")

    response = client_as(TRAINER, lab).post(f"/werklabs/{lab.slug}/advies/{advice.pk}/stem/", sent)

    voices = actions.support(lab, [advice])[advice.pk].voices
    assert [(voice.answer, voice.words, voice.recorded) for voice in voices] == [
        ("yes", "", True),
        ("no", "Te duur.", True),
    ]
    assert response["Location"] == f"/werklabs/{lab.slug}/advies/{later.pk}/stem/"


@pytest.mark.req("REQ-118")
def test_a_trainer_writes_down_every_answer_of_one_initiative(client_as):
    lab, (taker, _other), (advice, _second) = lab_with(initiatives=2, how_many=2)
    sent = filled_in(taker, a1="yes", a2="no_opinion") | {"name_in_report": "on"}
    page = f"/werklabs/{lab.slug}/advies/{advice.pk}/stem/?initiatief={taker.pk}"

    response = client_as(TRAINER, lab).post(page, sent)

    assert response["Location"] == f"/werklabs/{lab.slug}/advies/"
    assert list(Endorsement.objects.values_list("initiative", "answer")) == [
        (taker.pk, "yes"),
        (taker.pk, "no_opinion"),
    ]
    assert LabInitiative.objects.get(pk=taker.pk).name_in_report is True
    assert lab.events.get().name == "endorsement_recorded"


@pytest.mark.parametrize("wanted", ["abc", "0", "99999999999999999999", "²"])
def test_an_initiative_that_is_not_there_is_not_found(client_as, wanted):
    lab, _takers, (advice,) = lab_with()
    page = f"/werklabs/{lab.slug}/advies/{advice.pk}/stem/?initiatief={wanted}"

    assert client_as(TRAINER, lab).get(page).status_code == 404


@pytest.mark.req("REQ-119")
def test_yes_and_yes_if_count_as_endorsing_and_no_opinion_as_an_answer():
    lab, takers, (advice,) = lab_with(initiatives=5)
    for taker, answer in zip(takers, ["yes", "yes_if", "no", "no_opinion"], strict=False):
        EndorsementFactory(advice=advice, initiative=taker, answer=answer, words="Mits.")

    support = actions.support(lab, [advice])[advice.pk]

    assert (support.endorsing, support.answered, support.total) == (2, 4, 5)


@pytest.mark.parametrize("many", [1, 8])
def test_counting_costs_two_queries(django_assert_num_queries, many):
    lab, takers, found = lab_with(initiatives=many, how_many=many)
    for taker in takers:
        EndorsementFactory(advice=found[0], initiative=taker)

    with django_assert_num_queries(2):
        support = actions.support(lab, found)
        names = [str(voice.initiative) for voice in support[found[0].pk].voices]

    assert len(names) == many


@pytest.mark.parametrize("state", ["unknown", "over", "taken back", "for something else"])
def test_a_link_that_does_not_work_shows_a_page_and_keeps_nothing(client, state):
    lab, (taker,), _advices = lab_with()
    actions.ask(UserFactory(), lab)
    link = PersonalLink.objects.get()
    where = "/onderschrijven/bestaatniet/" if state == "unknown" else links.path(link)
    if state == "over":
        PersonalLink.objects.update(expires_at=timezone.now())
    if state == "taken back":
        links.take_back("endorse", taker.pk)
    if state == "for something else":
        PersonalLink.objects.update(purpose="board")

    codes = {
        client.get(where).status_code,
        client.post(where, filled_in(taker, a1="yes")).status_code,
    }

    assert codes == ({410} if state in ("over", "taken back") else {404})
    assert Endorsement.objects.count() == 0


def test_final_is_final_for_initiatives_too(client):
    lab, (taker,), (advice,) = lab_with()
    actions.ask(UserFactory(), lab)
    Report.objects.create(lab=lab, number=1, pdf=b"%PDF", sha256="0" * 64)

    page = client.get(link_path(taker))
    refused = client.post(link_path(taker), filled_in(taker, a1="yes"))

    assert (page.status_code, refused.status_code) == (200, 200)
    assert 'type="radio"' not in page.content.decode()
    assert escape(advice.title) in page.content.decode()
    assert Endorsement.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "asks", "records"),
    [
        (STAFF, 302, 403),
        (TRAINER, 302, 200),
        (COORDINATOR, 403, 403),
        (PARTICIPANT, 403, 403),
        (STRANGER, 404, 404),
    ],
)
def test_who_may_ask_and_write_down(client_as, role, asks, records):
    lab, _takers, (advice,) = lab_with()
    client = client_as(role, lab)

    asked = client.post(f"/werklabs/{lab.slug}/advies/vraag/")
    recorded = client.get(f"/werklabs/{lab.slug}/advies/{advice.pk}/stem/")

    assert (asked.status_code, recorded.status_code) == (asks, records)
    assert OutgoingMail.objects.count() == int(asks == 302)
