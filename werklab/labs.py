"""Labs: open one with its people, and change what was agreed."""

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from werklab import events, letters, mail, people
from werklab.errors import Refused
from werklab.models import Lab, LabRole, Municipality, User

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
# Where everybody has an address: such a domain never says that somebody works at a municipality.
EVERYBODYS_MAIL = {"gmail.com", "hotmail.com", "hotmail.nl", "icloud.com", "kpnmail.nl", "live.nl"}
EVERYBODYS_MAIL |= {"outlook.com", "proton.me", "protonmail.com", "yahoo.com", "ziggo.nl"}
Role, Chair = LabRole.Role, LabRole.Chair


def open_lab(
    by: User,
    *,
    municipality: Municipality,
    trainers: dict[str, User],
    coordinator: User,
    **fields,
) -> Lab:
    """Make a lab with its trainers, by chair, and its coordinator (REQ-028, REQ-037, REQ-038).

    Part of the actions that add the three sessions (`schedule_lab`, `make_lab`, `copy_lab`); a
    chair may stay empty until enrolment opens. Whoever makes it is its contact, unless `fields`
    say another. Raises Refused when both chairs have the same trainer.
    """
    if len(set(trainers.values())) < len(trainers):
        raise Refused(_("Choose two different trainers."))
    agreed = {"contact_name": str(by), "contact_email": by.email} | fields
    lab = Lab.objects.create(
        municipality=municipality,
        title=f"Werklab {municipality.name}",
        slug=_free_slug(municipality.name),
        join_code=get_random_string(8, READABLE),
        **agreed,
    )
    for chair, trainer in trainers.items():
        LabRole.objects.create(lab=lab, user=trainer, role=Role.TRAINER, chair=chair)
    LabRole.objects.create(lab=lab, user=coordinator, role=Role.COORDINATOR)
    domain = coordinator.email.partition("@")[2]
    if not municipality.mail_domains and domain not in EVERYBODYS_MAIL:
        municipality.mail_domains = [domain]
        municipality.save(update_fields=["mail_domains"])
    return lab


def _free_slug(name: str) -> str:
    base = slugify(name)[:40]
    taken = set(Lab.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug
        for slug in (base, *(f"{base}-{number}" for number in range(2, 1000)))
        if slug not in taken
    )


def invite_coordinator(lab: Lab, coordinator: User) -> None:
    """Tell the coordinator that the lab is there, with the link to pass on to colleagues."""
    mail.send(
        "coordinator_invited",
        to=coordinator.email,
        lab=lab,
        person=coordinator,
        context={
            "session_list": letters.programme_lines(lab) or "- " + _("The days follow."),
            "lab_url": settings.BASE_URL + lab.get_absolute_url(),
            "join_url": settings.BASE_URL + reverse("werklab:join", args=[lab.join_code]),
        },
    )


def too_few_places(lab: Lab, capacity: int) -> str:
    """Why this number of places does not do: more people have a chair than that (REQ-043)."""
    taken = lab.enrolments.on_a_chair().count()
    if taken <= capacity:
        return ""
    return _("%(taken)s places are taken. Choose %(taken)s or more.") % {"taken": taken}


def fit_seats(by: User, lab: Lab, capacity: int) -> None:
    """Make a number of places fit those taken: chairs above it move to the lowest free ones.

    Each move stands in the record, so that replaying it shows who sits where.
    """
    seated = list(lab.enrolments.on_a_chair().select_related("person").order_by("seat"))
    taken = {enrolment.seat for enrolment in seated}
    free = [seat for seat in range(1, capacity + 1) if seat not in taken]
    for enrolment in seated:
        if enrolment.seat > capacity:
            moved = f"moved {enrolment.seat} {free[0]}"
            enrolment.seat = free.pop(0)
            enrolment.save(update_fields=["seat"])
            events.record(by, "chair_moved", enrolment, lab=lab, detail=moved)


def change_fields(lab: Lab, *, mail_domains: list[str], **fields) -> None:
    """Write down what was agreed about a lab, and the municipality's own mail domains."""
    for name, value in fields.items():
        setattr(lab, name, value)
    lab.save(update_fields=list(fields))
    if lab.municipality.mail_domains != mail_domains:
        lab.municipality.mail_domains = mail_domains
        lab.municipality.save(update_fields=["mail_domains"])


def change_coordinator(lab: Lab, name: str, email: str) -> None:
    """Give the lab another coordinator, who gets the invitation.

    For the same address only the name is put right; staff and trainers keep the name they have.
    """
    person = people.person_for(email, name)
    if lab.roles.filter(role=Role.COORDINATOR, user=person).exists():
        if person.name != name and not (person.is_staff or person.background):
            person.name = name
            person.save(update_fields=["name"])
            events.changed_for_person(person)
        return
    lab.roles.filter(role=Role.COORDINATOR).delete()
    LabRole.objects.create(lab=lab, user=person, role=Role.COORDINATOR)
    invite_coordinator(lab, person)
