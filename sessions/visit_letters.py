"""The letters about a visit: what goes in them, and who gets which."""

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sessions.models import Visit
from werklab import calendar, letters, links, mail
from werklab.models import Lab, LabRole, OutgoingMail, PersonalLink, User

Answer = Visit.Answer
Role = LabRole.Role
LINK_LIVES_ON = timedelta(days=30)  # after the last moment: to read back, and to read the notes
TO_TEAM = {
    Answer.WELCOME: "visit_answered_yes",
    Answer.OTHER_TIME: "visit_other_time",
    Answer.NOT_NOW: "visit_declined",
}


def who_hear(lab: Lab, answer: str) -> list[User]:
    """Both trainers; the coordinator too when another moment must be found."""
    roles = [Role.TRAINER] + ([Role.COORDINATOR] if answer == Answer.OTHER_TIME else [])
    named = lab.roles.filter(role__in=roles).select_related("user").order_by("-role", "pk")
    return [role.user for role in named]


def link_of(visit: Visit) -> PersonalLink:
    """The personal link of the initiative for this visit; a month longer than its last moment."""
    last = max(slot.ends_at for slot in visit.slots.all())
    return links.link_for(
        PersonalLink.Purpose.VISIT,
        visit.pk,
        lab=visit.guest_of.lab,
        behalf=str(visit),
        expires_at=last + LINK_LIVES_ON,
    )


def appointment(visit: Visit) -> calendar.Appointment:
    """An agreed visit as it stands in the initiative's calendar."""
    assert visit.slot is not None
    return calendar.Appointment(
        key=f"visit-{visit.pk}",
        title=_("Coffee visit of %(lab)s") % {"lab": visit.guest_of.lab},
        starts_at=visit.slot.starts_at,
        ends_at=visit.slot.ends_at,
        place=visit.place,
        sequence=visit.sequence,
        is_off=visit.guest_of.lab.status == Lab.Status.CANCELLED,
    )


def appointment_for_us(visit: Visit) -> calendar.Appointment:
    """The same visit as it stands in a trainer's calendar: it says where they go."""
    title = _("Coffee visit at %(initiative)s") % {"initiative": visit}
    return replace(appointment(visit), title=title)


def appointments(visit: Visit) -> list[calendar.Appointment]:
    """The visit, and the sessions at which the initiative is the group's guest (REQ-023)."""
    return [appointment(visit), *calendar.initiative_appointments(visit.guest_of.lab)]


def _context(visit: Visit) -> dict[str, str]:
    """What the letters about a visit say: when, where, how many."""
    slots = sorted(visit.slots.all(), key=lambda slot: slot.number)
    contact = getattr(visit.guest_of.initiative, "contact", None)
    chosen = visit.slot
    return {
        "initiative_name": str(visit),
        "contact_first_name": contact.first_name if contact else "",
        "contact_there": _who(contact),
        "visit_address": visit.place,
        "group_size": str(visit.group_size),
        "slot_list": "\n".join(f"- {letters.moment(s.starts_at, s.ends_at)}" for s in slots),
        "visit_moment": letters.moment(chosen.starts_at, chosen.ends_at) if chosen else "",
        "visit_date": date_format(timezone.localtime(chosen.starts_at), "l j F") if chosen else "",
        "proposed_times": visit.other_time or _("no proposal"),
        "note": visit.note or _("nothing"),
        "more_lines": more_lines(visit),
    }


def more_lines(visit: Visit) -> str:
    """What goes with a visit besides, a line each: what they get for it, the way, getting in."""
    parts = (
        (_("What you get for it"), visit.compensation),
        (_("How we get there"), visit.route),
        (_("Accessibility"), visit.accessibility),
    )
    return "".join(f"\n{label}: {words}" for label, words in parts if words.strip())


def _who(contact) -> str:
    if contact is None:
        return _("nobody yet")
    return ", ".join(part for part in (contact.name, contact.phone, contact.email) if part)


def _to_initiative(
    kind: str, visit: Visit, *, once: str = "", dated: bool = True, **more: str
) -> OutgoingMail | None:
    """A letter to the contact of the initiative, when we know an address.

    With a calendar file when a moment is agreed on; not `dated` once that is behind us.
    """
    contact = getattr(visit.guest_of.initiative, "contact", None)
    link = link_of(visit)  # made in any case: a trainer may pass it on by phone
    if contact is None or not contact.email:
        return None
    context = _context(visit) | {"visit_url": links.marked_url(link)} | more
    calendar_text = ""
    if visit.slot is not None and dated:
        calendar_text = calendar.calendar_file(visit.guest_of.lab, appointments(visit))
    return mail.send(
        kind,
        to=contact.email,
        lab=visit.guest_of.lab,
        context=context,
        calendar=calendar_text,
        once=once,
    )


def invite(visit: Visit) -> None:
    """The question whether the group may come."""
    _to_initiative("initiative_invited", visit)


def offer_others(visit: Visit) -> None:
    """The question again, with other moments."""
    _to_initiative("visit_other_slots", visit)


def remind(kind: str, visit: Visit, once: str) -> OutgoingMail | None:
    """The question once more ("visit_reminder"), or what was agreed ("visit_soon")."""
    asked = date_format(timezone.localtime(visit.asked_at), "l j F")
    return _to_initiative(kind, visit, once=once, asked_day=asked)


def lay_notes_before(visit: Visit) -> None:
    """What was heard lies before the initiative: where it reads and answers that, and by when."""
    page = links.marked_url(link_of(visit), "notities/")
    _to_initiative("visit_notes_sent", visit, dated=False, notes_url=page)


def tell(visit: Visit) -> None:
    """The answer, to the trainers; and a confirmation with the calendar file to who is visited."""
    lab = visit.guest_of.lab
    if visit.answer == Answer.WELCOME:
        _to_initiative("visit_confirmed", visit, last_session=_last_session(lab))
    context = _context(visit)
    page = reverse("sessions:visit", args=[lab.slug, visit.pk])
    context["visit_admin_url"] = settings.BASE_URL + page
    for person in who_hear(lab, visit.answer):
        mail.send(
            TO_TEAM[Answer(visit.answer)], to=person.email, lab=lab, person=person, context=context
        )


def _last_session(lab: Lab) -> str:
    """The moment and place of session 3, at which initiatives are welcome too (REQ-023)."""
    last = next(
        (session for session in lab.programme() if session.number == 3 and session.starts_at), None
    )
    if last is None:
        return _("You hear from us when and where that is.")
    return (
        f"{letters.moment(last.begins_for_initiatives, last.ends_at)}. {last.whereabouts}".strip()
    )
