"""The sheet of an agreed visit, the same for both sides: when, where, who comes, what is asked.

It says who comes by function, never by name, and nothing of the initiative's contact but the
address at which the group is welcome.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from sessions.models import VISIT_KINDS, Column, Visit, VisitGuest
from werklab import letters, printing
from werklab.models import Enrolment, Lab, LabRole, User

LONG = 1500  # characters


@dataclass(frozen=True)
class Sheet:
    """What stands on the sheet of one visit."""

    visit: Visit
    lab: Lab
    moment: str
    functions: list[str]
    count: int
    questions: list[tuple[str, str]]
    trainers: list[str]
    phone: str

    @property
    def is_long(self) -> bool:
        """Whether it only fits on one page of paper in small type."""
        about = self.visit.guest_of.initiative
        texts = [about.description, about.does_not, *self.functions]
        return sum(map(len, texts)) > LONG


def agreed(lab: Lab) -> QuerySet[Visit]:
    """The visits of this lab that have a sheet: those that were agreed on and go ahead."""
    visits = Visit.objects.filter(lab_session__lab=lab, answer=Visit.Answer.WELCOME)
    if lab.status == Lab.Status.CANCELLED:
        return visits.none()
    return visits.select_related("slot", "lab_session", "guest_of__lab", "guest_of__initiative")


def goes_along(visit: Visit, person: User) -> bool:
    """Whether this participant is in the group of this visit."""
    mine = VisitGuest.objects.filter(visit=visit, enrolment__person=person)
    return mine.filter(enrolment__status=Enrolment.Status.SEATED).exists()


def sheet(visit: Visit, lab: Lab) -> Sheet:
    """The sheet of an agreed visit; in three queries."""
    assert visit.slot is not None, "only an agreed visit has a sheet"
    group = Enrolment.objects.seated().filter(visits__visit=visit).order_by("function", "seat")
    functions = [function for function in group.values_list("function", flat=True) if function]
    trainers = lab.roles.filter(role=LabRole.Role.TRAINER).select_related("user")
    columns = Column.objects.filter(lab_session=visit.lab_session_id, kind__in=VISIT_KINDS)
    return Sheet(
        visit=visit,
        lab=lab,
        moment=letters.moment(visit.slot.starts_at, visit.slot.ends_at),
        functions=functions,
        count=len(functions) or visit.group_size,
        questions=list(columns.order_by("order").values_list("title", "question")),
        trainers=[str(role.user) for role in trainers.order_by("-role", "pk")],
        phone=lab.contact_phone or settings.SITE_CONTACT_PHONE,
    )


def make_pdf(found: Sheet) -> bytes:
    """The sheet on one page of paper (PDF/UA-1)."""
    return printing.make_pdf("sessions/visit_sheet_pdf.html", {"sheet": found}, "visit_sheet.css")
