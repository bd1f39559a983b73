"""What was agreed with an initiative, and the promise to let them hear, news or not (REQ-132)."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from initiatives import register
from initiatives.models import Agreement, Initiative
from werklab import events, mail
from werklab.models import Event, Lab, LabRole, OutgoingMail, User

DAYS_BEFORE = 2
FROM_HOUR = 8  # nobody's phone rings at night
OVER = ("declined", "done", "dropped")


def is_open(agreement: Agreement) -> bool:
    """Whether nothing is decided: the page says so in words."""
    return agreement.decision in Agreement.OPEN


def standing(initiative: Initiative) -> QuerySet[Agreement]:
    """The agreements with this initiative: what waits for a decision first, what is over last."""
    order = Case(
        When(decision__in=Agreement.OPEN, then=Value(0)),
        When(decision__in=OVER, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return initiative.agreements.alias(rank=order).order_by(
        "rank", "next_message_on", "-created_at", "-pk"
    )


@transaction.atomic
def agree(by: User, initiative: Initiative, **fields: Any) -> Agreement:
    """Write an agreement down."""
    initiative = register.as_it_stands(initiative)
    made = Agreement.objects.create(initiative=initiative, **fields)
    events.record(by, "agreement_made", initiative, detail=made.decision)
    return made


@transaction.atomic
def change(by: User, agreement: Agreement, **fields: Any) -> None:
    """Write down what became of an agreement; a promise that is over gets another status."""
    for field, value in fields.items():
        setattr(agreement, field, value)
    agreement.save(update_fields=list(fields))
    events.record(by, "agreement_changed", agreement.initiative, detail=agreement.decision)


def remind(now: datetime | None = None) -> int:
    """Two days before a promised message: tell who work there. The worker's clockwork.

    How many letters were written; safe to run twice. Promises whose day went by while nobody was
    at work are told of on that day at the latest, not after.
    """
    now = now or timezone.now()
    here = timezone.localtime(now)
    if here.hour < FROM_HOUR:
        return 0
    promised = Agreement.objects.filter(
        decision__in=Agreement.OPEN,
        next_message_on__range=(here.date(), here.date() + timedelta(days=DAYS_BEFORE)),
        initiative__retired_at__isnull=True,
    )
    return sum(_tell(pk) for pk in promised.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _tell(pk: int) -> int:
    """Write the letters about one promise; nothing when they were written before."""
    locked = Agreement.objects.select_for_update(of=("self",))
    agreement = locked.select_related("initiative").get(pk=pk)
    initiative, day = agreement.initiative, agreement.next_message_on
    once = f"agreement:{pk}:{day}:"
    if day is None or OutgoingMail.objects.filter(once__startswith=once).exists():
        return 0
    people = _who_hear(initiative)
    path = reverse("initiatives:edit_agreement", args=[initiative.slug, pk])
    for email, lab, person in people:
        mail.send(
            "agreement_reminder",
            to=email,
            lab=lab,
            person=person,
            once=f"{once}{person.pk if person else 'lsa'}",
            context={
                "first_name": person.first_name if person else settings.SITE_CONTACT_NAME,
                "initiative_name": initiative.name,
                "agreement": agreement.what,
                "next_message_date": date_format(day, "l j F"),
                "agreement_url": settings.BASE_URL + path,
            },
        )
    events.record(None, "agreement_reminded", initiative, via=Event.Via.WORKER)
    return len(people)


def _who_hear(initiative: Initiative) -> list[tuple[str, Lab | None, User | None]]:
    """Trainers and coordinators of the labs there that are not over, each once; or else LSA."""
    roles = LabRole.objects.filter(
        role__in=[LabRole.Role.TRAINER, LabRole.Role.COORDINATOR],
        lab__municipality=initiative.municipality_id,
        lab__status__in=[Lab.Status.PREPARING, Lab.Status.LIVE],
        user__is_active=True,
    )
    found: dict[str, tuple[str, Lab | None, User | None]] = {}
    for role in roles.select_related("lab__municipality", "user").order_by("-lab", "pk"):
        found.setdefault(role.user.email, (role.user.email, role.lab, role.user))
    return list(found.values()) or [(settings.SITE_CONTACT_EMAIL, None, None)]
