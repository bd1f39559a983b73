"""What is kept about somebody, over all apps: to read, and to take along (AVG art. 15 and 20).

Whatever refers to a person is found by itself, also in a table that was added later: nothing that
we keep can be forgotten here. Not in it is what says nothing about anybody: an unnamed card keeps
no writer.
"""

from collections.abc import Iterator
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import DateTimeField, F, ForeignObject, Model, Q, QuerySet, TextField, Value
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from initiatives.models import Contact
from intake import given
from intake.models import Answer, Intake
from sessions.models import Card, Vote
from werklab import browsers, eventnames, mail
from werklab.models import (
    CalendarFeed,
    Consent,
    Enrolment,
    Event,
    Invitation,
    Lab,
    LabRequest,
    LabRole,
    NoMorePost,
    OutgoingMail,
    PersonalLink,
    User,
)

Row = dict[str, str]
# Kind, table, whose, the way to the lab, what it says, when.
Part = tuple[str, type[Model], Q, str | None, str, str | None]
# Read in a way of its own, below. All else that points at a person comes under "written down".
TOLD_APART: set[type[Model]] = {
    Authenticator,
    CalendarFeed,
    Card,
    Enrolment,
    Event,
    LabRole,
    OutgoingMail,
    UserSession,
    Vote,
}


def everything_about(person: User, lab: Lab | None = None) -> dict[str, list[Row]]:
    """Everything about this person, section by section; of one lab alone when `lab` is given.

    Seven questions to the database, whatever there is.
    """
    rows = _rows(person, lab)
    found = {_("Who you are"): [_person(person)], _("Your enrolments"): _enrolments(person, lab)}
    sections = {
        "role": _("Your roles"),
        "card": _("Cards with your name"),
        "vote": _("Cards you gave a dot"),
        "letter": _("Mail to you"),
        "invitation": _("Invitations"),
        "no_post": _("Labs that send you no reminders"),
        "link": _("Your links"),
        "did": _("The logbook"),
        "wrote": _("What you wrote down for others"),
        "request": _("Your request for a werklab"),
        "contact": _("As contact of an initiative"),
        "factor": _("Your second step"),
        "session": _("Where you were signed in"),
        "feed": _("Your calendar"),
    }
    words = sections.items()
    return found | {title: rows[key] for key, title in words if key in rows}


def _person(person: User) -> Row:
    return _filled(
        {
            _("Name"): person.name,
            _("E-mail address"): person.email,
            _("Phone number"): person.phone,
            _("Background"): person.get_background_display() if person.background else "",
            _("Introduction"): person.introduction,
            _("Works at LSA"): _("yes") if person.is_staff else "",
            _("Known since"): _moment(person.date_joined),
        }
    )


def _enrolments(person: User, lab: Lab | None) -> list[Row]:
    mine = Enrolment.objects.filter(person=person).select_related("lab", "intake__questionnaire")
    mine = mine.prefetch_related("consents", "intake__answers__question")
    return [_enrolment(one) for one in (mine.filter(lab=lab) if lab else mine).order_by("pk")]


def _enrolment(one: Enrolment) -> Row:
    consents: list[Consent] = list(one.consents.all())
    row = {
        _("Werklab"): one.lab.title,
        _("How it stands"): one.get_status_display(),
        _("Chair"): str(one.seat or ""),
        _("Field of policy"): one.department,
        _("Function"): one.function,
        _("Contact with initiatives"): one.contact_frequency,
        _("Enrolled on"): _moment(one.created_at),
        _("Ended on"): _moment(one.ended_at),
        _("You said yes to"): "; ".join(
            f"{consent.get_kind_display()} ({_moment(consent.given_at)})" for consent in consents
        ),
    }
    intake: Intake | None = given.intake_of(one)
    if intake:
        row |= {_("Intake begun"): _moment(intake.started_at)}
        row |= {_("Intake done"): _moment(intake.done_at)}
        row |= dict(_answer(answer) for answer in intake.answers.all())
    return _filled(row)


def _answer(answer: Answer) -> tuple[str, str]:
    in_words = given.in_words(answer.question, given.Given(answer.value, answer.other))
    return answer.question.label, "; ".join(in_words)


def _rows(person: User, lab: Lab | None) -> dict[str, list[Row]]:
    """All that is told in one line each, from one question to the database."""
    first, *rest = _parts(person, lab)
    found: dict[str, list[tuple[datetime, Row]]] = {}
    now = timezone.now()
    for kind, lab_title, what, at in first.union(*rest, all=True):
        about = IN_WORDS.get(kind, str)(what or "")
        row = {_("What"): about, _("Werklab"): lab_title or "", _("When"): _moment(at)}
        found.setdefault(kind, []).append((at or now, _filled(row)))
    return {
        kind: [row for _at, row in sorted(rows, key=lambda pair: pair[0], reverse=True)]
        for kind, rows in found.items()
    }


def _parts(person: User, lab: Lab | None) -> Iterator[QuerySet]:
    about = Q(by=person) | Q(object_type="user", object_id=person.pk)
    letters = Q(person=person) | Q(to=person.email)
    links = Q(purpose=PersonalLink.Purpose.ENROLMENT, target_id__in=person.enrolments.values("pk"))
    in_lab: list[Part] = [
        ("did", Event, about, "lab", "name", "at"),
        ("letter", OutgoingMail, letters, "lab", "kind", "created_at"),
        ("role", LabRole, Q(user=person), "lab", "role", None),
        ("link", PersonalLink, links, "lab", "purpose", "expires_at"),
        ("card", Card, Q(author=person), "column__lab_session__lab", "text", "created_at"),
        ("vote", Vote, Q(voter=person), "card__column__lab_session__lab", "card__text", None),
        ("invitation", Invitation, Q(email=person.email), "lab", "name", "created_at"),
        ("no_post", NoMorePost, Q(email=person.email), "lab", "email", "created_at"),
    ]
    elsewhere: list[Part] = [
        ("request", LabRequest, Q(email=person.email), None, "wish", "created_at"),
        ("contact", Contact, Q(email=person.email), None, "initiative__name", None),
        ("factor", Authenticator, Q(user=person), None, "type", "created_at"),
        ("session", UserSession, Q(user=person), None, "user_agent", "created_at"),
        ("feed", CalendarFeed, Q(person=person), None, "pk", "created_at"),
    ]
    for kind, model, mine, lab_path, what, at in in_lab if lab else in_lab + elsewhere:
        rows = model._default_manager.filter(mine)
        if lab is not None:
            rows = rows.filter((str(lab_path), lab))
        yield _part(rows, kind, F(f"{lab_path}__title") if lab_path else None, F(what), at)
    if lab is None:
        for field in _others_that_point_at_people():
            rows = field.model._default_manager.filter(**{field.name: person})
            yield _part(rows, "wrote", None, Value(field.model._meta.label_lower), None)


def _part(rows: QuerySet, kind: str, lab_title, what, at: str | None) -> QuerySet:
    text, moment = TextField(), DateTimeField()
    return (
        rows.order_by()
        .annotate(
            its_kind=Cast(Value(kind), text),
            its_lab=Cast(lab_title or Value(None), text),
            its_text=Cast(what, text),
            its_moment=F(at) if at else Cast(Value(None), moment),
        )
        .values_list("its_kind", "its_lab", "its_text", "its_moment")
    )


def _others_that_point_at_people() -> list[ForeignObject]:
    """Every field of every table that points at a person, but for those that are told apart."""
    relations = User._meta.get_fields(include_hidden=True)
    fields = [relation.field for relation in relations if isinstance(relation, ForeignObjectRel)]
    return [field for field in fields if field.model not in TOLD_APART]


def _letter(kind: str) -> str:
    return mail.letters().get(kind, {}).get("when") or kind


def _role(role: str) -> str:
    return str(dict(LabRole.Role.choices).get(role, role))


def _link(purpose: str) -> str:
    return str(dict(PersonalLink.Purpose.choices).get(purpose, purpose))


def _factor(type_: str) -> str:
    words = {"webauthn": _("Passkey"), "totp": _("An app for codes")}
    return words.get(type_, _("Recovery codes"))


def _wrote(label: str) -> str:
    words = {
        "initiatives.conversation": _("A talk with an initiative"),
        "intake.organisationintake": _("The intake of the organisation"),
        "intake.organisationanswer": _("An answer in the intake of the organisation"),
        "labsessions.endorsement": _("An answer of an initiative on an advice"),
        "labsessions.report": _("A final advice"),
        "labsessions.visit": _("An answer about a visit"),
    }
    return words.get(label) or _("Something you wrote down")


IN_WORDS = {
    "wrote": _wrote,
    "did": eventnames.sentence,
    "letter": _letter,
    "role": _role,
    "link": _link,
    "factor": _factor,
    "session": browsers.in_words,
    "feed": lambda _pk: _("Your calendar program follows your meetings"),
}


def _moment(at) -> str:
    return date_format(timezone.localtime(at), "j F Y, G.i") if at else ""


def _filled(row: Row) -> Row:
    return {label: words for label, words in row.items() if words}
