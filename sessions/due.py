"""Who must be reminded, of what, on which day: questions only, nothing is written here.

Each source gives the reminders of its kind on the days that are looked at, for one lab or for all
at once, in the same number of queries.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from sessions.models import LabSession, Visit, VisitSlot
from sessions.reminder_letters import DAYS_FOR_INTAKE
from sessions.working_days import AT, WEEKEND, begin, working_day_before, working_day_from
from werklab import calendar
from werklab.models import Enrolment, Event, Invitation, Lab, LabRole, OutgoingMail

BEFORE_INTAKE = (timedelta(days=10), timedelta(days=3))
BEFORE_SESSION = BEFORE_VISIT = timedelta(days=3)
SILENT = timedelta(days=7)
JUST_TOLD = timedelta(days=3)  # who was told of the intake so lately needs no reminder yet
FAR = timedelta(days=21)  # no reminder is further from its session than this


@dataclass(frozen=True)
class Due:
    """One reminder: `about` is a place, an initiative, a visit, an invitation or a role.

    `on` is the day of the meeting it is about, if any. `once` names it: written one time only.
    """

    kind: str
    day: date
    lab_id: int
    to: str
    about: Any
    on: date
    key: str

    @property
    def once(self) -> str:
        """The name under which it is written one time only."""
        return f"{self.kind}:{self.lab_id}:{self.key}"


@dataclass(frozen=True)
class Look:
    """Which days are looked at, in one lab or in all that are live."""

    now: datetime
    first: date
    last: date
    lab: Lab | None = None

    def holds(self, day: date) -> bool:
        """Whether a reminder of this day is looked for."""
        return self.first <= day <= self.last

    def of(self, rows: QuerySet, lab: str) -> QuerySet:
        """Only the rows of live labs, or of the one lab; `lab` is the way to it."""
        rows = rows.filter(**{f"{lab}__status": Lab.Status.LIVE})
        return rows.filter(**{lab: self.lab}) if self.lab is not None else rows

    def between(self, field: str, *, early: timedelta, late: timedelta) -> Q:
        """That this moment is from `early` before the first day to `late` after the last."""
        tomorrow = self.last + late + timedelta(days=1)
        return Q(
            **{f"{field}__gte": begin(self.first - early), f"{field}__lt": begin(tomorrow)},
        )


def _coming_sessions(look: Look) -> dict[int, list[LabSession]]:
    """The sessions that are near and have not begun, by lab."""
    if look.lab is not None:
        found = [s for s in look.lab.programme() if s.starts_at and s.starts_at > look.now]
        return {look.lab.pk: found} if look.lab.status == Lab.Status.LIVE else {}
    near = LabSession.objects.filter(starts_at__gt=look.now, starts_at__lt=begin(look.last + FAR))
    by_lab = defaultdict(list)
    for session in look.of(near, "lab").select_related("lab").order_by("number"):
        by_lab[session.lab_id].append(session)
    return by_lab


def _intake_days(look: Look, coming: list[LabSession]) -> list[date]:
    """The days on which the intake is asked for again; none once session 1 has begun."""
    if not coming or coming[0].number != 1:
        return []
    on = timezone.localdate(coming[0].starts_at)
    days = [working_day_before(on - DAYS_FOR_INTAKE - before) for before in BEFORE_INTAKE]
    return [day for day in days if look.holds(day)]


def _session_days(look: Look, coming: list[LabSession], *, initiatives: bool = False) -> list[date]:
    """The days with a session of which there is something to remind; three parts are one day."""
    days = {
        timezone.localdate(session.starts_at)
        for session in coming
        if not initiatives or session.number in calendar.sessions_with_initiatives(session.lab)
    }
    return sorted(d for d in days if look.holds(working_day_before(d - BEFORE_SESSION)))


def participants(look: Look, sessions: dict[int, list[LabSession]]) -> Iterator[Due]:
    """Participants: twice when their intake is not done, and before each day with a session.

    Not who heard a moment ago that they have a place: that letter said it all.
    """
    intakes = {pk: _intake_days(look, coming) for pk, coming in sessions.items()}
    days = {pk: _session_days(look, coming) for pk, coming in sessions.items()}
    labs = [pk for pk in sessions if intakes[pk] or days[pk]]
    if not labs:
        return
    told = OutgoingMail.objects.filter(
        lab=OuterRef("lab"), person=OuterRef("person"), kind="place_confirmed"
    ).order_by("-created_at")
    seated = Enrolment.objects.seated().filter(lab__in=labs).order_by("number")
    for row in seated.select_related("person").annotate(
        told_at=Subquery(told.values("created_at")[:1]), done_at=F("intake__done_at")
    ):
        lab, to = row.lab_id, row.person.email
        for day in intakes[lab] if row.done_at is None else []:
            if row.told_at is None or row.told_at <= begin(day, AT) - JUST_TOLD:
                on = timezone.localdate(sessions[lab][0].starts_at)
                yield Due("intake_reminder", day, lab, to, row, on, f"{row.pk}:{day}")
        for on in days[lab]:
            day = working_day_before(on - BEFORE_SESSION)
            if row.told_at is None or row.told_at <= begin(day, AT):
                yield Due("session_reminder", day, lab, to, row, on, f"{row.pk}:{on}")


def initiatives(look: Look, sessions: dict[int, list[LabSession]]) -> Iterator[Due]:
    """Initiatives: silent for a week; visited in three days; and before a session with them."""
    days = {pk: _session_days(look, coming, initiatives=True) for pk, coming in sessions.items()}
    offered = Event.objects.filter(
        name="visit_moments_offered", object_type="visit", object_id=OuterRef("pk")
    ).order_by("-at")
    slots = VisitSlot.objects.filter(visit=OuterRef("pk")).order_by("-starts_at")
    asked = Coalesce(Subquery(offered.values("at")[:1]), F("asked_at"))
    found = Visit.objects.annotate(
        last_asked_at=asked, last_slot=Subquery(slots.values("starts_at")[:1])
    ).filter(
        Q(answer=Visit.Answer.NONE, last_slot__gt=look.now)
        & look.between("last_asked_at", early=SILENT + WEEKEND, late=-SILENT)
        | Q(answer=Visit.Answer.WELCOME, slot__starts_at__gt=look.now)
        & look.between("slot__starts_at", early=-BEFORE_VISIT, late=BEFORE_VISIT + WEEKEND)
        | Q(answer=Visit.Answer.WELCOME, guest_of__lab__in=[pk for pk in days if days[pk]])
    )
    found = look.of(found, "guest_of__lab").select_related("slot", "guest_of__initiative__contact")
    for visit in found.order_by("pk"):
        guest, to = visit.guest_of, _address(visit)
        if to and visit.answer == Visit.Answer.NONE:
            yield from _silent(look, visit, to)
        elif to:
            yield from _agreed(look, visit, to)
            for on in days.get(guest.lab_id, []):
                day, key = working_day_before(on - BEFORE_SESSION), f"i{guest.pk}:{on}"
                yield Due("session_reminder", day, guest.lab_id, to, guest, on, key)


def _address(visit: Visit) -> str:
    contact = getattr(visit.guest_of.initiative, "contact", None)
    return contact.email if contact else ""


def _silent(look: Look, visit: Any, to: str) -> Iterator[Due]:
    """The question once more, while one of its moments is still to come that day."""
    asked = timezone.localdate(visit.last_asked_at)
    day, lab = working_day_from(asked + SILENT), visit.guest_of.lab_id
    if look.holds(day) and visit.last_slot > begin(day, AT):
        yield Due("visit_reminder", day, lab, to, visit, asked, str(visit.pk))


def _agreed(look: Look, visit: Visit, to: str) -> Iterator[Due]:
    """What was agreed, unless they said yes after this should have gone."""
    assert visit.slot is not None
    on = timezone.localdate(visit.slot.starts_at)
    day, lab = working_day_before(on - BEFORE_VISIT), visit.guest_of.lab_id
    late = visit.answered_at is not None and visit.answered_at > begin(day, AT)
    if look.holds(day) and visit.slot.starts_at > look.now and not late:
        yield Due("visit_soon", day, lab, to, visit, on, f"{visit.pk}:{on}")


def invitations(look: Look, sessions: dict[int, list[LabSession]]) -> Iterator[Due]:
    """Who was invited a week ago and has not enrolled, while there are places."""
    if look.lab is not None and not look.lab.takes_enrolments(look.now):
        return
    enrolled = Enrolment.objects.filter(
        lab=OuterRef("lab"), person__email__iexact=OuterRef("email")
    )
    taken = Enrolment.objects.on_a_chair_or_waiting().filter(lab=OuterRef("lab")).order_by()
    count = Subquery(taken.values("lab").annotate(n=Count("pk")).values("n"))
    begun = LabSession.objects.filter(lab=OuterRef("lab"), number=1, starts_at__lte=look.now)
    found = look.of(Invitation.objects.all(), "lab").filter(
        look.between("letter__sent_at", early=SILENT + WEEKEND, late=-SILENT),
        ~Exists(enrolled),
        ~Exists(begun),
        letter__status=OutgoingMail.Status.SENT,
        lab__capacity__gt=Coalesce(count, 0),
    )
    for row in found.select_related("lab", "letter").order_by("pk"):
        on = timezone.localdate(row.letter.sent_at)
        day = working_day_from(on + SILENT)
        if look.holds(day) and max(day, timezone.localdate(look.now)) <= row.lab.enrol_until:
            yield Due("invite_reminder", day, row.lab_id, row.email, row, on, str(row.pk))


def decisions(look: Look, sessions: dict[int, list[LabSession]]) -> Iterator[Due]:
    """Coordinator and trainers of a lab with too few people, on the day that they decide."""
    if look.lab is not None and look.lab.decide_on is None:
        return
    seated = Enrolment.objects.seated().filter(lab=OuterRef("lab")).order_by()
    count = Subquery(seated.values("lab").annotate(n=Count("pk")).values("n"))
    begun = LabSession.objects.filter(lab=OuterRef("lab"), number=1, starts_at__lte=look.now)
    found = look.of(LabRole.objects.all(), "lab").filter(
        ~Exists(begun),
        lab__decide_on__gte=look.first - WEEKEND,
        lab__decide_on__lte=look.last,
        lab__decided_at__isnull=True,
    )
    found = found.annotate(seated=Coalesce(count, 0)).filter(seated__lt=Lab.MIN_PARTICIPANTS)
    for role in found.select_related("user", "lab").order_by("pk"):
        on = role.lab.decide_on
        day = working_day_from(on)
        if look.holds(day):
            key = f"{role.user_id}:{on}"
            yield Due("decide_to_go_on", day, role.lab_id, role.user.email, role, on, key)


SOURCES = (participants, initiatives, invitations, decisions)


def everything(look: Look) -> list[Due]:
    """All that is to be said on these days, the earliest first."""
    sessions = _coming_sessions(look)
    found = [due for source in SOURCES for due in source(look, sessions)]
    return sorted(found, key=lambda due: due.day)
