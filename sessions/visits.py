"""Coffee visits: ask an initiative, offer it moments, and what it answers.

Initiatives come from the lab's own municipality (REQ-014), a visit is at their address, outside
the town hall (REQ-016), and is part of session 1 (REQ-058).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.models import Initiative
from sessions import choosing, visit_letters
from sessions.models import LabInitiative, LabSession, Visit, VisitSlot
from werklab import events
from werklab.errors import Refused
from werklab.models import Event, Lab, User

Answer = Visit.Answer
Moment = tuple[datetime, datetime]
MOST_SLOTS = 3
ENOUGH_VISITS = 2  # the group visits more than one initiative (REQ-058)
EVENTS = {
    Answer.WELCOME: "visit_confirmed",
    Answer.OTHER_TIME: "visit_other_time",
    Answer.NOT_NOW: "visit_declined",
}


def visits_of(lab: Lab) -> QuerySet[Visit]:
    """The visits of a lab with all that its pages show."""
    return (
        Visit.objects.filter(lab_session__lab=lab)
        .select_related("slot", "guest_of__initiative__contact", "answered_by")
        .prefetch_related("slots")
    )


def is_over(lab: Lab) -> bool:
    """Whether nothing can be asked or answered any more in this lab."""
    return lab.status in (Lab.Status.CLOSED, Lab.Status.CANCELLED)


def _check_open(lab: Lab) -> None:
    if is_over(lab):
        raise Refused(_("This lab is finished. Nothing can be changed any more."))


def _check_slots(lab: Lab, slots: Sequence[Moment], now: datetime) -> None:
    if not 1 <= len(slots) <= MOST_SLOTS:
        raise Refused(_("Offer one to three moments."))
    if len({starts_at for starts_at, _ends_at in slots}) < len(slots):
        raise Refused(_("Two of the moments are the same. Choose different ones."))
    for starts_at, ends_at in slots:
        if ends_at <= starts_at:
            raise Refused(_("A visit ends after it begins."))
        if starts_at <= now:
            raise Refused(_("This moment is in the past. Choose one that is still to come."))
        if lab.ends_at and ends_at > lab.ends_at:
            raise Refused(_("A visit is before the end of session 3. Choose an earlier moment."))


def _first_session(lab: Lab) -> LabSession:
    first = next((session for session in lab.programme() if session.number == 1), None)
    if first is None or first.starts_at is None:
        raise Refused(_("Session 1 has no date yet. Plan it first."))
    return first


def _put_slots(visit: Visit, slots: Sequence[Moment]) -> None:
    VisitSlot.objects.bulk_create(
        VisitSlot(visit=visit, number=number, starts_at=starts_at, ends_at=ends_at)
        for number, (starts_at, ends_at) in enumerate(sorted(slots), start=1)
    )


@dataclass(frozen=True)
class Agreed:
    """What goes with a question besides place and time.

    `said_yes_on` is the day on which the coordinator said yes in a talk, when the list does not
    say so yet; `knowingly` that one asks volunteers who were asked often lately all the same.
    """

    route: str = ""
    accessibility: str = ""
    compensation: str = ""
    said_yes_on: date | None = None
    knowingly: bool = False


@transaction.atomic
def ask(
    by: User,
    lab: Lab,
    initiative: Initiative,
    place: str,
    group_size: int,
    slots: Sequence[Moment],
    agreed: Agreed | None = None,
    *,
    now: datetime | None = None,
) -> Visit:
    """Ask an initiative whether the group may come, at one of these moments (begin, end).

    It gets a personal link, by mail when we know an address. Raises Refused for an initiative of
    another municipality (REQ-014), one that not both sides chose (REQ-021), one that was asked
    before, often lately and unknowingly, and for moments that cannot be.
    """
    now, agreed = now or timezone.now(), agreed or Agreed()
    lab = Lab.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=lab.pk)
    _check_open(lab)
    choosing.check_is_here(lab, initiative)
    lab_session = _first_session(lab)
    _check_slots(lab, slots, now)
    guest, _made = LabInitiative.objects.get_or_create(lab=lab, initiative=initiative)
    if lab_session.visits.filter(guest_of=guest).exists():
        raise Refused(
            _("%(name)s was asked already. Open that visit to offer other moments.")
            % {"name": initiative}
        )
    choosing.agree(by, guest, agreed.said_yes_on)
    choosing.check_knowingly(initiative, agreed.knowingly, now)
    visit = Visit.objects.create(
        lab_session=lab_session,
        guest_of=guest,
        place=place,
        group_size=group_size,
        asked_at=now,
        route=agreed.route,
        accessibility=agreed.accessibility,
        compensation=agreed.compensation,
    )
    _put_slots(visit, slots)
    events.record(by, "visit_asked", visit, lab=lab)
    visit_letters.invite(visit)
    return visit


def _with_turn(visit: Visit) -> Visit:
    """The visit as it is now; who answers at the same moment waits for us.

    First take the turn, then read: PostgreSQL would hand a row that waited its old slot.
    """
    Visit.objects.select_for_update().get(pk=visit.pk)
    rows = Visit.objects.select_related("slot", "lab_session", "guest_of__lab__municipality")
    rows = rows.select_related("guest_of__initiative__contact").prefetch_related("slots")
    visit = rows.get(pk=visit.pk)
    _check_open(visit.guest_of.lab)
    return visit


@transaction.atomic
def answer(
    visit: Visit,
    answer: str,
    *,
    by: User | None = None,
    slot: VisitSlot | None = None,
    other_time: str = "",
    note: str = "",
    now: datetime | None = None,
) -> Visit:
    """What the initiative says: welcome at a slot, rather another moment, or not this time.

    `by` is the trainer who writes it down for them after a call; None when they came by their own
    link. Both trainers hear it; the same answer again changes nothing and mails nobody. Raises
    Refused once the visit has begun, and for a welcome without a moment that is still to come.
    """
    now = now or timezone.now()
    visit = _with_turn(visit)
    if not visit.can_be_answered(now):
        raise Refused(_("The moment of this visit has passed. The answer cannot change any more."))
    slot = _chosen(visit, slot, now) if answer == Answer.WELCOME else None
    given = (answer, slot, other_time, note)
    if given == (visit.answer, visit.slot, visit.other_time, visit.note):
        return visit
    if slot != visit.slot:
        visit.sequence += 1
    visit.answer, visit.slot, visit.other_time, visit.note = given
    visit.answered_at, visit.answered_by = now, by
    visit.save()
    lab, name = visit.guest_of.lab, EVENTS[Answer(answer)]
    if by is None:
        events.record(None, name, visit, lab=lab, by_name=str(visit), via=Event.Via.LINK)
    else:
        events.record(by, name, visit, lab=lab)
    visit_letters.tell(visit)
    return visit


def _chosen(visit: Visit, slot: VisitSlot | None, now: datetime) -> VisitSlot:
    """The slot in which they are welcome; the only one there is needs no choosing."""
    offered = list(visit.slots.all())
    if slot is None and len(offered) == 1:
        slot = offered[0]
    if slot not in offered:
        raise Refused(_("Choose one of the moments."))
    if slot.starts_at <= now:
        raise Refused(_("This moment is in the past. Choose one that is still to come."))
    return slot


@transaction.atomic
def offer(by: User, visit: Visit, slots: Sequence[Moment], *, now: datetime | None = None) -> Visit:
    """Offer other moments instead of the ones before; the initiative is asked again, by letter.

    Their remark is kept, their answer and the moment they proposed are not. Raises Refused for
    moments that cannot be, and once a visit that was agreed on has begun.
    """
    now = now or timezone.now()
    visit = _with_turn(visit)
    lab = visit.guest_of.lab
    if visit.slot is not None and visit.slot.starts_at <= now:
        raise Refused(_("The moment of this visit has passed. The answer cannot change any more."))
    _check_slots(lab, slots, now)
    before = [(slot.starts_at, slot.ends_at) for slot in visit.slots.all()]
    if before == sorted(slots) and visit.answer == Answer.NONE:
        return visit
    visit.answer, visit.slot, visit.other_time = Answer.NONE, None, ""
    visit.answered_at, visit.answered_by, visit.asked_at = None, None, now
    visit.save()
    visit.slots.all().delete()
    _put_slots(visit, slots)
    visit.refresh_from_db()
    events.record(by, "visit_moments_offered", visit, lab=lab)
    visit_letters.offer_others(visit)
    return visit
