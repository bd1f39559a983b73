"""What there is to know of a lab, for its cockpit and for the list of somebody's labs.

Everything here hangs on `lab.version` or on the date and time: the cockpit keeps its page until one
of the two changes. How it is read stands in `reading`.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone

from sessions import readiness
from sessions.models import LabSession, Visit
from werklab.models import Enrolment, Lab

SHORT_NOTICE = timedelta(days=14)
PHASES = 7
FIRST_SESSION_PHASE = 3
Status = Enrolment.Status


@dataclass
class Facts:
    """One lab with all that its overview shows, as plain values."""

    lab: Lab
    now: datetime
    people: list[dict] = field(default_factory=list)
    initiatives: list[dict] = field(default_factory=list)
    advices: dict[int, dict] = field(default_factory=dict)
    team: dict[int, dict] = field(default_factory=dict)
    presented_on: date | None = None
    asked_at: datetime | None = None
    presenters: set[int] = field(default_factory=set)
    is_final: bool = False
    organisation: dict[str, datetime | None] = field(default_factory=dict)
    post: Counter = field(default_factory=Counter)

    @cached_property
    def sessions(self) -> list[LabSession]:
        """The three sessions in order."""
        return self.lab.programme()

    @cached_property
    def has_dates(self) -> bool:
        """Whether it is known when the sessions are; of a lab of long ago it may not be."""
        return bool(self.sessions) and all(
            session.starts_at is not None for session in self.sessions
        )

    @cached_property
    def needs(self) -> list[readiness.Point]:
        """What the lab needs before enrolment opens, there or not; nothing once it is open."""
        return readiness.points(self.lab) if self.lab.status == Lab.Status.PREPARING else []

    @cached_property
    def today(self) -> date:
        """The day of today in the Netherlands."""
        return timezone.localdate(self.now)

    def is_near(self, moment: datetime | None) -> bool:
        """Whether this is on one of the next fourteen days, or over."""
        return moment is not None and timezone.localdate(moment) - self.today <= SHORT_NOTICE

    @cached_property
    def phase(self) -> Lab.Phase:
        """Where the lab stands."""
        return self.lab.phase(self.now, self.presented_on)

    @cached_property
    def phase_number(self) -> int:
        """The same as a step: 0 is not begun yet, 3 to 5 are the sessions, 8 is over."""
        if self.phase == Lab.Phase.SESSIONS:
            over = len([s for s in self.sessions if s.ends_at and s.ends_at <= self.now])
            return FIRST_SESSION_PHASE + over
        steps = {
            Lab.Phase.RECRUITMENT: 1,
            Lab.Phase.INTAKE: 2,
            Lab.Phase.ADVICE: 6,
            Lab.Phase.FOLLOW_UP: PHASES,
            Lab.Phase.FINISHED: PHASES + 1,
        }
        return steps.get(self.phase, 0)

    @cached_property
    def count(self) -> Counter:
        """How many people there are of each status."""
        return Counter(person["status"] for person in self.people)

    @cached_property
    def seated(self) -> list[dict]:
        """The participants."""
        return [person for person in self.people if person["status"] == Status.SEATED]

    @cached_property
    def places_left(self) -> int:
        """Chairs that are nobody's; one that is offered is somebody's."""
        return max(self.lab.capacity - len(self.seated) - self.count[Status.OFFERED], 0)

    @cached_property
    def too_few(self) -> int:
        """How many people are missing, once that is a worry: enrolment closes within 14 days.

        It is none any more when somebody decided that it goes on all the same.
        """
        before = self.phase in (Lab.Phase.RECRUITMENT, Lab.Phase.INTAKE)
        if not before or self.lab.decided_at is not None:
            return 0
        if self.lab.enrol_until - self.today > SHORT_NOTICE:
            return 0
        return max(Lab.MIN_PARTICIPANTS - len(self.seated), 0)

    @cached_property
    def intakes(self) -> tuple[int, int]:
        """How many intakes are done and how many are busy."""
        done = sum(1 for person in self.seated if person["intake__done_at"])
        return done, sum(1 for person in self.seated if person["intake__pk"]) - done

    @cached_property
    def visits(self) -> list[dict]:
        """The visits that still may be: not those that were declined."""
        declined = (None, Visit.Answer.NOT_NOW)
        return [row for row in self.initiatives if row["visits__answer"] not in declined]

    @cached_property
    def answers_awaited(self) -> int:
        """How many answers of initiatives on an advice are still to come."""
        asked = len({row["pk"] for row in self.initiatives}) * len(self.advices)
        return asked - self.answers

    @cached_property
    def answers(self) -> int:
        """How many answers there are on the advices as they stand now."""
        return sum(len(advice["answers"]) for advice in self.advices.values())


def name_of(role: dict) -> str:
    """The name of who has this role."""
    return role["roles__user__name"] or role["roles__user__email"]
