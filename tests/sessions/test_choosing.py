"""Choosing together: the long list, what both sides say, and the short list that is invited."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions import choosing, visits
from sessions.models import LabInitiative, Visit
from tests.conftest import STRANGER, person_with
from tests.factories import (
    InitiativeFactory,
    LabFactory,
    LabInitiativeFactory,
    VisitFactory,
    chosen,
)
from tests.sessions.test_visit_pages import question
from werklab import links
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.errors import Refused
from werklab.models import Event, Lab, OutgoingMail, PersonalLink

LSA, MUNICIPALITY = choosing.LSA, choosing.MUNICIPALITY
YES, RATHER_NOT = "yes", "rather_not"
WHY = "Onenigheid over de sleutel."


def page_of(lab):
    return f"/werklabs/{lab.slug}/bezoeken/kiezen/"


def ask(lab, initiative, **agreed):
    start = lab.starts_at + timedelta(hours=1)
    moment = (start, start + timedelta(hours=1))
    trainer = person_with(TRAINER, lab)
    more = visits.Agreed(**agreed)
    return visits.ask(trainer, lab, initiative, "Kruidenpad 14", 5, [moment], more)


def said(row):
    row = LabInitiative.objects.get(pk=row.pk)
    return row.lsa_says, row.lsa_why, row.municipality_says, row.municipality_why


# --- both sides -----------------------------------------------------------------------------------


@pytest.mark.req("REQ-021")
def test_each_side_says_what_it_thinks_and_both_yes_makes_the_short_list(client_as):
    row = LabInitiativeFactory()
    for role, side in ((TRAINER, LSA), (COORDINATOR, MUNICIPALITY)):
        assert not choosing.is_chosen(LabInitiative.objects.get(pk=row.pk))
        post = {"row": row.pk, "side": side, "choice": YES}
        assert client_as(role, row.lab).post(page_of(row.lab), post).status_code == 302

    assert choosing.is_chosen(LabInitiative.objects.get(pk=row.pk))
    assert Event.objects.filter(name="initiative_weighed").count() == 2


@pytest.mark.parametrize(
    ("role", "side", "status"),
    [
        (STAFF, LSA, 302),
        (TRAINER, LSA, 302),
        (COORDINATOR, LSA, 403),
        (STAFF, MUNICIPALITY, 403),
        (TRAINER, MUNICIPALITY, 403),
        (COORDINATOR, MUNICIPALITY, 302),
        (PARTICIPANT, LSA, 403),
        (STRANGER, LSA, 404),
    ],
)
def test_who_speaks_for_which_side(client_as, role, side, status):
    row = LabInitiativeFactory()
    post = {"row": row.pk, "side": side, "choice": YES}

    response = client_as(role, row.lab).post(page_of(row.lab), post)

    assert response.status_code == status
    assert (YES in said(row)) == (status == 302)


@pytest.mark.parametrize("why", ["", "   ", "x" * 201])
def test_rather_not_comes_with_a_reason_and_what_was_typed_stays(client_as, why):
    row = LabInitiativeFactory()
    post = {"row": row.pk, "side": MUNICIPALITY, "choice": RATHER_NOT, "why": why}

    page = client_as(COORDINATOR, row.lab).post(page_of(row.lab), post)

    assert (page.status_code, said(row)) == (200, ("", "", "", ""))
    assert "why" in page.context["form"].errors
    assert f'value="{why}"' in page.content.decode()
    with pytest.raises(Refused):
        choosing.say(person_with(COORDINATOR, row.lab), row, MUNICIPALITY, RATHER_NOT, "  ")


def test_a_mind_can_be_changed_until_the_initiative_was_asked(client_as):
    row = LabInitiativeFactory()
    coordinator = person_with(COORDINATOR, row.lab)

    choosing.say(coordinator, row, MUNICIPALITY, RATHER_NOT, WHY)
    choosing.say(coordinator, row, MUNICIPALITY, YES)
    assert said(row) == ("", "", YES, "")

    ask(row.lab, row.initiative)
    with pytest.raises(Refused):
        choosing.say(coordinator, row, MUNICIPALITY, RATHER_NOT, WHY)
    assert said(row) == (YES, "", YES, "")


def test_the_same_word_again_is_no_news():
    row = LabInitiativeFactory()
    trainer = person_with(TRAINER, row.lab)

    for _ in range(2):
        choosing.say(trainer, row, LSA, YES)

    assert Event.objects.filter(name="initiative_weighed").count() == 1


@pytest.mark.parametrize("row", ["0", "x", "", "9" * 30])
def test_a_forged_row_is_nobody(client_as, row):
    lab, elsewhere = LabFactory(), LabInitiativeFactory()
    client = client_as(TRAINER, lab)

    found = client.post(page_of(lab), {"row": row, "side": LSA, "choice": YES})
    other = client.post(page_of(lab), {"row": elsewhere.pk, "side": LSA, "choice": YES})

    assert found.status_code in (200, 404)
    assert (other.status_code, said(elsewhere)) == (404, ("", "", "", ""))


# --- the long list --------------------------------------------------------------------------------


@pytest.mark.req("REQ-014", "REQ-021")
def test_an_initiative_of_the_municipality_is_put_on_the_list_once(client_as):
    lab = LabFactory()
    here = InitiativeFactory(municipality=lab.municipality)
    client = client_as(COORDINATOR, lab)

    first = client.post(page_of(lab), {"list": here.slug})
    again = client.post(page_of(lab), {"list": here.slug})
    elsewhere = client.post(page_of(lab), {"list": InitiativeFactory().slug})

    assert (first.status_code, again.status_code, elsewhere.status_code) == (302, 404, 404)
    assert [row.initiative for row in lab.initiatives.all()] == [here]
    assert Event.objects.filter(name="initiative_listed").count() == 1


def test_a_retired_one_and_one_of_elsewhere_cannot_come_on_it():
    lab = LabFactory()
    gone = InitiativeFactory(municipality=lab.municipality, retired_at=timezone.now())

    for initiative in (gone, InitiativeFactory()):
        with pytest.raises(Refused):
            choosing.put_on(person_with(TRAINER, lab), lab, initiative)

    assert not lab.initiatives.exists()


def test_the_others_are_found_by_a_part_of_a_word(client_as):
    lab = LabFactory()
    wanted = InitiativeFactory(municipality=lab.municipality, name="Café Één Straat")
    for _ in range(25):
        InitiativeFactory(municipality=lab.municipality)
    client = client_as(TRAINER, lab)

    everything, found = client.get(page_of(lab)), client.get(page_of(lab), {"q": "cafe een"})

    assert (len(everything.context["others"]), everything.context["has_more"]) == (20, True)
    assert found.context["others"] == [wanted]


@pytest.mark.parametrize("many", [1, 8])
def test_the_page_costs_the_same_for_one_and_for_eight(client_as, many, django_assert_num_queries):
    lab = LabFactory()
    for _ in range(many):
        VisitFactory(guest_of__lab=lab)
        InitiativeFactory(municipality=lab.municipality)
    client = client_as(TRAINER, lab)
    client.get(page_of(lab))

    with django_assert_num_queries(7):
        client.get(page_of(lab))


def test_a_lab_that_is_over_is_read_and_not_changed(client_as):
    row = LabInitiativeFactory(lab__status=Lab.Status.CLOSED)
    client = client_as(TRAINER, row.lab)

    page = client.get(page_of(row.lab)).content.decode()
    client.post(page_of(row.lab), {"row": row.pk, "side": LSA, "choice": YES})

    assert 'name="choice"' not in page
    assert said(row) == ("", "", "", "")


# --- inviting -------------------------------------------------------------------------------------


@pytest.mark.req("REQ-021")
@pytest.mark.parametrize(
    ("lsa", "municipality", "allowed"),
    [
        ("", "", False),
        (YES, "", False),
        ("", YES, True),
        (YES, YES, True),
        (RATHER_NOT, YES, False),
        (YES, RATHER_NOT, False),
    ],
)
def test_an_initiative_is_invited_only_when_both_say_yes(lsa, municipality, allowed):
    row = LabInitiativeFactory(lsa_says=lsa, municipality_says=municipality)

    if allowed:
        ask(row.lab, row.initiative)
        assert said(row) == (YES, "", YES, "")
    else:
        with pytest.raises(Refused):
            ask(row.lab, row.initiative)
        assert said(row) == (lsa, "", municipality, "")
    assert (Visit.objects.count(), OutgoingMail.objects.count()) == (allowed, allowed)


@pytest.mark.req("REQ-021")
def test_a_yes_by_phone_is_written_down_with_the_day_and_by_whom(client_as):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    yesterday = timezone.localdate() - timedelta(days=1)
    client = client_as(TRAINER, lab)
    post = question(lab, initiative, said_yes_on=yesterday.isoformat())

    client.post(f"/werklabs/{lab.slug}/bezoeken/nieuw/", post)

    row = LabInitiative.objects.get()
    event = Event.objects.get(name="chosen_on_behalf")
    assert (row.lsa_says, row.municipality_says) == (YES, YES)
    assert str(person_with(TRAINER, lab)) in row.municipality_why
    assert (event.by, event.detail) == (person_with(TRAINER, lab), yesterday.isoformat())


@pytest.mark.parametrize("changes", [{"said_yes": ""}, {"said_yes_on": "2999-01-01"}])
def test_without_a_yes_nobody_is_asked_and_what_was_typed_stays(client_as, changes):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)

    page = client_as(TRAINER, lab).post(
        f"/werklabs/{lab.slug}/bezoeken/nieuw/", question(lab, initiative, **changes)
    )

    assert (page.status_code, Visit.objects.count()) == (200, 0)
    assert page.context["form"].errors
    assert page.context["form"]["place"].value() == "Kruidenpad 14"


def test_a_tick_does_not_undo_a_rather_not():
    row = LabInitiativeFactory(municipality_says=RATHER_NOT, municipality_why=WHY)

    with pytest.raises(Refused):
        ask(row.lab, row.initiative, said_yes_on=timezone.localdate())

    assert said(row) == ("", "", RATHER_NOT, WHY)


def test_the_form_asks_for_the_yes_of_the_municipality_only_when_it_is_not_there(client_as):
    lab = LabFactory()
    silent, agreed = (InitiativeFactory(municipality=lab.municipality) for _ in range(2))
    chosen(lab, agreed)
    client = client_as(TRAINER, lab)

    fields = [
        client.get(f"/werklabs/{lab.slug}/bezoeken/nieuw/?initiatief={one.slug}")
        .context["form"]
        .fields
        for one in (silent, agreed)
    ]

    assert ["said_yes" in found for found in fields] == [True, False]


def test_the_initiative_sees_no_reason_on_any_page_or_letter(client):
    row = LabInitiativeFactory(municipality_says=YES)
    visit = ask(row.lab, row.initiative)
    LabInitiative.objects.update(lsa_why="Geheimeen", municipality_why="Geheimtwee")
    purposes = {"visit": visit.pk, "board": row.pk, "endorse": row.pk}
    lab, shown = row.lab, []

    for answer in (None, "welcome", "not_now"):
        if answer:
            visits.answer(visit, answer)
        for purpose, target in purposes.items():
            more = {"lab": lab, "behalf": str(row), "expires_at": lab.link_expiry()}
            page = client.get(links.path(links.link_for(purpose, target, **more)))
            assert page.status_code in (200, 404)
            shown.append(page.content.decode())
    tails = ("agenda.ics", "notities/", "blad.pdf")
    path = links.path(PersonalLink.objects.get(purpose="visit"))
    shown += [client.get(path + tail).content.decode("latin-1") for tail in tails]
    shown += [letter.text + letter.calendar for letter in OutgoingMail.objects.all()]

    assert len(shown) > 12
    assert not [text for text in shown if "Geheim" in text]


# --- asked knowingly ------------------------------------------------------------------------------


def asked_before(initiative, times, days=100):
    for n in range(times):
        lab = LabFactory(municipality=initiative.municipality, roles=False)
        visit = VisitFactory(guest_of=LabInitiativeFactory(lab=lab, initiative=initiative))
        Visit.objects.filter(pk=visit.pk).update(asked_at=timezone.now() - timedelta(days=days + n))


@pytest.mark.parametrize(
    ("times", "days", "often"), [(2, 100, False), (3, 100, True), (3, 366, False)]
)
def test_three_times_in_twelve_months_is_asked_knowingly(client_as, times, days, often):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    asked_before(initiative, times, days)
    client = client_as(TRAINER, lab)
    page = f"/werklabs/{lab.slug}/bezoeken/nieuw/?initiatief={initiative.slug}"

    shown = client.get(page)
    unknowing = client.post(page, question(lab, initiative))
    asked_then = Visit.objects.filter(guest_of__lab=lab).count()
    client.post(page, question(lab, initiative, knowingly="on"))

    assert ("knowingly" in shown.context["form"].fields) == often
    assert (unknowing.status_code == 200, asked_then) == (often, 0 if often else 1)
    assert Visit.objects.filter(guest_of__lab=lab).count() == 1


def test_the_list_says_how_often_and_when_last(client_as):
    row = LabInitiativeFactory()
    asked_before(row.initiative, 3)

    page = client_as(TRAINER, row.lab).get(page_of(row.lab)).content.decode()

    assert "3 keer gevraagd in twaalf maanden, het laatst op" in page


def test_an_unknowing_question_is_refused_by_the_action_too():
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    asked_before(initiative, 3)
    chosen(lab, initiative)

    with pytest.raises(Refused):
        ask(lab, initiative)
    ask(lab, initiative, knowingly=True)

    assert Visit.objects.filter(guest_of__lab=lab).count() == 1


def test_what_they_get_the_way_and_getting_in_stand_on_page_and_letter(client, client_as):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    chosen(lab, initiative)
    more = {"compensation": "Vijftig euro", "route": "Bus 4", "accessibility": "Geen drempel"}

    visit = ask(lab, initiative, **more)

    texts = [
        OutgoingMail.objects.get(kind="initiative_invited").text,
        client.get(links.path(PersonalLink.objects.get())).content.decode(),
        client_as(TRAINER, lab).get(f"/werklabs/{lab.slug}/bezoeken/{visit.pk}/").content.decode(),
    ]
    assert [[word in text for word in more.values()] for text in texts] == [[True] * 3] * 3
