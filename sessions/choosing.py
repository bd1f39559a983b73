"""Choosing together which initiatives the group visits: a long list, two voices, a short list.

LSA (a trainer or staff) and the municipality (the coordinator) each say yes or rather not. An
initiative is invited when both say yes (REQ-021). Their reasons are for each other: no page or
letter of the initiative shows them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from initiatives.models import Initiative
from sessions.models import LabInitiative, Visit
from werklab import events
from werklab.errors import Refused
from werklab.models import Lab, User

Choice = LabInitiative.Choice
LSA, MUNICIPALITY = "lsa", "municipality"
OFTEN = 3
LATELY = timedelta(days=365)


@dataclass(frozen=True)
class Asked:
    """How often an initiative was asked for a visit in the last twelve months, in any lab."""

    count: int
    last: datetime

    @property
    def is_often(self) -> bool:
        """Whether volunteers were asked so often that one asks again knowingly."""
        return self.count >= OFTEN


def long_list(lab: Lab) -> QuerySet[LabInitiative]:
    """The initiatives that this lab thinks of, with what both sides say."""
    rows = lab.initiatives.select_related("initiative").prefetch_related("visits")
    return rows.order_by("initiative__name", "pk")


def not_on_it(lab: Lab) -> QuerySet[Initiative]:
    """The initiatives of the lab's municipality that are not on its long list yet."""
    here = Initiative.objects.active().filter(municipality=lab.municipality_id)
    return here.exclude(lab_links__lab=lab)


def is_chosen(row: LabInitiative) -> bool:
    """Whether both sides say yes: it is on the short list and can be invited."""
    return row.lsa_says == row.municipality_says == Choice.YES


def asked_lately(initiatives: Iterable[int], now: datetime | None = None) -> dict[int, Asked]:
    """How often each of these (by key) was asked for a visit lately; in one query."""
    since = (now or timezone.now()) - LATELY
    found = Visit.objects.filter(guest_of__initiative__in=list(initiatives), asked_at__gt=since)
    counted = found.order_by().values("guest_of__initiative")
    return {
        row["guest_of__initiative"]: Asked(row["count"], row["last"])
        for row in counted.annotate(count=Count("pk"), last=Max("asked_at"))
    }


def _with_turn(lab: Lab) -> Lab:
    """The lab once nobody else chooses in it; raises Refused when it is over."""
    lab = Lab.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=lab.pk)
    if lab.status in (Lab.Status.CLOSED, Lab.Status.CANCELLED):
        raise Refused(_("This lab is finished. Nothing can be changed any more."))
    return lab


def check_is_here(lab: Lab, initiative: Initiative) -> None:
    """Raises Refused for an initiative of elsewhere (REQ-014) and one that is no longer there."""
    if initiative.municipality_id != lab.municipality_id:
        raise Refused(
            _("%(name)s is not in %(municipality)s. Choose an initiative of this municipality.")
            % {"name": initiative, "municipality": lab.municipality}
        )
    if initiative.retired_at is not None:
        raise Refused(_("%(name)s is no longer in the register.") % {"name": initiative})


@transaction.atomic
def put_on(by: User, lab: Lab, initiative: Initiative) -> LabInitiative:
    """Put an initiative on the long list; doing so twice changes nothing more."""
    lab = _with_turn(lab)
    check_is_here(lab, initiative)
    row, made = LabInitiative.objects.get_or_create(lab=lab, initiative=initiative)
    if made:
        events.record(by, "initiative_listed", row, lab=lab)
    return row


@transaction.atomic
def say(by: User, row: LabInitiative, side: str, choice: str, why: str = "") -> LabInitiative:
    """What one side thinks of an initiative on the list; rather not comes with a reason.

    The reason stands on the list for the other side and nowhere else. Raises Refused for a no
    without a reason, and once the initiative was asked for a visit.
    """
    lab = _with_turn(row.lab)
    row = LabInitiative.objects.select_for_update().get(pk=row.pk)
    if choice == Choice.RATHER_NOT and not why.strip():
        raise Refused(_("Say why rather not. The initiative never sees this."))
    if row.visits.exists():
        raise Refused(_("%(name)s was asked already.") % {"name": row})
    before = (row.lsa_says, row.lsa_why, row.municipality_says, row.municipality_why)
    _write(row, side, choice, why.strip())
    if (row.lsa_says, row.lsa_why, row.municipality_says, row.municipality_why) != before:
        row.save(update_fields=["lsa_says", "lsa_why", "municipality_says", "municipality_why"])
        events.record(by, "initiative_weighed", row, lab=lab, detail=f"{side}:{choice}")
    return row


def _write(row: LabInitiative, side: str, choice: str, why: str) -> None:
    if side == LSA:
        row.lsa_says, row.lsa_why = choice, why
    else:
        row.municipality_says, row.municipality_why = choice, why


def agree(by: User, row: LabInitiative, said_yes_on: date | None) -> None:
    """Whether both say yes, at the moment that a trainer asks: asking is LSA's own yes.

    `said_yes_on` is the day on which the coordinator said yes to the trainer, in a talk: that is
    written down here. A "rather not" of either side stands until that side changes it. For an
    action that changes more: no transaction or turn of its own. Raises Refused.
    """
    if Choice.RATHER_NOT in (row.lsa_says, row.municipality_says):
        raise Refused(
            _("Not both of you say yes to %(name)s. Talk about it first.") % {"name": row}
        )
    if not row.municipality_says and said_yes_on is None:
        raise Refused(
            _("The municipality has not said yes to %(name)s. Ask the coordinator.") % {"name": row}
        )
    on_behalf = not row.municipality_says
    row.lsa_says = row.municipality_says = Choice.YES
    if on_behalf and said_yes_on is not None:
        said = _("in a talk on %(day)s, written down by %(name)s")
        day = date_format(said_yes_on, "j F Y")
        row.municipality_why = (said % {"day": day, "name": by})[:200]
        events.record(by, "chosen_on_behalf", row, lab=row.lab, detail=said_yes_on.isoformat())
    row.save(update_fields=["lsa_says", "municipality_says", "municipality_why"])


def check_knowingly(initiative: Initiative, knowingly: bool, now: datetime) -> None:
    """Raises Refused when volunteers who were asked often lately are asked again unknowingly."""
    asked = asked_lately([initiative.pk], now).get(initiative.pk)
    if asked is not None and asked.is_often and not knowingly:
        raise Refused(
            _("%(name)s was asked %(count)s times in twelve months. Say that you know this.")
            % {"name": initiative, "count": asked.count}
        )
