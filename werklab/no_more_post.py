"""No more reminders and invitations of one lab to one address, at the wish of who reads them.

Letters about an own place, visit or advice go on: they are not what is stopped (RFC 8058).
"""

from django.db import transaction

from werklab import events
from werklab.models import Event, Lab, NoMorePost


def is_stopped(lab: Lab, email: str) -> bool:
    """Whether this address wants no more post of this lab."""
    return NoMorePost.objects.filter(lab=lab, email=email.lower()).exists()


@transaction.atomic
def stop_post(lab: Lab, email: str) -> None:
    """Send this address no more reminders and invitations; asking twice is as good as once."""
    _row, made = NoMorePost.objects.get_or_create(lab=lab, email=email.lower())
    if made:
        events.record(None, "post_stopped", lab=lab, label=email, via=Event.Via.LINK)


@transaction.atomic
def send_again(lab: Lab, email: str) -> None:
    """They want it after all; nothing changes for who had not stopped it."""
    gone, _rows = NoMorePost.objects.filter(lab=lab, email=email.lower()).delete()
    if gone:
        events.record(None, "post_wanted_again", lab=lab, label=email, via=Event.Via.LINK)
