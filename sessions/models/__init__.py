"""What happens in the three sessions and what comes out of them, one file per subject."""

from sessions.models.advice import (
    Advice,
    AdviceSource,
    Endorsement,
    Presentation,
    Presenter,
    Report,
)
from sessions.models.boards import Card, CardKind, Column, Side, Vote
from sessions.models.programme import LabSession
from sessions.models.visits import LabInitiative, Visit, VisitSlot

__all__ = [
    "Advice",
    "AdviceSource",
    "Card",
    "CardKind",
    "Column",
    "Endorsement",
    "LabInitiative",
    "LabSession",
    "Presentation",
    "Presenter",
    "Report",
    "Side",
    "Visit",
    "VisitSlot",
    "Vote",
]
