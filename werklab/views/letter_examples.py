"""What the placeholders of letters stand for in one lab, to show how a letter reads.

Real names, days and places where the lab has them. Personal links are named, not shown.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format

from sessions.models import LabInitiative, Visit
from werklab import letters, wording
from werklab.models import Lab


def examples(lab: Lab) -> dict[str, str]:
    """Everything that this lab knows itself; the rest has the examples of `letter_texts`."""
    somebody = lab.enrolments.living().select_related("person").order_by("number").first()
    known = wording.common_context(lab, somebody.person if somebody else None)
    known |= _pages(lab) | _initiative(lab)
    known |= {
        "offer_hours": str(letters.OFFER_HOURS),
        "intake_deadline": date_format(lab.intake_deadline(), "l j F"),
        "session_list": letters.programme_lines(lab),
    }
    if somebody:
        known |= {"name": somebody.person.name, "email": somebody.person.email}
    return {name: value for name, value in known.items() if value}


def _pages(lab: Lab) -> dict[str, str]:
    """The pages of the lab that have no secret in their address."""
    pages = {
        "lab_url": reverse("werklab:lab", args=[lab.slug]),
        "participants_url": reverse("werklab:participants", args=[lab.slug]),
        "join_url": reverse("werklab:join", args=[lab.join_code]),
        "calendar_url": reverse("werklab:calendar", args=[lab.join_code]),
        "pdf_url": reverse("sessions:advice_pdf", args=[lab.slug]),
        "visit_admin_url": reverse("sessions:visits", args=[lab.slug]),
    }
    return {name: settings.BASE_URL + page for name, page in pages.items()}


def _initiative(lab: Lab) -> dict[str, str]:
    """The first initiative of the lab and the moments offered for its visit."""
    first = LabInitiative.objects.filter(lab=lab).select_related("initiative__contact")
    taker = first.order_by("pk").first()
    if taker is None:
        return {}
    contact = getattr(taker.initiative, "contact", None)
    known = {"initiative": str(taker), "initiative_name": str(taker)}
    known["contact_first_name"] = contact.first_name if contact else ""
    visit = Visit.objects.filter(guest_of=taker).prefetch_related("slots").order_by("pk").first()
    return known | (_visit(visit) if visit else {})


def _visit(visit: Visit) -> dict[str, str]:
    slots = sorted(visit.slots.all(), key=lambda slot: slot.number)
    moments = [letters.moment(slot.starts_at, slot.ends_at) for slot in slots]
    return {
        "visit_address": visit.place,
        "group_size": str(visit.group_size),
        "slot_list": "\n".join(f"- {moment}" for moment in moments),
        "visit_moment": moments[0] if moments else "",
        "visit_date": date_format(slots[0].starts_at, "l j F") if slots else "",
    }
