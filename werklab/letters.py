"""The letters about somebody's place in a lab: what goes in them, and who gets which."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from werklab import calendar, links, mail
from werklab.models import Enrolment, Lab, LabRole, OutgoingMail, PersonalLink

OFFER_HOURS = 72
SAME_LETTER_AGAIN_AFTER = timedelta(minutes=10)
KINDS: dict[str, str] = {
    Enrolment.Status.SEATED: "place_confirmed",
    Enrolment.Status.WAITING: "waiting_list",
    Enrolment.Status.OFFERED: "place_offered",
    Enrolment.Status.TO_CONFIRM: "waits_for_approval",
}


def is_from_outside(enrolment: Enrolment) -> bool:
    """Whether somebody's address is none of the municipality's own."""
    return not enrolment.lab.municipality.owns_address(enrolment.person.email)


def kind_for(enrolment: Enrolment) -> str:
    """Which letter goes with where somebody stands now."""
    if enrolment.status == Enrolment.Status.TO_CONFIRM and is_from_outside(enrolment):
        return "waits_for_coordinator"
    return KINDS[enrolment.status]


def link_of(enrolment: Enrolment) -> PersonalLink:
    """The personal link of this place: own page, intake, cards. A new place has none yet."""
    get = links.make if enrolment.just_made else links.link_for
    return get(
        PersonalLink.Purpose.ENROLMENT,
        enrolment.pk,
        lab=enrolment.lab,
        behalf=str(enrolment.person),
        expires_at=enrolment.lab.link_expiry(),
    )


def prolong_links(lab: Lab) -> None:
    """Let the personal links of a lab live as long as its dates ask, after these have moved."""
    PersonalLink.objects.filter(
        lab=lab,
        purpose=PersonalLink.Purpose.ENROLMENT,
        revoked_at__isnull=True,
        expires_at__lt=lab.link_expiry(),
    ).update(expires_at=lab.link_expiry())


@lru_cache(maxsize=512)
def moment(starts_at: datetime, ends_at: datetime) -> str:
    """A meeting's time in words: weekday, date, from and to. The same for all whom it is told."""
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    return (
        f"{date_format(start, 'l j F Y')}, "
        f"{date_format(start, 'G.i')} tot {date_format(end, 'G.i')} uur"
    )


def programme_lines(lab: Lab) -> str:
    """The sessions of a lab, a line each: when, what, where."""
    return "\n".join(
        f"- {moment(session.starts_at, session.ends_at)}: {session.title}. {session.whereabouts}"
        for session in lab.programme()
        if session.starts_at
    )


def tell(enrolment: Enrolment, place_in_line: int | None = None) -> None:
    """The letter that goes with where this person stands now, with their link and the calendar.

    `place_in_line` saves counting again by who has just counted.
    """
    lab, link = enrolment.lab, link_of(enrolment)
    context = {
        "seat": enrolment.seat or "",
        "session_list": programme_lines(lab),
        "intake_deadline": date_format(lab.intake_deadline(), "l j F"),
        "intake_url": links.marked_url(link, "intake/"),
        "own_url": links.marked_url(link),
        "withdraw_url": links.marked_url(link, "plek/"),
        "accept_url": links.marked_url(link, "plek/"),
        "calendar_url": settings.BASE_URL + reverse("werklab:calendar", args=[lab.join_code]),
        "waiting_position": place_in_line or enrolment.place_in_line or "",
        "offer_hours": OFFER_HOURS,
        "offer_deadline": "",
    }
    if enrolment.offered_until:
        until = timezone.localtime(enrolment.offered_until)
        context["offer_deadline"] = date_format(until, "l j F, G.i") + " uur"
    seated = enrolment.status == Enrolment.Status.SEATED
    mail.send(
        kind_for(enrolment),
        to=enrolment.person.email,
        lab=lab,
        person=enrolment.person,
        context=context,
        calendar=calendar.calendar_file(lab, calendar.session_appointments(lab)) if seated else "",
    )


def send_link(enrolment: Enrolment) -> None:
    """The personal link of this place once more, to its own address only."""
    mail.send(
        "new_link",
        to=enrolment.person.email,
        lab=enrolment.lab,
        person=enrolment.person,
        context={
            "own_url": links.marked_url(link_of(enrolment)),
            "session_list": programme_lines(enrolment.lab),
        },
    )


def tell_again(enrolment: Enrolment, now: datetime) -> None:
    """The same letter again, but not twice in ten minutes: a form sent twice is one letter."""
    lately = OutgoingMail.objects.filter(
        person=enrolment.person,
        lab=enrolment.lab,
        kind=kind_for(enrolment),
        created_at__gt=now - SAME_LETTER_AGAIN_AFTER,
    )
    if not lately.exists():
        tell(enrolment)


def ask_coordinators(enrolment: Enrolment) -> None:
    """Ask the coordinator about somebody who waits for a yes, from outside or not."""
    lab = enrolment.lab
    kind = "admission_asked" if is_from_outside(enrolment) else "approval_asked"
    page = settings.BASE_URL + reverse("werklab:participants", args=[lab.slug])
    for role in lab.roles.filter(role=LabRole.Role.COORDINATOR).select_related("user"):
        mail.send(
            kind,
            to=role.user.email,
            lab=lab,
            person=role.user,
            context={
                "name": enrolment.person.name,
                "email": enrolment.person.email,
                "function": enrolment.function,
                "department": enrolment.department,
                "participants_url": page,
            },
        )
