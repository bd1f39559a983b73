"""Places in a lab: who gets a seat, who waits, who is offered one, who gives one back.

Every action takes the lab's next number first. That one UPDATE makes everybody who comes at the
same moment wait their turn, on PostgreSQL and on SQLite alike; the constraints stand behind it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from werklab import events, letters, mail, people
from werklab.errors import Refused
from werklab.models import Consent, Enrolment, Event, Lab, User

Status = Enrolment.Status


TAKE_TURN = "UPDATE werklab_lab SET last_number = last_number + 1 WHERE id = %s RETURNING *"


def take_turn(lab: Lab) -> Lab:
    """The lab as it is now that it is our turn, with its programme; inside a transaction."""
    (ours,) = Lab.objects.raw(TAKE_TURN, [lab.pk])
    ours.municipality = lab.municipality
    prefetch_related_objects([ours], "sessions")
    return ours


def stands(enrolment: Enrolment) -> str:
    """Where somebody stands, for the record of events: "seat 3", "offered 3", "waiting 5012".

    Who replays the record knows from these alone who sits where and who waits in which order.
    """
    words: dict[str, str] = {
        Status.SEATED: f"seat {enrolment.seat}",
        Status.OFFERED: f"offered {enrolment.seat}",
        Status.WAITING: f"waiting {enrolment.number}",
    }
    return words.get(enrolment.status, enrolment.status)


def _record(name: str, by: User | None, enrolment: Enrolment, detail: str, via: str = "") -> None:
    about = enrolment.person.name
    events.record(by, name, enrolment, lab=enrolment.lab, label=about, detail=detail, via=via)


def _free_seat(lab: Lab, seats: Collection[int | None]) -> int | None:
    return next((seat for seat in range(1, lab.capacity + 1) if seat not in seats), None)


def _place(enrolment: Enrolment) -> int | None:
    """A free seat, or the end of the waiting list, whose number is returned; nobody is passed."""
    lab = enrolment.lab
    seats = list(lab.enrolments.on_a_chair_or_waiting().values_list("seat", flat=True))
    waiting = seats.count(None)
    enrolment.seat = None if waiting else _free_seat(lab, seats)
    enrolment.status = Status.SEATED if enrolment.seat else Status.WAITING
    enrolment.save()
    return None if enrolment.seat else waiting + 1


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

    An address outside the municipality's mail domains waits for the coordinator's yes, as does
    everybody in a lab that asks it, unless `by` (a trainer or coordinator) puts somebody in. Who is
    enrolled already keeps what they have and gets their link again, so that this form tells nobody
    who takes part; `just_made` says which of the two it was.

    Raises Refused when the lab takes no enrolments now.
    """
    now = now or timezone.now()
    lab = take_turn(lab)
    if not lab.takes_enrolments(now) and not (by and lab.status == Lab.Status.LIVE):
        raise Refused(_("Enrolment for this lab is closed."))
    person = people.person_for(email, name)
    known = None if person.just_made else lab.enrolments.living().filter(person=person).first()
    if known is not None:
        known.lab, known.person = lab, person
        letters.tell_again(known, now)
        return known
    enrolment = Enrolment(lab=lab, person=person, number=lab.last_number, created_at=now)
    enrolment.department, enrolment.function = department, function
    enrolment.contact_frequency, enrolment.just_made = contact_frequency, True
    return _let_in(by, enrolment)


def _let_in(by: User | None, enrolment: Enrolment) -> Enrolment:
    """A seat, the list, or the coordinator's attention for somebody new; and their letter."""
    lab, place_in_line = enrolment.lab, None
    if by is None and (lab.approves_enrolments or letters.is_from_outside(enrolment)):
        enrolment.status = Status.TO_CONFIRM
        enrolment.save()
        letters.ask_coordinators(enrolment)
    else:
        place_in_line = _place(enrolment)
    _record("enrolled", by, enrolment, stands(enrolment), "" if by else Event.Via.FORM)
    letters.tell(enrolment, place_in_line)
    return enrolment


@transaction.atomic
def admit(by: User, enrolment: Enrolment) -> Enrolment:
    """The coordinator's yes to who waits for it.

    Raises Refused when it was answered, or when the lab takes nobody in any more.
    """
    lab = take_turn(enrolment.lab)
    enrolment = lab.enrolments.select_related("person").get(pk=enrolment.pk)
    if enrolment.status != Status.TO_CONFIRM:
        raise Refused(_("This person does not wait for your answer any more."))
    if lab.status != Lab.Status.LIVE:
        raise Refused(_("This werklab takes nobody in any more."))
    enrolment.lab = lab
    _place(enrolment)
    _record("enrolment_admitted", by, enrolment, stands(enrolment))
    letters.tell(enrolment)
    return enrolment


@transaction.atomic
def refuse(by: User, enrolment: Enrolment, now: datetime | None = None) -> None:
    """The coordinator's no to who waits for a yes. Raises Refused when it was answered."""
    lab = take_turn(enrolment.lab)
    changed = lab.enrolments.filter(pk=enrolment.pk, status=Status.TO_CONFIRM).update(
        status=Status.REFUSED, ended_at=now or timezone.now()
    )
    if not changed:
        raise Refused(_("This person does not wait for your answer any more."))
    enrolment.lab = lab
    _record("enrolment_refused", by, enrolment, "refused")
    mail.send("not_admitted", to=enrolment.person.email, lab=lab, person=enrolment.person)


@transaction.atomic
def withdraw(by: User | None, enrolment: Enrolment, now: datetime | None = None) -> Enrolment:
    """Give a place back. A chair that falls free is offered to the first on the list at once.

    Raises Refused when there is nothing left to give back.
    """
    now = now or timezone.now()
    lab = take_turn(enrolment.lab)
    enrolment = lab.enrolments.select_related("person").get(pk=enrolment.pk)
    if not enrolment.is_living:
        raise Refused(_("This place was given back before."))
    enrolment.lab, left = lab, f"left {stands(enrolment)}"
    end(enrolment, now)
    _record("withdrawn", by, enrolment, left)
    mail.send("withdrawn", to=enrolment.person.email, lab=lab, person=enrolment.person)
    offer_free_seats(lab, now)
    return enrolment


def end(enrolment: Enrolment, now: datetime) -> None:
    """Take somebody off, with what they agreed to; a part of the actions that say so."""
    enrolment.status, enrolment.seat, enrolment.offered_until = Status.WITHDRAWN, None, None
    enrolment.ended_at = now
    enrolment.save(update_fields=["status", "seat", "offered_until", "ended_at"])
    Consent.objects.filter(enrolment=enrolment).delete()


def offer_free_seats(lab: Lab, now: datetime) -> None:
    """Hold each free chair for the next on the list, for 72 hours; nobody after session 1 began.

    An offer ends at the latest when session 1 begins.
    """
    if lab.status != Lab.Status.LIVE or lab.has_begun(now):
        return
    until = now + timedelta(hours=letters.OFFER_HOURS)
    if lab.starts_at is not None:
        until = min(until, lab.starts_at)
    taken = set(lab.enrolments.on_a_chair().values_list("seat", flat=True))
    for enrolment in lab.enrolments.waiting().select_related("person"):
        seat = _free_seat(lab, taken)
        if seat is None:
            return
        taken.add(seat)
        enrolment.lab = lab
        enrolment.status, enrolment.seat, enrolment.offered_until = Status.OFFERED, seat, until
        enrolment.save(update_fields=["status", "seat", "offered_until"])
        _record("place_offered", None, enrolment, stands(enrolment), Event.Via.WORKER)
        letters.tell(enrolment)


@transaction.atomic
def accept_offer(by: User | None, enrolment: Enrolment, now: datetime | None = None) -> Enrolment:
    """Say yes to an offered place; twice changes nothing. Raises Refused when the offer is over."""
    now = now or timezone.now()
    lab = take_turn(enrolment.lab)
    enrolment = lab.enrolments.select_related("person").get(pk=enrolment.pk)
    if enrolment.status == Status.SEATED:
        return enrolment
    if lab.status != Lab.Status.LIVE or lab.has_begun(now):
        raise Refused(_("This werklab takes nobody in any more."))
    if enrolment.offered_until is None or enrolment.offered_until <= now:
        raise Refused(_("The time to say yes is over. The place went to the next on the list."))
    enrolment.lab = lab
    enrolment.status, enrolment.offered_until = Status.SEATED, None
    enrolment.save(update_fields=["status", "offered_until"])
    _record("offer_accepted", by, enrolment, stands(enrolment))
    letters.tell(enrolment)
    return enrolment


@transaction.atomic
def decline_offer(by: User | None, enrolment: Enrolment, now: datetime | None = None) -> Enrolment:
    """Say no to an offered place, which goes on to the next. Raises Refused without an offer."""
    lab = take_turn(enrolment.lab)
    if not lab.enrolments.filter(pk=enrolment.pk, status=Status.OFFERED).exists():
        raise Refused(_("No place is held for you any more."))
    return withdraw(by, enrolment, now)


def end_offers(now: datetime | None = None) -> int:
    """Pass on every place whose offer ended unanswered: the worker's clockwork."""
    now = now or timezone.now()
    overdue = Enrolment.objects.with_offer_that_ended(now)
    labs = Lab.objects.filter(pk__in=overdue.values("lab"), status=Lab.Status.LIVE).order_by("pk")
    return sum(_end_offers_of(lab, now) for lab in labs)


@transaction.atomic
def _end_offers_of(lab: Lab, now: datetime) -> int:
    lab, ended = take_turn(lab), 0
    for enrolment in lab.enrolments.with_offer_that_ended(now).select_related("person"):
        enrolment.lab, left = lab, f"left {stands(enrolment)}"
        end(enrolment, now)
        ended += 1
        _record("offer_ended", None, enrolment, left, Event.Via.WORKER)
        mail.send("offer_ended", to=enrolment.person.email, lab=lab, person=enrolment.person)
    offer_free_seats(lab, now)
    return ended
