"""A seat that passes to a colleague: who may, when, and what becomes of link, intake and post."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import person_with
from tests.factories import EnrolmentFactory, LabFactory, UserFactory, in_days
from werklab import letters, links
from werklab.errors import Refused
from werklab.handing_over import hand_over
from werklab.models import Consent, Enrolment, OutgoingMail, PersonalLink, User

Status = Enrolment.Status
ANS = {
    "name": "Ans de Boer",
    "email": "ans@oss.example",
    "function": "Adviseur",
    "contact_frequency": "Zelden of nooit",
}
ROLES = [
    ("staff", 200),
    ("trainer", 200),
    ("coordinator", 200),
    ("participant", 403),
    ("stranger", 404),
]


def seated(**fields):
    """Somebody on chair 7 of a lab that is otherwise empty."""
    lab = fields.pop("lab", None) or LabFactory()
    person = UserFactory(name="Jasper de Ruiter", email="jasper@oss.example")
    return EnrolmentFactory(lab=lab, person=person, seat=7, department="Griffie", **fields)


def rows():
    return [list(m.objects.order_by("pk").values()) for m in (Enrolment, PersonalLink, User)]


def letters_to(address):
    return [letter.kind for letter in OutgoingMail.objects.filter(to=address).order_by("pk")]


def test_the_chair_keeps_its_number_and_the_colleague_begins_anew():
    giver = seated()
    Consent.objects.create(enrolment=giver, kind=Consent.Kind.NAME)

    made = hand_over(giver.person, giver, **ANS)

    giver.refresh_from_db()
    assert (giver.status, giver.seat) == (Status.WITHDRAWN, None)
    assert (made.status, made.seat, made.person.email) == (Status.SEATED, 7, "ans@oss.example")
    assert (made.department, made.function) == ("Griffie", "Adviseur")
    assert not hasattr(made, "intake")
    assert not Consent.objects.exists()


def test_both_get_a_letter_and_the_colleagues_link_works():
    giver = seated()

    made = hand_over(giver.person, giver, **ANS)

    assert letters_to("ans@oss.example") == ["place_confirmed"]
    assert letters_to("jasper@oss.example") == ["handed_over"]
    letter = OutgoingMail.objects.get(kind="handed_over")
    assert "nu van Ans de Boer" in letter.text
    assert letters.programme_lines(made.lab) in letter.text
    confirmation = links.fill(OutgoingMail.objects.get(kind="place_confirmed").text)
    assert "Stoel 7 is voor jou" in confirmation
    path = re.search(r"//[^/]+(/mijn/[^/]+/intake/)", confirmation)[1]
    assert "Ans de Boer" in Client().get(path).content.decode()


def test_the_givers_link_dies(by_link):
    giver = seated()
    client = by_link(giver)
    path = links.path(letters.link_of(giver))

    response = client.post(f"/werklabs/{giver.lab.slug}/plek/overdragen/", ANS, follow=True)

    assert response.redirect_chain == [(f"/meedoen/{giver.lab.join_code}/", 302)]
    assert "Je plek is nu van Ans de Boer" in response.content.decode()
    assert Client().get(path).status_code == 410
    assert client.get(f"/werklabs/{giver.lab.slug}/plek/").status_code == 302
    assert giver.lab.events.get(name="handed_over").via == "link"


def test_the_record_says_whose_chair_it_was():
    giver = seated()

    made = hand_over(giver.person, giver, **ANS)

    event = made.lab.events.get()
    assert (event.name, event.object_id) == ("handed_over", made.pk)
    assert event.detail == f"seat 7 from {giver.pk}"
    assert event.about == "Jasper de Ruiter aan Ans de Boer"


def test_nobody_on_the_list_moves():
    lab = LabFactory()
    waits = EnrolmentFactory(lab=lab, status=Status.WAITING)
    giver = seated(lab=lab)

    hand_over(giver.person, giver, **ANS)

    waits.refresh_from_db()
    assert waits.status == Status.WAITING


def refused(by, giver, words="", **changes):
    before = rows()
    with pytest.raises(Refused, match=words):
        hand_over(by, giver, **ANS | changes)
    assert rows() == before
    assert not OutgoingMail.objects.exists()


def test_an_address_from_outside_comes_in_by_the_coordinator_only():
    giver = seated()

    refused(giver.person, giver, "gemeente", email="ans@elders.example")

    made = hand_over(
        person_with("coordinator", giver.lab), giver, **ANS | {"email": "ans@elders.example"}
    )
    assert (made.status, made.seat) == (Status.SEATED, 7)


@pytest.mark.parametrize("status", ["seated", "waiting", "to_confirm"])
def test_somebody_who_has_enrolled_gets_no_second_place(status):
    giver = seated()
    EnrolmentFactory(lab=giver.lab, status=status, person__email="ans@oss.example")

    refused(giver.person, giver, "al iemand aangemeld")


def test_who_withdrew_before_may_come_back_on_a_colleagues_chair():
    giver = seated()
    EnrolmentFactory(lab=giver.lab, status="withdrawn", person__email="ans@oss.example")

    assert hand_over(giver.person, giver, **ANS).seat == 7


def test_nobody_hands_over_to_themselves():
    giver = seated()

    refused(giver.person, giver, "al iemand aangemeld", email="Jasper@oss.example")


@pytest.mark.parametrize("role", ["participant", "trainer"])
def test_after_session_1_began_a_chair_stays_whose_it_is(role):
    giver = seated()
    giver.lab.sessions.filter(number=1).update(starts_at=timezone.now(), ends_at=in_days(1))
    by = giver.person if role == "participant" else person_with(role, giver.lab)

    refused(by, giver, "sessie 1")


def test_where_the_coordinator_says_yes_to_everybody_they_hand_over():
    giver = seated(lab=LabFactory(approves_enrolments=True))

    refused(giver.person, giver, "coördinator")

    assert hand_over(person_with("coordinator", giver.lab), giver, **ANS).seat == 7


@pytest.mark.parametrize("status", ["to_confirm", "waiting", "withdrawn", "refused"])
def test_only_a_chair_of_ones_own_can_be_handed_over(status):
    giver = EnrolmentFactory(status=status)

    refused(giver.person, giver, "plek")


def test_what_was_handed_over_cannot_be_handed_over_again():
    giver = seated()
    hand_over(giver.person, giver, **ANS)

    with pytest.raises(Refused):
        hand_over(giver.person, giver, **ANS | {"email": "b@oss.example"})

    assert giver.lab.enrolments.on_a_chair().get().person.email == "ans@oss.example"


# --- the pages --------------------------------------------------------------------------------


def pages(giver):
    base = f"/werklabs/{giver.lab.slug}"
    return f"{base}/plek/overdragen/", f"{base}/deelnemers/{giver.pk}/overdragen/"


def test_the_own_place_leads_to_the_form(by_link):
    giver = seated()
    client, (own, _theirs) = by_link(giver), pages(giver)

    assert own in client.get(f"/werklabs/{giver.lab.slug}/plek/").content.decode()
    html = client.get(own).content.decode()
    asked = re.findall(r'name="(name|email|function|contact_frequency|department)"', html)
    assert list(dict.fromkeys(asked)) == ["name", "email", "function", "contact_frequency"]


@pytest.mark.parametrize(("role", "status"), ROLES)
def test_who_may_hand_over_somebody_elses_chair(role, status, client_as):
    giver = seated()
    _own, theirs = pages(giver)
    client = client_as(role, giver.lab)

    assert client.get(theirs).status_code == status
    response = client.post(theirs, ANS)

    giver.refresh_from_db()
    assert response.status_code == (302 if status == 200 else status)
    assert (giver.status == Status.WITHDRAWN) == (status == 200)


def test_the_participants_page_leads_to_the_form_and_says_what_was_done(client_as):
    giver = seated()
    _own, theirs = pages(giver)
    client = client_as("coordinator", giver.lab)
    assert theirs in client.get(f"/werklabs/{giver.lab.slug}/deelnemers/").content.decode()

    response = client.post(theirs, ANS, follow=True)

    assert "Stoel 7 is nu van Ans de Boer" in response.content.decode()


def test_nobody_of_another_lab_is_touched(client_as):
    giver, other = seated(), LabFactory()

    answer = client_as("trainer", other).post(
        f"/werklabs/{other.slug}/deelnemers/{giver.pk}/overdragen/", ANS
    )

    giver.refresh_from_db()
    assert (answer.status_code, giver.status) == (404, Status.SEATED)


@pytest.mark.parametrize(
    "wrong",
    [{"email": "geen adres"}, {"email": "ans@elders.example"}, {"function": ""}, {"name": "a@b"}],
)
def test_a_form_with_an_error_keeps_what_was_typed(wrong, by_link):
    giver = seated()
    own, _theirs = pages(giver)
    before = Enrolment.objects.count()

    response = by_link(giver).post(own, ANS | wrong)

    assert response.status_code == 200
    form = response.context["form"]
    assert form.errors
    assert {name: form[name].value() for name in ANS} == ANS | wrong
    assert Enrolment.objects.count() == before


@pytest.mark.parametrize("state", [{"approves_enrolments": True}, {"status": "cancelled"}])
def test_where_it_cannot_be_done_there_is_a_sentence_and_no_form(state, by_link):
    giver = seated(lab=LabFactory(**state))
    own, _theirs = pages(giver)
    client = by_link(giver)

    assert own not in client.get(f"/werklabs/{giver.lab.slug}/plek/").content.decode()
    assert 'name="email"' not in client.get(own).content.decode()
