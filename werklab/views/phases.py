"""Where a lab stands on its way: the seven steps, and a line on what comes next."""

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions.models import LabSession
from werklab.models import Lab
from werklab.views.overview import FIRST_SESSION_PHASE, PHASES, Facts
from werklab.views.remembered import shown


def line(facts: Facts) -> str:
    """Today, and how far it is to what comes next."""
    today = capfirst(shown(facts.today, "l j F Y"))
    return f"{today}. {_what_comes_next(facts)}".strip()


def _what_comes_next(facts: Facts) -> str:
    if facts.phase == Lab.Phase.RECRUITMENT:
        return _closing(facts)
    coming = [s for s in facts.sessions if s.starts_at and s.starts_at > facts.now]
    if coming and facts.phase_number:
        return _until(facts, coming[0])
    sentences = {
        Lab.Phase.PREPARATION: _("In preparation."),
        Lab.Phase.ADVICE: _("The group works on its advice."),
        Lab.Phase.FOLLOW_UP: _("The advice has been presented."),
        Lab.Phase.FINISHED: _("This werklab is finished."),
        Lab.Phase.CANCELLED: _("This werklab is cancelled."),
    }
    return sentences.get(facts.phase, "")


def _closing(facts: Facts) -> str:
    days = (facts.lab.enrol_until - facts.today).days
    if not days:
        return _("Enrolment closes today.")
    sentence = ngettext(
        "Enrolment is open for %(count)s more day.",
        "Enrolment is open for %(count)s more days.",
        days,
    )
    return sentence % {"count": days}


def _until(facts: Facts, session: LabSession) -> str:
    days = (timezone.localdate(session.starts_at) - facts.today).days
    if not days:
        return _("Session %(number)s is today.") % {"number": session.number}
    sentence = ngettext(
        "%(count)s more day until session %(number)s.",
        "%(count)s more days until session %(number)s.",
        days,
    )
    return sentence % {"count": days, "number": session.number}


def steps(facts: Facts) -> list[dict]:
    """The seven steps with a date each; none for a lab that has no dates."""
    if not facts.has_dates or facts.phase == Lab.Phase.CANCELLED:
        return []
    presented = facts.presented_on
    named = [
        (_("Enrolment"), _till(facts, 1, facts.lab.enrol_until)),
        (_("Intake"), _till(facts, 2, facts.lab.intake_deadline(facts.now))),
        *((name(s.number + 2), _day(s.starts_at)) for s in facts.sessions),
        (_("Advice"), _day(presented) if presented else ""),
        (_("Look back"), _("after %(day)s") % {"day": _day(presented)} if presented else ""),
    ]
    return [
        {
            "name": step,
            "when": when,
            "is_done": number < facts.phase_number,
            "is_now": number == facts.phase_number,
        }
        for number, (step, when) in enumerate(named, start=1)
    ]


def stands(facts: Facts, steps: list[dict]) -> dict:
    """The step in which the lab is, in words for a phone; empty before the first and after all."""
    here = next((step for step in steps if step["is_now"]), None)
    if here is None:
        return {}
    words = _("Phase %(number)s of 7: %(name)s")
    return {"words": words % {"number": facts.phase_number, "name": here["name"]}} | here


def _till(facts: Facts, number: int, day) -> str:
    """Until when a step lasts; not a word about it once it is over."""
    if day is None or facts.phase_number > number:
        return ""
    return _("until %(day)s") % {"day": shown(day, "j M").lower()}


def _day(day) -> str:
    return shown(day, "j F")


def name(number: int) -> str:
    """The name of a step by its number, from 1 to 7."""
    if FIRST_SESSION_PHASE <= number <= FIRST_SESSION_PHASE + 2:
        return _("Session %(number)s") % {"number": number - FIRST_SESSION_PHASE + 1}
    names = {1: _("Enrolment"), 2: _("Intake"), 6: _("Advice"), PHASES: _("Look back")}
    return names[number]


def phase_name(facts: Facts) -> str:
    """The phase in a word or two, for a list of labs."""
    if 1 <= facts.phase_number <= PHASES:
        return name(facts.phase_number)
    return str(Lab.Phase(facts.phase).label)
