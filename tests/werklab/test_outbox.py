"""What is done with the post of a lab: send, change, throw away, try again."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import EnrolmentFactory, LabFactory, UserFactory, in_days
from tests.werklab.overview import COORDINATORS, TRAINERS, facts_of
from tests.werklab.posting import draft, failed, letter_with_links
from werklab import letters, links, mail, outbox
from werklab.access import COORDINATOR, TRAINER
from werklab.errors import Refused
from werklab.models import LabRole, OutgoingMail
from werklab.views import todo
from werklab.views.cockpit import notice

Status = OutgoingMail.Status


def by(lab):
    return lab.roles.filter(role="coordinator").get().user


def change(person, lab, letter):
    """Somebody else, another subject, another text."""
    outbox.change_draft(person, lab, letter, to="a@b.example", subject="x", text="y")


# --- drafts -----------------------------------------------------------------------------------


def test_a_draft_goes_out_when_somebody_says_so_and_not_before(mailoutbox):
    lab = LabFactory()
    letter = draft(lab)
    mail.deliver()
    assert mailoutbox == []

    outbox.send_draft(by(lab), lab, letter)
    mail.deliver()

    letter.refresh_from_db()
    assert [sent.to for sent in mailoutbox] == [[letter.to]]
    assert letter.status == Status.SENT
    assert lab.events.get().name == "letter_sent"


@pytest.mark.parametrize("status", ["due", "sent", "failed", "dropped"])
@pytest.mark.parametrize("action", [outbox.send_draft, change])
def test_what_is_no_draft_any_more_is_neither_sent_nor_changed(status, action):
    lab = LabFactory()
    letter = draft(lab, status=status)

    with pytest.raises(Refused):
        action(by(lab), lab, letter)

    again = OutgoingMail.objects.get()
    assert (again.status, again.to, again.text) == (status, letter.to, letter.text)
    assert not lab.events.exists()


def test_all_that_was_seen_is_sent_and_nothing_else():
    lab, other = LabFactory(), LabFactory()
    seen = [draft(lab) for _ in range(3)]
    later, elsewhere = draft(lab), draft(other)
    outbox.send_draft(by(lab), lab, seen[0])
    outbox.delete_draft(by(lab), lab, seen[1])

    sent = outbox.send_all(by(lab), lab, [*(letter.pk for letter in seen), elsewhere.pk])

    states = dict(OutgoingMail.objects.values_list("pk", "status"))
    assert sent == 1
    assert [states[letter.pk] for letter in seen] == ["due", "dropped", "due"]
    assert (states[later.pk], states[elsewhere.pk]) == ("draft", "draft")
    assert lab.events.filter(name="letters_sent").count() == 1


def test_sending_all_when_all_is_gone_is_refused():
    lab = LabFactory()
    letter = draft(lab)
    outbox.send_draft(by(lab), lab, letter)

    with pytest.raises(Refused, match="niets meer te versturen"):
        outbox.send_all(by(lab), lab, [letter.pk])


@pytest.mark.parametrize("status", ["draft", "failed"])
def test_what_is_thrown_away_is_never_sent_and_stays_readable(status, mailoutbox):
    lab = LabFactory()
    letter = draft(lab, status=status)

    outbox.delete_draft(by(lab), lab, letter)
    mail.deliver()

    letter.refresh_from_db()
    assert (letter.status, mailoutbox) == (Status.DROPPED, [])
    assert letter.text


@pytest.mark.parametrize("status", ["due", "sent", "dropped"])
def test_what_was_sent_is_not_thrown_away(status):
    lab = LabFactory()
    letter = draft(lab, status=status)

    with pytest.raises(Refused):
        outbox.delete_draft(by(lab), lab, letter)

    letter.refresh_from_db()
    assert letter.status == status


def test_a_letter_of_another_lab_is_not_touched():
    lab, other = LabFactory(), LabFactory()
    letter = draft(other)

    for action in (outbox.send_draft, outbox.delete_draft):
        with pytest.raises(Refused):
            action(by(lab), lab, letter)

    letter.refresh_from_db()
    assert letter.status == Status.DRAFT


# --- personal links ---------------------------------------------------------------------------


def test_who_reads_along_sees_no_personal_link():
    letter = letter_with_links()

    shown = outbox.readable(letter.text)

    assert shown.count("[persoonlijke link]") == 2
    assert not links.MARK.search(shown)
    assert "/mijn/" not in shown
    assert "agenda.ics" in shown


def test_a_draft_keeps_its_links_when_it_is_changed():
    letter = letter_with_links(status="draft")
    lab, before = letter.lab, links.fill(letter.text)
    typed = outbox.editable(letter.text)
    assert re.findall(r"\[link \d\]", typed) == ["[link 1]", "[link 2]"]

    outbox.change_draft(
        by(lab),
        lab,
        letter,
        to="nieuw@oss.example",
        subject="Let op:\r\n de zaal",
        text=typed.replace("Goed nieuws", "Prachtig nieuws").replace("\n", "\r\n"),
    )

    letter.refresh_from_db()
    after = links.fill(letter.text)
    assert (letter.to, letter.subject) == ("nieuw@oss.example", "Let op: de zaal")
    assert after == before.replace("Goed nieuws", "Prachtig nieuws")
    assert lab.events.get(name="draft_changed").about.startswith("nieuw@oss.example")


def test_changing_nothing_changes_nothing():
    letter = letter_with_links(status="draft")
    text = outbox.editable(letter.text)
    outbox.change_draft(
        by(letter.lab), letter.lab, letter, to=letter.to, subject=letter.subject, text=text
    )

    assert OutgoingMail.objects.get(pk=letter.pk).text == letter.text


def test_each_link_says_what_it_opens_and_for_whom():
    letter = letter_with_links()

    named = outbox.named_links(letter.text)

    assert [link["token"] for link in named] == ["[link 1]", "[link 2]"]
    assert {link["behalf"] for link in named} == {letter.person.name}


def test_a_link_that_is_only_the_beginning_of_another_stays_itself():
    enrolment = EnrolmentFactory()
    link = letters.link_of(enrolment)
    text = f"Kijk: {links.marked_url(link)}\nOf: {links.marked_url(link, 'plek/')}\n\nVragen? Bel."

    typed = outbox.editable(text)

    assert typed == "Kijk: [link 1]\nOf: [link 2]"
    assert outbox._put_back(text, typed) == text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Hoi [link 1]", r"\[link 2\] ontbreekt"),
        ("Hoi [link 1] [link 2] [link 3]", r"heeft geen \[link 3\]"),
        ("Hoi [link 1] [link 2] http://x/~7.0123456789abcdef~/", "er niet bij hoort"),
    ],
)
def test_a_link_that_is_missing_or_strange_is_refused(typed, sentence):
    letter = letter_with_links(status="draft")

    with pytest.raises(Refused, match=sentence):
        outbox.change_draft(
            by(letter.lab), letter.lab, letter, to=letter.to, subject="x", text=typed
        )

    assert OutgoingMail.objects.get(pk=letter.pk).text == letter.text


# --- letters that did not arrive --------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("SMTPRecipientsRefused: {'x': (550, b'no such user')}", "bestaat niet"),
        ("SMTPRecipientsRefused: {'x': (552, b'full')}", "vol"),
        ("TimeoutError: timed out", "niet bereikbaar"),
        ("ConnectionRefusedError: [Errno 111]", "niet bereikbaar"),
        ("SMTPDataError: (554, b'spam')", "wilde deze brief niet"),
        ("KeyError: 'x'", "lukte niet"),
        ("", "lukte niet"),
    ],
)
def test_why_it_did_not_arrive_is_said_in_plain_words(error, reason):
    assert reason in outbox.why(OutgoingMail(last_error=error))


def test_a_failed_letter_is_posted_again_to_the_better_address(mailoutbox):
    lab = LabFactory(taken=1)
    person = lab.enrolments.get().person
    letter = failed(lab, person=person)

    outbox.try_again(by(lab), lab, letter, to="Goed@oss.example ", for_good=True)
    mail.deliver()

    letter.refresh_from_db()
    person.refresh_from_db()
    assert (letter.status, letter.attempts, person.email) == ("sent", 1, "goed@oss.example")
    assert mailoutbox[0].to == ["goed@oss.example"]
    assert mailoutbox[0].extra_headers["Message-ID"] == letter.message_id
    assert list(outbox.failed_for(lab)) == []


def test_without_for_good_the_person_keeps_the_address():
    lab = LabFactory(taken=1)
    person = lab.enrolments.get().person

    outbox.try_again(by(lab), lab, failed(lab, person=person), to="ander@oss.example")

    person.refresh_from_db()
    assert person.email != "ander@oss.example"


def test_the_address_of_somebody_else_is_refused_and_nothing_changes():
    lab = LabFactory(taken=1)
    person = lab.enrolments.get().person
    UserFactory(email="bezet@oss.example")
    letter = failed(lab, person=person)

    with pytest.raises(Refused, match="van iemand anders"):
        outbox.try_again(by(lab), lab, letter, to="BEZET@oss.example", for_good=True)

    letter.refresh_from_db()
    person.refresh_from_db()
    assert (letter.status, letter.to) == ("failed", person.email)
    assert not lab.events.exists()


@pytest.mark.parametrize("other", ["staff", "trainer", "coordinator", "elsewhere", "nowhere"])
def test_nobody_s_way_in_is_changed_but_that_of_a_participant_here(other):
    lab = LabFactory()
    person = UserFactory() if other == "nowhere" else EnrolmentFactory(lab=lab).person
    person.is_staff = other == "staff"
    person.background = "both" if other == "trainer" else ""
    person.save()
    if other == "coordinator":
        LabRole.objects.create(lab=LabFactory(), user=person, role="coordinator")
    if other == "elsewhere":
        EnrolmentFactory(person=person)
    letter, address = failed(lab, person=person), person.email

    outbox.try_again(by(lab), lab, letter, to="kaper@oss.example", for_good=True)

    person.refresh_from_db()
    letter.refresh_from_db()
    assert outbox.whose_address(lab, letter) is None
    assert (person.email, letter.to) == (address, "kaper@oss.example")


@pytest.mark.parametrize("status", ["draft", "due", "sent", "dropped"])
def test_only_what_failed_is_tried_again(status):
    lab = LabFactory()
    letter = draft(lab, status=status)

    with pytest.raises(Refused):
        outbox.try_again(by(lab), lab, letter, to="ander@oss.example")

    letter.refresh_from_db()
    assert (letter.status, letter.to) == (status, "mens@oss.example")


def test_the_oldest_failed_letter_comes_first():
    lab = LabFactory()
    new = failed(lab)
    old = failed(lab, created_at=timezone.now() - timedelta(days=2))
    draft(lab)

    assert list(outbox.failed_for(lab)) == [old, new]


# --- on the lab -------------------------------------------------------------------------------


def test_the_lab_says_what_waits_and_what_failed():
    lab = LabFactory()
    for _ in range(3):
        draft(lab)
    failed(lab)
    draft(lab, status="sent")

    first, second = todo.tasks(facts_of(lab), COORDINATORS)[:2]

    assert first.what == "1 brief kwam niet aan"
    assert first.url == f"/werklabs/{lab.slug}/post/#failed"
    assert second.what == "3 brieven wachten op ‘Verstuur’"
    assert second.url == f"/werklabs/{lab.slug}/post/#drafts"


@pytest.mark.parametrize("status", ["preparing", "live", "closed", "cancelled"])
def test_letters_wait_in_a_lab_of_every_state(status):
    lab = LabFactory(status=status)
    draft(lab)

    tasks = todo.tasks(facts_of(lab), TRAINERS)

    assert "post/#drafts" in tasks[0].url


def test_the_letters_of_a_cancelled_lab_are_what_its_page_says_first():
    lab = LabFactory(status="cancelled")
    assert notice(facts_of(lab), TRAINERS) is None
    draft(lab)

    assert notice(facts_of(lab), TRAINERS).url.endswith("/post/#drafts")


@pytest.mark.parametrize("role", [TRAINER, COORDINATOR])
def test_the_lab_page_shows_it_at_once_when_a_letter_fails(role, client_as, monkeypatch):
    lab = LabFactory()
    client = client_as(role, lab)
    assert "kwam niet aan" not in client.get(lab.get_absolute_url()).content.decode()
    letter = draft(lab, status="due", attempts=9)
    monkeypatch.setattr(mail, "message", lambda letter: 1 / 0)

    mail.deliver()

    letter.refresh_from_db()
    assert letter.status == Status.FAILED
    assert "1 brief kwam niet aan" in client.get(lab.get_absolute_url()).content.decode()


def test_a_draft_that_waited_is_due_from_the_moment_it_is_sent():
    lab = LabFactory()
    letter, now = draft(lab, due_at=in_days(-9)), in_days(1)

    outbox.send_draft(by(lab), lab, letter, now)

    letter.refresh_from_db()
    assert letter.due_at == now
