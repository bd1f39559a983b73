"""The pages about visits: for trainers and coordinator, and behind the link of an initiative."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from icalendar import Calendar

from sessions import visits
from sessions.forms.visits import SlotsForm
from sessions.models import Visit, VisitSlot
from tests.conftest import STRANGER, person_with
from tests.factories import (
    EnrolmentFactory,
    InitiativeFactory,
    LabFactory,
    LabInitiativeFactory,
    VisitFactory,
    chosen,
)
from werklab import links
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.letters import link_of
from werklab.models import Lab, OutgoingMail, PersonalLink

Answer = Visit.Answer
SEE = {STAFF: 200, TRAINER: 200, COORDINATOR: 200, PARTICIPANT: 403, STRANGER: 404}
PLAN = SEE | {COORDINATOR: 403}


def list_of(lab):
    return f"/werklabs/{lab.slug}/bezoeken/"


def page_of(visit, tail=""):
    return f"{list_of(visit.guest_of.lab)}{visit.pk}/{tail}"


def row(number, day, begin="10:00", end="11:30"):
    return {f"day_{number}": day.isoformat(), f"begin_{number}": begin, f"end_{number}": end}


def a_day(lab, later=0):
    return timezone.localdate(lab.starts_at) + timedelta(days=later)


def question(lab, initiative, **changes):
    """What a trainer fills in to ask for a visit."""
    filled_in = {"initiative": initiative.pk, "place": "Kruidenpad 14", "group_size": 5}
    filled_in |= {"said_yes": "on", "said_yes_on": ""}
    return filled_in | row(1, a_day(lab)) | changes


def asked(lab=None, slots=1):
    """A visit that was really asked, with its link."""
    lab = lab or LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    moments = [
        (lab.starts_at + timedelta(hours=n), lab.starts_at + timedelta(hours=n, minutes=60))
        for n in range(1, slots + 1)
    ]
    chosen(lab, initiative)
    return visits.ask(person_with(TRAINER, lab), lab, initiative, "Kruidenpad 14", 5, moments)


def link_to(visit):
    return links.path(PersonalLink.objects.get(purpose="visit", target_id=visit.pk))


def letters(kind):
    return OutgoingMail.objects.filter(kind=kind)


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", SEE)
def test_who_sees_the_visits(client_as, role):
    lab = LabFactory()
    visit = VisitFactory(guest_of__lab=lab)
    client = client_as(role, lab)

    statuses = [client.get(page).status_code for page in (list_of(lab), page_of(visit))]

    assert statuses == [SEE[role]] * 2


@pytest.mark.parametrize("role", PLAN)
def test_who_writes_an_answer_down(client_as, role):
    visit = asked()
    client = client_as(role, visit.guest_of.lab)
    page = page_of(visit, "antwoord/")

    looked, acted = client.get(page), client.post(page, {"answer": "not_now"})

    allowed = PLAN[role] == 200
    assert (looked.status_code, acted.status_code) == (PLAN[role], 302 if allowed else PLAN[role])
    assert Visit.objects.get().answer == ("not_now" if allowed else "none")


@pytest.mark.parametrize("role", PLAN)
def test_who_offers_other_moments(client_as, role):
    visit = asked()
    lab, before = visit.guest_of.lab, visit.slots.get().starts_at
    client = client_as(role, lab)
    page = page_of(visit, "momenten/")

    looked, acted = client.get(page), client.post(page, row(1, a_day(lab, 1)))

    allowed = PLAN[role] == 200
    assert (looked.status_code, acted.status_code) == (PLAN[role], 302 if allowed else PLAN[role])
    assert (VisitSlot.objects.get().starts_at != before) == allowed


@pytest.mark.parametrize("role", PLAN)
def test_who_asks_for_a_visit(client_as, role):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    client = client_as(role, lab)
    page = list_of(lab) + "nieuw/"

    looked, acted = client.get(page), client.post(page, question(lab, initiative))

    allowed = PLAN[role] == 200
    assert (looked.status_code, acted.status_code) == (PLAN[role], 302 if allowed else PLAN[role])
    assert (Visit.objects.count(), OutgoingMail.objects.count()) == (int(allowed), int(allowed))


def test_a_visit_of_another_lab_is_not_found_in_this_one(client_as):
    lab, elsewhere = LabFactory(), VisitFactory()
    client = client_as(TRAINER, lab)

    for tail in ("", "antwoord/", "momenten/"):
        assert client.get(f"{list_of(lab)}{elsewhere.pk}/{tail}").status_code == 404
    client.post(f"{list_of(lab)}{elsewhere.pk}/antwoord/", {"answer": "not_now"})

    assert Visit.objects.get().answer == Answer.NONE


def test_looking_is_not_sending(client_as):
    visit = asked()
    client = client_as(TRAINER, visit.guest_of.lab)

    assert client.post(list_of(visit.guest_of.lab)).status_code == 405
    assert client.post(page_of(visit)).status_code == 405
    assert client.put(page_of(visit, "antwoord/")).status_code == 405
    assert client.delete(page_of(visit, "momenten/")).status_code == 405
    assert client.put(list_of(visit.guest_of.lab) + "nieuw/").status_code == 405
    assert client.put(link_to(visit)).status_code == 405
    assert client.post(link_to(visit) + "agenda.ics").status_code == 405


# --- the list -------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 8])
def test_the_list_costs_the_same_for_one_and_for_eight(client_as, many, django_assert_num_queries):
    lab = LabFactory()
    for _ in range(many):
        VisitFactory(guest_of__lab=lab, slots=3)
        InitiativeFactory(municipality=lab.municipality)
    client = client_as(TRAINER, lab)
    client.get(list_of(lab))

    with django_assert_num_queries(10):
        client.get(list_of(lab))


@pytest.mark.req("REQ-014")
def test_the_list_offers_the_initiatives_on_the_list_of_the_lab_that_were_not_asked(client_as):
    lab = LabFactory()
    listed = LabInitiativeFactory(lab=lab)
    VisitFactory(guest_of__lab=lab)
    LabInitiativeFactory()
    InitiativeFactory(municipality=lab.municipality)

    page = client_as(TRAINER, lab).get(list_of(lab))

    assert page.context["not_asked"] == [listed]


@pytest.mark.parametrize(("welcome", "enough"), [(0, False), (1, False), (2, True), (3, True)])
@pytest.mark.req("REQ-058")
def test_the_list_says_when_the_group_is_welcome_at_fewer_than_two(client_as, welcome, enough):
    lab = LabFactory()
    for _ in range(welcome):
        visits.answer(asked(lab), Answer.WELCOME)
    visits.answer(asked(lab), Answer.NOT_NOW)

    page = client_as(TRAINER, lab).get(list_of(lab))

    assert (page.context["welcome"], page.context["enough"]) == (welcome, enough)


@pytest.mark.req("REQ-015", "REQ-023")
def test_the_list_reminds_that_initiatives_take_part_at_the_end_too(client_as):
    lab = LabFactory()
    for _ in range(2):
        visits.answer(asked(lab), Answer.WELCOME)

    page = client_as(TRAINER, lab).get(list_of(lab))

    assert page.context["enough"]
    assert page.context["last"].number == 3
    assert date_format(timezone.localtime(lab.sessions.get(number=3).starts_at), "l j F") in (
        page.content.decode()
    )


def test_a_coordinator_looks_and_gets_no_button_to_plan(client_as):
    visit = asked()
    lab = visit.guest_of.lab
    client = client_as(COORDINATOR, lab)

    text = client.get(list_of(lab)).content.decode() + client.get(page_of(visit)).content.decode()

    assert "/bezoeken/nieuw/" not in text
    assert "/antwoord/" not in text
    assert "/momenten/" not in text
    assert link_to(visit) not in text


# --- asking ---------------------------------------------------------------------------------------


def test_the_question_is_filled_in_with_the_initiative_its_address_and_a_first_moment(client_as):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality, address="Kruidenpad 14")

    page = client_as(TRAINER, lab).get(f"{list_of(lab)}nieuw/?initiatief={initiative.slug}")

    form = page.context["form"]
    assert (form["initiative"].value(), form["place"].value()) == (initiative.pk, "Kruidenpad 14")
    assert form["day_1"].value() == a_day(lab)
    assert [form[f"day_{n}"].value() for n in (2, 3)] == [None, None]


@pytest.mark.parametrize("slug", ["bestaat-niet", "\x00", "<script>"])
def test_an_unknown_initiative_in_the_address_is_nobody(client_as, slug):
    lab = LabFactory()

    page = client_as(TRAINER, lab).get(f"{list_of(lab)}nieuw/", {"initiatief": slug})

    assert page.status_code == 200
    assert page.context["form"]["initiative"].value() is None


def test_three_moments_are_kept_in_order(client_as):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    rows = row(1, a_day(lab, 2)) | row(2, a_day(lab, 1)) | row(3, a_day(lab))

    response = client_as(TRAINER, lab).post(
        list_of(lab) + "nieuw/", question(lab, initiative) | rows
    )

    visit = Visit.objects.get()
    assert response.url == page_of(visit)
    assert [timezone.localdate(slot.starts_at) for slot in visit.slots.all()] == [
        a_day(lab),
        a_day(lab, 1),
        a_day(lab, 2),
    ]


@pytest.mark.req("REQ-014")
def test_a_forged_initiative_of_another_municipality_is_not_a_choice(client_as):
    lab = LabFactory()

    response = client_as(TRAINER, lab).post(
        list_of(lab) + "nieuw/", question(lab, InitiativeFactory())
    )

    assert response.context["form"].errors.keys() == {"initiative"}
    assert Visit.objects.count() == 0


@pytest.mark.req("REQ-016")
@pytest.mark.parametrize("place", ["", "   "])
def test_a_visit_is_somewhere(client_as, place):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)

    response = client_as(TRAINER, lab).post(
        list_of(lab) + "nieuw/", question(lab, initiative, place=place)
    )

    assert response.context["form"].errors.keys() == {"place"}
    assert Visit.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"initiative": ""}, {"initiative"}),
        ({"initiative": "x"}, {"initiative"}),
        ({"place": "a" * 10_000}, {"place"}),
        ({"place": "a\x00"}, {"place"}),
        ({"group_size": 0}, {"group_size"}),
        ({"group_size": 16}, {"group_size"}),
        ({"group_size": "een paar"}, {"group_size"}),
        ({"day_1": ""}, {"day_1"}),
        ({"begin_1": ""}, {"begin_1"}),
        ({"end_1": ""}, {"end_1"}),
        ({"day_1": "", "begin_1": "", "end_1": ""}, {"day_1", "begin_1", "end_1"}),
        ({"day_1": "morgen"}, {"day_1"}),
        ({"day_1": "0001-01-01"}, {"day_1"}),
        ({"day_1": "2020-02-02"}, {"day_1"}),
        ({"begin_1": "25:00"}, {"begin_1"}),
        ({"end_1": "10:00"}, {"end_1"}),
        ({"end_1": "09:59"}, {"end_1"}),
        ({"begin_2": "10:00"}, {"day_2", "end_2"}),
        ({"day_1": "9999-12-31"}, {"__all__"}),
    ],
)
def test_a_wrong_question_is_said_where_it_was_given(client_as, changes, wrong):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)

    response = client_as(TRAINER, lab).post(
        list_of(lab) + "nieuw/", question(lab, initiative) | changes
    )

    form = response.context["form"]
    assert (response.status_code, form.errors.keys()) == (200, wrong)
    assert str(form["end_1"].value()) == changes.get("end_1", "11:30")
    assert (Visit.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_a_question_sent_twice_is_one_visit_and_one_letter(client_as):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    client = client_as(TRAINER, lab)
    client.post(list_of(lab) + "nieuw/", question(lab, initiative))

    response = client.post(list_of(lab) + "nieuw/", question(lab, initiative))

    assert "__all__" in response.context["form"].errors
    assert (Visit.objects.count(), OutgoingMail.objects.count()) == (1, 1)


@pytest.mark.parametrize("tail", ["nieuw/", "{pk}/antwoord/", "{pk}/momenten/"])
def test_a_lab_that_is_over_answers_a_post_with_a_sentence(client_as, tail):
    visit = asked()
    lab = visit.guest_of.lab
    initiative = InitiativeFactory(municipality=lab.municipality)
    Lab.objects.update(status=Lab.Status.CLOSED)
    sent = question(lab, initiative, answer="not_now") | row(1, a_day(lab, 1))

    response = client_as(TRAINER, lab).post(list_of(lab) + tail.format(pk=visit.pk), sent)

    assert "__all__" in response.context["form"].errors
    assert [visit.answer for visit in Visit.objects.all()] == [Answer.NONE]
    assert OutgoingMail.objects.count() == 1


def test_an_empty_row_of_moments_is_no_moment():
    lab = LabFactory()

    form = SlotsForm(row(1, a_day(lab)) | {"day_3": "", "begin_3": ""})

    assert form.is_valid()
    assert len(form.cleaned_data["slots"]) == 1


# --- one visit ------------------------------------------------------------------------------------


def test_a_trainer_can_copy_the_link_and_pass_it_on(client_as, client):
    visit = asked()

    page = client_as(TRAINER, visit.guest_of.lab).get(page_of(visit))

    assert page.context["url"].endswith(link_to(visit))
    assert page.content.decode().count(page.context["url"]) == 2
    assert client.get(link_to(visit)).status_code == 200


def test_the_page_of_a_visit_makes_no_link(client_as):
    visit = VisitFactory()

    page = client_as(TRAINER, visit.guest_of.lab).get(page_of(visit))

    assert (page.status_code, page.context["url"]) == (200, "")
    assert PersonalLink.objects.count() == 0


def test_the_page_of_a_visit_tells_what_happened(client_as):
    visit = asked()
    visits.answer(visit, Answer.OTHER_TIME, other_time="Donderdag.")

    page = client_as(COORDINATOR, visit.guest_of.lab).get(page_of(visit))

    assert [event.name for event in page.context["history"]] == ["visit_other_time", "visit_asked"]
    assert "Donderdag." in page.content.decode()


def test_a_trainer_writes_down_what_they_said_on_the_phone(client_as):
    visit = asked()
    lab = visit.guest_of.lab

    response = client_as(TRAINER, lab).post(page_of(visit, "antwoord/"), {"answer": "welcome"})

    visit.refresh_from_db()
    assert response.url == page_of(visit)
    assert (visit.answer, visit.answered_by) == (Answer.WELCOME, person_with(TRAINER, lab))


def test_a_trainer_offers_other_moments(client_as):
    visit = asked()
    lab = visit.guest_of.lab

    response = client_as(TRAINER, lab).post(page_of(visit, "momenten/"), row(1, a_day(lab, 3)))

    assert response.url == page_of(visit)
    assert timezone.localdate(VisitSlot.objects.get().starts_at) == a_day(lab, 3)
    assert letters("visit_other_slots").count() == 1


@pytest.mark.parametrize(
    ("changes", "wrong"), [({"end_1": "09:00"}, {"end_1"}), ({"day_1": ""}, {"day_1"})]
)
def test_wrong_moments_stay_on_the_page(client_as, changes, wrong):
    visit = asked()
    before = VisitSlot.objects.get().starts_at
    lab = visit.guest_of.lab

    response = client_as(TRAINER, lab).post(
        page_of(visit, "momenten/"), row(1, a_day(lab, 3)) | changes
    )

    assert response.context["form"].errors.keys() == wrong
    assert VisitSlot.objects.get().starts_at == before


# --- behind the link of the initiative ------------------------------------------------------------


def test_the_page_names_everything_one_must_know_before_answering(client):
    visit = asked()
    lab = visit.guest_of.lab

    page = client.get(link_to(visit))

    text = page.content.decode()
    assert "Fatma" in text
    assert visit.guest_of.initiative.name in text
    assert "Kruidenpad 14" in text
    assert lab.contact_phone in text
    for role in lab.roles.filter(role="trainer"):
        assert role.user.name in text
    assert "fatma" not in text.replace("Fatma", "")  # no address of anybody


def test_three_equal_buttons_none_chosen_beforehand(client):
    visit = asked(slots=3)

    text = client.get(link_to(visit)).content.decode()

    for answer in ("welcome", "other_time", "not_now"):
        assert f'class="btn btn--large btn--wide" name="answer" value="{answer}"' in text
    assert " checked" not in text


def test_looking_at_the_link_changes_nothing(client):
    visit = asked()
    before = OutgoingMail.objects.count()

    client.get(link_to(visit) + "?wijzig=1&answer=welcome")
    client.head(link_to(visit))

    assert Visit.objects.get().answer == Answer.NONE
    assert OutgoingMail.objects.count() == before


@pytest.mark.parametrize("answer", ["welcome", "other_time", "not_now"])
def test_an_initiative_answers_by_one_press(client, answer):
    visit = asked()

    response = client.post(link_to(visit), {"answer": answer})
    page = client.get(response.url)

    visit.refresh_from_db()
    assert (response.status_code, response.url) == (302, link_to(visit))
    assert (visit.answer, visit.answered_by) == (answer, None)
    assert (page.context["asking"], page.context["can_answer"]) == (False, True)
    trainers = visit.guest_of.lab.roles.filter(role="trainer")
    assert all(role.user.name in page.content.decode() for role in trainers)


def test_one_of_three_moments_is_picked(client):
    visit = asked(slots=3)
    second = visit.slots.get(number=2)

    client.post(link_to(visit), {"answer": "welcome", "slot": second.pk, "note": "Er is een trap."})

    visit.refresh_from_db()
    assert (visit.slot, visit.note) == (second, "Er is een trap.")


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"answer": "welcome"}, {"slot"}),
        ({"answer": "welcome", "slot": "0"}, {"slot"}),
        ({"answer": "welcome", "slot": "x\x00"}, {"slot"}),
        ({"answer": ""}, {"answer"}),
        ({"answer": "none"}, {"answer"}),
        ({}, {"answer"}),
        ({"answer": "not_now", "note": "a" * 10_000}, {"note"}),
        ({"answer": "not_now", "note": "a\x00"}, {"note"}),
        ({"answer": "other_time", "other_time": "a" * 201}, {"other_time"}),
    ],
)
def test_a_wrong_answer_is_said_and_what_was_typed_stays(client, sent, wrong):
    visit = asked(slots=3)
    typed = {"other_time": "Donderdagavond.", "note": "Er is een trap."}

    response = client.post(link_to(visit), typed | sent)

    form = response.context["form"]
    assert (response.status_code, form.errors.keys()) == (200, wrong)
    assert form["other_time"].value() == (typed | sent)["other_time"]
    assert form["note"].value() == (typed | sent)["note"]
    assert Visit.objects.get().answer == Answer.NONE


def test_a_moment_of_another_visit_is_not_a_choice(client):
    visit, other = asked(slots=2), asked()

    response = client.post(link_to(visit), {"answer": "welcome", "slot": other.slots.get().pk})

    assert response.context["form"].errors.keys() == {"slot"}
    assert {visit.answer for visit in Visit.objects.all()} == {Answer.NONE}


def test_a_form_sent_twice_is_one_answer_and_one_letter_each(client):
    visit = asked()

    for _ in range(2):
        client.post(link_to(visit), {"answer": "welcome"})

    assert letters("visit_confirmed").count() == 1
    assert letters("visit_answered_yes").count() == 2


def test_a_yes_to_a_moment_that_is_no_longer_offered_is_no_yes_to_another(client):
    visit = asked()
    seen = client.get(link_to(visit))
    shown = {"slot": seen.context["form"].only.pk}
    assert f'name="slot" value="{shown["slot"]}"' in seen.text
    visits.answer(visit, Answer.NOT_NOW)
    lab = visit.guest_of.lab
    later = (lab.starts_at + timedelta(hours=5), lab.starts_at + timedelta(hours=6))
    visits.offer(person_with(TRAINER, lab), visit, [later])

    stale = client.post(link_to(visit), shown | {"answer": "welcome", "note": "Er is een trap."})

    visit.refresh_from_db()
    assert stale.status_code == 200
    assert stale.context["form"].non_field_errors()
    assert "Er is een trap." in stale.text
    assert stale.context["form"].only == visit.slots.get()
    assert (visit.answer, visit.slot) == (Answer.NONE, None)
    assert not letters("visit_confirmed").exists()

    client.post(link_to(visit), {"answer": "welcome", "slot": visit.slots.get().pk})

    visit.refresh_from_db()
    assert (visit.answer, visit.slot.starts_at) == (Answer.WELCOME, later[0])


def test_one_of_several_that_is_over_or_taken_back_is_no_yes_to_the_one_that_is_left(client):
    visit = asked(slots=2)
    first, second = visit.slots.order_by("number")
    VisitSlot.objects.filter(pk=first.pk).update(starts_at=timezone.now() - timedelta(minutes=1))

    page = client.post(link_to(visit), {"answer": "welcome", "slot": first.pk})

    visit.refresh_from_db()
    assert page.context["form"].non_field_errors()
    assert (visit.answer, visit.slot) == (Answer.NONE, None)
    client.post(link_to(visit), {"answer": "welcome", "slot": second.pk})
    visit.refresh_from_db()
    assert visit.slot == second


def test_who_says_no_on_an_older_page_is_heard_all_the_same(client):
    visit = asked()
    old = visit.slots.get().pk
    lab = visit.guest_of.lab
    later = (lab.starts_at + timedelta(hours=5), lab.starts_at + timedelta(hours=6))
    visits.offer(person_with(TRAINER, lab), visit, [later])

    client.post(link_to(visit), {"answer": "not_now", "slot": old})

    visit.refresh_from_db()
    assert (visit.answer, visit.slot) == (Answer.NOT_NOW, None)


def test_a_link_that_was_forwarded_speaks_for_the_initiative_and_opens_nothing_else(client):
    visit, other = asked(), asked()
    colleague = Client()
    page = colleague.get(link_to(visit)).text
    assert f"namens {visit}" in page

    colleague.post(link_to(visit), {"answer": "welcome", "note": "Wij zijn met z'n tweeën."})

    visit.refresh_from_db()
    assert (visit.answer, visit.note) == (Answer.WELCOME, "Wij zijn met z'n tweeën.")
    assert "Wij zijn met z" in client.get(link_to(visit)).text  # who sent it on reads the answer
    assert letters("visit_confirmed").get().to == visit.guest_of.initiative.contact.email
    lab, elsewhere = visit.guest_of.lab, other.guest_of.initiative
    closed = (list_of(lab), page_of(visit), "/initiatieven/", elsewhere.get_absolute_url())
    assert {colleague.get(path).status_code for path in closed} == {302}  # to sign in
    other.refresh_from_db()
    assert other.answer == Answer.NONE


def test_two_phones_that_pick_different_moments_leave_the_last_and_tell_both_times(client):
    visit = asked(slots=2)
    first, second = visit.slots.order_by("number")
    for phone, slot in ((client, first), (Client(), second)):
        assert phone.post(link_to(visit), {"answer": "welcome", "slot": slot.pk}).status_code == 302

    visit.refresh_from_db()
    assert (visit.answer, visit.slot) == (Answer.WELCOME, second)
    assert letters("visit_confirmed").count() == 2
    assert letters("visit_answered_yes").count() == 4
    day = date_format(timezone.localtime(second.starts_at), "G.i")
    assert day in client.get(link_to(visit)).text


def test_an_answer_can_be_changed_on_the_same_page(client):
    visit = asked()
    client.post(link_to(visit), {"answer": "welcome", "note": "Er is een trap."})

    page = client.get(link_to(visit) + "?wijzig=1")
    client.post(link_to(visit), {"answer": "not_now", "note": "Er is een trap."})

    visit.refresh_from_db()
    assert page.context["asking"]
    assert page.context["form"]["note"].value() == "Er is een trap."
    assert (visit.answer, visit.slot) == (Answer.NOT_NOW, None)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "🌻 {{ 7 }}", "~1~"])
def test_text_of_people_is_shown_as_text(client, client_as, text):
    visit = asked()

    client.post(link_to(visit), {"answer": "other_time", "other_time": text, "note": text})

    pages = client.get(link_to(visit)), client_as(TRAINER, visit.guest_of.lab).get(page_of(visit))
    assert (Visit.objects.get().other_time, Visit.objects.get().note) == (text, text)
    assert all(b"<script>alert" not in page.content for page in pages)


def begun(visit):
    """The moment of this visit is now behind us."""
    visit.slots.update(starts_at=timezone.now() - timedelta(minutes=1))


@pytest.mark.parametrize("answered", [True, False])
def test_once_the_visit_has_begun_the_page_only_tells(client, answered):
    visit = asked()
    if answered:
        visits.answer(visit, Answer.WELCOME)
    begun(visit)
    before = Visit.objects.get().answer

    page = client.get(link_to(visit) + "?wijzig=1")
    response = client.post(link_to(visit), {"answer": "not_now"})

    assert (page.status_code, page.context["asking"]) == (200, False)
    assert "__all__" in response.context["form"].errors
    assert Visit.objects.get().answer == before


def test_on_a_lab_that_is_over_the_link_still_tells_and_takes_no_answer(client):
    visit = asked()
    Lab.objects.update(status=Lab.Status.CANCELLED)

    page = client.get(link_to(visit))
    response = client.post(link_to(visit), {"answer": "welcome"})

    assert (page.status_code, page.context["asking"]) == (200, False)
    assert "__all__" in response.context["form"].errors
    assert Visit.objects.get().answer == Answer.NONE


@pytest.mark.parametrize("ended", ["expires_at", "revoked_at"])
def test_a_link_that_has_ended_says_so_and_does_nothing(client, ended):
    visit = asked()
    path = link_to(visit)
    PersonalLink.objects.update(**{ended: timezone.now() - timedelta(seconds=1)})

    statuses = [
        client.get(path).status_code,
        client.post(path, {"answer": "welcome"}).status_code,
        client.get(path + "agenda.ics").status_code,
    ]

    assert statuses == [410, 410, 410]
    assert Visit.objects.get().answer == Answer.NONE


def test_an_unknown_link_and_one_for_something_else_are_not_found(client):
    visit = asked()
    enrolment = EnrolmentFactory(lab=visit.guest_of.lab)
    token = links.path(link_of(enrolment)).split("/")[2]

    for path in ("/bezoek/zomaar-iets/", f"/bezoek/{token}/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"answer": "welcome"}).status_code == 404

    assert Visit.objects.get().answer == Answer.NONE


def test_the_link_of_one_visit_answers_no_other(client):
    visit, other = asked(), asked()

    client.post(link_to(visit), {"answer": "not_now"})

    assert Visit.objects.get(pk=other.pk).answer == Answer.NONE


def test_the_agreed_visit_as_a_calendar_file(client):
    visit = asked()
    before = client.get(link_to(visit) + "agenda.ics")
    visits.answer(visit, Answer.WELCOME)

    response = client.get(link_to(visit) + "agenda.ics")

    event, _at_the_end = Calendar.from_ical(response.content).walk("VEVENT")
    assert (before.status_code, response.status_code) == (404, 200)
    assert response["Content-Type"].startswith("text/calendar")
    assert event["location"] == "Kruidenpad 14"
    assert event["dtstart"].dt == visit.slots.get().starts_at


def test_the_page_behind_the_link_is_kept_nowhere(client):
    visit = asked()

    assert client.get(link_to(visit))["Cache-Control"] == "no-store"


def test_an_initiative_without_a_contact_is_asked_by_its_own_name(client):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality, contact=False)
    start = lab.starts_at + timedelta(hours=1)
    chosen(lab, initiative)
    visit = visits.ask(
        person_with(TRAINER, lab), lab, initiative, "Kruidenpad 14", 1, [(start, lab.ends_at)]
    )

    page = client.get(link_to(visit))

    assert page.status_code == 200
    assert initiative.name in page.content.decode()


@pytest.mark.parametrize("role", [STAFF, TRAINER, COORDINATOR])
def test_a_lab_that_is_over_shows_its_visits_and_asks_nobody(client_as, role):
    visit = asked()
    lab = visit.guest_of.lab
    InitiativeFactory(municipality=lab.municipality)
    Lab.objects.update(status=Lab.Status.CLOSED)
    client = client_as(role, lab)

    page, profile = client.get(list_of(lab)), client.get(page_of(visit))

    assert page.context["visits"] == [visit]
    assert "/nieuw/" not in page.content.decode()
    assert (profile.context["can_change"], profile.context["can_offer"]) == (False, False)


@pytest.mark.parametrize("dates", ["no sessions", "no dates"])
def test_an_archived_lab_without_dates_has_its_pages_too(client_as, dates):
    lab = LabFactory(sessions=dates == "no dates")
    lab.sessions.update(starts_at=None, ends_at=None)
    client = client_as(TRAINER, lab)

    statuses = [client.get(page).status_code for page in (list_of(lab), list_of(lab) + "nieuw/")]

    assert statuses == [200, 200]
