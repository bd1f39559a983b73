"""The report to the management team: what it still lacks, make it final, open it again."""

import time
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions import endorse_letters, pdf
from sessions.advice import check_open, take_turn
from sessions.draft import draft, gaps
from sessions.models import Report
from sessions.points import Edition, edition_of, points
from werklab import events, letters, links, mail
from werklab.errors import Refused
from werklab.models import Lab, LabRole, User

MOST_RENDERS = 20
IN_SECONDS = 600


def standing(lab: Lab) -> Report | None:
    """The final report that holds now, without its bytes; None while there are only drafts."""
    return Report.objects.standing().filter(lab=lab).defer("pdf").first()


def what_is_missing(lab: Lab) -> list[str]:
    """What must be mended before the report can be final, a sentence each; empty when it can."""
    return [gap.sentence for gap in gaps(draft(lab)) if gap.must]


def finalise(by: User, lab: Lab, *, now: datetime | None = None) -> Report:
    """Make the report final: keep its PDF byte for byte, freeze the advice, tell everybody.

    The PDF takes a second, so it is made before the lab is locked; when anything changed in that
    second, nothing is kept. Raises Refused with everything that is still missing.
    """
    now = now or timezone.now()
    lab = Lab.objects.select_related("municipality").get(pk=lab.pk)
    check_open(lab)
    if missing := what_is_missing(lab):
        raise Refused(" ".join(missing))
    number = (lab.reports.aggregate(last=Max("number"))["last"] or 0) + 1
    made = pdf.make_pdf(points(lab, Edition(timezone.localdate(now), number)))
    return _keep(by, lab, made, number, now)


@transaction.atomic
def _keep(by: User, seen: Lab, made: bytes, number: int, now: datetime) -> Report:
    lab = take_turn(seen)
    if lab.version != seen.version:
        raise Refused(
            _("Something has just changed. Look at the advice once more, then try again.")
        )
    kept = Report.objects.create(
        lab=lab,
        number=number,
        pdf=made,
        sha256=sha256(made).hexdigest(),
        made_at=now,
        made_by=by,
    )
    endorse_letters.drop_all(lab)
    _tell(seen)
    events.record(by, "advice_finalised", lab=lab, label=_("report %(n)s") % {"n": number})
    return kept


def _tell(lab: Lab) -> None:
    """Letters to the participants and the coordinator: the advice can be read (REQ-122)."""
    count = lab.advices.count()
    advices = ngettext("%(count)s piece of advice", "%(count)s pieces of advice", count)
    context = {"advices": advices % {"count": count}}
    for enrolment in lab.enrolments.seated().select_related("person"):
        enrolment.lab = lab
        own = links.marked_url(letters.link_of(enrolment), "advies/")
        person = enrolment.person
        page = context | {"advice_url": own}
        mail.send("advice_ready", to=person.email, lab=lab, person=person, context=page)
    page = context | {
        "advice_url": settings.BASE_URL + reverse("sessions:report", args=[lab.slug]),
        "pdf_url": settings.BASE_URL + reverse("sessions:advice_pdf", args=[lab.slug]),
    }
    for role in lab.roles.filter(role=LabRole.Role.COORDINATOR).select_related("user"):
        kind, person = "advice_ready_coordinator", role.user
        mail.send(kind, to=person.email, lab=lab, person=person, context=page)


@transaction.atomic
def reopen(by: User, lab: Lab, *, now: datetime | None = None) -> None:
    """Go on writing: the final report stays for the record, the next one gets the next number."""
    lab = Lab.objects.select_for_update().get(pk=lab.pk)
    if lab.status in (Lab.Status.CLOSED, Lab.Status.CANCELLED):
        raise Refused(_("This lab is finished. Nothing can be changed any more."))
    if not Report.objects.standing().filter(lab=lab).update(replaced_at=now or timezone.now()):
        raise Refused(_("The advice is not final, so you can go on writing."))
    events.record(by, "advice_reopened", lab=lab)


def file_name(lab: Lab, edition: Edition) -> str:
    """Such as advies-oss-2027-05-12-definitief.pdf: fixed words and nothing that people typed."""
    kind = "definitief" if edition.final else "concept"
    place = slugify(lab.municipality.name) or lab.slug
    return f"advies-{place}-{edition.day:%Y-%m-%d}-{kind}.pdf"


def download(by: User | None, lab: Lab) -> tuple[str, bytes, str]:
    """The report as a file: its name, its bytes, and its SHA-256.

    A final one is what was kept, without making it anew (REQ-122). A draft is made each time, so a
    person gets no more than 20 of them in ten minutes; without `by` it is the command that asks.
    """
    final = Report.objects.standing().filter(lab=lab).first()
    if final:
        edition = Edition(timezone.localdate(final.made_at), final.number)
        return file_name(lab, edition), bytes(final.pdf), final.sha256
    if by is not None:
        _count_render(by)
    edition = edition_of(lab)
    made = pdf.make_pdf(points(lab, edition))
    return file_name(lab, edition), made, sha256(made).hexdigest()


def _count_render(by: User) -> None:
    key, now = f"renders-{by.pk}", time.time()
    lately = [moment for moment in caches["default"].get(key, []) if moment > now - IN_SECONDS]
    if len(lately) >= MOST_RENDERS:
        raise Refused(_("You have made many PDFs in a short time. Try again in ten minutes."))
    caches["default"].set(key, [*lately, now], IN_SECONDS)
