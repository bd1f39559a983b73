"""What there is to do now in a lab, the most urgent first, for who may do it.

Nobody writes these down: they follow from the facts, and go away when the thing is done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions.changes import must_be_decided
from sessions.models import Visit
from werklab.models import Lab, OutgoingMail
from werklab.views.overview import Facts, Status
from werklab.views.remembered import address, shown

FEWEST_VISITS = 2  # REQ-058: more than one initiative
PRESENTERS = 2  # REQ-120
CALL_AFTER = timedelta(days=10)  # a week after the question goes a reminder, and then no more mail
May = frozenset[str]
BEFORE = (Lab.Phase.RECRUITMENT, Lab.Phase.INTAKE)


@dataclass(frozen=True)
class Task:
    """One thing to do: what, why or by when, and where."""

    what: str
    detail: str
    url: str
    button: str


def tasks(facts: Facts, may: May) -> list[Task]:
    """Everything that this person can do now in this lab; once it is over only its post."""
    if facts.lab.status == Lab.Status.PREPARING:
        return [
            *_post(facts, may),
            *_preparation(facts, may),
            *_organisation(facts, may),
            *_visits(facts, may),
        ]
    if facts.lab.status != Lab.Status.LIVE or not facts.has_dates:
        return list(_post(facts, may))
    parts = (
        _post,
        _decision,
        _enrolment,
        _organisation,
        _visits,
        _intakes,
        _cards,
        _advice,
        _presentation,
        _report,
    )
    return [task for part in parts for task in part(facts, may)]


def page(name: str, facts: Facts, *args) -> str:
    """The address of a page of this lab."""
    return address(name, facts.lab.slug, *args)


def _post(facts: Facts, may: May) -> Iterator[Task]:
    """Letters that did not arrive, and drafts that go out when somebody says so."""
    if "manage_post" not in may:
        return
    outbox, status = page("werklab:post", facts), OutgoingMail.Status
    if failed := facts.post[status.FAILED]:
        what = ngettext(
            "%(count)s letter did not arrive", "%(count)s letters did not arrive", failed
        )
        detail = _("Look whether the address is right.")
        yield Task(what % {"count": failed}, detail, f"{outbox}#failed", _("Look"))
    if drafts := facts.post[status.DRAFT]:
        what = ngettext(
            "%(count)s letter waits for “Send”", "%(count)s letters wait for “Send”", drafts
        )
        detail = _("Read what it says, then send it.")
        yield Task(what % {"count": drafts}, detail, f"{outbox}#drafts", _("Look"))


def _preparation(facts: Facts, may: May) -> Iterator[Task]:
    if "schedule_sessions" in may:
        detail = _("Look whether all is right first.")
        yield Task(_("Open enrolment"), detail, page("werklab:lab", facts), _("Look"))


def _decision(facts: Facts, may: May) -> Iterator[Task]:
    """Fewer than ten people on the day to decide: go on, move, or call it off."""
    if "decide_to_go_on" in may and must_be_decided(facts.lab, len(facts.seated), facts.now):
        numbers = {"taken": len(facts.seated), "least": Lab.MIN_PARTICIPANTS}
        detail = _("%(taken)s of at least %(least)s people take part.") % numbers
        what = _("Decide whether the werklab goes ahead")
        yield Task(what, detail, page("werklab:decide", facts), _("Decide"))


def _enrolment(facts: Facts, may: May) -> Iterator[Task]:
    if "manage_enrolment" not in may:
        return
    if outside := facts.count[Status.TO_CONFIRM]:
        sentence = ngettext(
            "%(count)s person waits for your yes", "%(count)s people wait for your yes", outside
        )
        detail = _("Their address is not one of the municipality.")
        if facts.lab.approves_enrolments:
            detail = _("In this werklab you look at each enrolment.")
        participants = page("werklab:participants", facts)
        yield Task(sentence % {"count": outside}, detail, participants, _("Give an answer"))
    if facts.phase == Lab.Phase.RECRUITMENT and facts.places_left:
        until = _("Enrolment is open until %(day)s.") % {
            "day": shown(facts.lab.enrol_until, "l j F")
        }
        link = page("werklab:lab", facts) + "#join"
        yield Task(_("Pass on the link to enrol"), until, link, _("Show"))


def _organisation(facts: Facts, may: May) -> Iterator[Task]:
    """The organisation's intake: for a coordinator to hand in, for a trainer to go through."""
    if facts.lab.has_begun(facts.now):
        return
    saved_at, handed_in_at = facts.organisation["saved_at"], facts.organisation["handed_in_at"]
    if not handed_in_at and "answer_organisation_intake" in may:
        detail = _("Twenty questions. The trainers need the answers before session 1.")
        button = _("Go on") if saved_at else _("Begin")
        what = _("Fill in the intake of your organisation")
        yield Task(what, detail, page("intake:organisation", facts), button)
    gone_through_at = facts.organisation["gone_through_at"]
    is_settled = gone_through_at and saved_at and gone_through_at >= saved_at
    if handed_in_at and not is_settled and "go_through_organisation_intake" in may:
        detail = _("Handed in on %(day)s.") % {"day": shown(handed_in_at, "l j F")}
        what = _("Go through the intake of the organisation")
        yield Task(what, detail, page("intake:organisation_read", facts), _("Read"))


def _visits(facts: Facts, may: May) -> Iterator[Task]:
    if "plan_visits" not in may or facts.phase not in (Lab.Phase.PREPARATION, *BEFORE):
        return
    for visit in facts.visits:
        name, where = visit["initiative__name"], page("sessions:visit", facts, visit["visits__pk"])
        if visit["visits__answer"] == Visit.Answer.OTHER_TIME:
            detail = _("They asked for another moment.")
            what = _("Choose a moment with %(name)s") % {"name": name}
            yield Task(what, detail, where, _("Choose"))
        elif visit["visits__answer"] == Visit.Answer.NONE and _must_be_called(facts, visit):
            what, detail = _("Call %(name)s: no answer yet"), _number(visit)
            yield Task(what % {"name": name}, detail, where, _("Write down the answer"))
        elif visit["visits__answer"] == Visit.Answer.NONE:
            asked = _("Asked on %(day)s.") % {"day": shown(visit["visits__asked_at"], "l j F")}
            yield Task(_("%(name)s has not answered yet") % {"name": name}, asked, where, _("Look"))
    if len(facts.visits) < FEWEST_VISITS:
        one, two = _("Ask one more initiative"), _("Ask two initiatives for a visit")
        detail = _("The group visits more than one.")
        where = page("sessions:visits", facts)
        yield Task(one if facts.visits else two, detail, where, _("Ask"))


def _must_be_called(facts: Facts, visit: dict) -> bool:
    """Whether an initiative is silent so long that one calls: no more mail goes to it."""
    asked = timezone.localdate(visit["visits__asked_at"])
    return facts.today - asked >= CALL_AFTER


def _number(visit: dict) -> str:
    """Whom to call, on which number, as far as we know."""
    who, phone = visit["initiative__contact__name"], visit["initiative__contact__phone"]
    return ", ".join(filter(None, (who, phone or _("no phone number known"))))


def _intakes(facts: Facts, may: May) -> Iterator[Task]:
    missing = len(facts.seated) - facts.intakes[0]
    if "manage_enrolment" not in may or facts.phase not in BEFORE or not missing:
        return
    if facts.is_near(facts.lab.starts_at) or facts.phase == Lab.Phase.INTAKE:
        what = ngettext(
            "%(count)s person has not done the intake yet",
            "%(count)s people have not done the intake yet",
            missing,
        )
        where = "intake:summary" if "read_intakes" in may else "werklab:participants"
        detail = _("It can be done until session 1.")
        yield Task(what % {"count": missing}, detail, page(where, facts), _("Look"))


def _cards(facts: Facts, may: May) -> Iterator[Task]:
    if "run_sessions" not in may:
        return
    for session in facts.sessions:
        board = page("sessions:session", facts, session.number)
        if session.starts_at <= facts.now and not session.card_count:
            what = _("Write down what was said in session %(number)s")
            detail = _("The board is still empty.")
            yield Task(what % {"number": session.number}, detail, board, _("Write"))
    last = facts.sessions[-1]
    if facts.initiatives and facts.now < last.starts_at and facts.is_near(last.starts_at):
        what = _("Ask the initiatives to come to session %(number)s as well")
        detail = _("They are there at the start and at the end.")
        board = page("sessions:session", facts, last.number)
        yield Task(what % {"number": last.number}, detail, board, _("Look"))


def _advice(facts: Facts, may: May) -> Iterator[Task]:
    last = facts.sessions[-1]
    if "write_advice" not in may or facts.is_final or last.starts_at > facts.now:
        return
    if not facts.advices and any(session.card_count for session in facts.sessions):
        board = page("sessions:session", facts, last.number)
        detail = _("One press makes an advice of a card.")
        yield Task(_("Turn what you heard into advice"), detail, board, _("Open the board"))
    if loose := sum(1 for advice in facts.advices.values() if not advice["sources"]):
        what = ngettext(
            "%(count)s advice has no source yet", "%(count)s advices have no source yet", loose
        )
        detail = _("Each advice comes from a card.")
        yield Task(what % {"count": loose}, detail, page("sessions:advice", facts), _("Tie"))
    if missing := facts.answers_awaited:
        where = page("sessions:advice", facts)
        if facts.asked_at is None:
            what = _("Ask the initiatives whether they endorse the advice")
            yield Task(what, _("They answer by a link of their own."), where, _("Ask"))
            return
        what = ngettext(
            "%(count)s answer of initiatives is still to come",
            "%(count)s answers of initiatives are still to come",
            missing,
        )
        detail = _("Asked on %(day)s.") % {"day": shown(facts.asked_at, "l j F")}
        yield Task(what % {"count": missing}, detail, where, _("Look"))


def _presentation(facts: Facts, may: May) -> Iterator[Task]:
    if "name_presenters" not in may or facts.is_final or not facts.advices:
        return
    where = page("sessions:presentation", facts)
    if len(facts.presenters) < PRESENTERS:
        what = _("Name the two initiative takers who join at the management team")
        yield Task(what, "", where, _("Name them"))
    if facts.presented_on is None:
        yield Task(_("Write down when the management team meets"), "", where, _("Write"))


def _report(facts: Facts, may: May) -> Iterator[Task]:
    over = facts.sessions[-1].ends_at <= facts.now
    if facts.is_final and facts.phase == Lab.Phase.ADVICE:
        what, where = _("Download the advice"), page("sessions:advice_pdf", facts)
        yield Task(what, _("The advice is final."), where, _("Download"))
    elif "finalise_advice" in may and facts.advices and over and not facts.is_final:
        what, where = _("Make the advice final"), page("sessions:advice", facts)
        yield Task(what, _("After that its text no longer changes."), where, _("Look"))
