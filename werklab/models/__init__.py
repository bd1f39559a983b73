"""The cellar's models, one file per thing people talk about."""

from werklab.models.enrolments import Consent, ContactFrequency, Department, Enrolment
from werklab.models.labs import Event, Lab, LabRole, Municipality
from werklab.models.mail import OutgoingMail, PersonalLink
from werklab.models.people import Background, User

__all__ = [
    "Background",
    "Consent",
    "ContactFrequency",
    "Department",
    "Enrolment",
    "Event",
    "Lab",
    "LabRole",
    "Municipality",
    "OutgoingMail",
    "PersonalLink",
    "User",
]
