"""Whether a lab's coordinator says yes to each enrolment, or lets everybody from the house in."""

from django.db import transaction

from werklab import events
from werklab.models import Lab, User


@transaction.atomic
def switch(by: User, lab: Lab, *, on: bool) -> bool:
    """Let new enrolments by the public form wait for the coordinator's yes, or no longer.

    Who waits already goes on waiting for an answer. Returns whether anything changed: the second
    press on the same button does nothing.
    """
    changed = Lab.objects.filter(pk=lab.pk, approves_enrolments=not on).update(
        approves_enrolments=on
    )
    if changed:
        events.record(by, "approval_on" if on else "approval_off", lab, lab=lab)
    return bool(changed)
