"""What `make bench` measures: each page, how it is asked for, and the most it may cost.

A page that is kept under the lab's version is measured twice: as it is kept, and right after a
change. Only the cockpit has a gate of its own for the second.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One page: `times` is its gate on worker CPU as a multiple of the baseline."""

    name: str
    path: str
    who: str
    times: float
    queries: int
    marker: str
    stale: bool = False
    post: bool = False
    lab: str = "wilgenmeer"  # whose version goes up for a stale page


PAGES = [
    Page("public page", "/meedoen/vlierhoven/", "", 6, 6, "Je trainers"),
    Page("cockpit, nothing changed", "/werklabs/wilgenmeer/", "trainer", 8, 12, "Nu te doen"),
    Page("cockpit, changed", "/werklabs/wilgenmeer/", "trainer", 20, 12, "Nu te doen", stale=True),
    Page("participants", "/werklabs/wilgenmeer/deelnemers/", "trainer", 15, 8, "Lieke"),
    Page("board", "/werklabs/wilgenmeer/sessies/3/", "trainer", 15, 8, "Gewone zinnen"),
    Page(
        "participants, changed",
        "/werklabs/wilgenmeer/deelnemers/",
        "trainer",
        15,
        8,
        "Lieke",
        stale=True,
    ),
    Page(
        "board, changed",
        "/werklabs/wilgenmeer/sessies/3/",
        "trainer",
        15,
        8,
        "Gewone zinnen",
        stale=True,
    ),
    Page("intake step", "/werklabs/vlierhoven/intake/3/", "participant", 15, 12, "Verder"),
    Page("enrol", "/meedoen/vlierhoven/aanmelden/", "", 15, 30, "", post=True),
]
