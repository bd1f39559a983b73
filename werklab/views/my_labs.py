"""The overview: what needs me now, and all my labs by phase.

What needs me now is asked of the labs that are mine: where I have a role, or a place of my own. LSA
staff see every lab, but not every lab's work is theirs: to them come the requests that wait, the
labs that end up with too few people, and what there is to do in the labs where they have a role.
So a thousand labs cost the same as a hundred. What may be done in the others stands in their rows.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    When,
    Window,
)
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from werklab import access, finding
from werklab.models import Enrolment, Lab, LabRequest, OutgoingMail, User
from werklab.prepared import PreparedFor
from werklab.views import lab_rows
from werklab.views.lab_filters import STAGES, Filters, name_of
from werklab.views.lab_rows import OVER, Wanted
from werklab.views.remembered import address

LABS_PER_PAGE = 25
SHOWN_TASKS = 8
FEW_LABS = 5  # a list that short one reads, without searching
AT_ONCE = 2  # things to do per lab, before another lab has its turn
NOT_SEATED = {*Enrolment.LIVING} - {Enrolment.Status.SEATED}
COLUMNS = ("pk", "version", "title", "slug", "status", "place__status", "place__intake__done_at")


@dataclass(frozen=True)
class Job:
    """Something to do, and in which lab."""

    what: str
    detail: str
    url: str
    button: str
    lab: str = ""


def my_labs(user: User, query: QueryDict, now: datetime | None = None) -> dict:
    """A page of the labs of this person by phase, and above the first what they must do."""
    now, filters = now or timezone.now(), Filters.of(query, user)
    found, page = _found(user, filters, query.get("pagina", ""), now)
    is_front = not filters.query and page.number == 1
    own = _own(user, now) if is_front else []
    rows = lab_rows.rows({row.pk: _wanted(row, user) for row in [*found, *own]}.values(), now)
    people = finding.people_found([row.pk for row in found], filters.search, user)
    shown = {
        "page": page,
        "filters": filters,
        "is_front": is_front,
        "may_search": bool(filters.query) or page.paginator.count > FEW_LABS,
        "groups": _groups(found, rows, people, page),
    }
    return shown | _needs_me(user, now, own, rows, page.paginator.count) if is_front else shown


def _with_own_place(labs: QuerySet[Lab], user: User) -> QuerySet[Lab]:
    """With `place`: this person's own living enrolment."""
    own = Q(enrolments__person=user, enrolments__status__in=Enrolment.LIVING)
    return labs.annotate(place=FilteredRelation("enrolments", condition=own))


def _columns(labs: QuerySet[Lab], *more: str) -> list[str]:
    """What the list needs of these labs, with the marks of who may do what in them."""
    return [*COLUMNS, *(name for name in labs.query.annotations if name.startswith("as_")), *more]


def _wanted(row, user: User) -> Wanted:
    place = None
    if row.place__status:
        place = {"status": row.place__status, "intake__done_at": row.place__intake__done_at}
    return Wanted(row.pk, row.version, access.abilities(row), user.pk, place)


def _found(user: User, filters: Filters, typed: str, now: datetime) -> tuple[list, Page]:
    """The labs of this page, each with how many there are in all, in one query.

    A page past the end is the last one.
    """
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    rows = _slice(user, filters, max(number, 1), now)
    if not rows and number > 1:
        number = Paginator(_in_order(user, now, filters)[0], LABS_PER_PAGE).num_pages
        rows = _slice(user, filters, number, now)
    total = rows[0].total if rows else 0
    return rows, Paginator(range(total), LABS_PER_PAGE).get_page(number)


def _slice(user: User, filters: Filters, number: int, now: datetime) -> list:
    if filters.search or filters.place:  # another SQL for each word: nothing to keep
        labs, columns = _page_of(user, now, filters, number)
        return list(labs.values_list(*columns, named=True))
    return _page(user, now, filters, number)


def _page_of(user: User, now: datetime, filters: Filters, number: int) -> tuple:
    labs, columns = _in_order(user, now, filters)
    first = (number - 1) * LABS_PER_PAGE
    return labs[first : first + LABS_PER_PAGE], columns


def _in_order(user: User, now: datetime, filters: Filters) -> tuple:
    """By phase; in a phase the first to begin comes first, and of what is over the last."""
    soonest = Case(When(status__in=OVER, then=None), default=F("session_1__starts_at"))
    seen = _with_own_place(access.labs_seen_by(user).with_stage(now), user)
    labs = filters.narrow(seen, user).annotate(
        soonest=soonest,
        total=Window(Count("pk")),
        in_stage=Window(Count("pk"), partition_by=F("stage")),
    )
    latest = F("session_1__starts_at").desc(nulls_last=True)
    labs = labs.order_by(F("stage"), F("soonest").asc(nulls_last=True), latest, "-pk")
    return labs, _columns(labs, "stage", "total", "in_stage")


def _own_of(user: User, now: datetime) -> tuple:
    """The labs in which this person has a role or a place, and of the ones that are over only
    those with post that must still go out. For LSA also every lab with too few people.
    """
    unsent = [OutgoingMail.Status.DRAFT, OutgoingMail.Status.FAILED]
    letters = OutgoingMail.objects.filter(lab=OuterRef("pk"), status__in=unsent)
    labs = access.labs_of(user).filter(~Q(status__in=OVER) | Exists(letters))
    if user.is_staff:
        short = Lab.objects.short_of_people(now).order_by().values("pk")
        labs = access.labs_seen_by(user).filter(Q(pk__in=labs.values("pk")) | Q(pk__in=short))
    return _with_own_place(labs, user).order_by("pk"), _columns(labs)


def _requests_of(user: User, now: datetime) -> tuple:
    return LabRequest.objects.filter(lab=None, declined_at=None).order_by(), ["pk"]


_page, _own = PreparedFor(_page_of), PreparedFor(_own_of)
_open_requests = PreparedFor(_requests_of)


def _groups(found: list, rows: dict[int, dict], people: dict[int, list], page: Page) -> list[dict]:
    """The rows by phase; a phase that began on the page before says so."""
    groups: list[dict] = []
    for row in found:
        if row.pk not in rows:  # removed at this very moment
            continue
        if not groups or groups[-1]["stage"] != row.stage:
            groups.append({"stage": row.stage, "count": row.in_stage, "rows": []})
            groups[-1]["name"] = name_of(STAGES[row.stage])
        groups[-1]["rows"].append(rows[row.pk] | {"people": ", ".join(people.get(row.pk, []))})
    return groups


def _needs_me(user: User, now: datetime, own: list, rows: dict[int, dict], count: int) -> dict:
    """The most urgent thing in red, what more there is to do, and the places one waits for."""
    here = [row for row in own if row.pk in rows]
    mine = [rows[row.pk] for row in here if _is_mine(row)]
    alarms = _alarms([rows[row.pk] for row in here])
    jobs = [*_requests(user, now), *alarms[1:], *_jobs(mine)]
    return {
        "urgent": alarms[0] if alarms else None,
        "jobs": jobs[:SHOWN_TASKS],
        "more": max(len(jobs) - SHOWN_TASKS, 0),
        "line": _line(count, sum(1 for row in mine if row["tasks"])),
        "places": [
            {
                "title": row.title,
                "url": address("werklab:place", row.slug),
                "words": Enrolment.Status(row.place__status).label,
            }
            for row in own
            if row.place__status in NOT_SEATED
        ],
    }


def _is_mine(row) -> bool:
    return bool(row.as_trainer or row.as_coordinator or row.place__status)


def _requests(user: User, now: datetime) -> list[Job]:
    """What municipalities asked for and nobody has answered."""
    if not access.may_anywhere(user, "handle_requests"):
        return []
    count = len(_open_requests(user, now))
    what = ngettext("%(count)s request waits", "%(count)s requests wait", count)
    detail = _("A municipality asked for a werklab.")
    job = Job(what % {"count": count}, detail, address("werklab:requests"), _("Look"))
    return [job] if count else []


def _alarms(here: list[dict]) -> list[Job]:
    """The labs that end up with too few people, for who can do something about it."""
    short = [row for row in here if row["taken"] is not None]
    short.sort(key=lambda row: (row["next_on"] or date.max, row["title"]))
    return [_alarm(row["title"], row["url"], row["taken"], row["closes"]) for row in short]


def _alarm(title: str, url: str, taken: int, closes: str) -> Job:
    words = _("%(title)s has %(taken)s of at least 10 participants.")
    look = _("Look at %(title)s") % {"title": title}
    return Job(words % {"title": title, "taken": taken}, closes, url, look)


def _jobs(mine: list[dict]) -> list[Job]:
    """Everything to do, for the lab whose next day is nearest first.

    Two things of each lab, then the next two: a lab with much to do does not hide the others.
    """
    found = [
        (turn // AT_ONCE, row["next_on"] or date.max, row["title"], turn, task)
        for row in mine
        for turn, task in enumerate(row["tasks"])
    ]
    found.sort(key=lambda one: one[:4])
    return [
        Job(task.what, task.detail, task.url, task.button, title)
        for _round, _day, title, _turn, task in found
    ]


def _line(count: int, busy: int) -> str:
    labs = ngettext("%(count)s werklab.", "%(count)s werklabs.", count) % {"count": count}
    if not busy:
        return labs
    busy_ones = ngettext(
        "There is something to do in %(count)s of them.",
        "There is something to do in %(count)s of them.",
        busy,
    )
    return f"{labs} {busy_ones % {'count': busy}}"
