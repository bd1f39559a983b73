"""What is known of an initiative, in the parts and words in which it is asked."""

from typing import Any

from initiatives.forms.register import InitiativeForm
from initiatives.forms.words import SECTIONS
from initiatives.models import Initiative
from initiatives.vocabularies import labels

LISTS = {
    "kinds": "initiative_type",
    "role_wishes": "role_wish",
    "roles_possible": "role_wish",
    "support_needs": "support_need",
}
ELSEWHERE = {"friction", "internal_notes", "map_place", "website"}  # have a place of their own


def known(initiative: Initiative) -> list[dict[str, Any]]:
    """Per part of the form what is filled in: its name and rows of a label and its lines."""
    sections = (
        {"name": str(name), "rows": [row for field in fields if (row := _row(initiative, field))]}
        for name, fields in SECTIONS
    )
    return [section for section in sections if section["rows"]]


def _row(initiative: Initiative, field: str) -> dict[str, Any] | None:
    if field in ELSEWHERE:
        return None
    lines = _lines(initiative, field)
    return {"label": InitiativeForm.base_fields[field].label, "lines": lines} if lines else None


def _lines(initiative: Initiative, field: str) -> list[str]:
    if field == "themes":
        return [str(theme) for theme in initiative.themes.all()]
    value = getattr(initiative, field)
    if field in LISTS:
        return labels(LISTS[field], value)
    if isinstance(value, list):
        return value
    shown = getattr(initiative, f"get_{field}_display", lambda: value)()
    return [] if shown in ("", None) else str(shown).splitlines()
