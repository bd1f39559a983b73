"""The walk of a visit: a new initiative is asked, wants another moment, and says yes."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from sessions import visits
from sessions.models import Visit
from tests.browser import axe
from tests.conftest import person_with
from tests.factories import InitiativeFactory, LabFactory, chosen
from werklab import links
from werklab.access import COORDINATOR, TRAINER
from werklab.links import fill
from werklab.models import OutgoingMail, PersonalLink

PHONE = 360
both_ways = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])


def path_in_letter(kind, to=None):
    """The first path in the newest letter of this kind that is not about privacy."""
    letters = OutgoingMail.objects.filter(kind=kind)
    letter = (letters.filter(to=to) if to else letters).latest("pk")
    return re.search(r"https?://[^/\s]+(/(?:bezoek|werklabs)/\S+)", fill(letter.text))[1]


def a_moment(lab, later):
    day = (timezone.localdate(lab.starts_at) + timedelta(days=later)).isoformat()
    return {"day_1": day, "begin_1": "19:30", "end_1": "21:00"}


@pytest.mark.req("REQ-014", "REQ-016", "REQ-021", "REQ-058")
def test_from_a_new_initiative_to_a_visit_in_the_calendar(client):
    lab = LabFactory()
    first, second = (role.user for role in lab.roles.filter(role="trainer"))
    client.force_login(first)
    contact = {"contact_name": "Fatma El Amrani", "contact_email": "fatma@kruidhoek.example"}
    tuin = {"name": "De Kruidhoek", "description": "Een tuin.", "ownership": "residents"}
    tuin |= contact | {"municipality": lab.municipality_id, "address": "Kruidenpad 14"}

    to_ask = client.post(f"/initiatieven/nieuw/?lab={lab.slug}", tuin).url
    coordinator, choosing = Client(), f"/werklabs/{lab.slug}/bezoeken/kiezen/"
    coordinator.force_login(person_with(COORDINATOR, lab))
    coordinator.post(choosing, {"list": "de-kruidhoek"})
    row = lab.initiatives.get().pk
    coordinator.post(choosing, {"row": row, "side": "municipality", "choice": "yes"})

    form = client.get(to_ask).context["form"]
    question = {"initiative": form["initiative"].value(), "place": form["place"].value()}
    client.post(to_ask, question | {"group_size": 5} | a_moment(lab, 0))

    resident = Client()
    answer_page = path_in_letter("initiative_invited", to="fatma@kruidhoek.example")
    assert resident.get(answer_page).status_code == 200
    resident.post(answer_page, {"answer": "other_time", "other_time": "Een dag later."})

    client.force_login(second)
    visit_page = client.get(path_in_letter("visit_other_time", to=second.email))
    assert "Een dag later." in visit_page.content.decode()
    client.post(visit_page.request["PATH_INFO"] + "momenten/", a_moment(lab, 1))

    assert path_in_letter("visit_other_slots") == answer_page
    resident.post(answer_page, {"answer": "welcome"})
    calendar = resident.get(answer_page + "agenda.ics")

    visit = Visit.objects.get()
    event, _at_the_end = Calendar.from_ical(calendar.content).walk("VEVENT")
    assert (visit.answer, visit.place) == (Visit.Answer.WELCOME, "Kruidenpad 14")
    assert event["dtstart"].dt == visit.slot.starts_at
    assert OutgoingMail.objects.filter(kind="visit_answered_yes").count() == 2
    for trainer in (first, second):
        client.force_login(trainer)
        told = client.get(path_in_letter("visit_answered_yes", to=trainer.email))
        assert told.context["visit"] == visit


def asked(slots):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)
    moments = [
        (lab.starts_at + timedelta(days=n), lab.starts_at + timedelta(days=n, hours=1))
        for n in range(slots)
    ]
    chosen(lab, initiative)
    visit = visits.ask(person_with(TRAINER, lab), lab, initiative, "Kruidenpad 14", 5, moments)
    return visit, links.path(PersonalLink.objects.get(target_id=visit.pk))


def answer_of(page, value):
    """The button of this answer."""
    return page.locator(f"button[name=answer][value={value}]")


@both_ways
@pytest.mark.django_db(transaction=True)
def test_on_a_phone_one_of_three_moments_is_picked(page_at, javascript):
    visit, path = asked(slots=3)
    page = page_at(PHONE, javascript=javascript)

    page.goto(path)
    page.fill("[name=note]", "Er is een trap.")
    answer_of(page, "welcome").click()
    assert page.input_value("[name=note]") == "Er is een trap."
    if javascript:
        assert axe(page) == ""
    page.locator("[name=slot]").nth(1).check()
    answer_of(page, "welcome").click()

    visit.refresh_from_db()
    assert (visit.answer, visit.slot.number, visit.note) == ("welcome", 2, "Er is een trap.")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE


@both_ways
@pytest.mark.django_db(transaction=True)
def test_the_enter_key_never_says_yes_by_accident(page_at, javascript):
    visit, path = asked(slots=3)
    page = page_at(PHONE, javascript=javascript)

    page.goto(path)
    page.locator("[name=slot]").first.check()
    page.locator("[name=slot]").first.press("Enter")
    page.wait_for_load_state()

    visit.refresh_from_db()
    assert visit.answer == "none"
    assert page.locator(".errors").is_visible()


@both_ways
@pytest.mark.django_db(transaction=True)
def test_on_a_phone_no_is_one_press_and_can_be_taken_back(page_at, javascript):
    visit, path = asked(slots=1)
    page = page_at(PHONE, javascript=javascript)

    page.goto(path)
    answer_of(page, "not_now").click()
    page.locator("a[href='?wijzig=1']").click()
    answer_of(page, "welcome").click()

    visit.refresh_from_db()
    assert visit.answer == "welcome"
    assert page.locator("time.date-block").is_visible()
