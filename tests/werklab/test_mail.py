"""Post: a row with the change that causes it, posted once, tried again, honest when it failed."""

import threading
from datetime import timedelta
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from tests.factories import LabFactory, UserFactory
from tests.served import free_port
from werklab import mail, mail_html
from werklab.models import OutgoingMail

Status = OutgoingMail.Status
LEASE = timedelta(seconds=settings.MAIL_LEASE)


def write(**fields):
    """A letter about a place that was given back."""
    lab = fields.pop("lab", None) or LabFactory()
    person = UserFactory(name="Jasper de Ruiter")
    return mail.send("withdrawn", to="jasper@oss.example", lab=lab, person=person, **fields)


class Links(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.found.add(dict(attrs)["href"])


def in_text(text):
    return {word for word in text.split() if word.startswith("http")}


def test_writing_a_letter_sends_nothing():
    write()

    assert OutgoingMail.objects.get().status == Status.DUE
    assert outbox.outbox == []


def test_a_letter_is_posted_once():
    write()

    assert (mail.deliver(), mail.deliver()) == (1, 0)
    assert [m.to for m in outbox.outbox] == [["jasper@oss.example"]]
    letter = OutgoingMail.objects.get()
    assert (letter.status, letter.attempts, letter.leased_until) == (Status.SENT, 1, None)


def test_all_that_is_due_is_posted_in_one_round():
    lab = LabFactory()
    for _ in range(mail.BATCH * 2 + 1):
        write(lab=lab)

    assert mail.deliver() == mail.BATCH * 2 + 1


def test_a_letter_for_later_waits():
    later = timezone.now() + timedelta(days=1)
    write(due_at=later)

    assert mail.deliver() == 0
    assert mail.deliver(later) == 1


def test_a_letter_with_a_hole_is_never_written():
    with pytest.raises(KeyError):
        mail.send("place_confirmed", to="j@oss.example", lab=LabFactory(), person=UserFactory())

    assert not OutgoingMail.objects.exists()


def test_text_and_html_say_the_same_and_hold_the_same_links():
    write()
    mail.deliver()
    posted = outbox.outbox[0]
    html = posted.alternatives[0].content

    assert in_text(posted.body) == Links(html).found
    assert "Hoi Jasper," in posted.body
    assert "Hoi Jasper," in html
    assert '<html lang="nl">' in html
    assert "<img" not in html


def test_only_the_first_line_that_is_nothing_but_a_link_is_a_button():
    text = "Zet ze in je agenda. Het staat ook hier: https://a.example/1\n\n"
    text += "Zeg ja: https://a.example/2\nZeg nee: https://a.example/3"

    lines = [line for block in mail_html.paragraphs(text) for line in block["lines"]]

    assert [(line["label"], line["button"]) for line in lines] == [
        ("Het staat ook hier", False),
        ("Zeg ja", True),
        ("Zeg nee", False),
    ]


def test_a_list_in_the_middle_of_a_paragraph_is_a_list():
    blocks = mail_html.paragraphs("De data:\n- maandag\n- dinsdag\n\nTot dan,")

    assert [(b["kind"], [line["before"] for line in b["lines"]]) for b in blocks] == [
        ("text", ["De data:"]),
        ("list", ["maandag", "dinsdag"]),
        ("text", ["Tot dan,"]),
    ]


def test_a_letter_says_that_a_machine_sent_it_and_whom_it_answers_to():
    write()
    mail.deliver()
    headers = outbox.outbox[0].message()

    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Reply-To"] == "samir@werklab.example"
    assert headers["Message-ID"] == OutgoingMail.objects.get().message_id


def test_a_name_adds_no_header_and_no_line():
    person = UserFactory(name="Jasper\r\nBcc: iedereen@elders.example")
    lab = LabFactory(title="Werklab\r\nBcc: iedereen@elders.example")
    mail.send("withdrawn", to="jasper@oss.example", lab=lab, person=person)

    mail.deliver()

    posted = outbox.outbox[0]
    assert "\n" not in posted.subject
    assert posted.message()["Bcc"] is None
    assert posted.recipients() == ["jasper@oss.example"]


def test_what_somebody_typed_is_text_in_the_html():
    lab = LabFactory(title="<script>alert(1)</script>")
    mail.send("withdrawn", to="jasper@oss.example", lab=lab, person=UserFactory())

    mail.deliver()

    html = outbox.outbox[0].alternatives[0].content
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("key", sorted(key for key in mail.letters() if key))
def test_every_letter_is_dutch_and_without_a_shout(key):
    letter = mail.letters()[key]
    words = letter["subject"] + " " + letter["body"]

    assert "Helaas" not in words
    assert "Oeps" not in words
    assert "registratie" not in words


# --- when the post office is closed -----------------------------------------------------------


@pytest.fixture
def closed(settings):
    """No mail server answers."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


@pytest.mark.usefixtures("closed")
def test_a_letter_that_could_not_be_posted_is_tried_again_with_growing_pauses():
    write()
    now = timezone.now()
    pauses = []
    for _ in settings.MAIL_PAUSES:
        mail.deliver(now)
        letter = OutgoingMail.objects.get()
        pauses.append(letter.due_at - now)
        assert mail.deliver(now) == 0  # not before the pause is over
        now = letter.due_at

    assert pauses == [timedelta(seconds=pause) for pause in settings.MAIL_PAUSES]
    assert (letter.status, letter.attempts) == (Status.FAILED, 5)
    assert "ConnectionRefusedError" in letter.last_error


@pytest.mark.usefixtures("closed")
def test_a_failed_letter_is_not_tried_a_sixth_time():
    letter = write()
    OutgoingMail.objects.filter(pk=letter.pk).update(attempts=4)
    mail.deliver()

    mail.deliver(timezone.now() + timedelta(days=9))

    assert OutgoingMail.objects.get().attempts == 5


def test_one_bad_letter_does_not_hold_up_the_next():
    lab = LabFactory()
    bad = write(lab=lab)
    OutgoingMail.objects.filter(pk=bad.pk).update(to="twee\nregels@oss.example")
    good = write(lab=lab)

    assert mail.deliver() == 1

    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.status, bad.status) == (Status.SENT, Status.DUE)
    assert bad.attempts == 1


def test_a_worker_that_died_gives_its_letters_back_after_the_lease():
    write()
    now = timezone.now()
    assert len(mail.claim(now)) == 1  # and then it dies

    assert mail.claim(now + LEASE - timedelta(seconds=1)) == []
    assert [letter.attempts for letter in mail.claim(now + LEASE)] == [2]


def test_a_round_ends_in_time_for_what_else_is_due_and_the_next_goes_on():
    lab = LabFactory()
    for _ in range(mail.BATCH + 2):
        write(lab=lab)

    assert mail.deliver(lasts=timedelta(0)) == mail.BATCH
    assert OutgoingMail.objects.filter(status=Status.DUE).count() == 2
    assert mail.deliver(lasts=timedelta(0)) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_letter():
    lab = LabFactory()
    for _ in range(12):
        write(lab=lab)
    taken, ready = [], threading.Barrier(4)

    def work():
        ready.wait()
        while letters := mail.claim(timezone.now(), most=2):
            taken.extend(letter.pk for letter in letters)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(taken) == sorted(OutgoingMail.objects.values_list("pk", flat=True))


# --- over a real wire -------------------------------------------------------------------------


class Postbox:
    """Keeps what a mail server is handed."""

    def __init__(self):
        self.envelopes = []

    async def handle_DATA(self, server, session, envelope):
        self.envelopes.append(envelope)
        return "250 Kept"


@pytest.fixture
def postbox(settings):
    box = Postbox()
    port = free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    server.stop()


def test_a_letter_with_a_calendar_arrives_whole_at_a_real_server(postbox):
    letter = write(
        calendar="BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nSUMMARY:Café\r\nEND:VCALENDAR\r\n"
    )

    assert mail.deliver() == 1

    (envelope,) = postbox.envelopes
    arrived = message_from_bytes(envelope.content, policy=policy.default)
    parts = {part.get_content_type(): part for part in arrived.walk()}
    assert envelope.rcpt_tos == ["jasper@oss.example"]
    assert arrived["Message-ID"] == letter.message_id
    assert "Hoi Jasper," in parts["text/plain"].get_content()
    assert 'lang="nl"' in parts["text/html"].get_content()
    assert "Café" in parts["text/calendar"].get_content()
    assert parts["text/calendar"].get_param("method") == "PUBLISH"
    assert parts["text/calendar"].get_filename() == "werklab.ics"
