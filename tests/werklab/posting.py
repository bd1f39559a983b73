"""Letters in every state, for the tests of a lab's post."""

from email.utils import make_msgid

from tests.factories import EnrolmentFactory
from werklab import letters
from werklab.models import Enrolment, OutgoingMail


def draft(lab, **fields):
    """A letter of this lab that waits for somebody's yes."""
    known = {
        "kind": "withdrawn",
        "to": "mens@oss.example",
        "subject": "De zaal is veranderd",
        "text": "Hoi,\n\nWe zitten in zaal 2.\n\nVragen? Bel Samir: 06 0000 0000.",
        "status": OutgoingMail.Status.DRAFT,
        "message_id": make_msgid(domain="werklab.example"),
    }
    return OutgoingMail.objects.create(lab=lab, **(known | fields))


def failed(lab, person=None, **fields):
    """A letter that did not arrive, to somebody or to an address without a name."""
    known = {
        "person": person,
        "to": person.email if person else "mens@oss.example",
        "status": OutgoingMail.Status.FAILED,
        "attempts": 5,
        "last_error": "SMTPRecipientsRefused: {'x': (550, b'no such user')}",
    }
    return draft(lab, **(known | fields))


def letter_with_links(status="sent", **fields) -> OutgoingMail:
    """The letter to somebody with a chair: two personal links and the calendar of the lab."""
    letters.tell(Enrolment.objects.get(pk=EnrolmentFactory(**fields).pk))
    letter = OutgoingMail.objects.latest("pk")
    letter.status = status
    letter.save()
    return letter
