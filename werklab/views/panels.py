"""The panels of the cockpit: what each shows, in words and numbers made here, so that the
templates only put them in their place."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions import reminders
from sessions.changes import can_be_decided
from sessions.models import Visit
from werklab.models import Lab, LabRole
from werklab.views.overview import Facts, Status, name_of
from werklab.views.remembered import address, shown
from werklab.views.todo import BEFORE, page


def label(css: str, icon: str, text: str) -> dict:
    """A status in one to three words."""
    return {"css": css, "icon": icon, "text": text}


def places(facts: Facts) -> dict:
    """How many places are taken; nothing for a lab of long ago of which that is not known."""
    if facts.lab.status == Lab.Status.CLOSED and not facts.seated:
        return {}
    return {
        "taken": len(facts.seated),
        "total": facts.lab.capacity,
        "of": _("of %(total)s") % {"total": facts.lab.capacity},
        "short": bool(facts.too_few),
        "label": _places_label(facts),
        "note": _places_note(facts),
    }


def _places_note(facts: Facts) -> str:
    waiting, offered = facts.count[Status.WAITING], facts.count[Status.OFFERED]
    fields = len({person["department"] for person in facts.seated})
    notes = [
        ngettext("%(n)s person waits for a place.", "%(n)s people wait for a place.", waiting)
        if waiting
        else _("Nobody waits for a place.")
    ]
    if offered:
        notes.append(ngettext("%(o)s place is on offer.", "%(o)s places are on offer.", offered))
    if fields:
        notes.append(
            ngettext("%(f)s department takes part.", "%(f)s departments take part.", fields)
        )
    return " ".join(notes) % {"n": waiting, "o": offered, "f": fields}


def decision(facts: Facts, may: frozenset[str]) -> dict:
    """Whether it goes ahead with few people: when that is decided, or that it was and why."""
    lab = facts.lab
    if lab.status == Lab.Status.CANCELLED:
        return {"words": _("It does not go ahead."), "why": lab.cancelled_why}
    if lab.decided_at is not None:
        day = {"day": shown(lab.decided_at, "j F Y")}
        return {
            "words": _("Goes on with fewer people, decided on %(day)s.") % day,
            "why": lab.decided_why,
        }
    if not can_be_decided(lab, len(facts.seated)) or lab.has_begun(facts.now) or not lab.decide_on:
        return {}
    words = _("You decide by %(day)s whether it goes ahead.") % {
        "day": shown(lab.decide_on, "l j F")
    }
    return {
        "words": words,
        "url": page("werklab:decide", facts) if "decide_to_go_on" in may else "",
    }


def planned(facts: Facts, may: frozenset[str]) -> dict:
    """What goes out by itself in the coming two weeks, and where all post of the lab is."""
    if "manage_post" not in may or not (rows := reminders.planned(facts.lab, facts.now)):
        return {}
    return {"rows": rows, "url": page("werklab:post", facts)}


def _places_label(facts: Facts) -> dict:
    if facts.too_few:
        return label("stop", "alert", _("%(n)s too few") % {"n": facts.too_few})
    if not facts.places_left:
        return label("good", "check", _("full"))
    if len(facts.seated) >= Lab.MIN_PARTICIPANTS:
        return label("good", "check", _("enough people"))
    if facts.phase == Lab.Phase.RECRUITMENT:
        days = (facts.lab.enrol_until - facts.today).days
        more = ngettext("%(n)s more day", "%(n)s more days", days) % {"n": days}
        return label("info", "clock", more)
    return {}


def intake(facts: Facts) -> dict:
    """How far the group is with the intake, in numbers; only until the sessions are over."""
    if facts.phase_number > 5 or facts.phase == Lab.Phase.CANCELLED:
        return {}
    done, busy = facts.intakes
    rest = len(facts.seated) - done - busy
    groups = [(done, "k-taken", _("done")), (busy, "k-busy", _("busy"))]
    groups.append((rest, "k-free", _("not begun")))
    status = label("wait", "clock", _("%(n)s not yet") % {"n": busy + rest})
    if not facts.seated:
        status = label("", "minus", _("nobody yet"))
    elif done == len(facts.seated):
        status = label("good", "check", _("all done"))
    note = _("Can be done until session 1.")
    if facts.lab.has_begun(facts.now):
        note = _("Closed since session 1.")
    elif facts.has_dates:
        before = shown(facts.lab.intake_deadline(facts.now), "l j F")
        note = _("We ask the group for it before %(day)s.") % {"day": before}
    return {
        "done": done,
        "total": len(facts.seated),
        "of": _("of %(total)s") % {"total": len(facts.seated)},
        "groups": groups,
        "label": status,
        "note": note,
    }


def advice(facts: Facts) -> dict:
    """What stands in the advice, from session 3 on."""
    count, asked = len(facts.advices), len({row["pk"] for row in facts.initiatives})
    if facts.phase_number < 5 or (not count and facts.phase_number > 7):
        return {}
    status = label("wait", "clock", _("draft"))
    if facts.is_final:
        status = label("good", "check", _("final"))
    elif not count:
        status = label("", "minus", _("none yet"))
    numbers = {"n": facts.answers, "total": asked * count}
    note = _("Initiatives gave %(n)s of %(total)s answers.") % numbers
    if facts.presented_on:
        day = shown(facts.presented_on, "l j F Y")
        note += " " + _("At the management team on %(day)s.") % {"day": day}
    return {"count": count, "label": status, "note": note, "is_final": facts.is_final}


def visits(facts: Facts) -> list[dict]:
    """The chosen initiatives with what they answered."""
    labels = {
        None: label("", "minus", _("not asked yet")),
        Visit.Answer.NONE: label("wait", "clock", _("asked")),
        Visit.Answer.WELCOME: label("good", "check", _("welcome")),
        Visit.Answer.OTHER_TIME: label("wait", "clock", _("another moment")),
        Visit.Answer.NOT_NOW: label("", "minus", _("not this time")),
    }
    every = page("sessions:visits", facts)
    return [
        {
            "name": row["initiative__name"],
            "url": page("sessions:visit", facts, row["visits__pk"]) if row["visits__pk"] else every,
            "when": _moment(row),
            "size": _size(row),
            "label": labels[row["visits__answer"]],
        }
        for row in facts.initiatives
    ]


def _moment(row: dict) -> str:
    """When the visit is, or which moments were offered."""
    if row["visits__answer"] in (None, Visit.Answer.NOT_NOW):
        return "–"
    offered = sorted(moment for moment in row["moments"] if moment)
    starts_at = row["visits__slot__starts_at"] or (offered[0] if offered else None)
    if starts_at is None:
        return "–"
    when = shown(starts_at, "D j F, G.i")
    more = 0 if row["visits__slot__starts_at"] else len(offered) - 1
    return _("%(when)s, or %(n)s more") % {"when": when, "n": more} if more else when


def _size(row: dict) -> str:
    if row["visits__answer"] in (None, Visit.Answer.NOT_NOW):
        return "–"
    size = row["visits__group_size"]
    return ngettext("%(n)s person", "%(n)s people", size) % {"n": size}


def sessions(facts: Facts) -> list[dict]:
    """The three sessions; their goal instead of a date where nobody knows the date any more."""
    rows, in_parts = [], facts.lab.format == Lab.Format.ONE_DAY  # their titles hold a number
    for session in facts.sessions:
        name = session.title if in_parts else f"{session.number}. {session.title}"
        row: dict = {"name": name, "goal": session.goal}
        row["url"] = page("sessions:session", facts, session.number)
        if session.starts_at:
            starts, ends = session.starts_at, session.ends_at
            hours = {"from": shown(starts, "G.i"), "to": shown(ends, "G.i")}
            words = _("%(from)s – %(to)s") % hours
            row |= {"starts": starts, "words": f"{words}, {session.place}"}
            row["way"] = ". ".join(filter(None, (session.route, session.accessibility)))
            if session.initiatives_start_at:
                theirs = {"time": shown(session.initiatives_start_at, "G.i")}
                row["initiatives"] = _("initiatives from %(time)s") % theirs
        rows.append(row)
    return rows


def join(facts: Facts, may: frozenset[str]) -> dict:
    """The address to pass on to colleagues, for who may, until session 1."""
    if "manage_enrolment" not in may or facts.phase not in BEFORE:
        return {}
    path = address("werklab:join", facts.lab.join_code)
    is_open = facts.phase == Lab.Phase.RECRUITMENT
    return {
        "path": path,
        "url": settings.BASE_URL + path,
        "is_open": is_open,
        "invite": page("werklab:invite", facts),
    }


def team(facts: Facts) -> list[dict]:
    """Who does what: trainers by what they know, coordinator, and whom to call."""
    words = {
        LabRole.Chair.MUNICIPAL: _("Trainer, knows the municipality"),
        LabRole.Chair.INITIATIVES: _("Trainer, knows initiatives"),
        "": _("Coordinator"),
    }
    order = list(words)
    rows = sorted(facts.team.values(), key=lambda row: order.index(row["roles__chair"]))
    found = [{"role": words[row["roles__chair"]], "name": name_of(row)} for row in rows]
    if facts.lab.contact_phone:
        contact = f"{facts.lab.contact_name}, {facts.lab.contact_phone}"
        found.append({"role": _("Questions"), "name": contact})
    return found


def readiness(facts: Facts, may: frozenset[str]) -> dict:
    """What the lab needs before enrolment opens, each with where this person fills it in."""
    if not facts.needs:
        return {}
    points = [
        {
            "sentence": point.sentence,
            "is_there": point.is_there,
            "url": page(point.url_name, facts) if point.ability in may else "",
        }
        for point in facts.needs
    ]
    lacks = not all(point.is_there for point in facts.needs)
    return {"points": points, "lacks": lacks, "waits": "schedule_sessions" in may}
