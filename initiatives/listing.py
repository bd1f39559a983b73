"""A page of the register: which initiatives, in which municipality, and what a row tells.

Whatever the page, it costs the same. The first query counts what is found per municipality; from
that follows in which municipalities the page lies, and only of those the rows are read. So nothing
is sorted that is not shown.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from initiatives.finding import Filters, asked
from initiatives.models import Initiative
from initiatives.register import Reach
from initiatives.vocabularies import choices

ROWS_PER_PAGE = 25
COLUMNS = (
    "pk",
    "slug",
    "name",
    "description",
    "place",
    "stage",
    "latitude",
    "longitude",
    "municipality",
    "contact",
)


@dataclass(frozen=True)
class Told:
    """All that a row says."""

    slug: str
    name: str
    description: str
    place: str
    stage: str
    themes: str
    has_contact: bool
    times: int
    last_visit: date | None
    takes_part: bool


@dataclass
class Group:
    """The initiatives of one municipality on this page, and how many there are in all."""

    name: str
    count: int
    rows: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Listing:
    """A page of the register, by municipality."""

    page: Page
    groups: list[Group]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """All rows of the page, in order."""
        return [row for group in self.groups for row in group.rows]


def found(reach: Reach, filters: Filters, typed: str = "") -> Listing:
    """A page of the initiatives that somebody may see and that are looked for.

    A page past the end is the last one; what is no number is the first.
    """
    initiatives = filters.narrow(reach.readable().active())
    counted = list(
        initiatives.order_by("municipality__name", "municipality")
        .values_list("municipality", "municipality__name")
        .annotate(number=Count("pk"))
    )
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    total = sum(count for _pk, _name, count in counted)
    page = Paginator(range(total), ROWS_PER_PAGE).get_page(max(number, 1))
    skip, groups = _here(counted, page)
    if groups:
        here = initiatives.filter(municipality__in=list(groups)).values(*COLUMNS)
        rows = here.order_by("municipality__name", "municipality", "name", "pk")
        _fill(groups, list(rows[skip : skip + ROWS_PER_PAGE]), reach)
    return Listing(page, [group for group in groups.values() if group.rows])


def _here(counted: list[tuple], page: Page) -> tuple[int, dict[int, Group]]:
    """The municipalities in which this page lies, and how much of the first is on pages before."""
    first, last = page.start_index() - 1, page.end_index()
    groups: dict[int, Group] = {}
    before, skip = 0, 0
    for pk, name, count in counted:
        if before < last and before + count > first:
            skip = skip if groups else first - before
            groups[pk] = Group(name, count)
        before += count
    return skip, groups


def _fill(groups: dict[int, Group], rows: list[dict[str, Any]], reach: Reach) -> None:
    """Put each row with its municipality: numbered on this page, with all that it tells."""
    pks = [row["pk"] for row in rows]
    visits, themes, language = asked(pks), _themes(pks), get_language()
    stages = dict(choices("stage"))
    for number, row in enumerate(rows, start=1):
        seen = visits[row["pk"]]
        mine = seen.labs if reach.labs is None else seen.labs & reach.labs
        last = timezone.localdate(seen.last_visit) if seen.last_visit else None
        told = Told(
            **{name: row[name] for name in ("slug", "name", "description", "place")},
            stage=stages.get(row["stage"], ""),
            themes=", ".join(themes[row["pk"]]),
            has_contact=row["contact"] is not None,
            times=seen.times,
            last_visit=last,
            takes_part=bool(mine),
        )
        row |= {"number": number, "words": _words(told, language)}
        groups[row["municipality"]].rows.append(row)


@lru_cache(maxsize=4096)
def _words(told: Told, language: str) -> SafeString:
    """What a row says, in html: drawn once for each thing to say, and remembered."""
    return render_to_string("initiatives/_entry.html", {"row": told})


def _themes(initiatives: list[int]) -> dict[int, list[str]]:
    """The themes of each of these initiatives, in the order of the list."""
    links = Initiative.themes.through.objects.filter(initiative__in=initiatives)
    themes = defaultdict(list)
    for pk, label in links.order_by("theme__order").values_list("initiative", "theme__label"):
        themes[pk].append(label)
    return themes
