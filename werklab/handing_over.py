"""A seat that passes to a colleague: same chair, another person, nobody of the list in between."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from werklab import enrolment as places
from werklab import events, letters, links, mail, people
from werklab.errors import Refused
from werklab.models import Enrolment, Lab, PersonalLink, User


def why_not(by: User, seat: Enrolment, now: datetime | None = None) -> str:
    """Why this seat cannot be handed over now, in a sentence; empty when it can.

    `seat.lab` comes with its programme. Where the coordinator says yes to everybody, a participant
    does not choose who comes: a trainer or coordinator does it for them.
    """
    lab = seat.lab
    if seat.status != Enrolment.Status.SEATED:
        return _("There is no place here any more to hand over.")
    if lab.status != Lab.Status.LIVE or lab.has_begun(now or timezone.now()):
        return _("A place can be handed over until session 1 begins.")
    if lab.approves_enrolments and by.pk == seat.person_id:
        return _("The coordinator says yes to everybody in this group. Ask them to do it for you.")
    return ""


@transaction.atomic
def hand_over(
    by: User,
    enrolment: Enrolment,
    *,
    name: str,
    email: str,
    function: str,
    contact_frequency: str,
    now: datetime | None = None,
) -> Enrolment:
    """Give a seat to a colleague, who begins with a link of their own and an empty intake.

    The chair keeps its number; the giver's link dies and their consents are wiped. Both get a
    letter. The field of policy goes along. Only a trainer or coordinator lets in an address that
    is none of the municipality's.

    Raises Refused when the seat cannot be handed over (`why_not`), or not to this person.
    """
    now = now or timezone.now()
    lab = places.take_turn(enrolment.lab)
    giver = lab.enrolments.select_related("person").get(pk=enrolment.pk)
    giver.lab, seat = lab, giver.seat
    if reason := why_not(by, giver, now):
        raise Refused(reason)
    colleague = _colleague(by, giver, name, email)
    places.end(giver, now)
    links.take_back(PersonalLink.Purpose.ENROLMENT, giver.pk)
    made = Enrolment(lab=lab, person=colleague, number=lab.last_number, created_at=now)
    made.seat, made.status, made.just_made = seat, Enrolment.Status.SEATED, True
    made.department, made.function = giver.department, function
    made.contact_frequency = contact_frequency
    made.save()
    words = {"giver": giver.person.name, "name": colleague.name}
    label, detail = _("%(giver)s to %(name)s") % words, f"seat {seat} from {giver.pk}"
    events.record(by, "handed_over", made, lab=lab, label=label, detail=detail)
    letters.tell(made)
    _tell_giver(giver, colleague)
    return made


def _colleague(by: User, giver: Enrolment, name: str, email: str) -> User:
    """The person who gets the seat. Raises Refused for who is in already, or from outside."""
    own = by.pk == giver.person_id
    if own and not giver.lab.municipality.owns_address(email.strip()):
        raise Refused(
            _("This is not an address of your municipality. Ask the coordinator to do it for you.")
        )
    colleague = people.person_for(email, name)
    if giver.lab.enrolments.living().filter(person=colleague).exists():
        raise Refused(_("Somebody with this address has enrolled already. Choose another."))
    return colleague


def _tell_giver(giver: Enrolment, colleague: User) -> None:
    mail.send(
        "handed_over",
        to=giver.person.email,
        lab=giver.lab,
        person=giver.person,
        context={
            "name": colleague.name,
            "session_list": letters.programme_lines(giver.lab),
        },
    )
