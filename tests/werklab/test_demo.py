"""The demo: loaded once, moved along with today, and a door that exists on this machine only."""

import json
import re
from collections import Counter
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives import talks
from initiatives.models import Acquaintance, Agreement, Contact, Conversation, Initiative
from sessions import visit_groups, visit_notes
from sessions.models import Card, LabSession, Visit, VisitNote
from tests import demo_urls
from werklab import invitations, links
from werklab.management.demo.load import load_demo, load_municipalities
from werklab.management.demo.ways_in import WAYS_IN
from werklab.models import Lab, LabRequest, Municipality, OutgoingMail, User

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


def test_of_roermond_nothing_is_made_up_to_fill_the_pages(demo):
    there = {"initiative__municipality__name": "Roermond"}

    assert not Initiative.objects.filter(municipality__name="Roermond").exists()
    assert not LabRequest.objects.filter(municipality__name="Roermond").exists()
    assert not OutgoingMail.objects.filter(lab__slug="roermond").exists()
    for model in (Conversation, Acquaintance, Agreement):
        assert not model.objects.filter(**there).exists()


def test_every_person_in_it_is_made_up(demo):
    addresses = [
        *User.objects.values_list("email", flat=True),
        *OutgoingMail.objects.values_list("to", flat=True),
        *Contact.objects.exclude(email="").values_list("email", flat=True),
        *LabRequest.objects.values_list("email", flat=True),
        *[one for lab in Lab.objects.all() for one in lab.invitations.values_list("email", flat=1)],
    ]

    assert [address for address in addresses if not address.endswith(".example")] == []


def everything():
    """Every row of our own in the database."""
    models = [
        model
        for label in ("werklab", "initiatives", "intake", "labsessions")
        for model in apps.get_app_config(label).get_models()
    ]
    return {
        model._meta.label: json.loads(serializers.serialize("json", model.objects.order_by("pk")))
        for model in models
    }


def test_loading_it_twice_changes_nothing(demo):
    before = everything()

    load_municipalities()
    load_demo()

    assert everything() == before


# --- what there is to see -------------------------------------------------------------------------


def day_from_now(days=0):
    """The day so many days from today."""
    return timezone.localdate() + timedelta(days=days)


@pytest.mark.parametrize("slug", ["lindedonk", "wilgenmeer", "vlierhoven"])
def test_each_register_shows_how_we_got_acquainted(demo, slug):
    here = Initiative.objects.filter(lab_links__lab__slug=slug)

    said = Conversation.objects.filter(initiative__in=here)
    assert said.count() >= 2
    assert all(talk.held_on <= day_from_now() and talk.by for talk in said)

    card = Acquaintance.objects.get(initiative__in=here)
    assert all(row["municipality"] and row["initiative"] for row in talks.rows_of(card))
    assert card.together
    assert card.friction

    agreed = Agreement.objects.filter(initiative__in=here)
    assert any(agreement.decision in Agreement.OPEN for agreement in agreed)
    promised = [each.next_message_on for each in agreed if each.next_message_on]
    assert min(promised) >= day_from_now()


def test_agreements_say_how_an_initiative_is_involved(demo):
    roles = Counter(Agreement.objects.values_list("role", flat=True))

    assert set(roles) == {"project_team", "part_team", "none"}
    assert Agreement.objects.filter(role="project_team", decision__in=Agreement.OPEN).exists()


def test_the_sheet_for_an_own_talk_has_something_on_it(demo, client):
    client.post("/demo/stap-in/", {"role": "trainer"})

    page = client.get("/initiatieven/buurtenergie-zuid/voorbereiding/").content.decode()

    for words in (
        *("Samen van het gas af", "Wij willen in het projectteam", "Kennis over techniek"),
        *("Buurtenergie Zuid komt in het projectteam", "Nog geen besluit"),
    ):
        assert words in page


@pytest.mark.parametrize("role", ["trainer", "trainer-advice", "coordinator"])
def test_the_map_of_each_register_has_pins(demo, client, role):
    client.post("/demo/stap-in/", {"role": role})

    page = client.get("/initiatieven/?kaart=1").content.decode()

    assert page.count('<circle class="pin"') >= 4


def test_the_groups_of_the_visits_keep_the_rules(demo):
    groups = {
        slug: visit_groups.moments_of(Lab.objects.get(slug=slug))
        for slug in ("lindedonk", "wilgenmeer", "vlierhoven")
    }

    for moments in groups.values():
        for moment in moments:
            going = [guest.pk for host in moment.hosts for guest in host.guests]
            assert len(going) == len(set(going))
            assert all(host.guests and not host.too_many for host in moment.hosts)
    left = {slug: sum(len(m.unassigned) for m in moments) for slug, moments in groups.items()}
    assert left == {"lindedonk": 0, "wilgenmeer": 0, "vlierhoven": 1}


def states(slug):
    """How many notes of the visits of this lab there are in each state."""
    return Counter(
        VisitNote.objects.filter(visit__lab_session__lab__slug=slug).values_list("state", flat=True)
    )


def test_notes_of_visits_are_there_in_every_state(demo):
    assert set(states("lindedonk")) == {"agreed"}
    assert set(states("wilgenmeer")) == {"draft", "sent", "agreed"}
    assert not states("vlierhoven")  # its visits are still to come
    for note in VisitNote.objects.filter(state="agreed").select_related("card"):
        assert note.card.text == note.text


def test_what_lies_before_an_initiative_waits_for_it_until_the_next_week(demo):
    before = states("wilgenmeer")

    assert visit_notes.settle_notes() == 0
    assert states("wilgenmeer") == before
    sent = VisitNote.objects.filter(state="sent")
    assert all(note.sent_at <= timezone.now() for note in sent)


def test_an_initiative_can_answer_the_notes_by_its_letter(demo, client):
    letter = OutgoingMail.objects.get(kind="visit_notes_sent")
    path = re.search(r"https?://[^/\s]+(/bezoek/\S+/notities/)", links.fill(letter.text))[1]

    page = client.get(path)

    assert page.status_code == 200
    assert "Vraag ons vóór de aanbesteding" in page.content.decode()


def test_a_municipality_waits_for_an_answer(demo, client):
    client.post("/demo/stap-in/", {"role": "staff"})

    page = client.get(reverse("werklab:requests")).content.decode()

    waiting = LabRequest.objects.get(lab=None, declined_at=None)
    assert waiting.name in page
    assert waiting.municipality.name in page


def test_a_request_that_was_answered_is_not_asked_again(demo):
    LabRequest.objects.update(declined_at=timezone.now())

    load_demo(today=timezone.localdate() + timedelta(weeks=3))

    assert LabRequest.objects.get().declined_at


def test_the_post_of_vlierhoven_holds_drafts_and_a_letter_that_failed(demo, client):
    lab = Lab.objects.get(slug="vlierhoven")
    client.post("/demo/stap-in/", {"role": "trainer"})

    page = client.get("/werklabs/vlierhoven/post/").content.decode()

    assert Counter(lab.letters.filter(kind="invite_enrol").values_list("status", flat=True)) == {
        "sent": 2,
        "failed": 1,
        "draft": 3,
    }
    failed = lab.letters.get(status="failed")
    for letter in [failed, *lab.letters.drafts()]:
        assert letter.to in page


def test_people_were_invited_and_the_rest_can_be_sent_with_one_press(demo):
    lab = Lab.objects.get(slug="vlierhoven")
    coordinator = lab.roles.get(role="coordinator").user

    assert invitations.standing(lab).count() == 6
    assert invitations.send(coordinator, lab, invitations.waiting(lab)["up_to"]) == 3


def test_its_dates_move_along_with_today(demo):
    first = LabSession.objects.get(lab__slug="vlierhoven", number=1)

    load_demo(today=timezone.localdate() + timedelta(weeks=10))

    was, is_now = timezone.localtime(first.starts_at), LabSession.objects.get(pk=first.pk)
    moved = timezone.localtime(is_now.starts_at)
    assert moved.date() - was.date() == timedelta(weeks=10)
    assert moved.time() == was.time()


def test_what_was_said_promised_and_heard_moves_along_too(demo):
    was = everything()

    load_demo(today=timezone.localdate() + timedelta(weeks=10))

    now, by = everything(), timedelta(weeks=10)
    for label, field in (
        ("initiatives.Conversation", "held_on"),
        ("initiatives.Acquaintance", "talked_on"),
        ("initiatives.Agreement", "next_message_on"),
    ):
        before, after = ([row["fields"][field] for row in all_[label]] for all_ in (was, now))
        assert [each and date.fromisoformat(each) - by for each in after] == [
            each and date.fromisoformat(each) for each in before
        ]
    assert {label: len(rows) for label, rows in was.items() if label != "werklab.Event"} == {
        label: len(rows) for label, rows in now.items() if label != "werklab.Event"
    }
    for note in VisitNote.objects.exclude(state="draft").select_related("visit__slot"):
        assert note.sent_at > note.visit.slot.ends_at


def test_a_talk_that_a_visitor_wrote_down_does_not_move_into_the_future(demo):
    staff, initiative = User.objects.get(is_staff=True), Initiative.objects.first()
    told = talks.note(
        staff, initiative, held_on=day_from_now(), kind="coffee", notes="Er was soep."
    )

    load_demo(today=day_from_now(7))

    told.refresh_from_db()
    assert told.held_on == day_from_now()


def test_invitations_that_wait_get_the_new_dates(demo):
    load_demo(today=timezone.localdate() + timedelta(weeks=10))

    lab = Lab.objects.get(slug="vlierhoven")
    coordinator = lab.roles.get(role="coordinator").user
    assert invitations.send(coordinator, lab, invitations.waiting(lab)["up_to"]) == 3


@pytest.mark.parametrize("later", range(7))
def test_on_every_day_of_the_week_nothing_of_it_is_in_the_wrong_order(settings, later):
    settings.DEMO = True
    load_municipalities()
    today = day_from_now(later)

    load_demo(today=today)

    open_ones = Agreement.objects.filter(decision__in=Agreement.OPEN)
    assert min(each.next_message_on for each in open_ones) >= today
    assert max(each.held_on for each in Conversation.objects.all()) <= today
    visited = Visit.objects.filter(notes__isnull=False).select_related("slot")
    assert all(timezone.localdate(visit.slot.ends_at) <= today for visit in visited)


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
