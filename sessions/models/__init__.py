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
from sessions.models.programme import KnownMoment, LabSession
from sessions.models.visits import (
    VISIT_KINDS,
    LabInitiative,
    Visit,
    VisitGuest,
    VisitNote,
    VisitSlot,
)

__all__ = [
    "VISIT_KINDS",
    "Advice",
    "AdviceSource",
    "Card",
    "CardKind",
    "Column",
    "Endorsement",
    "KnownMoment",
    "LabInitiative",
    "LabSession",
    "Presentation",
    "Presenter",
    "Report",
    "Side",
    "Visit",
    "VisitGuest",
    "VisitNote",
    "VisitSlot",
    "Vote",
]
