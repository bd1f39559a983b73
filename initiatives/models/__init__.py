"""The register: initiatives, whom to call, and how we got acquainted."""

from initiatives.models.files import RegisterImport
from initiatives.models.register import (
    Contact,
    Initiative,
    InitiativeQuerySet,
    Ownership,
    ProfileLink,
    Source,
    Theme,
)
from initiatives.models.talks import Acquaintance, Agreement, Conversation

__all__ = [
    "Acquaintance",
    "Agreement",
    "Contact",
    "Conversation",
    "Initiative",
    "InitiativeQuerySet",
    "Ownership",
    "ProfileLink",
    "RegisterImport",
    "Source",
    "Theme",
]
