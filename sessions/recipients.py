"""Whom a change of a lab concerns: participants, coordinator, initiatives, each by what is theirs.

Somebody who is more than one of these hears it once, as the first of them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sessions import visit_letters
from sessions.models import Visit
from sessions.visits import visits_of
from werklab import calendar, letters, links, mail
from werklab.models import Enrolment, Lab, LabRole, OutgoingMail, User

Role = Literal["participant", "coordinator", "initiative"]
Status = Enrolment.Status


@dataclass(frozen=True)
class Recipient:
    """Somebody who gets a letter, with what only their letter says."""

    role: Role
    to: str
    person: User | None
    context: dict[str, str]
    status: str = ""  # of a participant's place
    visit: Visit | None = None

    def has_entries(self, had_a_file: Collection[str]) -> bool:
        """Whether the sessions stand in this person's calendar by a letter of ours."""
        agreed = self.visit is not None and self.visit.answer == Visit.Answer.WELCOME
        return self.status == Status.SEATED or agreed or self.to in had_a_file

    def appointments(self, lab: Lab) -> list[calendar.Appointment]:
        """What is or was in their calendar."""
        if self.visit is None:
            return calendar.session_appointments(lab)
        return visit_letters.appointments(self.visit) if self.visit.slot else []


def recipients(lab: Lab, statuses: Collection[str], answers: Collection[str]) -> list[Recipient]:
    """Who hears: places of these statuses, the coordinator, visits that were answered like this.

    An initiative hears of each of its visits; of whom we know no address, see `hosts`.
    """
    reached, _silent = hosts(lab, answers)
    found = [*_participants(lab, statuses), *_coordinators(lab)]
    once = {one.to.lower(): one for one in reversed(found)}
    return [*reversed(once.values()), *(_initiative(lab, visit) for visit in reached)]


def hosts(lab: Lab, answers: Collection[str]) -> tuple[list[Visit], list[Visit]]:
    """The visits with these answers: of whom we know an address, and whom somebody must call."""
    reached: list[Visit] = []
    silent: list[Visit] = []
    for visit in visits_of(lab).filter(answer__in=answers).order_by("pk"):
        contact = getattr(visit.guest_of.initiative, "contact", None)
        (reached if contact and contact.email else silent).append(visit)
    return reached, silent


def addresses_with_a_file(lab: Lab) -> set[str]:
    """Who was sent a calendar file of this lab."""
    sent = lab.letters.exclude(calendar="").exclude(
        status__in=[OutgoingMail.Status.DRAFT, OutgoingMail.Status.DROPPED]
    )
    return set(sent.order_by().values_list("to", flat=True))


def _participants(lab: Lab, statuses: Collection[str]) -> list[Recipient]:
    people = lab.enrolments.filter(status__in=statuses).select_related("person").order_by("number")
    found = []
    for enrolment in people:
        enrolment.lab = lab
        link = letters.link_of(enrolment)
        context = {
            "own_url": links.marked_url(link),
            "withdraw_url": links.marked_url(link, "plek/"),
            "standing": standing(enrolment),
        }
        person = enrolment.person
        found.append(
            Recipient("participant", person.email, person, context, status=enrolment.status)
        )
    return found


def standing(enrolment: Enrolment) -> str:
    """What becomes of somebody's place when a session moves."""
    if enrolment.status == Status.SEATED:
        return _("Your place stays yours. The file with this mail changes your calendar.")
    if enrolment.status == Status.OFFERED and enrolment.offered_until is not None:
        until = date_format(timezone.localtime(enrolment.offered_until), "l j F, G.i")
        return _("We hold a place for you until %(until)s. You can still say yes.") % {
            "until": until
        }
    return _("You stay on the waiting list.")


def _coordinators(lab: Lab) -> list[Recipient]:
    roles = lab.roles.filter(role=LabRole.Role.COORDINATOR).select_related("user").order_by("pk")
    return [Recipient("coordinator", role.user.email, role.user, {}) for role in roles]


def _initiative(lab: Lab, visit: Visit) -> Recipient:
    visit.guest_of.lab = lab
    contact, slot = visit.guest_of.initiative.contact, visit.slot
    context = {
        "contact_first_name": contact.first_name,
        "initiative_name": str(visit),
        "visit_moment": letters.moment(slot.starts_at, slot.ends_at) if slot else "",
        "visit_url": links.marked_url(visit_letters.link_of(visit)),
    }
    return Recipient("initiative", contact.email, None, context, visit=visit)


def write(
    kind: str, recipient: Recipient, lab: Lab, calendar_text: str, **more: str
) -> OutgoingMail:
    """Write this person's draft."""
    letter = mail.send(
        kind,
        to=recipient.to,
        lab=lab,
        person=recipient.person,
        context=recipient.context | more,
        calendar=calendar_text,
        draft=True,
    )
    assert letter is not None  # nobody can say no more of what is about their own place or visit
    return letter
