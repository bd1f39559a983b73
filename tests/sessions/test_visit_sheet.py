"""The sheet of a visit: for both sides, on screen and on one accessible page of paper."""

from datetime import timedelta
from io import BytesIO

import page as checker
import pytest
from django.utils import timezone
from pypdf import PdfReader

from initiatives.models import Initiative
from sessions import visit_letters, visit_sheet, visits
from sessions.models import Visit, VisitGuest
from tests.conftest import STRANGER
from tests.factories import EnrolmentFactory, LabFactory, VisitFactory
from tests.journeys.everybody import demo_with_everybody
from werklab import links
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.models import Lab

LONG = "Aansprakelijkheidswaardevaststellingsverandering en de rest van de buurt. " * 20


def agreed(lab=None, **changes):
    """A visit on which both sides agreed."""
    visit = VisitFactory(guest_of__lab=lab or LabFactory(), **changes)
    return visits.answer(visit, Visit.Answer.WELCOME)


def guest(visit, **details):
    enrolment = EnrolmentFactory(lab=visit.guest_of.lab, **details)
    VisitGuest.objects.create(visit=visit, enrolment=enrolment)
    return enrolment


def page_of(visit, tail="blad/"):
    return f"/werklabs/{visit.guest_of.lab.slug}/bezoeken/{visit.pk}/{tail}"


def link_to(visit):
    return links.path(visit_link(visit))


def visit_link(visit):
    return visit_letters.link_of(Visit.objects.get(pk=visit.pk))


def text_of(made):
    return " ".join(PdfReader(BytesIO(made)).pages[0].extract_text().split())


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 200), (TRAINER, 200), (COORDINATOR, 200), (PARTICIPANT, 403), (STRANGER, 404)],
)
def test_who_sees_the_sheet(client_as, role, status):
    visit = agreed()
    client = client_as(role, visit.guest_of.lab)

    answers = [client.get(page_of(visit, tail)).status_code for tail in ("blad/", "blad.pdf")]

    assert answers == [status, status]


def test_who_comes_along_sees_the_sheet_and_not_that_of_another_group(by_link):
    visit = agreed()
    other = agreed(visit.guest_of.lab)
    client = by_link(guest(visit))

    statuses = [client.get(page_of(one)).status_code for one in (visit, other)]

    assert statuses == [200, 403]


@pytest.mark.parametrize("answer", ["none", "other_time", "not_now"])
def test_there_is_no_sheet_of_a_visit_that_is_not_agreed(client_as, client, answer):
    visit = VisitFactory()
    if answer != "none":
        visits.answer(visit, answer)

    team = client_as(TRAINER, visit.guest_of.lab)
    statuses = [team.get(page_of(visit)).status_code, team.get(page_of(visit, "blad.pdf"))]

    assert statuses[0] == statuses[1].status_code == 404
    assert client.get(link_to(visit) + "blad.pdf").status_code == 404


def test_there_is_no_sheet_of_a_lab_that_was_called_off(client_as, client):
    visit = agreed()
    link = link_to(visit)
    Lab.objects.update(status=Lab.Status.CANCELLED)

    assert client_as(TRAINER, visit.guest_of.lab).get(page_of(visit)).status_code == 404
    assert client.get(link + "blad.pdf").status_code == 404


@pytest.mark.req("REQ-016", "REQ-018", "REQ-019", "REQ-020", "REQ-059", "REQ-060", "REQ-061")
def test_both_sides_read_the_same(client_as, client):
    visit = agreed(route="Bus 4", accessibility="Geen drempel", compensation="Taart")
    guest(visit, function="Wijkmanager", person__name="Jasper Deelneem")
    lab = visit.guest_of.lab

    shown = [
        client_as(TRAINER, lab).get(page_of(visit)).content.decode(),
        client.get(link_to(visit)).content.decode(),
        text_of(client_as(TRAINER, lab).get(page_of(visit, "blad.pdf")).content),
        text_of(client.get(link_to(visit) + "blad.pdf").content),
    ]

    words = ["Kruidenpad 14", "Bus 4", "Geen drempel", "Taart", "Wijkmanager"]
    words += ["Buren koken voor elkaar.", "Wij zijn geen restaurant.", lab.contact_phone]
    words += [title for title, _question in visit_sheet.sheet(visit, lab).questions]
    assert len(words) == 13
    assert [[word for word in words if word not in text] for text in shown] == [[]] * 4
    assert not [text for text in shown if "Jasper" in text]


def test_it_stays_there_before_during_and_after(client):
    visit = agreed()
    link, slot = link_to(visit), visit.slots.get()
    start = visit.slots.get().starts_at

    for shift in (timedelta(0), timedelta(minutes=10), timedelta(days=29)):
        slot.starts_at = timezone.now() - shift
        slot.ends_at = slot.starts_at + timedelta(hours=1)
        slot.save()
        page = client.get(link)
        assert page.status_code == 200
        assert page.context["sheet"] is not None
    assert visit_link(visit).expires_at >= start + timedelta(days=30)


def longest():
    """A visit with every field as long as it may be, and the largest group."""
    lab = LabFactory()
    visit = agreed(
        lab,
        place=LONG[:160],
        route=LONG[:200],
        accessibility=LONG[:200],
        compensation=LONG[:120],
        group_size=15,
    )
    words = {"name": LONG[:100], "description": LONG[:1000], "does_not": LONG[:500]}
    Initiative.objects.filter(pk=visit.guest_of.initiative_id).update(**words)
    for _ in range(15):
        guest(visit, function=LONG[:80])
    return [Visit.objects.get(pk=visit.pk)]


def of_the_demo():
    """Every agreed visit of the demo."""
    demo_with_everybody()
    return list(Visit.objects.filter(answer="welcome"))


def odd():
    """A visit for which people typed code and characters that no font has."""
    visit = agreed(place="<b>Ж</b> 👍🏽 {{ 7|add:7 }} <img src=file:///etc/passwd>")
    return [visit]


@pytest.mark.parametrize("make", [longest, of_the_demo, odd])
def test_it_is_one_accessible_page(make):
    for visit in make():
        lab = visit.guest_of.lab
        made = visit_sheet.make_pdf(visit_sheet.sheet(visit, lab))
        checked = checker.validate_pdf_bytes(made, profile="ua1")

        assert len(PdfReader(BytesIO(made)).pages) == 1
        assert [(failure.rule_id, failure.message) for failure in checked.failures] == []
        assert checked.rules.total > 100


def test_a_visit_costs_the_same_with_one_and_with_eight(client_as, django_assert_num_queries):
    for many in (1, 8):
        visit = agreed()
        for _ in range(many):
            guest(visit)
        client = client_as(TRAINER, visit.guest_of.lab)
        client.get(page_of(visit))
        with django_assert_num_queries(7):
            client.get(page_of(visit))
