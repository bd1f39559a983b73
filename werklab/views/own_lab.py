"""A participant's own page of a lab: what to do now, the programme, their place."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions import visit_groups
from sessions.models import Presentation, Report
from werklab.models import Lab, User
from werklab.views import panels, phases
from werklab.views.overview import Facts
from werklab.views.remembered import shown


@dataclass(frozen=True)
class Step:
    """What a participant can do now."""

    what: str
    detail: str
    url: str
    button: str


def own_lab(lab: Lab, person: User, now: datetime | None = None) -> dict:
    """What this participant sees of the lab they take part in."""
    prefetch_related_objects([lab], "sessions")
    presented_on = Presentation.objects.filter(lab=lab).values_list("date", flat=True).first()
    is_final = Report.objects.standing().filter(lab=lab).exists()
    facts = Facts(lab, now or timezone.now(), presented_on=presented_on, is_final=is_final)
    columns = ("person_id", "seat", "intake__pk", "intake__done_at")
    group = lab.enrolments.seated().values(*columns)
    place = next(row for row in group if row["person_id"] == person.pk)
    return {
        "line": phases.line(facts),
        "seat": place["seat"],
        "chair": _("Chair %(number)s") % {"number": place["seat"]},
        "taken": len(group),
        "intake": _intake(facts, place),
        "step": _step(facts, place),
        "sessions": panels.sessions(facts),
        "visits": visit_groups.visits_of_guest(lab, person),
        "dated": facts.has_dates,
        "begun": lab.has_begun(facts.now),
        "is_over": lab.status in (Lab.Status.CLOSED, Lab.Status.CANCELLED),
        "is_final": is_final,
    }


def _intake(facts: Facts, place: dict) -> dict:
    if place["intake__done_at"]:
        return panels.label("good", "check", _("done"))
    if place["intake__pk"]:
        return panels.label("wait", "clock", _("busy"))
    return panels.label("", "minus", _("not begun"))


def _step(facts: Facts, place: dict) -> Step | None:
    """The one thing that comes first: the intake, then the boards, then the advice."""
    slug = facts.lab.slug
    if facts.is_final:
        pdf = reverse("sessions:advice_pdf", args=[slug])
        return Step(_("The advice is final."), "", pdf, _("Download the advice"))
    if facts.lab.status != Lab.Status.LIVE:
        return None
    if not facts.lab.has_begun(facts.now):
        return None if place["intake__done_at"] else _first(facts, place)
    begun = [s.number for s in facts.sessions if s.starts_at and s.starts_at <= facts.now]
    if facts.lab.ends_at is not None and facts.lab.ends_at <= facts.now:
        url = reverse("sessions:advice", args=[slug])
        detail = _("Turn what you heard into advice, and write along.")
        return Step(_("You write the advice together."), detail, url, _("Go to the advice"))
    board = reverse("sessions:session", args=[slug, begun[-1]])
    what = _("The board of session %(number)s is open.") % {"number": begun[-1]}
    return Step(what, _("Add what you heard, a card for each thing."), board, _("Open the board"))


def _first(facts: Facts, place: dict) -> Step:
    before = {"day": shown(facts.lab.intake_deadline(facts.now), "l j F")}
    url = reverse("intake:answer", args=[facts.lab.slug])
    button = _("Go on with the intake") if place["intake__pk"] else _("Begin the intake")
    what = _("First fill in your intake, before %(day)s.") % before
    return Step(
        what, _("Your trainers fit the programme to it. It takes ten minutes."), url, button
    )
