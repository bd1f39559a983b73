"""Inviting by pasting a list: what is read, what is refused in words, and what goes out when."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import person_with
from tests.factories import EnrolmentFactory, LabFactory
from werklab import invitations, letters, links
from werklab.errors import Refused
from werklab.invitations import prepare, read
from werklab.models import Invitation, NoMorePost, OutgoingMail

Status = OutgoingMail.Status
ROLES = [
    ("staff", 200),
    ("trainer", 200),
    ("coordinator", 200),
    ("participant", 403),
    ("stranger", 404),
]
TWO = "Ans de Boer <ans@oss.example>\nJasper de Ruiter <jasper@oss.example>"


def path(lab, tail=""):
    return f"/werklabs/{lab.slug}/uitnodigen/{tail}"


def fifteen():
    return "\n".join(f"Mens Nummer{n} <m{n}@oss.example>" for n in range(15))


def drafts(lab):
    return OutgoingMail.objects.filter(lab=lab, kind="invite_enrol", status=Status.DRAFT)


def up_to(html):
    return re.search(r'name="up_to" value="(\d+)"', html)[1]


# --- what is read -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "name", "email"),
    [
        ("Ans de Boer <ans@oss.example>", "Ans de Boer", "ans@oss.example"),
        ('"Boer, Ans de" <Ans@OSS.example>;', "Boer, Ans de", "ans@oss.example"),
        ("ans@oss.example", "", "ans@oss.example"),
        ("<ans@oss.example>", "", "ans@oss.example"),
        ("Ans de Boer; ans@oss.example", "Ans de Boer", "ans@oss.example"),
        ("Ans de Boer, ans@oss.example", "Ans de Boer", "ans@oss.example"),
        ("ans@oss.example, Ans de Boer", "Ans de Boer", "ans@oss.example"),
        ("Ans\tde Boer\tans@oss.example", "Ans de Boer", "ans@oss.example"),
        ("  Ans\u00a0de Boer \ufeff<ans@oss.example> ", "Ans de Boer", "ans@oss.example"),
    ],
)
def test_a_line_is_read_as_mail_programs_and_spreadsheets_write_it(line, name, email):
    pasted = read(line)

    assert (pasted.people, pasted.wrong) == ({email: name}, [])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Ans de Boer", "geen mailadres"),
        ("Ans <ans@oss.example>, Jasper <jasper@oss.example>", "meer dan één adres"),
        ("Ans de Boer <ans@oss>", "geen heel mailadres"),
        ("Ans de Boer ans@oss.example", "geen heel mailadres"),
        ("Kijk op www.oss.example <ans@oss.example>", "geen naam"),
        (f"{'x' * 81} <ans@oss.example>", "te lang"),
        (f"ans@{'x' * 63}.{'y' * 63}.{'z' * 63}.{'w' * 63}.example", "adres"),
    ],
)
def test_a_wrong_line_says_which_and_why(line, why):
    pasted = read(f"\nMarijke <marijke@oss.example>\n{line}")

    assert list(pasted.people) == ["marijke@oss.example"]
    ((number, sentence),) = pasted.wrong
    assert number == 3
    assert why in sentence


def test_an_address_that_stands_there_twice_is_taken_once():
    pasted = read("Ans <ans@oss.example>\n\nA. de Boer <ANS@oss.example>")

    assert pasted.people == {"ans@oss.example": "Ans"}
    assert pasted.double == [3]


# --- the page ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), ROLES)
def test_who_may_invite(role, status, client_as):
    lab = LabFactory()
    client = client_as(role, lab)

    assert client.get(path(lab)).status_code == status
    answers = [client.post(path(lab), {"people": TWO}), client.post(path(lab, "versturen/"))]
    answers.append(client.post(path(lab, "weghalen/")))

    assert [a.status_code for a in answers] == [302 if status == 200 else status] * 3
    assert lab.invitations.count() == (2 if status == 200 else 0)


@pytest.mark.parametrize("page", ["versturen/", "weghalen/"])
def test_looking_is_not_doing(page, client_as):
    lab = LabFactory()

    assert client_as("coordinator", lab).get(path(lab, page)).status_code == 405


def test_fifteen_people_are_asked_in_three_clicks_and_nothing_goes_before_the_last(client_as):
    lab = LabFactory()
    client = client_as("coordinator", lab)
    assert f'href="{path(lab)}"' in client.get(f"/werklabs/{lab.slug}/").content.decode()

    page = client.post(path(lab), {"people": fifteen(), "message": ""}, follow=True)
    html = page.content.decode()

    assert "15 uitnodigingen staan klaar" in html
    assert "Verstuur 15 uitnodigingen" in html
    assert drafts(lab).count() == OutgoingMail.objects.count() == 15

    page = client.post(path(lab, "versturen/"), {"up_to": up_to(html)}, follow=True)

    assert "15 uitnodigingen gaan op de post" in page.content.decode()
    assert not drafts(lab).exists()
    assert OutgoingMail.objects.filter(status=Status.DUE).count() == 15
    assert list(lab.events.values_list("name", flat=True).order_by("pk"))[0] == "people_invited"


def test_sending_twice_sends_once_and_says_so(client_as):
    lab = LabFactory()
    client = client_as("coordinator", lab)
    number = up_to(client.post(path(lab), {"people": TWO}, follow=True).content.decode())
    client.post(path(lab, "versturen/"), {"up_to": number})
    OutgoingMail.objects.update(status=Status.SENT)

    again = client.post(path(lab, "versturen/"), {"up_to": number}, follow=True)

    assert "message--stop" in again.content.decode()
    assert OutgoingMail.objects.filter(status=Status.SENT).count() == 2


def test_what_somebody_else_made_ready_meanwhile_is_not_sent_along(client_as):
    lab = LabFactory()
    client = client_as("coordinator", lab)
    number = up_to(client.post(path(lab), {"people": TWO}, follow=True).content.decode())
    prepare(person_with("trainer", lab), lab, {"later@oss.example": "Later"})

    client.post(path(lab, "versturen/"), {"up_to": number})

    assert list(drafts(lab).values_list("to", flat=True)) == ["later@oss.example"]


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "\x00"])
def test_a_number_that_was_not_on_the_page_sends_nothing(number, client_as):
    lab = LabFactory()
    prepare(person_with("trainer", lab), lab, {"ans@oss.example": "Ans"})

    response = client_as("trainer", lab).post(path(lab, "versturen/"), {"up_to": number})

    assert response.status_code == 302
    assert drafts(lab).count() == 1


def test_invitations_that_were_thrown_away_can_be_made_again(client_as):
    lab = LabFactory()
    client = client_as("coordinator", lab)
    client.post(path(lab), {"people": TWO})

    client.post(path(lab, "weghalen/"))
    assert (drafts(lab).count(), invitations.standing(lab).count()) == (0, 0)

    client.post(path(lab), {"people": TWO})
    assert (drafts(lab).count(), lab.invitations.count()) == (2, 2)


def test_wrong_lines_are_named_by_number_and_nothing_typed_is_lost(client_as):
    lab = LabFactory()
    lines = [f"Mens {n} <m{n}@oss.example>" for n in range(1, 501)]
    wrong = [7, 50, 99, 100, 101, 200, 333, 400, 499, 500]
    for number in wrong:
        lines[number - 1] = f"Mens {number}"
    text = "\r\n".join(lines)

    response = client_as("coordinator", lab).post(path(lab), {"people": text, "message": "Kom!"})
    html = response.content.decode()

    assert response.status_code == 200
    found = [int(n) for n in re.findall(r"Regel (\d+): er staat geen mailadres", html)]
    assert found == wrong * 2  # in the list of errors on top, and at the field
    assert response.context["form"]["people"].value() == text
    assert response.context["form"]["message"].value() == "Kom!"
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("text", ["", " \n \n", "\x00", "x" * 100_001, "\n".join(["fout"] * 600)])
def test_what_is_no_list_is_answered_in_words(text, client_as):
    lab = LabFactory()

    response = client_as("coordinator", lab).post(path(lab), {"people": text})

    assert response.status_code == 200
    assert response.context["form"].errors["people"]
    assert not OutgoingMail.objects.exists()


def test_more_than_five_hundred_people_are_too_many_at_a_time(client_as):
    lab = LabFactory()
    text = "\n".join(f"m{n}@oss.example" for n in range(501))

    response = client_as("coordinator", lab).post(path(lab), {"people": text})

    assert "Je plakte er 501" in response.content.decode()


def test_who_was_invited_enrolled_or_wants_no_post_is_named_and_not_asked_again(client_as):
    lab = LabFactory()
    enrolled = EnrolmentFactory(lab=lab, person__email="menno@oss.example")
    NoMorePost.objects.create(lab=lab, email="stil@oss.example")
    client = client_as("coordinator", lab)
    client.post(path(lab), {"people": "ans@oss.example"})

    text = "ANS@oss.example\nmenno@oss.example\nstil@oss.example\nnieuw@oss.example"
    html = client.post(path(lab), {"people": text}, follow=True).content.decode()

    assert "Al eerder uitgenodigd, dus niet nog eens: ans@oss.example." in html
    assert f"Al aangemeld: {enrolled.person.email}." in html
    assert "Wil geen uitnodigingen meer over dit werklab: stil@oss.example." in html
    assert [i.email for i in lab.invitations.all()] == ["ans@oss.example", "nieuw@oss.example"]
    assert drafts(lab).count() == 2


def test_the_page_shows_who_enrolled_since_and_whose_letter_did_not_arrive(client_as):
    lab = LabFactory()
    client = client_as("coordinator", lab)
    client.post(path(lab), {"people": TWO})
    OutgoingMail.objects.filter(to="ans@oss.example").update(status=Status.FAILED)
    OutgoingMail.objects.filter(to="jasper@oss.example").update(status=Status.SENT)
    EnrolmentFactory(lab=lab, person__email="jasper@oss.example")

    html = client.get(path(lab)).content.decode()

    assert "kwam niet aan" in html
    assert f"/werklabs/{lab.slug}/post/#failed" in html
    assert re.search(r"jasper@oss\.example.*?verstuurd.*?doet mee", html, re.DOTALL)


@pytest.mark.parametrize("state", [{"status": "preparing"}, {"status": "cancelled"}])
def test_nobody_is_invited_to_a_closed_door(state, client_as):
    lab = LabFactory(**state)
    client = client_as("coordinator", lab)

    response = client.post(path(lab), {"people": TWO})

    assert response.status_code == 200
    assert response.context["form"].non_field_errors()
    assert response.context["form"]["people"].value() == TWO
    assert "<textarea" not in client.get(path(lab)).content.decode()
    assert not OutgoingMail.objects.exists()


def test_invitations_wait_when_enrolment_closed_meanwhile():
    lab = LabFactory()
    trainer = person_with("trainer", lab)
    prepare(trainer, lab, {"ans@oss.example": "Ans"})
    type(lab).objects.update(enrol_until=timezone.localdate() - timezone.timedelta(days=1))

    with pytest.raises(Refused):
        invitations.send(trainer, lab, drafts(lab).get().pk)

    assert drafts(lab).count() == 1


def test_invitations_with_old_dates_are_not_sent():
    lab = LabFactory()
    trainer = person_with("trainer", lab)
    prepare(trainer, lab, {"ans@oss.example": "Ans"})
    lab.sessions.filter(number=2).update(place="Een andere zaal")

    with pytest.raises(Refused, match="data"):
        invitations.send(trainer, lab, drafts(lab).get().pk)

    assert drafts(lab).count() == 1


# --- the letter -------------------------------------------------------------------------------


def test_the_letter_greets_says_why_tells_the_dates_and_leads_to_the_public_page(client_as):
    lab = LabFactory(capacity=12)
    client = client_as("coordinator", lab)
    text = "Ans de Boer <ans@oss.example>\nkaal@oss.example"

    client.post(path(lab), {"people": text, "message": "Jij kent\nde wijk."})

    letter, bare = drafts(lab).order_by("pk")
    assert (letter.to, bare.to) == ("ans@oss.example", "kaal@oss.example")
    assert letter.text.startswith("Hoi Ans,\n\nJij kent de wijk.\n\n")
    assert bare.text.startswith("Hoi collega,")
    assert letters.programme_lines(lab) in letter.text
    assert "plek voor 12 mensen" in letter.text
    assert "06 0000 0000" in letter.text
    address = re.search(r"meld je aan: \S+?//[^/]+(\S+)", links.fill(letter.text))[1]
    assert address == f"/meedoen/{lab.join_code}/"
    assert Client().get(address).status_code == 200


def test_without_a_sentence_of_ones_own_the_letter_has_one():
    lab = LabFactory()

    prepare(person_with("trainer", lab), lab, {"ans@oss.example": "Ans"})

    assert "Hoi Ans,\n\nDoe je mee met een werklab?" in drafts(lab).get().text


# --- how much it costs ------------------------------------------------------------------------


def test_five_hundred_people_cost_a_handful_of_questions(django_assert_max_num_queries):
    lab = LabFactory()
    trainer = person_with("trainer", lab)
    people = read("\n".join(f"Mens {n} <m{n}@oss.example>" for n in range(500))).people

    with django_assert_max_num_queries(35):  # SQLite writes some 60 rows at a time, PostgreSQL all
        outcome = prepare(trainer, lab, people)

    assert outcome.made == drafts(lab).count() == 500


@pytest.mark.parametrize("people", [1, 8])
def test_the_page_costs_the_same_for_one_and_for_eight(
    people, client_as, django_assert_num_queries
):
    lab = LabFactory()
    prepare(person_with("trainer", lab), lab, {f"m{n}@oss.example": "" for n in range(people)})
    client = client_as("trainer", lab)

    with django_assert_num_queries(8):
        client.get(path(lab))
