"""Load the demo: one archived lab with facts only, one finished, one writing its advice, one open.

The data stand in `werklab/data/demo.json`, with dates as on one day (see `dates`); they are moved
by whole weeks, so that on any day the same lab is open and the same one writes its advice.
"""

import csv
import json
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sessions.models import LabSession, Presentation, VisitSlot
from sessions.programme import add_columns, programmes
from werklab import people
from werklab.management.demo import (
    acquainted,
    asking,
    organisation,
    outcome,
    people_in_lab,
    visiting,
)
from werklab.management.demo.dates import moment, shift_to
from werklab.models import Enrolment, Lab, LabRole, Municipality, User

DATA = Path(__file__).resolve().parent.parent.parent / "data"
STAFF = "lsa@werklab.example"


def load_municipalities() -> int:
    """The 342 municipalities of 2026 (CBS); says how many were new."""
    before = Municipality.objects.count()
    with (DATA / "municipalities.csv").open(encoding="utf-8") as rows:
        Municipality.objects.bulk_create(
            (Municipality(**row) for row in csv.DictReader(rows)), ignore_conflicts=True
        )
    return Municipality.objects.count() - before


def load_demo(today: date | None = None) -> list[str]:
    """Load what is not there yet and move along what is; a line about each lab and request."""
    data = json.loads((DATA / "demo.json").read_text())
    shift = shift_to(today or timezone.localdate())
    if not User.objects.filter(email=STAFF).exists():
        people.invite_staff(STAFF, "Anouk Vuurtoren")
    lines = [_archived(data["roermond"])]
    for lab in data["labs"]:
        lines.append(_lab(lab, shift))
    lines.append(asking.add_request(data["request"], shift))
    return lines


@transaction.atomic
def _archived(data: dict) -> str:
    """Roermond: only what is known. No invented person, number or year."""
    if Lab.objects.filter(slug="roermond").exists():
        return "roermond: was there"
    lab = Lab.objects.create(
        municipality=Municipality.objects.get(code=data["code"]),
        title="Werklab Roermond",
        slug="roermond",
        join_code="roermond",
        status=Lab.Status.CLOSED,
        format=Lab.Format.ONE_DAY,
        looking_back=data["looking_back"],
    )
    for block in data["blocks"]:
        add_columns(LabSession.objects.create(lab=lab, **block))
    outcome.add_cards(lab, data["cards"], {})
    return "roermond: loaded"


@transaction.atomic
def _lab(data: dict, shift: timedelta) -> str:
    lab = Lab.objects.filter(slug=data["key"]).first()
    if lab:
        return f"{data['key']}: {_move_along(lab, data, shift)}"
    municipality, _made = Municipality.objects.get_or_create(
        code=data["code"],
        defaults={
            "name": data["municipality"],
            "province": "fictief",
            "mail_domains": [data["mail_domain"]],
        },
    )
    lab = Lab.objects.create(
        municipality=municipality,
        title=f"Werklab {municipality.name}",
        slug=data["key"],
        join_code=data["key"],
        status=Lab.Status.LIVE,
        format=data["format"],
        capacity=data["capacity"],
        enrol_until=date.fromisoformat(data["enrol_until"]) + shift,
        contact_name=data["trainers"]["initiatives"]["name"],
        contact_email=data["trainers"]["initiatives"]["email"],
        contact_phone=data["contact_phone"],
        shared_view=data["shared_view"],
        looking_back=data["looking_back"],
    )
    _add_roles(lab, data)
    for session in data["sessions"]:
        _add_session(lab, session, shift)
    organisation.add_intake(lab, data["organisation"], shift)
    enrolled = people_in_lab.add_people(lab, data)
    initiatives = outcome.add_initiatives(lab, data["initiatives"])
    acquainted.add_acquaintance(lab, data, initiatives, shift)
    visits = visiting.add_visits(lab, data["visits"], initiatives, enrolled)
    cards = outcome.add_cards(lab, data["cards"], initiatives)
    visiting.add_notes(lab, data["notes"], visits, cards, shift)
    outcome.add_votes(lab, [enrolment.person for enrolment in enrolled])
    outcome.add_advice(lab, data, initiatives, cards, shift)
    if "invitations" in data:
        asking.add_invitations(lab, data["invitations"])
    return f"{data['key']}: loaded"


def _add_roles(lab: Lab, data: dict) -> None:
    for chair, trainer in data["trainers"].items():
        person = people.person_for(trainer["email"], trainer["name"])
        User.objects.filter(pk=person.pk).update(
            background=trainer["background"],
            introduction=trainer["introduction"],
            phone=data["contact_phone"],
        )
        LabRole.objects.create(lab=lab, user=person, role="trainer", chair=chair)
    coordinator = people.person_for(data["coordinator"]["email"], data["coordinator"]["name"])
    LabRole.objects.create(lab=lab, user=coordinator, role="coordinator")


def _add_session(lab: Lab, data: dict, shift: timedelta) -> None:
    lab_session = LabSession.objects.create(
        lab=lab,
        number=data["number"],
        title=data["title"],
        goal=programmes()[lab.format][data["number"] - 1]["goal"],
        starts_at=moment(data["date"], data["start"], shift),
        ends_at=moment(data["date"], data["end"], shift),
        place=data["place"],
    )
    add_columns(lab_session)


def _move_along(lab: Lab, data: dict, shift: timedelta) -> str:
    """Move a lab that was loaded in another week; what a visitor of the demo changed stays."""
    was = timezone.localdate(lab.sessions.get(number=1).starts_at)
    by = date.fromisoformat(data["sessions"][0]["date"]) + shift - was
    if not by or by.days % 7:
        return "was there"
    for moved in (
        LabSession.objects.filter(lab=lab),
        VisitSlot.objects.filter(visit__lab_session__lab=lab),
    ):
        moved.update(starts_at=F("starts_at") + by, ends_at=F("ends_at") + by)
    Presentation.objects.filter(lab=lab).update(date=F("date") + by, answer_by=F("answer_by") + by)
    Enrolment.objects.filter(lab=lab, offered_until__isnull=False).update(
        offered_until=F("offered_until") + by
    )
    Lab.objects.filter(pk=lab.pk).update(
        enrol_until=F("enrol_until") + by, version=F("version") + 1
    )
    lab.personal_links.update(expires_at=F("expires_at") + by)
    acquainted.move(lab, by, shift)
    visiting.move(lab, by, shift)
    if "invitations" in data:
        lab.refresh_from_db()
        asking.renew_invitations(lab, data["invitations"])
    return f"moved along by {by.days} days"
