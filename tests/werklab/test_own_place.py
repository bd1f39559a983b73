"""The page behind the mailed link, and the own place: see it, answer an offer, give it back."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.conftest import person_with
from tests.factories import EnrolmentFactory, LabFactory, UserFactory, in_days
from werklab import links
from werklab.letters import link_of
from werklab.middleware import LINK_IN_SESSION
from werklab.models import Enrolment, PersonalLink

Status = Enrolment.Status
EVERY_STATUS = ["to_confirm", "waiting", "offered", "seated", "withdrawn", "refused"]


def somebody(status="seated", **fields):
    """An enrolment in this state, by a person called Jasper de Ruiter."""
    lab = fields.pop("lab", None) or LabFactory()
    if status == "offered":
        fields |= {"seat": 7, "offered_until": in_days(2)}
    person = UserFactory(name="Jasper de Ruiter")
    return EnrolmentFactory(lab=lab, person=person, status=status, **fields)


def path_of(enrolment, tail=""):
    address = links.url(link_of(enrolment), tail)
    return "/" + address.partition("//")[2].partition("/")[2]


def rows():
    """Everything that a visit might have changed."""
    return [list(model.objects.values()) for model in (Enrolment, PersonalLink)]


@pytest.mark.parametrize("status", EVERY_STATUS)
def test_the_link_tells_whose_it_is_and_where_they_stand_and_changes_nothing(status):
    enrolment = somebody(status)
    path = path_of(enrolment)
    before = rows()

    response = Client().get(path)

    assert response.status_code == 200
    assert "Jasper de Ruiter" in response.content.decode()
    assert settings.SESSION_COOKIE_NAME not in response.cookies
    assert rows() == before
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("tail", "status", "behind"),
    [
        ("", "seated", "/werklabs/{slug}/"),
        ("intake/", "seated", "/werklabs/{slug}/intake/"),
        ("plek/", "seated", "/werklabs/{slug}/plek/"),
        ("advies/", "seated", "/werklabs/{slug}/advies/rapport/"),
        ("", "waiting", "/werklabs/{slug}/plek/"),
        ("intake/", "offered", "/werklabs/{slug}/plek/"),
        ("intake/", "withdrawn", "/werklabs/{slug}/plek/"),
    ],
)
def test_the_button_leads_to_where_the_mail_was_about(tail, status, behind):
    enrolment = somebody(status)
    client = Client()

    response = client.post(path_of(enrolment, tail))

    assert response["Location"] == behind.format(slug=enrolment.lab.slug)
    assert client.session[LINK_IN_SESSION] == link_of(enrolment).pk
    assert client.session.get_expiry_age() == settings.LINK_VISIT_SECONDS


def test_an_unknown_tail_is_not_found():
    assert Client().get(path_of(somebody(), "onzin/")).status_code == 404


def test_who_is_signed_in_here_becomes_the_person_of_the_link_and_no_more():
    enrolment = somebody()
    staff = UserFactory(is_staff=True)
    client = Client()
    client.force_login(staff)
    key = client.session.session_key

    client.post(path_of(enrolment))

    assert client.session.session_key != key
    assert client.get("/trainers/").status_code == 403
    response = client.get(f"/werklabs/{enrolment.lab.slug}/plek/")
    assert response.wsgi_request.user == enrolment.person
    assert response.wsgi_request.user.by_link == enrolment


def test_a_form_from_elsewhere_lets_nobody_in():
    client = Client(enforce_csrf_checks=True)

    assert client.post(path_of(somebody())).status_code == 403
    assert LINK_IN_SESSION not in client.session


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_over_says_whom_to_call(method):
    enrolment = somebody()
    path = path_of(enrolment)
    PersonalLink.objects.update(expires_at=timezone.now())

    response = getattr(Client(), method)(path)

    assert response.status_code == 410
    assert enrolment.lab.contact_phone in response.content.decode()
    assert "Jasper" not in response.content.decode()


def test_a_link_that_was_taken_back_ends_the_visit_at_once(by_link):
    enrolment = somebody()
    client = by_link(enrolment)
    assert client.get(f"/werklabs/{enrolment.lab.slug}/plek/").status_code == 200

    links.take_back("enrolment", enrolment.pk)

    assert client.get(f"/werklabs/{enrolment.lab.slug}/plek/").status_code == 302
    assert Client().get(path_of(somebody())).status_code == 200


@pytest.mark.parametrize("token", ["onzin", "~1~", "a" * 22])
def test_a_link_that_never_was_is_not_found(token):
    assert Client().get(f"/mijn/{token}/").status_code == 404
    assert Client().post(f"/mijn/{token}/").status_code == 404


def test_a_link_for_a_visit_is_no_link_for_a_place():
    lab = LabFactory()
    later = timezone.now() + timedelta(days=1)
    link = links.link_for("visit", 1, lab=lab, behalf="Buurtkeuken", expires_at=later)
    token = links.url(link).rstrip("/").rpartition("/")[2]

    assert Client().get(f"/mijn/{token}/").status_code == 404


# --- the place itself -------------------------------------------------------------------------


def place(client, enrolment):
    return client.get(f"/werklabs/{enrolment.lab.slug}/plek/")


@pytest.mark.parametrize("status", EVERY_STATUS)
def test_everybody_sees_their_own_place(status, by_link):
    enrolment = somebody(status)

    response = place(by_link(enrolment), enrolment)

    assert response.status_code == 200
    can_give_back = f"/werklabs/{enrolment.lab.slug}/plek/teruggeven/" in response.content.decode()
    assert can_give_back == (status in ("to_confirm", "waiting", "seated"))


@pytest.mark.parametrize("status", ["to_confirm", "waiting", "offered", "withdrawn", "refused"])
def test_who_has_no_seat_sees_nothing_else_of_the_lab(status, by_link):
    enrolment = somebody(status)
    client = by_link(enrolment)

    for page in ("", "intake/", "deelnemers/", "advies/"):
        assert client.get(f"/werklabs/{enrolment.lab.slug}/{page}").status_code == 404


def test_a_participant_who_signed_in_sees_their_place_too():
    enrolment = somebody()
    client = Client()
    client.force_login(enrolment.person)

    assert place(client, enrolment).status_code == 200


def test_who_never_enrolled_has_no_place():
    lab = LabFactory()
    client = Client()
    client.force_login(person_with("trainer", lab))

    assert client.get(f"/werklabs/{lab.slug}/plek/").status_code == 404
    assert client.post(f"/werklabs/{lab.slug}/plek/teruggeven/").status_code == 404


def test_a_link_shows_no_place_in_another_lab(by_link):
    enrolment = somebody()
    elsewhere = EnrolmentFactory(person=enrolment.person)

    client = by_link(enrolment)

    assert place(client, elsewhere).status_code == 404
    assert client.post(f"/werklabs/{elsewhere.lab.slug}/plek/teruggeven/").status_code == 404
    elsewhere.refresh_from_db()
    assert elsewhere.status == Status.SEATED


def test_giving_a_place_back_by_link(by_link):
    lab = LabFactory(taken=14)
    enrolment = somebody(lab=lab)
    waits = EnrolmentFactory(lab=lab, status="waiting")
    client = by_link(enrolment)

    response = client.post(f"/werklabs/{lab.slug}/plek/teruggeven/", follow=True)

    enrolment.refresh_from_db()
    waits.refresh_from_db()
    assert (enrolment.status, waits.status, waits.seat) == (Status.WITHDRAWN, Status.OFFERED, 15)
    assert "teruggegeven" in response.content.decode()
    assert lab.events.filter(name="withdrawn").get().via == "link"


def test_giving_back_twice_says_so_and_does_it_once(by_link):
    enrolment = somebody()
    client = by_link(enrolment)
    client.post(f"/werklabs/{enrolment.lab.slug}/plek/teruggeven/")

    again = client.post(f"/werklabs/{enrolment.lab.slug}/plek/teruggeven/", follow=True)

    assert "al eerder teruggegeven" in again.content.decode()
    assert enrolment.lab.events.filter(name="withdrawn").count() == 1


@pytest.mark.parametrize(("answer", "status"), [("yes", "seated"), ("no", "withdrawn")])
def test_an_offer_is_answered_with_one_of_two_equal_buttons(answer, status, by_link):
    enrolment = somebody("offered")
    client = by_link(enrolment)
    html = place(client, enrolment).content.decode()
    assert html.count('<button class="btn btn--line" name="answer"') == 2

    client.post(f"/werklabs/{enrolment.lab.slug}/plek/aanbod/", {"answer": answer})

    enrolment.refresh_from_db()
    assert enrolment.status == status


def test_an_answer_that_is_neither_is_refused(by_link):
    enrolment = somebody("offered")

    response = by_link(enrolment).post(
        f"/werklabs/{enrolment.lab.slug}/plek/aanbod/", {"answer": "misschien"}
    )

    enrolment.refresh_from_db()
    assert (response.status_code, enrolment.status) == (400, Status.OFFERED)


def test_a_yes_that_comes_too_late_says_so(by_link):
    enrolment = somebody("offered")
    Enrolment.objects.update(offered_until=timezone.now())

    response = by_link(enrolment).post(
        f"/werklabs/{enrolment.lab.slug}/plek/aanbod/", {"answer": "yes"}, follow=True
    )

    assert "voorbij" in response.content.decode()
    enrolment.refresh_from_db()
    assert enrolment.status == Status.OFFERED


@pytest.mark.parametrize("page", ["plek/teruggeven/", "plek/aanbod/"])
def test_looking_is_not_doing(page, by_link):
    enrolment = somebody()

    assert by_link(enrolment).get(f"/werklabs/{enrolment.lab.slug}/{page}").status_code == 405


def test_closing_the_visit_forgets_the_link(by_link):
    enrolment = somebody()
    client = by_link(enrolment)

    client.post("/uitloggen/")

    assert place(client, enrolment).status_code == 302
    assert not client.session.get(LINK_IN_SESSION)


@pytest.mark.parametrize("count", [1, 8])
def test_the_own_pages_cost_the_same_for_one_and_for_eight(
    count, by_link, django_assert_num_queries
):
    enrolment = somebody("waiting", lab=LabFactory(taken=count))
    path, client = path_of(enrolment), by_link(enrolment)

    with django_assert_num_queries(5):
        Client().get(path)
    with django_assert_num_queries(6):
        place(client, enrolment)
