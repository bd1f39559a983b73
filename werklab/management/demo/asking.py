"""Who is asked, and who asks: invitations to enrol, and a municipality that wants a werklab."""

from datetime import timedelta

from django.utils import timezone

from werklab import invitations, requests
from werklab.management.demo.dates import begin_of
from werklab.models import Lab, LabRequest, LabRole, Municipality, OutgoingMail

Status = OutgoingMail.Status
SENT_AGO = timedelta(days=3)


def add_invitations(lab: Lab, data: dict) -> None:
    """A pasted list: some letters went, one address was wrong, the others wait for a press."""
    if not lab.takes_enrolments():
        return
    by = lab.roles.get(role=LabRole.Role.COORDINATOR).user
    people = {row["email"]: row["name"] for row in data["people"]}
    invitations.prepare(by, lab, people, data["message"])
    went = timezone.now() - SENT_AGO
    of = {
        state: lab.letters.filter(
            kind=invitations.KIND,
            to__in=[row["email"] for row in data["people"] if row["letter"] == state],
        )
        for state in (Status.SENT, Status.FAILED)
    }
    gone = {"attempts": 1, "created_at": went, "due_at": went}
    of[Status.SENT].update(status=Status.SENT, sent_at=went, **gone)
    of[Status.FAILED].update(
        status=Status.FAILED, last_error="SMTPRecipientsRefused: 550 5.1.1 User unknown", **gone
    )


def renew_invitations(lab: Lab, data: dict) -> None:
    """Write the invitations that wait anew, with the dates that hold now."""
    drafts = invitations.drafts(lab)
    waiting = lab.invitations.filter(letter__in=drafts)
    people = dict(waiting.values_list("email", "name"))
    if not people or not lab.takes_enrolments():
        return
    drafts.delete()
    by = lab.roles.filter(role=LabRole.Role.COORDINATOR).first()
    if by is not None:
        invitations.prepare(by.user, lab, people, data["message"])


def add_request(data: dict, shift: timedelta) -> str:
    """A municipality asks for a werklab and staff did not answer yet; asked once."""
    municipality, _made = Municipality.objects.get_or_create(
        code=data["code"],
        defaults={
            "name": data["municipality"],
            "province": "fictief",
            "mail_domains": [data["mail_domain"]],
        },
    )
    asked = LabRequest.objects.filter(municipality=municipality)
    if asked.exists():
        asked.filter(lab=None, declined_at=None, created_at__lt=begin_of(shift)).update(
            created_at=begin_of(shift)
        )
        return f"{municipality}: had asked"
    fields = ("name", "email", "phone", "function", "wish", "period")
    requests.ask(municipality=municipality, **{field: data[field] for field in fields})
    return f"{municipality}: asks for a werklab"
