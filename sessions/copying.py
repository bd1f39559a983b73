"""Copy an earlier lab: what was agreed comes along, people and what came out of it never do."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions.meetings import Meeting, day_to_decide, meetings_of
from sessions.models import LabSession
from sessions.programme import add_columns
from sessions.team import trainers_of
from werklab import events, labs, people
from werklab.errors import Refused
from werklab.models import Background, Lab, LabRole, LetterText, Municipality, User

TRAINERS, PLACES, LETTERS, CONTACT = "trainers", "places", "letters", "contact"
CAPACITY, APPROVAL = "capacity", "approval"
COMES_ALONG = (TRAINERS, PLACES, LETTERS, CONTACT, CAPACITY, APPROVAL)
SENT_TWICE = timedelta(minutes=10)
MOMENTS = ("starts_at", "ends_at", "initiatives_start_at")


def copy_objections(
    lab: Lab,
    what: set[str],
    coordinator_email: str,
    first_day: date | None,
    now: datetime | None = None,
) -> dict[str, str]:
    """What stands in the way of this copy, by field; empty when nothing does."""
    wrong: dict[str, str] = {}
    if first_day is not None and first_day <= timezone.localdate(now or timezone.now()):
        wrong["first_day"] = _("This moment is over. Choose a day that is still to come.")
    elif first_day is not None and lab.starts_at is None:
        wrong["first_day"] = _("The earlier werklab has no days. Leave this empty.")
    trainers = trainers_of(lab) if TRAINERS in what else {}
    if coordinator_email.strip().lower() in {trainer.email for trainer in trainers.values()}:
        wrong["coordinator_email"] = _("A trainer cannot be the coordinator as well.")
    return wrong


@transaction.atomic
def copy_lab(
    by: User,
    lab: Lab,
    *,
    what: set[str],
    coordinator_name: str,
    coordinator_email: str,
    first_day: date | None = None,
    now: datetime | None = None,
) -> Lab:
    """Make a new lab in preparation as an earlier one was, for the same municipality.

    `what` says what comes along (see `COMES_ALONG`). With a `first_day` the sessions keep their
    hours and the days between them. A trainer who does not bring the trainers along takes a chair
    of the new lab. The same form sent twice is one lab. Raises Refused for what `copy_objections`
    says.
    """
    now = now or timezone.now()
    if wrong := copy_objections(lab, what, coordinator_email, first_day, now):
        raise Refused(" ".join(wrong.values()))
    municipality = Municipality.objects.select_for_update().get(pk=lab.municipality_id)
    if made := copied_before(lab, coordinator_email, first_day, now):
        return made
    coordinator = people.person_for(coordinator_email, coordinator_name)
    copy = labs.open_lab(
        by,
        municipality=municipality,
        trainers=_trainers(by, lab, what, coordinator),
        coordinator=coordinator,
        **_fields(by, lab, what, first_day, now),
    )
    for session, moment in zip(lab.programme(), _moments(lab, first_day), strict=True):
        _copy_session(copy, session, moment, with_place=PLACES in what)
    if first_day is not None:
        copy.decide_on = day_to_decide(meetings_of(copy), now)
        copy.save(update_fields=["decide_on"])
    if LETTERS in what:
        LetterText.objects.bulk_create(
            LetterText(lab=copy, kind=own.kind, subject=own.subject, body=own.body)
            for own in lab.letter_texts.all()
        )
    events.record(by, "lab_copied", copy, lab=copy, label=str(lab), detail=f"of {lab.pk}")
    labs.invite_coordinator(copy, coordinator)
    return copy


def copied_before(
    lab: Lab, coordinator_email: str, first_day: date | None, now: datetime | None = None
) -> Lab | None:
    """The lab that came of the same form a moment ago, if it was sent twice."""
    lately = Lab.objects.filter(
        events__name="lab_copied",
        events__detail=f"of {lab.pk}",
        events__at__gt=(now or timezone.now()) - SENT_TWICE,
        roles__user__email=coordinator_email.strip().lower(),
    )
    starts_at = next(iter(_moments(lab, first_day)), {}).get("starts_at")
    return lately.filter(sessions__number=1, sessions__starts_at=starts_at).first()


def _trainers(by: User, lab: Lab, what: set[str], coordinator: User) -> dict[str, User]:
    """Who leads the copy, as far as they are still in the pool."""
    if TRAINERS in what:
        return {
            chair: trainer
            for chair, trainer in trainers_of(lab).items()
            if trainer.is_active and trainer.background in (chair, Background.BOTH)
        }
    if by.is_staff or not by.background or by == coordinator:
        return {}
    both = by.background == Background.BOTH
    return {LabRole.Chair.MUNICIPAL if both else by.background: by}


def _fields(by: User, lab: Lab, what: set[str], first_day: date | None, now: datetime) -> dict:
    """What was agreed about the lab itself, as far as it comes along."""
    fields: dict = {"format": lab.format, "contact_phone": by.phone}
    if CONTACT in what:
        names = ("contact_name", "contact_email", "contact_phone")
        fields |= {name: getattr(lab, name) for name in names}
    if CAPACITY in what:
        fields["capacity"] = lab.capacity
    if APPROVAL in what:
        fields["approves_enrolments"] = lab.approves_enrolments
    if first_day is not None and lab.enrol_until is not None:
        closes = lab.enrol_until + (first_day - timezone.localdate(lab.starts_at))
        fields["enrol_until"] = closes if closes >= timezone.localdate(now) else None
    return fields


def _moments(lab: Lab, first_day: date | None) -> list[dict[str, datetime]]:
    """The hours of each session, moved along so that the first is on this day; empty without."""
    programme = lab.programme()
    if first_day is None or lab.starts_at is None:
        return [{} for _session in programme]
    by = first_day - timezone.localdate(lab.starts_at)
    return [
        {name: _moved(at, by) for name in MOMENTS if (at := getattr(session, name)) is not None}
        for session in programme
    ]


def meetings_from(lab: Lab, first_day: date | None) -> list[Meeting]:
    """When the sessions of a copy are; none while it has no days."""
    moments = [moment for moment in _moments(lab, first_day) if moment]
    return [Meeting(moment["starts_at"], moment["ends_at"], "") for moment in moments]


def _moved(moment: datetime, by: timedelta) -> datetime:
    """The same time of the Dutch clock, so many days on; also over the change of the clock."""
    here = timezone.localtime(moment)
    return here + by


def _copy_session(
    copy: Lab, session: LabSession, moments: dict[str, datetime], *, with_place: bool
) -> None:
    """A session with its title, goal and empty board; visits and cards stay behind."""
    names = ("title", "goal") + (("place", "route", "accessibility") if with_place else ())
    fields = {name: getattr(session, name) for name in names} | moments
    add_columns(LabSession.objects.create(lab=copy, number=session.number, **fields))
