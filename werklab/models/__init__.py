"""The cellar's models, one file per thing people talk about."""

from werklab.models.enrolments import Consent, ContactFrequency, Department, Enrolment
from werklab.models.labs import Event, Lab, LabRequest, LabRole, Municipality
from werklab.models.mail import (
    CalendarFeed,
    Invitation,
    LetterText,
    NoMorePost,
    OutgoingMail,
    PersonalLink,
)
from werklab.models.people import Background, User

__all__ = [
    "Background",
    "CalendarFeed",
    "Consent",
    "ContactFrequency",
    "Department",
    "Enrolment",
    "Event",
    "Invitation",
    "Lab",
    "LabRequest",
    "LabRole",
    "LetterText",
    "Municipality",
    "NoMorePost",
    "OutgoingMail",
    "PersonalLink",
    "User",
]
