"""Writing the advice: from a card or a sentence, by several people, in order, with sources."""

import pytest
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.html import escape

from sessions import advice as actions
from sessions.forms.advice import AdviceForm
from sessions.models import Advice, Card, Report
from tests.conftest import STRANGER, person_with
from tests.factories import (
    AdviceFactory,
    CardFactory,
    EndorsementFactory,
    LabFactory,
    LabInitiativeFactory,
    UserFactory,
)
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.errors import Refused
from werklab.models import Lab

WORDS = {
    "title": "Bel binnen drie dagen terug",
    "text": "Ook als er nog geen antwoord is.",
    "why": "Stilte doet meer schade dan een nee.",
    "for_whom": "Alle initiatieven",
    "first_step": "Spreek het af in elk teamoverleg.",
    "owner": "Teamleiders",
    "term": "now",
    "needs": "Niets extra",
}


def final(lab):
    """A final report stands: nothing may change."""
    return Report.objects.create(lab=lab, number=1, pdf=b"%PDF", sha256="0" * 64)


def path(lab, tail=""):
    return f"/werklabs/{lab.slug}/advies/{tail}"


@pytest.mark.req("REQ-116", "REQ-117")
@pytest.mark.parametrize("kind", ["strength", "do", "need_organisation"])
def test_a_card_of_any_session_becomes_an_advice_that_comes_from_it(kind):
    card = CardFactory(lab=LabFactory(), kind=kind)

    advice = actions.advice_from_card(UserFactory(), card)

    assert (advice.title, list(advice.sources.all())) == (card.text, [card])


@pytest.mark.req("REQ-116")
def test_a_second_press_on_the_same_card_gives_the_same_advice():
    card, writer = CardFactory(), UserFactory()

    first = actions.advice_from_card(writer, card)
    second = actions.advice_from_card(writer, card)

    assert (first, Advice.objects.count()) == (second, 1)


def test_a_card_may_become_another_advice_once_the_first_has_its_own_words():
    card, writer = CardFactory(), UserFactory()
    first = actions.advice_from_card(writer, card)
    actions.change_advice(writer, first, WORDS, seen=1)

    second = actions.advice_from_card(writer, card)

    assert [advice.position for advice in (first, second)] == [1, 2]


def test_a_long_card_keeps_all_its_words():
    card = CardFactory(text="Bel " + "altijd " * 39)

    advice = actions.advice_from_card(UserFactory(), card)

    assert (len(advice.title), advice.text) == (120, card.text)


@pytest.mark.req("REQ-115")
def test_a_participant_writes_an_advice_with_only_a_sentence(client_as):
    lab = LabFactory()

    response = client_as(PARTICIPANT, lab).post(path(lab, "nieuw/"), {"title": "Bel terug"})

    advice = lab.advices.get()
    assert (advice.title, response["Location"]) == ("Bel terug", path(lab, f"{advice.pk}/"))


@pytest.mark.req("REQ-115")
def test_a_participant_who_came_by_link_writes_along(by_link):
    lab = LabFactory(taken=1)

    by_link(lab.enrolments.get()).post(path(lab, "nieuw/"), WORDS)

    assert lab.advices.values(*WORDS).get() == WORDS


def test_a_form_sent_twice_makes_one_advice(client_as):
    lab = LabFactory()
    client = client_as(TRAINER, lab)

    answers = [client.post(path(lab, "nieuw/"), WORDS)["Location"] for _ in range(2)]

    assert (answers[0], lab.advices.count()) == (answers[1], 1)
    assert lab.events.filter(name="advice_written").count() == 1


def test_without_a_sentence_the_rest_stays_in_the_form(client_as):
    lab = LabFactory()

    response = client_as(TRAINER, lab).post(path(lab, "nieuw/"), WORDS | {"title": " "})

    assert (response.status_code, lab.advices.count()) == (200, 0)
    assert list(response.context["form"].errors) == ["title"]
    assert WORDS["why"] in response.content.decode()


@pytest.mark.parametrize(
    ("field", "text"),
    [("title", "x" * 10_000), ("why", "y" * 10_000), ("needs", "a\0b"), ("term", "never")],
)
def test_what_cannot_be_kept_is_refused_where_it_was_typed(client_as, field, text):
    advice = AdviceFactory()
    before = Advice.objects.values().get()

    response = client_as(TRAINER, advice.lab).post(
        path(advice.lab, f"{advice.pk}/"), WORDS | {field: text, "seen": 1}
    )

    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert Advice.objects.values().get() == before


def test_what_people_type_is_text(client_as):
    words = WORDS | {"title": "<script>alert(1)</script> & meer", "why": "Heel blij 👍🏽 مرحبا"}
    advice = AdviceFactory(**words)

    page = client_as(TRAINER, advice.lab).get(path(advice.lab, f"{advice.pk}/")).content.decode()

    assert "<script>alert" not in page
    assert escape(words["title"]) in page
    assert words["why"] in page


def test_new_words_make_a_new_version_of_the_text():
    advice = AdviceFactory()

    changed = actions.change_advice(UserFactory(), advice, WORDS, seen=1)

    assert changed.text_version == 2
    assert Advice.objects.values(*WORDS).get() == WORDS


def test_the_same_words_change_nothing():
    advice = AdviceFactory(**WORDS)

    actions.change_advice(UserFactory(), advice, WORDS, seen=1)

    assert advice.lab.events.count() == 0
    assert Advice.objects.get().text_version == 1


def test_line_ends_of_a_browser_are_no_other_text():
    advice = AdviceFactory(**WORDS | {"why": "Eerst dit.\nDan dat."})
    form = AdviceForm(WORDS | {"why": "Eerst dit.\r\nDan dat.", "seen": 1}, instance=advice)

    assert form.is_valid()
    assert form.words["why"] == advice.why


def test_the_second_of_two_writers_sees_both_texts_and_can_then_save(client_as):
    advice = AdviceFactory(**WORDS)
    page = path(advice.lab, f"{advice.pk}/")
    client = client_as(TRAINER, advice.lab)
    actions.change_advice(UserFactory(), advice, WORDS | {"why": "Van de eerste."}, seen=1)
    mine = WORDS | {"why": "Van de tweede."}

    response = client.post(page, mine | {"seen": 1})

    both = response.content.decode()
    assert response.status_code == 200
    assert "Van de eerste." in both
    assert "Van de tweede." in both
    assert list(response.context["form"].errors) == ["__all__", "why"]
    assert Advice.objects.get().why == "Van de eerste."

    again = client.post(page, mine | {"seen": response.context["form"]["seen"].value()})

    assert again.status_code == 302
    assert Advice.objects.get().why == "Van de tweede."


def test_a_form_with_the_same_words_sent_twice_is_no_clash(client_as):
    advice = AdviceFactory()
    client = client_as(TRAINER, advice.lab)

    codes = [
        client.post(path(advice.lab, f"{advice.pk}/"), WORDS | {"seen": 1}).status_code
        for _ in range(2)
    ]

    assert codes == [302, 302]
    assert Advice.objects.get().text_version == 2


@pytest.mark.req("REQ-115")
@pytest.mark.parametrize(
    ("which", "step", "order"),
    [(0, "down", [1, 0, 2]), (2, "up", [0, 2, 1]), (0, "up", [0, 1, 2]), (2, "down", [0, 1, 2])],
)
def test_a_trainer_puts_the_advices_in_order(client_as, which, step, order):
    lab = LabFactory()
    advices = [AdviceFactory(lab=lab) for _ in range(3)]

    client_as(TRAINER, lab).post(path(lab, f"{advices[which].pk}/schuif/"), {"step": step})

    assert list(lab.advices.all()) == [advices[index] for index in order]


def test_another_step_than_up_or_down_is_no_request(client_as):
    advice = AdviceFactory()

    response = client_as(TRAINER, advice.lab).post(path(advice.lab, f"{advice.pk}/schuif/"))

    assert response.status_code == 400


def test_an_advice_that_is_taken_away_leaves_its_cards(client_as):
    lab = LabFactory()
    advice = AdviceFactory(lab=lab, sources=[CardFactory(lab=lab)])
    EndorsementFactory(advice=advice)

    client_as(TRAINER, lab).post(path(lab, f"{advice.pk}/weg/"))

    assert (lab.advices.count(), Card.objects.count()) == (0, 1)


@pytest.mark.req("REQ-117")
def test_cards_are_tied_from_the_side_of_the_advice(client_as):
    lab = LabFactory()
    advice = AdviceFactory(lab=lab, sources=[CardFactory(lab=lab)])
    cards = [CardFactory(lab=lab, kind=kind) for kind in ("do", "role")]

    client_as(PARTICIPANT, lab).post(
        path(lab, f"{advice.pk}/bronnen/"), {"cards": [card.pk for card in cards]}
    )

    assert set(advice.sources.all()) >= set(cards)
    assert advice.sources.count() == 3


@pytest.mark.parametrize("cards", ["nothing", "of another lab", "not a number"])
def test_other_cards_than_those_of_the_boards_are_refused(client_as, cards):
    advice = AdviceFactory()
    chosen = {"nothing": [], "of another lab": [CardFactory().pk], "not a number": ["x"]}[cards]

    response = client_as(TRAINER, advice.lab).post(
        path(advice.lab, f"{advice.pk}/bronnen/"), {"cards": chosen}
    )

    assert (response.status_code, list(response.context["form"].errors)) == (200, ["cards"])
    assert advice.sources.count() == 0


def test_what_was_chosen_stays_chosen_when_one_card_is_gone(client_as):
    lab = LabFactory()
    advice, card = AdviceFactory(lab=lab), CardFactory(lab=lab)

    response = client_as(TRAINER, lab).post(
        path(lab, f"{advice.pk}/bronnen/"), {"cards": [card.pk, 999_999]}
    )

    assert f'value="{card.pk}" checked' in response.content.decode()


@pytest.mark.req("REQ-117")
def test_tying_from_the_side_of_the_card_twice_is_once():
    lab = LabFactory()
    advice, card = AdviceFactory(lab=lab), CardFactory(lab=lab)

    actions.tie(UserFactory(), advice, card)
    actions.tie(UserFactory(), advice, card)

    assert (list(advice.sources.all()), lab.events.count()) == ([card], 1)


def test_a_card_of_another_lab_is_no_source():
    advice = AdviceFactory()

    with pytest.raises(Refused):
        actions.tie(UserFactory(), advice, CardFactory())

    assert advice.sources.count() == 0


@pytest.mark.req("REQ-117")
def test_a_source_of_an_advice_cannot_be_deleted():
    lab = LabFactory()
    card = CardFactory(lab=lab)
    AdviceFactory(lab=lab, sources=[card])

    with pytest.raises(ProtectedError):
        card.delete()


def test_a_source_is_untied_and_stays_on_its_board(client_as):
    lab = LabFactory()
    card = CardFactory(lab=lab)
    advice = AdviceFactory(lab=lab, sources=[card])

    client_as(TRAINER, lab).post(path(lab, f"{advice.pk}/bronnen/{card.pk}/los/"))

    assert (advice.sources.count(), Card.objects.count()) == (0, 1)


ACTIONS = {
    "write": lambda by, lab, advice, card: actions.write_advice(by, lab, WORDS),
    "from card": lambda by, lab, advice, card: actions.advice_from_card(by, card),
    "change": lambda by, lab, advice, card: actions.change_advice(by, advice, WORDS, seen=1),
    "move": lambda by, lab, advice, card: actions.move(by, advice, 1),
    "remove": lambda by, lab, advice, card: actions.remove(by, advice),
    "tie": lambda by, lab, advice, card: actions.tie(by, advice, card),
    "untie": lambda by, lab, advice, card: actions.untie(by, advice, advice.sources.get()),
}


def everything(lab):
    return list(lab.advices.values()), list(lab.advices.values_list("pk", "sources"))


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("reason", ["a final report stands", "the lab is closed"])
def test_what_is_final_does_not_change(name, reason):
    lab = LabFactory()
    advice = AdviceFactory(lab=lab, sources=[CardFactory(lab=lab)])
    AdviceFactory(lab=lab)
    card = CardFactory(lab=lab)
    if reason == "a final report stands":
        final(lab)
    else:
        Lab.objects.update(status=Lab.Status.CLOSED)
    before = everything(lab)

    with pytest.raises(Refused):
        ACTIONS[name](UserFactory(), lab, advice, card)

    assert everything(lab) == before
    assert lab.events.count() == 0


@pytest.mark.parametrize("name", ACTIONS)
def test_every_change_stands_once_in_the_logbook(name):
    lab = LabFactory()
    advice = AdviceFactory(lab=lab, sources=[CardFactory(lab=lab)])
    AdviceFactory(lab=lab)

    ACTIONS[name](UserFactory(), lab, advice, CardFactory(lab=lab))

    assert lab.events.count() == 1
    assert Lab.objects.get().version == 1


def test_who_was_writing_when_it_became_final_keeps_the_text(client_as):
    advice = AdviceFactory()
    final(advice.lab)

    response = client_as(TRAINER, advice.lab).post(
        path(advice.lab, f"{advice.pk}/"), WORDS | {"seen": 1}
    )

    assert response.status_code == 200
    assert WORDS["why"] in response.content.decode()
    assert Advice.objects.get().text_version == 1


PAGES = {
    "": {STAFF: 200, TRAINER: 200, COORDINATOR: 200, PARTICIPANT: 200, STRANGER: 404},
    "nieuw/": {STAFF: 403, TRAINER: 200, COORDINATOR: 403, PARTICIPANT: 200, STRANGER: 404},
    "{pk}/": {STAFF: 200, TRAINER: 200, COORDINATOR: 200, PARTICIPANT: 200, STRANGER: 404},
    "{pk}/bronnen/": {STAFF: 403, TRAINER: 200, COORDINATOR: 403, PARTICIPANT: 200, STRANGER: 404},
}


@pytest.mark.parametrize("where", PAGES)
@pytest.mark.parametrize("role", [STAFF, TRAINER, COORDINATOR, PARTICIPANT, STRANGER])
def test_who_may_read_and_write(client_as, where, role):
    advice = AdviceFactory(sources=[])
    CardFactory(lab=advice.lab)

    response = client_as(role, advice.lab).get(path(advice.lab, where.format(pk=advice.pk)))

    assert response.status_code == PAGES[where][role]


@pytest.mark.parametrize("tail", ["{pk}/schuif/", "{pk}/weg/"])
@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 302), (TRAINER, 302), (COORDINATOR, 403), (PARTICIPANT, 403), (STRANGER, 404)],
)
def test_who_may_order_and_take_away(client_as, tail, role, status):
    lab = LabFactory()
    first, _second = AdviceFactory(lab=lab), AdviceFactory(lab=lab)

    response = client_as(role, lab).post(path(lab, tail.format(pk=first.pk)), {"step": "down"})

    assert response.status_code == status
    assert (lab.advices.first() == first) == (status != 302)


@pytest.mark.parametrize("role", [STAFF, COORDINATOR])
def test_who_only_reads_cannot_change_a_word(client_as, role):
    advice = AdviceFactory()

    response = client_as(role, advice.lab).post(path(advice.lab, f"{advice.pk}/"), WORDS)

    assert (response.status_code, Advice.objects.get().text_version) == (403, 1)


@pytest.mark.parametrize("tail", ["{pk}/", "{pk}/schuif/", "{pk}/weg/", "{pk}/bronnen/"])
def test_an_advice_of_another_lab_is_not_found(client_as, tail):
    lab, other = LabFactory(), AdviceFactory()

    response = client_as(TRAINER, lab).post(path(lab, tail.format(pk=other.pk)), {"step": "up"})

    assert response.status_code == 404


@pytest.mark.parametrize("tail", ["{pk}/schuif/", "{pk}/weg/", "{pk}/bronnen/1/los/"])
def test_a_link_changes_nothing(client_as, tail):
    advice = AdviceFactory()

    response = client_as(TRAINER, advice.lab).get(path(advice.lab, tail.format(pk=advice.pk)))

    assert (response.status_code, Advice.objects.count()) == (405, 1)


@pytest.mark.parametrize(("count", "hint"), [(10, False), (11, True)])
def test_more_than_ten_is_a_hint_and_no_wall(client_as, count, hint):
    lab = LabFactory()
    for _ in range(count):
        AdviceFactory(lab=lab)

    response = client_as(TRAINER, lab).get(path(lab))

    assert response.context["too_many"] is hint
    assert len(response.context["draft"].rows) == count


def test_the_list_tells_how_far_each_advice_is(client_as):
    lab = LabFactory()
    LabInitiativeFactory(lab=lab)
    ready = AdviceFactory(lab=lab, sources=[CardFactory(lab=lab)])
    AdviceFactory(lab=lab, sources=[])
    AdviceFactory(lab=lab, sources=[CardFactory(lab=lab)], first_step="")
    EndorsementFactory(advice=ready, initiative=lab.initiatives.get())

    rows = client_as(TRAINER, lab).get(path(lab)).context["draft"].rows

    assert [row.is_ready for row in rows] == [True, False, False]
    assert (rows[0].support.endorsing, rows[0].support.total) == (1, 1)


@pytest.mark.parametrize("where", ["", "{pk}/"])
@pytest.mark.parametrize("many", [1, 8])
def test_the_pages_cost_the_same_for_one_and_for_eight(
    client_as, django_assert_num_queries, where, many
):
    lab = LabFactory()
    for _ in range(many):
        card = CardFactory(lab=lab)
        advice = AdviceFactory(lab=lab, sources=[card, CardFactory(lab=lab, kind="do")])
        EndorsementFactory(advice=advice)
    client = client_as(TRAINER, lab)

    with django_assert_num_queries(10):
        client.get(path(lab, where.format(pk=advice.pk)))


def test_saving_and_choosing_cards_is_one_press(client_as):
    advice = AdviceFactory()

    response = client_as(TRAINER, advice.lab).post(
        path(advice.lab, f"{advice.pk}/"), WORDS | {"seen": 1, "choose": "1"}
    )

    assert response["Location"] == path(advice.lab, f"{advice.pk}/bronnen/")
    assert Advice.objects.get().title == WORDS["title"]


def test_the_time_of_a_change_is_kept():
    advice = AdviceFactory()
    now = timezone.now()

    actions.change_advice(person_with(TRAINER, advice.lab), advice, WORDS, seen=1, now=now)

    assert Advice.objects.get().changed_at == now
