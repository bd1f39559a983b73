"""The public page of a lab: the table with chairs, and what somebody can do now."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from tests.factories import EnrolmentFactory, LabFactory, TrainerFactory, as_of_now, in_days, today
from werklab import enrolment, public_page
from werklab.models import LabRole

EVERY_STATE = ["requested", "preparing", "live", "closed", "cancelled"]


@pytest.fixture(autouse=True)
def _nothing_remembered():
    caches["fragments"].clear()


def page(lab):
    response = Client().get(f"/meedoen/{lab.join_code}/")
    assert response.status_code == 200
    return response.content.decode()


def state(lab):
    numbers = public_page.seats(lab)
    return public_page.state(lab, numbers, timezone.now())


@pytest.mark.req("REQ-043")
def test_the_page_shows_the_table_and_how_many_places_are_left():
    lab = LabFactory(taken=12)

    html = page(lab)

    assert state(lab) == "open"
    assert html.count('class="chair taken"') == 12
    assert html.count('class="chair"') == 3
    assert f'href="/meedoen/{lab.join_code}/aanmelden/"' in html


def test_an_offered_chair_counts_as_taken():
    lab = LabFactory(taken=14)
    EnrolmentFactory(lab=lab, status="offered", seat=15, offered_until=in_days(2))

    assert public_page.seats(lab) == {"taken": 15, "waiting": 0, "left": 0}
    assert state(lab) == "full"


def test_a_full_lab_offers_the_waiting_list():
    lab = LabFactory(taken=15)
    EnrolmentFactory(lab=lab, status="waiting")

    assert state(lab) == "full"
    assert f"/meedoen/{lab.join_code}/aanmelden/" in page(lab)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"status": "requested"}, "not_open"),
        ({"status": "preparing"}, "not_open"),
        ({"status": "closed"}, "finished"),
        ({"status": "cancelled"}, "cancelled"),
        ({"enrol_until": partial(today, -1)}, "closed"),
    ],
)
def test_without_open_enrolment_there_is_no_button(change, expected):
    lab = LabFactory(**as_of_now(change))

    assert state(lab) == expected
    assert "aanmelden/" not in page(lab)


@pytest.mark.parametrize("status", ["preparing", "cancelled"])
def test_what_is_not_agreed_yet_is_not_announced(status):
    lab = LabFactory(status=status)
    lab.sessions.update(title="Nog geheim")

    html = page(lab)

    assert "Nog geheim" not in html
    assert str(lab.roles.first().user) not in html


def test_an_archived_lab_without_dates_people_or_contact_has_a_page():
    lab = LabFactory(status="closed", roles=False, contact_name="", contact_email="")
    lab.sessions.update(starts_at=None, ends_at=None, place="")

    html = page(lab)

    assert lab.sessions.get(number=1).title in html
    assert "mailto:werklab@" in html


def test_no_participant_stands_on_the_page():
    lab = LabFactory(taken=3)

    html = page(lab)

    for somebody in lab.enrolments.all():
        assert somebody.person.name not in html
        assert somebody.person.email not in html


def test_trainers_stand_there_with_background_and_introduction():
    lab = LabFactory(roles=False)
    trainer = TrainerFactory(name="Noor Hendriks", introduction="Werkte op een gemeentehuis.")
    LabRole.objects.create(lab=lab, user=trainer, role="trainer", chair="municipal")

    html = page(lab)

    assert "Noor Hendriks" in html
    assert "Werkte op een gemeentehuis." in html
    assert trainer.email not in html


@pytest.mark.req("REQ-045")
def test_the_contact_person_is_the_labs_own_with_the_subject_werklab():
    lab = LabFactory(contact_name="Saar", contact_email="saar@oss.example")

    html = page(lab)

    assert "Saar" in html
    assert 'href="mailto:saar@oss.example?subject=Werklab"' in html


@pytest.mark.req("REQ-044")
@pytest.mark.parametrize("status", EVERY_STATE)
def test_no_price_on_the_page_but_a_tailored_one_on_request(status):
    html = page(LabFactory(status=status))

    assert "prijs op maat" in html.lower()
    assert "€" not in html
    assert "euro" not in html


@pytest.mark.req("REQ-022")
def test_initiatives_from_the_own_municipality_are_part_of_it():
    assert "uit je eigen gemeente" in page(LabFactory())


@pytest.mark.req("REQ-028")
def test_the_page_is_of_one_lab_of_one_municipality():
    lab, other = LabFactory(), LabFactory()

    assert lab.municipality.name in page(lab)
    assert other.municipality.name not in page(lab)


def test_what_people_typed_is_text():
    lab = LabFactory(contact_name="<script>alert(1)</script> 😀")
    lab.sessions.update(place="<b>zaal</b>")

    html = page(lab)

    assert escape("<script>alert(1)</script> 😀") in html
    assert "<script>alert" not in html
    assert "<b>zaal" not in html


def test_an_unknown_code_is_not_found_and_a_post_is_refused():
    lab = LabFactory()

    assert Client().get("/meedoen/bestaat-niet/").status_code == 404
    assert Client().post(f"/meedoen/{lab.join_code}/").status_code == 405


# --- what is remembered -----------------------------------------------------------------------


def full_table(lab, people=2):
    for _ in range(people):
        EnrolmentFactory(lab=lab)
        EnrolmentFactory(lab=lab, status="waiting")


@pytest.mark.parametrize("people", [1, 7])
def test_the_page_costs_four_queries_once_and_one_after_that(people, django_assert_num_queries):
    lab = LabFactory()
    full_table(lab, people)

    with django_assert_num_queries(4):
        page(lab)
    with django_assert_num_queries(1):
        page(lab)


def test_a_remembered_page_is_made_anew_when_somebody_enrols():
    lab = LabFactory()
    assert page(lab).count('class="chair taken"') == 0

    enrolment.enrol(
        lab,
        name="Menno",
        email="menno@oss.example",
        department="Griffie",
        function="Griffier",
        contact_frequency="Elke week",
    )

    assert page(lab).count('class="chair taken"') == 1


def test_the_next_day_the_page_is_made_anew():
    lab = LabFactory(begins_in=14)  # closes today
    today = public_page.fragment(lab)

    tomorrow = public_page.fragment(lab, timezone.now() + timedelta(days=1))

    assert "aanmelden/" in today
    assert "aanmelden/" not in tomorrow


def test_the_page_is_not_remembered_past_the_beginning_of_session_1():
    lab = LabFactory()
    begins = lab.starts_at

    assert public_page.kept_for(lab, begins - timedelta(minutes=5)) == timedelta(minutes=5)
    assert public_page.kept_for(lab, begins - timedelta(days=5)) == public_page.LONGEST
    assert public_page.kept_for(lab, begins) == public_page.LONGEST


def test_no_visitor_leaves_a_trace_in_what_is_remembered(client_as):
    lab = LabFactory()
    trainer = client_as("trainer", lab)

    trainer.get(f"/meedoen/{lab.join_code}/")

    assert "csrfmiddlewaretoken" not in public_page.fragment(lab)
    assert "/uitloggen/" not in page(lab)


# --- when and where ---------------------------------------------------------------------------


def sessions_at(lab, *starts, hours=3.5):
    for number, start in enumerate(starts, start=1):
        lab.sessions.filter(number=number).update(
            starts_at=start, ends_at=start + timedelta(hours=hours)
        )
    return public_page.when(lab.programme())


def test_three_sessions_in_words():
    lab = LabFactory()
    words = sessions_at(lab, *(timezone.make_aware(d) for d in days("3-9", "3-25", "4-13")))

    assert words == "3 sessies in maart en april 2027, steeds van 9.30 tot 13.00 uur"


def test_three_sessions_over_the_turn_of_the_year_in_words():
    lab = LabFactory()
    first, second, third = (timezone.make_aware(d) for d in days("11-9", "12-1", "12-20"))
    words = sessions_at(lab, first, second, third + timedelta(days=30))

    assert words.startswith("3 sessies in november 2027, december 2027 en januari 2028, steeds")


def test_three_parts_of_one_day_in_words():
    lab = LabFactory()
    morning = timezone.make_aware(days("3-9")[0])
    parts = [morning + timedelta(hours=hours) for hours in (0, 3, 6)]

    assert sessions_at(lab, *parts, hours=2) == (
        "3 delen op dinsdag 9 maart 2027, van 9.30 tot 17.30 uur"
    )


def test_no_dates_no_words():
    assert public_page.when([]) == ""


def days(*texts):
    return [timezone.datetime.strptime(f"2027-{t} 9.30", "%Y-%m-%d %H.%M") for t in texts]  # noqa: DTZ007


@pytest.mark.parametrize(
    ("places", "words"),
    [
        (["", "", ""], "Bij initiatieven in Oss"),
        (
            ["Stadhuis", "De Dorsvloer", "De Dorsvloer"],
            "Bij initiatieven in Oss en in De Dorsvloer",
        ),
    ],
)
def test_where_in_words(places, words):
    lab = LabFactory(municipality__name="Oss")
    for number, place in enumerate(places, start=1):
        lab.sessions.filter(number=number).update(place=place)

    assert public_page.where(lab) == words
