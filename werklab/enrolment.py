"""Places in a lab: who gets a seat, who waits, who is offered one, who gives one back.

Every action takes the lab's next number first. That one UPDATE makes everybody who comes at the
same moment wait their turn, on PostgreSQL and on SQLite alike; the constraints stand behind it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from werklab import events, letters, mail, people
from werklab.errors import Refused
from werklab.models import Consent, Enrolment, Event, Lab, User

Status = Enrolment.Status


def _take_turn(lab: Lab) -> Lab:
    Lab.objects.filter(pk=lab.pk).update(last_number=F("last_number") + 1)
    return Lab.objects.select_related("municipality").get(pk=lab.pk)


def _free_seat(lab: Lab) -> int | None:
    taken = set(lab.enrolments.on_a_chair().values_list("seat", flat=True))
    return next((seat for seat in range(1, lab.capacity + 1) if seat not in taken), None)


@transaction.atomic
def enrol(
    lab: Lab,
    *,
    name: str,
    email: str,
    department: str,
    function: str,
    contact_frequency: str,
    by: User | None = None,
    now: datetime | None = None,
) -> Enrolment:
    """Give somebody a seat, a place on the waiting list, or the coordinator's attention (REQ-043).

    An address outside the municipality's mail domains waits for the coordinator's yes, unless
    `by` (a trainer or coordinator) puts somebody in. Who is enrolled already keeps what they have
    and gets their link again, so that this form tells nobody who takes part.

    Raises Refused when the lab takes no enrolments now.
    """
    now = now or timezone.now()
    lab = _take_turn(lab)
    if not lab.takes_enrolments(now) and not (by and lab.status == Lab.Status.LIVE):
        raise Refused(_("Enrolment for this lab is closed."))
    person = people.person_for(email, name)
    enrolment = lab.enrolments.living().filter(person=person).first()
    if enrolment is not None:
        letters.tell_again(enrolment, now)
        return enrolment
    enrolment = Enrolment(
        lab=lab,
        person=person,
        number=lab.last_number,
        department=department,
        function=function,
        contact_frequency=contact_frequency,
    )
    if by is None and not lab.municipality.owns_address(person.email):
        enrolment.status = Status.TO_CONFIRM
        enrolment.save()
        letters.ask_coordinators(enrolment)
    else:
        _place(enrolment)
    events.record(
        by, "enrolled", enrolment, lab=lab, label=person.name, via="" if by else Event.Via.FORM
    )
    letters.tell(enrolment)
    return enrolment


def _place(enrolment: Enrolment) -> None:
    """A free seat, or the end of the waiting list; who waits is never passed."""
    somebody_waits = enrolment.lab.enrolments.waiting().exclude(pk=enrolment.pk).exists()
    enrolment.seat = None if somebody_waits else _free_seat(enrolment.lab)
    enrolment.status = Status.SEATED if enrolment.seat else Status.WAITING
    enrolment.save()


@transaction.atomic
def admit(by: User, enrolment: Enrolment) -> Enrolment:
    """The coordinator's yes to an address from outside. Raises Refused when there is nothing to admit."""
    lab = _take_turn(enrolment.lab)
    enrolment = lab.enrolments.select_related("person").get(pk=enrolment.pk)
    if enrolment.status != Status.TO_CONFIRM:
        raise Refused(_("This person does not wait for your answer any more."))
    enrolment.lab = lab
    _place(enrolment)
    events.record(by, "enrolment_admitted", enrolment, lab=lab, label=enrolment.person.name)
    letters.tell(enrolment)
    return enrolment


@transaction.atomic
def refuse(by: User, enrolment: Enrolment, now: datetime | None = None) -> None:
    """The coordinator's no to an address from outside. Raises Refused when it was answered before."""
    lab = _take_turn(enrolment.lab)
    changed = lab.enrolments.filter(pk=enrolment.pk, status=Status.TO_CONFIRM).update(
        status=Status.REFUSED, ended_at=now or timezone.now()
    )
    if not changed:
        raise Refused(_("This person does not wait for your answer any more."))
    events.record(by, "enrolment_refused", enrolment, lab=lab, label=enrolment.person.name)
    mail.send("not_admitted", to=enrolment.person.email, lab=lab, person=enrolment.person)


@transaction.atomic
def withdraw(by: User | None, enrolment: Enrolment, now: datetime | None = None) -> Enrolment:
    """Give a place back. A chair that falls free is offered to the first on the list at once.

    Raises Refused when there is nothing left to give back.
    """
    now = now or timezone.now()
    lab = _take_turn(enrolment.lab)
    enrolment = lab.enrolments.select_related("person").get(pk=enrolment.pk)
    if not enrolment.is_living:
        raise Refused(_("This place was given back before."))
    enrolment.lab = lab
    _end(enrolment, now)
    events.record(by, "withdrawn", enrolment, lab=lab, label=enrolment.person.name)
    mail.send("withdrawn", to=enrolment.person.email, lab=lab, person=enrolment.person)
    offer_free_seats(lab, now)
    return enrolment


def _end(enrolment: Enrolment, now: datetime) -> None:
    enrolment.status, enrolment.seat, enrolment.offered_until = Status.WITHDRAWN, None, None
    enrolment.ended_at = now
    enrolment.save(update_fields=["status", "seat", "offered_until", "ended_at"])
    Consent.objects.filter(enrolment=enrolment).delete()


def offer_free_seats(lab: Lab, now: datetime) -> None:
    """Hold each free chair for the next on the list, for 72 hours; nobody after session 1 began."""
    if lab.status != Lab.Status.LIVE or lab.has_begun(now):
        return
    for enrolment in lab.enrolments.waiting().select_related("person"):
        seat = _free_seat(lab)
        if seat is None:
            return
        enrolment.lab = lab
        enrolment.status, enrolment.seat = Status.OFFERED, seat
        enrolment.offered_until = now + timedelta(hours=letters.OFFER_HOURS)
        enrolment.save(update_fields=["status", "seat", "offered_until"])
        events.record(
            None, "place_offered", enrolment, lab=lab, label=enrolment.person.name, via="worker"
        )
        letters.tell(enrolment)


@transaction.atomic
def accept_offer(by: User | None, enrolment: Enrolment, now: datetime | None = None) -> Enrolment:
    """Say yes to an offered place. Raises Refused when the offer is over."""
    now = now or timezone.now()
    lab = _take_turn(enrolment.lab)
    enrolment = lab.enrolments.select_related("person").get(pk=enrolment.pk)
    if enrolment.status != Status.OFFERED or enrolment.offered_until <= now:
        raise Refused(_("The time to say yes is over. The place went to the next on the list."))
    enrolment.lab = lab
    enrolment.status, enrolment.offered_until = Status.SEATED, None
    enrolment.save(update_fields=["status", "offered_until"])
    events.record(by, "offer_accepted", enrolment, lab=lab, label=enrolment.person.name)
    letters.tell(enrolment)
    return enrolment


def end_offers(now: datetime | None = None) -> int:
    """Pass on every place whose offer ended unanswered; the worker's clockwork, safe to run twice."""
    now = now or timezone.now()
    ended = 0
    overdue = Enrolment.objects.with_offer_that_ended(now).select_related("lab")
    for lab in {enrolment.lab for enrolment in overdue}:
        with transaction.atomic():
            lab = _take_turn(lab)
            for enrolment in lab.enrolments.with_offer_that_ended(now).select_related("person"):
                enrolment.lab = lab
                _end(enrolment, now)
                ended += 1
                events.record(
                    None, "offer_ended", enrolment, lab=lab, label=str(enrolment), via="worker"
                )
                mail.send("offer_ended", to=enrolment.person.email, lab=lab, person=enrolment.person)
            offer_free_seats(lab, now)
    return ended
