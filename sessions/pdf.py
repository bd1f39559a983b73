"""The report on paper; how a page gets there says `werklab.printing`."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from werklab import printing

YELLOW_CHAIR, WHITE_CHAIR = "#f5b82e", "#ffffff"


def make_pdf(points: dict) -> bytes:
    """These points of a report (see `sessions.points`) as a PDF.

    Raises Refused when anything in it would have to be fetched.
    """
    page = {"points": points, "chairs": chairs(points)}
    return printing.make_pdf("sessions/advice_pdf.html", page, "advice.css")


def chairs(points: dict) -> dict:
    """The table on the cover: a yellow chair per civil servant, a white one per initiative."""
    wrote, read = points["people"]["total"], points["initiatives"]["total"]
    total = wrote + read
    upper = total // 2
    lower = max(total - upper - 1, 0)
    table = max(376, 45 * max(upper, lower) + 16)
    head = [(table + 10, 72)] if total else []
    places = [*((12 + 45 * place, 0) for place in range(upper)), *head]
    places += [(12 + 45 * place, 144) for place in reversed(range(lower))]
    colours = [
        WHITE_CHAIR if (place + 1) * read // total > place * read // total else YELLOW_CHAIR
        for place in range(total)
    ]
    by_whom = ngettext("%(n)s colleague wrote this", "%(n)s colleagues wrote this", wrote)
    with_whom = ngettext("%(n)s initiative read along", "%(n)s initiatives read along", read)
    return {
        "places": [(x, y, colour) for (x, y), colour in zip(places, colours, strict=True)],
        "table": table,
        "width": table + 44,
        "wrote": by_whom % {"n": wrote},
        "read": with_whom % {"n": read},
        "title": _("A table with %(wrote)s chairs for colleagues and %(read)s for initiatives")
        % {"wrote": wrote, "read": read},
    }
