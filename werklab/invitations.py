"""Asking people to enrol: a pasted list becomes drafts, and somebody sends them with one press."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from werklab import events, letters, mail, outbox, public_page
from werklab.errors import Refused
from werklab.models import Enrolment, Invitation, Lab, NoMorePost, OutgoingMail, User

KIND = "invite_enrol"
MOST_LINES, MOST_OF_NAME, MOST_OF_ADDRESS = 500, 80, 254
Status = OutgoingMail.Status
NEW_LINE = re.compile(r"\r\n|\r|\n")
IN_BRACKETS = re.compile(r"^(?P<name>[^<>]*)<(?P<email>[^<>]*)>$")
BETWEEN = re.compile(r"[;,\t]")
UNSEEN = re.compile("[\u200b\u200e\u200f\u2060\ufeff]")
NO_NAME = re.compile(r"[/@\\]|www\.", re.IGNORECASE)


@dataclass
class Pasted:
    """What a pasted list says: whom to ask, by address; which lines are wrong, and why."""

    people: dict[str, str] = field(default_factory=dict)
    wrong: list[tuple[int, str]] = field(default_factory=list)
    double: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """What came of a pasted list: how many drafts, and who was left out, by address."""

    made: int
    invited: list[str]
    enrolled: list[str]
    no_post: list[str]


def read(text: str) -> Pasted:
    """Read lines like `Naam <adres>`, `adres`, `Naam; adres`; empty lines do not count.

    An address that stands there twice is taken once.
    """
    found = Pasted()
    for number, line in enumerate(NEW_LINE.split(text), start=1):
        line = " ".join(UNSEEN.sub("", line).replace("\t", ";").split()).strip(" ;,")
        if not line:
            continue
        try:
            name, email = _person(line)
        except ValidationError as error:
            found.wrong.append((number, str(error.message)))
            continue
        if email in found.people:
            found.double.append(number)
        found.people.setdefault(email, name)
    return found


def _person(line: str) -> tuple[str, str]:
    """The name and the address on one line. Raises ValidationError with what is wrong."""
    if line.count("@") > 1:
        raise ValidationError(_("there is more than one address. Give each a line of its own."))
    if "@" not in line:
        raise ValidationError(_("there is no e-mail address."))
    if named := IN_BRACKETS.match(line):
        name, email = named["name"], named["email"]
    else:
        parts = BETWEEN.split(line)
        email = next(part for part in parts if "@" in part)
        name = " ".join(part.strip() for part in parts if part is not email)
    name, email = " ".join(name.strip(" \"'").split()), email.strip().lower()
    _look_at(name, email)
    return name, email


def _look_at(name: str, email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        sentence = _("“%(address)s” is not a whole e-mail address.")
        raise ValidationError(sentence % {"address": email[:60]}) from None
    if len(email) > MOST_OF_ADDRESS:
        raise ValidationError(_("this address is too long."))
    if len(name) > MOST_OF_NAME:
        raise ValidationError(_("this name is too long: 80 characters at most."))
    if NO_NAME.search(name):  # it stands in a letter that goes to somebody else's address
        raise ValidationError(_("“%(name)s” is not a name.") % {"name": name[:60]})


@transaction.atomic
def prepare(by: User, lab: Lab, invitees: dict[str, str], message: str = "") -> Outcome:
    """Write an invitation and a draft of its letter for everybody who was not asked before.

    `message` is a sentence of who invites, on top of the letter. Nothing is sent. Who is invited,
    has enrolled or wants no more post is left out and told. Raises Refused when enrolment is not
    open: the letter would lead to a closed door.
    """
    lab = Lab.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=lab.pk)
    _must_be_open(lab)
    enrolled = set(lab.enrolments.living().values_list("person__email", flat=True))
    invited = set(standing(lab).values_list("email", flat=True))
    no_post = set(NoMorePost.objects.filter(lab=lab).values_list("email", flat=True))
    ask = {a: name for a, name in invitees.items() if a not in enrolled | invited | no_post}
    if ask:
        _write(lab, ask, message)
        label = ngettext("%(count)s person", "%(count)s people", len(ask)) % {"count": len(ask)}
        events.record(by, "people_invited", lab=lab, label=label)
    left_out = [a for a in invitees if a not in ask]
    return Outcome(
        made=len(ask),
        invited=[a for a in left_out if a in invited - enrolled],
        enrolled=[a for a in left_out if a in enrolled],
        no_post=[a for a in left_out if a in no_post - enrolled - invited],
    )


def _must_be_open(lab: Lab) -> None:
    if not lab.takes_enrolments():
        raise Refused(_("Enrolment is not open. Who gets an invitation cannot enrol now."))


def _write(lab: Lab, ask: dict[str, str], message: str) -> None:
    """Invitations with their drafts; an invitation whose letter was thrown away makes room."""
    about = _about(lab) | {
        "personal_message": message or _("Will you take part in a werklab? It suits you."),
    }
    contexts = {
        email: about | {"first_name": name.split()[0] if name else _("colleague")}
        for email, name in ask.items()
    }
    drafts = mail.draft_for_each(KIND, lab, contexts)
    lab.invitations.filter(email__in=list(ask)).delete()
    Invitation.objects.bulk_create(
        Invitation(lab=lab, name=ask[draft.to], email=draft.to, letter=draft) for draft in drafts
    )


def _about(lab: Lab) -> dict[str, str]:
    dated = [session for session in lab.programme() if session.starts_at]
    return {
        "period": public_page.months([timezone.localtime(s.starts_at) for s in dated]),
        "session_list": letters.programme_lines(lab),
        "capacity": str(lab.capacity),
        "enrol_deadline": date_format(lab.enrol_until, "l j F") if lab.enrol_until else "",
        "enrol_url": settings.BASE_URL + reverse("werklab:join", args=[lab.join_code]),
    }


def standing(lab: Lab) -> QuerySet[Invitation]:
    """Invitations whose letter waits, was sent or failed; without those that were thrown away."""
    gone = Q(letter__isnull=True) | Q(letter__status=Status.DROPPED)
    return lab.invitations.exclude(gone)


def drafts(lab: Lab) -> QuerySet[OutgoingMail]:
    """The letters to people who were invited that wait for somebody's press."""
    return lab.letters.drafts().filter(kind=KIND)


def waiting(lab: Lab) -> dict[str, int]:
    """How many invitations wait for somebody's press, and up to which letter; one query."""
    waits = Q(letter__status=Status.DRAFT)
    return (
        standing(lab)
        .order_by()
        .aggregate(waiting=Count("pk", filter=waits), up_to=Max("letter", filter=waits))
    )


@transaction.atomic
def send(by: User, lab: Lab, up_to: int) -> int:
    """Send the drafts that somebody saw, up to and with the letter `up_to`; gives how many.

    Raises Refused when enrolment closed meanwhile, when the dates in a letter are not those of
    the lab any more, and when somebody else was first.
    """
    lab = Lab.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=lab.pk)
    _must_be_open(lab)
    seen = drafts(lab).filter(pk__lte=up_to)
    if "session_list" in mail.words_of(KIND, lab)[1]:
        programme = letters.programme_lines(lab)
        if seen.exclude(text__contains=programme).exists():
            raise Refused(_("The dates have changed. Throw these invitations away and make new."))
    return outbox.send_all(by, lab, seen.values_list("pk", flat=True))


@transaction.atomic
def throw_away(by: User, lab: Lab) -> int:
    """Throw away every invitation that was not sent; gives how many."""
    unsent = lab.invitations.filter(letter__status=Status.DRAFT)
    pks = list(unsent.values_list("letter", flat=True))
    gone = lab.letters.filter(pk__in=pks, status=Status.DRAFT).update(status=Status.DROPPED)
    if gone:
        label = ngettext("%(count)s person", "%(count)s people", gone) % {"count": gone}
        events.record(by, "invitations_thrown_away", lab=lab, label=label)
    return gone


def with_enrolment(lab: Lab, invitations: list[Invitation]) -> Iterator[dict]:
    """Each invitation with its letter and what came of it, as the page shows it; one query."""
    emails = [invitation.email for invitation in invitations]
    living = lab.enrolments.living().filter(person__email__in=emails)
    status_of = dict(living.values_list("person__email", "status"))
    for invitation in invitations:
        status = status_of.get(invitation.email)
        yield {
            "name": invitation.name,
            "email": invitation.email,
            "letter": invitation.letter,
            "enrolled": Enrolment.Status(status).label if status else "",
        }
