"""Who of the group goes along to which initiative: divided by one button, moved by hand.

At one moment everybody is in one group; a group is never larger than its host can receive. Visits
that overlap are one moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions import advice, grouping
from sessions.models import Visit, VisitGuest
from werklab import events
from werklab.errors import Refused
from werklab.models import Enrolment, Lab, User


@dataclass
class Host:
    """An initiative that receives a group: the visit, how many it can have, who comes."""

    visit: Visit
    most: int
    guests: list[Enrolment] = field(default_factory=list)

    @property
    def too_many(self) -> int:
        """How many people must go elsewhere, since the host can receive fewer than it could."""
        return max(len(self.guests) - self.most, 0)


@dataclass
class Moment:
    """Visits at the same time, and who is nowhere yet."""

    hosts: list[Host]
    unassigned: list[Enrolment] = field(default_factory=list)

    @property
    def starts_at(self) -> datetime:
        """When the first of them begins."""
        return min(_slot(host.visit).starts_at for host in self.hosts)

    @property
    def ends_at(self) -> datetime:
        """When the last of them ends."""
        return max(_slot(host.visit).ends_at for host in self.hosts)


def _slot(visit: Visit):
    assert visit.slot is not None, "only agreed visits have groups"
    return visit.slot


def most_guests(visit: Visit) -> int:
    """How many people a host can receive: what was agreed, or less when its profile says so."""
    own = visit.guest_of.initiative.most_guests
    return min(visit.group_size, own) if own else visit.group_size


def moments_of(lab: Lab) -> list[Moment]:
    """The agreed visits of a lab by moment, with their groups; in three queries."""
    agreed = (
        Visit.objects.filter(lab_session__lab=lab, answer=Visit.Answer.WELCOME)
        .select_related("slot", "guest_of__initiative")
        .order_by("slot__starts_at", "pk")
    )
    people = {one.pk: one for one in _people(lab)}
    hosts = {visit.pk: Host(visit, most_guests(visit)) for visit in agreed}
    placed = VisitGuest.objects.filter(visit__in=hosts, enrolment__in=people)
    for visit, enrolment in placed.order_by("pk").values_list("visit", "enrolment"):
        hosts[visit].guests.append(people[enrolment])
    moments: list[Moment] = []
    for host in hosts.values():
        if moments and _slot(host.visit).starts_at < moments[-1].ends_at:
            moments[-1].hosts.append(host)
        else:
            moments.append(Moment([host]))
    for moment in moments:
        there = {guest.pk for host in moment.hosts for guest in host.guests}
        moment.unassigned = [one for pk, one in people.items() if pk not in there]
    return moments


def _people(lab: Lab):
    return lab.enrolments.seated().select_related("person").order_by("seat")


@transaction.atomic
def divide(by: User, lab: Lab) -> str:
    """Put everybody in a group at each moment; gives a sentence that explains what it did.

    Departments are spread first, then who has little contact with initiatives (REQ-110). Raises
    Refused with the reason when it cannot be done; then nothing changes.
    """
    lab = advice.take_turn(lab)
    moments, people = moments_of(lab), list(_people(lab))
    if not moments:
        raise Refused(_("No visit is agreed yet. Then there are no groups to make."))
    if not people:
        raise Refused(_("Nobody takes part yet. Then there are no groups to make."))
    guests = [grouping.Guest(one.pk, one.department, one.contact_frequency) for one in people]
    tables = [
        {host.visit.guest_of.initiative_id: host.most for host in moment.hosts}
        for moment in moments
    ]
    division = grouping.divide(guests, tables)
    _write(moments, division)
    events.record(by, "groups_divided", lab, lab=lab)
    return _explained(moments, division, guests)


def _write(moments: list[Moment], division: grouping.Division) -> None:
    VisitGuest.objects.filter(
        visit__in=[host.visit for moment in moments for host in moment.hosts]
    ).delete()
    visit_at = [
        {host.visit.guest_of.initiative_id: host.visit for host in moment.hosts}
        for moment in moments
    ]
    VisitGuest.objects.bulk_create(
        VisitGuest(visit=visits[initiative], enrolment_id=enrolment)
        for visits, placed in zip(visit_at, division, strict=True)
        for enrolment, initiative in placed.items()
    )


def _explained(
    moments: list[Moment], division: grouping.Division, guests: list[grouping.Guest]
) -> str:
    groups = sum(len(moment.hosts) for moment in moments)
    words = ngettext(
        "%(people)s people are divided over %(groups)s group.",
        "%(people)s people are divided over %(groups)s groups.",
        groups,
    ) % {"people": len(guests), "groups": groups}
    pairs = grouping.same_department_pairs(division, guests)
    if not pairs:
        return words + " " + _("Nobody sits with a colleague of the same field of policy.")
    return (
        words
        + " "
        + ngettext(
            "%(n)s pair of colleagues of one field of policy sits together; fewer we did not find.",
            "%(n)s pairs of colleagues of one field of policy sit together; fewer we did not find.",
            pairs,
        )
        % {"n": pairs}
    )


@transaction.atomic
def arrange(by: User, lab: Lab, chosen: Mapping[int, list[int]]) -> None:
    """Put people where somebody chose: for each visit the keys of who comes along.

    Raises Refused when a host would get more people than it can receive, or somebody would be at
    two tables at once; then nothing changes.
    """
    lab = advice.take_turn(lab)
    moments, people = moments_of(lab), {one.pk: str(one) for one in _people(lab)}
    for moment in moments:
        seen: set[int] = set()
        for host in moment.hosts:
            guests = [pk for pk in chosen.get(host.visit.pk, []) if pk in people]
            _check(host, len(guests))
            if twice := seen.intersection(guests):
                raise Refused(
                    _("%(name)s cannot be in two places at once.") % {"name": people[twice.pop()]}
                )
            seen.update(guests)
    hosts = [host for moment in moments for host in moment.hosts]
    VisitGuest.objects.filter(visit__in=[host.visit for host in hosts]).delete()
    VisitGuest.objects.bulk_create(
        VisitGuest(visit=host.visit, enrolment_id=pk)
        for host in hosts
        for pk in chosen.get(host.visit.pk, [])
        if pk in people
    )
    events.record(by, "groups_changed", lab, lab=lab)


def _check(host: Host, count: int) -> None:
    if count > host.most:
        raise Refused(
            _("%(name)s can receive %(most)s people, and you chose %(count)s.")
            % {"name": host.visit, "most": host.most, "count": count}
        )


def visits_of_guest(lab: Lab, person: User) -> list[Visit]:
    """The visits on which this participant comes along, in order of time."""
    return list(
        Visit.objects.filter(
            lab_session__lab=lab,
            answer=Visit.Answer.WELCOME,
            guests__enrolment__person=person,
            guests__enrolment__status=Enrolment.Status.SEATED,
        )
        .select_related("slot", "guest_of__initiative")
        .order_by("slot__starts_at", "pk")
    )
