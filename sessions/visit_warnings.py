"""What to look at before the visits: warnings, never walls. Each gives a sentence, or none."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions.models import LabInitiative, Visit
from werklab.calendar import sessions_with_initiatives
from werklab.models import Department, Lab

ENERGY = "energy"
FEWEST_MOMENTS = FEWEST_AT_THE_END = 2
DECLINED = Visit.Answer.NOT_NOW


def warnings(lab: Lab, listed: Sequence[LabInitiative] | None = None) -> list[str]:
    """Everything about the initiatives of this lab that somebody should look at.

    Only about those that are asked or chosen by both, and did not decline. `listed` is what
    `on_the_list` gives, for who read it already.
    """
    rows = [row for row in (on_the_list(lab) if listed is None else listed) if _goes_on(row)]
    seated = lab.enrolments.seated().order_by("seat").values_list("department", flat=True)
    found = [*elsewhere(lab, rows), *too_few_moments(lab, rows), *only_energy(rows)]
    return [*found, *too_few_at_the_end(lab, rows), *nobody_of_its_field(rows, list(seated))]


def on_the_list(lab: Lab) -> list[LabInitiative]:
    """The initiatives of a lab by name, with their themes and visits; in three queries."""
    rows = lab.initiatives.select_related("initiative__municipality")
    rows = rows.prefetch_related("initiative__themes", "visits")
    return list(rows.order_by("initiative__name", "pk"))


def _goes_on(row: LabInitiative) -> bool:
    visits = list(row.visits.all())
    if visits:
        return any(visit.answer != DECLINED for visit in visits)
    return row.lsa_says == row.municipality_says == LabInitiative.Choice.YES


def elsewhere(lab: Lab, rows: Sequence[LabInitiative]) -> Iterator[str]:
    """One of another municipality, such as one that moved after it was asked (REQ-014)."""
    for row in rows:
        if row.initiative.municipality_id != lab.municipality_id:
            yield _("%(name)s is in %(there)s, not in %(here)s.") % {
                "name": row,
                "there": row.initiative.municipality,
                "here": lab.municipality,
            }


def too_few_moments(lab: Lab, rows: Sequence[LabInitiative]) -> Iterator[str]:
    """One that takes part at fewer than two moments: its visit and a session (REQ-015)."""
    dated = {session.number for session in lab.programme() if session.starts_at}
    at_the_table = len(dated.intersection(sessions_with_initiatives(lab)))
    for row in rows:
        if len(row.visits.all()) + at_the_table < FEWEST_MOMENTS:
            yield _("%(name)s takes part at fewer than two moments.") % {"name": row}


def only_energy(rows: Sequence[LabInitiative]) -> Iterator[str]:
    """All of them are about energy: then the group sees one sort of initiative."""
    themes = [{theme.code for theme in row.initiative.themes.all()} for row in rows]
    if themes and all(one == {ENERGY} for one in themes):
        yield _("You chose only initiatives on energy. Choose one of another theme too.")


def too_few_at_the_end(lab: Lab, rows: Sequence[LabInitiative]) -> Iterator[str]:
    """Fewer than two come to the end session; a yes to the visit invites for it too (REQ-023)."""
    coming = sum(
        any(visit.answer == Visit.Answer.WELCOME for visit in row.visits.all()) for row in rows
    )
    if rows and coming < FEWEST_AT_THE_END:
        yield ngettext(
            "%(n)s initiative comes to session 3 so far. At least two is better.",
            "%(n)s initiatives come to session 3 so far. At least two is better.",
            coming,
        ) % {"n": coming}


def nobody_of_its_field(rows: Sequence[LabInitiative], seated: Sequence[str]) -> Iterator[str]:
    """A field of policy that an initiative touches and of which no participant comes."""
    if not seated:
        return
    touched: dict[str, list[str]] = {}
    for row in rows:
        for department in row.initiative.departments:
            if department in Department.values and department not in seated:
                touched.setdefault(department, []).append(str(row))
    for department, names in touched.items():
        yield _("Nobody of %(field)s takes part, and %(names)s works with it.") % {
            "field": department,
            "names": ", ".join(names),
        }
