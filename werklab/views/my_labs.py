"""The list of somebody's labs: what must I do now, in each."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from werklab import access
from werklab.models import Enrolment, Lab, LabRole, User
from werklab.views import phases, reading, todo
from werklab.views.overview import PHASES, Facts, name_of
from werklab.views.remembered import shown
from werklab.views.todo import Task

LABS_PER_PAGE = 25
OVER = (Lab.Status.CLOSED, Lab.Status.CANCELLED)


@dataclass(frozen=True)
class Row:
    """One lab in the list, with the first thing to do and how many more there are."""

    title: str
    url: str
    is_over: bool
    task: Task | None
    more: int
    phase: str
    phase_number: int
    taken: int
    capacity: int
    too_few: int
    next_day: str
    closes: str
    trainers: str


def my_labs(user: User, number: str | None = None, now: datetime | None = None) -> dict:
    """A page of the labs of this person, the living ones first, and what they must do in each."""
    is_over = Case(When(status__in=OVER, then=Value(1)), default=Value(0))
    labs = access.labs_seen_by(user).annotate(is_over=is_over).order_by("is_over", "-created_at")
    page = Paginator(labs, LABS_PER_PAGE).get_page(number)
    here, own = list(page.object_list), _own_places(user)
    facts = reading.read(here, now or timezone.now())
    rows = [_row(facts[lab.pk], access.abilities(lab), own.get(lab.pk)) for lab in here]
    living = [row for row in rows if not row.is_over]
    return {
        "page": page,
        "urgent": next((row for row in living if row.too_few), None),
        "living": sorted(living, key=lambda row: row.task is None),
        "finished": [row for row in rows if row.is_over],
        "line": _line(page.paginator.count, sum(1 for row in living if row.task)),
        "places": [place for place in own.values() if place["status"] != "seated"],
    }


def _own_places(user: User) -> dict[int, dict]:
    """This person's own living places by lab: as participant, on the list, or being considered."""
    rows = Enrolment.objects.living().filter(person=user).order_by("number")
    columns = ("lab_id", "lab__title", "lab__slug", "status", "intake__pk", "intake__done_at")
    return {
        row["lab_id"]: row
        | {
            "words": Enrolment.Status(row["status"]).label,
            "url": reverse("werklab:place", args=[row["lab__slug"]]),
        }
        for row in rows.values(*columns)
    }


def _line(count: int, busy: int) -> str:
    labs = ngettext("%(count)s werklab.", "%(count)s werklabs.", count) % {"count": count}
    if not busy:
        return f"{labs} {_('There is nothing that you have to do now.')}"
    busy_ones = ngettext(
        "There is something to do in %(count)s of them.",
        "There is something to do in %(count)s of them.",
        busy,
    )
    return f"{labs} {busy_ones % {'count': busy}}"


def _row(facts: Facts, may: frozenset[str], place: dict | None) -> Row:
    tasks = [*_own_tasks(facts, may, place), *todo.tasks(facts, may)]
    chairs = sorted(facts.team.values(), key=lambda row: row["roles__chair"], reverse=True)
    trainers = [name_of(row) for row in chairs if row["roles__role"] == LabRole.Role.TRAINER]
    return Row(
        title=facts.lab.title,
        url=facts.lab.get_absolute_url(),
        is_over=facts.lab.status in OVER,
        task=tasks[0] if tasks else None,
        more=max(len(tasks) - 1, 0),
        phase=phases.phase_name(facts),
        phase_number=min(facts.phase_number, PHASES),
        taken=len(facts.seated),
        capacity=facts.lab.capacity,
        too_few=facts.too_few if "manage_enrolment" in may else 0,
        next_day=_next_day(facts),
        closes=_closes(facts) if facts.too_few else "",
        trainers=_(" and ").join(trainers),
    )


def _own_tasks(facts: Facts, may: frozenset[str], place: dict | None) -> list[Task]:
    """A participant's intake comes before what else they may do."""
    before = facts.phase in (Lab.Phase.RECRUITMENT, Lab.Phase.INTAKE)
    if "answer_intake" not in may or place is None or place["intake__done_at"] or not before:
        return []
    until = {"day": shown(facts.lab.intake_deadline(facts.now), "l j F")}
    url = todo.page("intake:answer", facts)
    detail = _("We ask for it before %(day)s.") % until
    return [Task(_("Fill in your intake"), detail, url, _("Open"))]


def _next_day(facts: Facts) -> str:
    """What is first to come: the end of enrolment, a session, or the management team."""
    if facts.lab.status != Lab.Status.LIVE:
        return ""
    days = [(facts.lab.enrol_until, _("enrolment closes"))]
    for session in facts.sessions:
        if session.starts_at:
            words = _("session %(number)s") % {"number": session.number}
            days.append((timezone.localdate(session.starts_at), words))
    if facts.presented_on:
        days.append((facts.presented_on, _("management team")))
    coming = sorted(row for row in days if row[0] >= facts.today)
    return f"{shown(coming[0][0], 'D j F')}, {coming[0][1]}" if coming else ""


def _closes(facts: Facts) -> str:
    day = {"day": shown(facts.lab.enrol_until, "l j F")}
    if facts.lab.enrol_until < facts.today:
        return _("Enrolment closed on %(day)s.") % day
    return _("Enrolment is open until %(day)s.") % day
