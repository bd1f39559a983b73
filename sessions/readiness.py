"""What a lab needs before its public page may open, and opening it.

Intake of the organisation and initiatives live on other floors than the lab itself: this is the
lowest module that sees them all.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from intake import organisation
from werklab import events, labs
from werklab.errors import Refused
from werklab.models import Lab, LabRole, User

Role, Chair = LabRole.Role, LabRole.Chair


@dataclass(frozen=True)
class Point:
    """One thing that a lab needs: a sentence, where it is filled in, and by who may do what."""

    key: str
    sentence: str
    url_name: str
    ability: str
    is_there: bool


def points(lab: Lab) -> list[Point]:
    """Everything that a lab needs before enrolment opens, in the order in which it is done."""
    return [*_team(lab), *_programme(lab), *_ways_to_ask(lab), *_content(lab)]


def missing(lab: Lab) -> list[Point]:
    """What this lab still lacks; empty when its enrolment can open."""
    return [point for point in points(lab) if not point.is_there]


def _team(lab: Lab) -> Iterator[Point]:
    chairs = {role.chair for role in lab.roles.all() if role.role == Role.TRAINER}
    sentence = _("Two trainers, one who knows the municipality and one who knows initiatives.")
    if chairs == {Chair.MUNICIPAL}:
        sentence = _("A second trainer, who knows initiatives from the inside.")
    elif chairs == {Chair.INITIATIVES}:
        sentence = _("A second trainer, who knows the municipality from the inside.")
    there = chairs == set(Chair.values)
    yield Point("trainers", sentence, "werklab:team", "replace_trainer", there)


def _programme(lab: Lab) -> Iterator[Point]:
    dated = [session for session in lab.programme() if session.starts_at]
    here = ("werklab:edit_lab", "schedule_sessions")
    three = [session.number for session in dated] == [1, 2, 3]
    yield Point("dates", _("A day for each of the three sessions."), *here, three)
    places = three and all(session.place for session in dated)
    yield Point("places", _("A place for each of the three sessions."), *here, places)


def _ways_to_ask(lab: Lab) -> Iterator[Point]:
    here = ("werklab:edit_lab", "schedule_sessions")
    closing = lab.enrol_until is not None
    yield Point("closing_day", _("A day on which enrolment closes."), *here, closing)
    yield Point("phone", _("A phone number for questions."), *here, bool(lab.contact_phone))


def _content(lab: Lab) -> Iterator[Point]:
    """What the programme is made of: the organisation's intake (REQ-039), and whom we visit."""
    sentence = _("The intake of the organisation, which the coordinator fills in.")
    there = organisation.is_handed_in(lab)
    yield Point("intake", sentence, "intake:organisation", "read_organisation_intake", there)
    sentence = _("At least one initiative that you asked for a visit.")
    there = lab.initiatives.exists()
    yield Point("initiatives", sentence, "sessions:visits", "see_visits", there)


@transaction.atomic
def open_enrolment(by: User, lab: Lab) -> Lab:
    """Open the public page. Raises Refused with everything that is still missing.

    A coordinator who has not had the link to pass on gets it now.
    """
    lab = Lab.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=lab.pk)
    if lab.status != Lab.Status.PREPARING:
        raise Refused(_("Enrolment for this lab was opened before."))
    if lacking := missing(lab):
        what = " ".join(point.sentence for point in lacking)
        raise Refused(_("This werklab still lacks: %(what)s") % {"what": what})
    lab.status = Lab.Status.LIVE
    lab.save(update_fields=["status"])
    events.record(by, "enrolment_opened", lab, lab=lab)
    for role in lab.roles.filter(role=Role.COORDINATOR).select_related("user"):
        if not lab.letters.filter(kind="coordinator_invited", person=role.user).exists():
            labs.invite_coordinator(lab, role.user)
    return lab
