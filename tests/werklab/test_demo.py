"""The demo: loaded once, moved along with today, and a door that exists on this machine only."""

import re
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from sessions.models import Card, LabSession
from tests import demo_urls
from werklab.management.demo.load import load_demo, load_municipalities
from werklab.management.demo.ways_in import WAYS_IN
from werklab.models import Enrolment, Lab, Municipality, OutgoingMail, User

HIDDEN = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-IP")


@pytest.fixture
def demo(settings):
    """A machine with DEMO=1 and the demo loaded."""
    settings.DEMO, settings.ROOT_URLCONF = True, demo_urls.__name__
    load_municipalities()
    load_demo()


def standings():
    """How the four labs stand: their phase and how many have a seat."""
    return {
        lab.slug: (
            lab.phase(presented_on=getattr(getattr(lab, "presentation", None), "date", None)).value,
            lab.enrolments.seated().count(),
        )
        for lab in Lab.objects.all()
    }


def test_it_holds_four_labs_each_in_a_state_of_its_own(demo):
    assert Municipality.objects.exclude(province="fictief").count() == 342
    assert standings() == {
        "roermond": ("finished", 0),
        "lindedonk": ("follow_up", 12),
        "wilgenmeer": ("advice", 15),
        "vlierhoven": ("recruitment", 9),
    }
    assert Lab.objects.get(slug="wilgenmeer").enrolments.waiting().count() == 2
    assert Lab.objects.get(slug="lindedonk").reports.standing().count() == 1


def test_of_roermond_it_holds_only_what_is_known(demo):
    lab = Lab.objects.get(slug="roermond")

    assert not lab.roles.exists()
    assert not lab.enrolments.exists()
    assert [s.starts_at for s in lab.sessions.all()] == [None, None, None]
    assert not re.search(r"20\d\d", lab.looking_back)
    assert Card.objects.filter(column__lab_session__lab=lab).count() == 3


def test_every_person_in_it_is_made_up(demo):
    assert all(email.endswith(".example") for email in User.objects.values_list("email", flat=True))
    assert all(to.endswith(".example") for to in OutgoingMail.objects.values_list("to", flat=True))


def test_loading_it_twice_adds_nothing(demo):
    before = [model.objects.count() for model in (Lab, User, Enrolment, Card, OutgoingMail)]

    load_municipalities()
    load_demo()

    after = [model.objects.count() for model in (Lab, User, Enrolment, Card, OutgoingMail)]
    assert after == before


def test_its_dates_move_along_with_today(demo):
    first = LabSession.objects.get(lab__slug="vlierhoven", number=1)

    load_demo(today=timezone.localdate() + timedelta(weeks=10))

    was, is_now = timezone.localtime(first.starts_at), LabSession.objects.get(pk=first.pk)
    moved = timezone.localtime(is_now.starts_at)
    assert moved.date() - was.date() == timedelta(weeks=10)
    assert moved.time() == was.time()


@pytest.mark.parametrize("weeks", [9, 60])
def test_on_any_day_one_is_open_and_one_writes_its_advice(settings, weeks):
    settings.DEMO = True
    load_municipalities()

    load_demo(today=timezone.localdate() + timedelta(weeks=weeks))

    now = timezone.now() + timedelta(weeks=weeks)
    labs = {lab.slug: lab for lab in Lab.objects.all()}
    assert labs["vlierhoven"].takes_enrolments(now)
    assert labs["wilgenmeer"].phase(now, date.max) == Lab.Phase.ADVICE


def test_its_labs_are_never_loaded_among_real_ones(settings):
    settings.DEMO = False

    with pytest.raises(CommandError):
        call_command("demo")

    assert not Lab.objects.exists()


@pytest.mark.parametrize("path", ["/demo/", "/demo/post/", "/demo/post/1/"])
def test_without_demo_its_door_does_not_exist(client, path):
    assert client.get(path).status_code == 404
    assert client.post("/demo/stap-in/", {"role": "staff"}).status_code == 404


@pytest.mark.parametrize("header", HIDDEN)
def test_it_refuses_what_came_through_a_proxy(client, settings, header):
    settings.DEMO, settings.ROOT_URLCONF = True, demo_urls.__name__

    response = client.get("/hulp/", headers={header: "10.0.0.1"})

    assert response.status_code == 400


def test_without_demo_such_a_header_is_nothing_special(client):
    assert client.get("/hulp/", headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 200


def test_one_press_makes_you_anybody(demo):
    answers = {}

    for way in WAYS_IN:
        client = Client()
        response = client.post("/demo/stap-in/", {"role": way.key})
        answers[way.key] = (response.status_code, client.get(response.url).status_code)

    assert answers == {way.key: (302, 200) for way in WAYS_IN}


def test_nobody_can_be_somebody_who_is_not_offered(client, demo):
    assert client.post("/demo/stap-in/", {"role": "admin"}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_the_post_can_be_read_and_its_links_followed(client, demo):
    client.post(
        "/meedoen/vlierhoven/aanmelden/",
        {
            "name": "Mirte Zandpad",
            "email": "nieuw@vlierhoven.example",
            "department": "Veiligheid",
            "function": "Handhaver",
            "contact_frequency": "Elke week",
        },
    )
    letter = OutgoingMail.objects.get(kind="place_confirmed", to="nieuw@vlierhoven.example")

    listed = client.get("/demo/post/").content.decode()
    read = client.get(f"/demo/post/{letter.pk}/").content.decode()

    assert letter.subject in listed
    link = re.search(r'href="https?://[^/"]+(/mijn/[^"]+/intake/)"', read)[1]
    assert client.get(link).status_code == 200
