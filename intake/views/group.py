"""What the group brings along: the page of the intakes for the trainers."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from intake import summary as group
from intake.organisation import intake_of
from werklab import access


@require_safe
@access.lab_view("read_intakes")
def summary(request, lab):
    """What the group brings along, for the trainers."""
    people = group.Group(lab)
    columns, rows = people.facts()
    page = {
        "lab": lab,
        "tab": "intake",
        "progress": people.standing(),
        "busy": people.in_state("busy"),
        "not_begun": people.in_state("not_begun"),
        "mix": people.mix(),
        "charts": people.charts(),
        "outcomes": people.outcomes(),
        "enough_people": people.enough_people(),
        "unnamed": people.open_answers(named=False),
        "named": people.open_answers(named=True),
        "columns": columns,
        "rows": rows,
        "logistics": people.logistics(),
        "wiped_after": lab.ends_at,
        "organisation": intake_of(lab),
    }
    return render(request, "intake/summary.html", page)
