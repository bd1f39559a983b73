"""Who leads a lab: put a trainer on an empty chair, or another in the place of who fell ill."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from sessions import recipients
from sessions.models import Visit
from werklab import events, letters, mail
from werklab.errors import Refused
from werklab.models import Enrolment, Lab, LabRole, User

Role, Chair = LabRole.Role, LabRole.Chair


def trainers_of(lab: Lab) -> dict[str, User]:
    """The trainers of a lab by chair; an empty chair is not in it."""
    rows = lab.roles.filter(role=Role.TRAINER).select_related("user")
    return {row.chair: row.user for row in rows}


def team_objections(lab: Lab, trainers: dict[str, User]) -> dict[str, str]:
    """What stands in the way of these trainers, by chair; empty when nothing does."""
    wrong: dict[str, str] = {}
    if len(set(trainers.values())) < len(trainers):
        wrong[Chair.INITIATIVES] = _("Choose two different trainers.")
    coordinators = set(lab.roles.filter(role=Role.COORDINATOR).values_list("user_id", flat=True))
    for chair, trainer in trainers.items():
        if trainer.pk in coordinators:
            wrong[chair] = _("A trainer cannot be the coordinator as well.")
        elif trainer.background not in (chair, "both"):
            wrong[chair] = _("This trainer does not know that side from the inside.")
    return wrong


@transaction.atomic
def put_trainers(by: User, lab: Lab, trainers: dict[str, User]) -> list[str]:
    """Give chairs of a lab these trainers (REQ-037, REQ-038); gives the chairs that changed.

    A new trainer gets a letter at once. When somebody was replaced, whom it concerns get a draft
    that waits in the outbox. Was the one who left the lab's contact, then the new one is. Raises
    Refused when the lab is over or something stands in the way (see `team_objections`).
    """
    lab = Lab.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=lab.pk)
    if lab.status in (Lab.Status.CLOSED, Lab.Status.CANCELLED):
        raise Refused(_("This lab is finished. Nothing can be changed any more."))
    before = trainers_of(lab)
    if wrong := team_objections(lab, before | trainers):
        raise Refused(" ".join(wrong.values()))
    changed = [chair for chair, trainer in trainers.items() if before.get(chair) != trainer]
    if not changed:
        return []
    lab.roles.filter(role=Role.TRAINER, chair__in=changed).delete()
    for chair in changed:
        LabRole.objects.create(lab=lab, user=trainers[chair], role=Role.TRAINER, chair=chair)
    now = before | trainers
    came = [trainer for trainer in now.values() if trainer not in before.values()]
    left = [trainer for trainer in before.values() if trainer not in now.values()]
    _change_contact(lab, left, came)
    names = ", ".join(str(trainers[chair]) for chair in changed)
    events.record(by, "trainers_changed", lab, lab=lab, label=names)
    for trainer in came:
        _assign(by, lab, trainer)
    if left and came:
        _draft_to_all(lab, " en ".join(map(str, left)), " en ".join(map(str, came)))
    return changed


def _change_contact(lab: Lab, left: list[User], came: list[User]) -> None:
    """Nobody is sent to the phone of who fell ill."""
    if came and lab.contact_email in {trainer.email for trainer in left}:
        lab.contact_name, lab.contact_email = str(came[0]), came[0].email
        lab.contact_phone = came[0].phone or lab.contact_phone
        lab.save(update_fields=["contact_name", "contact_email", "contact_phone"])


def _assign(by: User, lab: Lab, trainer: User) -> None:
    """Tell somebody that this lab is theirs from now on."""
    mail.send(
        "trainer_assigned",
        to=trainer.email,
        lab=lab,
        person=trainer,
        context={
            "session_list": _days(lab),
            "lab_url": settings.BASE_URL + lab.get_absolute_url(),
            "assigned_by": str(by),
        },
    )


def _days(lab: Lab) -> str:
    return letters.programme_lines(lab) or "- " + _("The days follow.")


def _draft_to_all(lab: Lab, old: str, new: str) -> None:
    """A draft for everybody with a seat, the coordinator, and who was asked and did not say no."""
    join = settings.BASE_URL + reverse("werklab:join", args=[lab.join_code])
    answers = [Visit.Answer.NONE, Visit.Answer.OTHER_TIME, Visit.Answer.WELCOME]
    for one in recipients.recipients(lab, [Enrolment.Status.SEATED], answers):
        more = {"old_trainer": old, "new_trainer": new, "session_list": _days(lab)}
        if one.role == "initiative":
            more["first_name"] = one.context["contact_first_name"]
        recipients.write("trainer_changed", one, lab, "", join_url=join, **more)
