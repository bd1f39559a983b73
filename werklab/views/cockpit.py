"""The cockpit: one lab on one screen, the next step first.

Its page is kept per lab, version, abilities, language and day, until a session begins or ends. So
nothing of the visitor may stand in it: no name, no message, no csrf token.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sessions import changes
from sessions.models import Visit
from werklab.access import MAY
from werklab.models import Lab
from werklab.views import panels, phases, reading, todo
from werklab.views.overview import Facts, Status
from werklab.views.remembered import shown

SHOWN_TASKS = 5


@dataclass(frozen=True)
class Notice:
    """The one thing that asks attention before all else; `acts` says that its button is a POST."""

    css: str
    icon: str
    what: str
    detail: str = ""
    url: str = ""
    button: str = ""
    acts: bool = False


def cockpit(lab: Lab, may: frozenset[str], now: datetime | None = None) -> dict:
    """What the overview page of this lab shows to somebody who may do this.

    `line` is for under the heading, `group` holds the addresses of the participants (for one mail
    to all that shows nobody the others), `body` is the page itself.
    """
    now = now or timezone.now()
    who = "".join("1" if ability in may else "0" for ability in MAY)
    day = timezone.localdate(now)
    key = f"cockpit:{lab.pk}:{lab.version}:{who}:{get_language()}:{day}"
    page = caches["fragments"].get(key)
    if page is None:
        facts = reading.read([lab], now)[lab.pk]
        page = {
            "line": phases.line(facts),
            "group": ",".join(person["person__email"] for person in facts.seated),
            "body": render_to_string("werklab/_lab_overview.html", _body(facts, may)),
        }
        caches["fragments"].set(key, page, timeout=lasts(facts))
    return page


def lasts(facts: Facts) -> int:
    """For how many seconds the same facts give the same page."""
    midnight = datetime.combine(facts.today + timedelta(days=1), time(0))  # noqa: DTZ001
    moments = [timezone.make_aware(midnight)]
    for session in facts.sessions:
        moments += [moment for moment in (session.starts_at, session.ends_at) if moment]
    left = min(moment - facts.now for moment in moments if moment > facts.now)
    return int(left.total_seconds()) + 1


def _body(facts: Facts, may: frozenset[str]) -> dict:
    first, steps = notice(facts, may), phases.steps(facts)
    here = {facts.lab.get_absolute_url(), first.url if first else ""}
    tasks = [task for task in todo.tasks(facts, may) if task.url not in here]
    is_over = facts.lab.status in (Lab.Status.CLOSED, Lab.Status.CANCELLED)
    return {
        "lab": facts.lab,
        "may": may,
        "steps": steps,
        "stands": phases.stands(facts, steps),
        "notice": first,
        "readiness": panels.readiness(facts, may),
        "tasks": tasks[:SHOWN_TASKS],
        "more_tasks": tasks[SHOWN_TASKS:],
        "places": panels.places(facts),
        "decision": panels.decision(facts, may),
        "intake": panels.intake(facts),
        "advice": panels.advice(facts),
        "visits": panels.visits(facts),
        "sessions": panels.sessions(facts),
        "planned": panels.planned(facts, may),
        "join": panels.join(facts, may),
        "team": panels.team(facts),
        "is_over": is_over,
        "may_change": "schedule_sessions" in may and not is_over,
        "may_cancel": "cancel_lab" in may and changes.can_be_cancelled(facts.lab, facts.now),
        "may_read_logbook": "read_logbook" in may,
        "may_see_price": "see_price" in may,
        "may_replace_trainer": "replace_trainer" in may and not is_over,
    }


def notice(facts: Facts, may: frozenset[str]) -> Notice | None:
    """The most urgent thing, with the button that does something about it."""
    if facts.lab.status == Lab.Status.PREPARING:
        return _not_open(facts, may)
    if facts.lab.status != Lab.Status.LIVE:
        return _post_of_what_is_over(facts, may)
    return _too_few(facts) or _waits_for_yes(facts) or _unsettled_visit(facts)


def _post_of_what_is_over(facts: Facts, may: frozenset[str]) -> Notice | None:
    """Letters that wait or failed, such as those that say that a lab is cancelled."""
    task = next(iter(todo.tasks(facts, may)), None)
    return Notice("wait", "mail", task.what, task.detail, task.url, task.button) if task else None


def _not_open(facts: Facts, may: frozenset[str]) -> Notice:
    what = _("Enrolment is not open yet.")
    if missing := [point for point in facts.needs if not point.is_there]:
        detail = ngettext(
            "%(count)s thing is still missing.", "%(count)s things are still missing.", len(missing)
        )
        return Notice("wait", "alert", what, detail % {"count": len(missing)})
    if "schedule_sessions" not in may:
        return Notice("info", "info", what, _("Your trainers open it."))
    opens = todo.page("werklab:open_enrolment", facts)
    detail = _("Everything is ready. After this the public page takes enrolments.")
    return Notice("info", "info", what, detail, opens, _("Open enrolment"), acts=True)


def _too_few(facts: Facts) -> Notice | None:
    if not facts.too_few:
        return None
    numbers = {"count": facts.too_few, "taken": len(facts.seated), "least": Lab.MIN_PARTICIPANTS}
    what = ngettext(
        "%(count)s more person needed. %(taken)s of at least %(least)s places are taken.",
        "%(count)s more people needed. %(taken)s of at least %(least)s places are taken.",
        facts.too_few,
    )
    closes = {"day": shown(facts.lab.enrol_until, "l j F")}
    detail = _("Enrolment closed on %(day)s.") % closes
    if facts.lab.enrol_until >= facts.today:
        detail = _("Is that not enough by %(day)s? Talk about it with each other.") % closes
    if changes.must_be_decided(facts.lab, len(facts.seated), facts.now):
        url = todo.page("werklab:decide", facts)
        return Notice("stop", "alert", what % numbers, detail, url, _("Decide what happens"))
    url = todo.page("werklab:participants", facts)
    return Notice("stop", "alert", what % numbers, detail, url, _("See who takes part"))


def _waits_for_yes(facts: Facts) -> Notice | None:
    count = facts.count[Status.TO_CONFIRM]
    if not count:
        return None
    what = ngettext(
        "%(count)s person waits for your yes.", "%(count)s people wait for your yes.", count
    )
    detail = _("Their address is not one of the municipality.")
    url = todo.page("werklab:participants", facts)
    return Notice("wait", "alert", what % {"count": count}, detail, url, _("Give an answer"))


def _unsettled_visit(facts: Facts) -> Notice | None:
    """Another moment asked for; or no answer yet, and session 1 is near."""
    starts_at = facts.lab.starts_at
    if starts_at is None or starts_at <= facts.now:
        return None
    other = [v for v in facts.visits if v["visits__answer"] == Visit.Answer.OTHER_TIME]
    silent = [v for v in facts.visits if v["visits__answer"] == Visit.Answer.NONE]
    if not other and not (silent and facts.is_near(starts_at)):
        return None
    visit = (other or silent)[0]
    what = ngettext(
        "One visit is not settled yet.",
        "%(count)s visits are not settled yet.",
        len(other + silent),
    ) % {"count": len(other + silent)}
    name = {"name": visit["initiative__name"]}
    detail = _("%(name)s would rather have another moment.") if other else _("%(name)s is silent.")
    url = todo.page("sessions:visit", facts, visit["visits__pk"])
    return Notice("wait", "alert", what, detail % name, url, _("Look"))
