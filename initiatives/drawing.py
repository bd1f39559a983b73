"""Numbered pins on a plain map: where the initiatives of a page of the register are.

No map of others is fetched: a frame around the pins, north above, with a line that tells how far a
kilometre is. The list is the truth; whoever gave no place stands in the list only.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, radians
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

WIDTH, HEIGHT, EDGE, PIN = 440, 470, 40, 15
KM_PER_DEGREE = 111.2
LEAST_KM = 2.0  # how much the frame shows at least, so that two neighbours do not fill it
ROUND_KM = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Pin:
    """Where a number stands in the frame."""

    number: int
    x: int
    y: int

    @property
    def below(self) -> int:
        """The foot of the number's figures."""
        return self.y + 5


@dataclass(frozen=True)
class Map:
    """The pins, the length of the line for `km` kilometres, and how many have no place."""

    pins: list[Pin]
    km: int
    line: int
    without: int


def shown(rows: list[dict[str, Any]], language: str) -> SafeString:
    """The map of these rows in html; their numbers are those of the list."""
    return _shown(
        tuple((row["number"], row["latitude"], row["longitude"]) for row in rows), language
    )


@lru_cache(maxsize=256)
def _shown(places: tuple, language: str) -> SafeString:
    """Drawn once for these places, and remembered: it holds no more than their numbers."""
    return render_to_string("initiatives/_map.html", {"map": draw(places)})


def draw(places: tuple[tuple[int, float | None, float | None], ...]) -> Map:
    """The pins of these places: a number, and how far north and east it is when that is known."""
    known = [
        (number, north, east)
        for number, north, east in places
        if north is not None and east is not None
    ]
    without = len(places) - len(known)
    if not known:
        return Map([], 0, 0, without)
    middle_north = _middle([north for _number, north, _east in known])
    middle_east = _middle([east for _number, _north, east in known])
    wide = KM_PER_DEGREE * cos(radians(middle_north))
    spots = [
        (number, (east - middle_east) * wide, (middle_north - north) * KM_PER_DEGREE)
        for number, north, east in known
    ]
    per_km = min(
        (WIDTH - 2 * EDGE) / max(LEAST_KM, 2 * max(abs(x) for _n, x, _y in spots)),
        (HEIGHT - 2 * EDGE) / max(LEAST_KM, 2 * max(abs(y) for _n, _x, y in spots)),
    )
    km = max((km for km in ROUND_KM if km * per_km <= WIDTH / 2), default=1)
    return Map(_apart(spots, per_km), km, round(km * per_km), without)


def _middle(values: list[float]) -> float:
    return (min(values) + max(values)) / 2


def _apart(spots: list[tuple], per_km: float) -> list[Pin]:
    """The pins on the map; one that would lie on another moves aside until it is seen."""
    pins: list[Pin] = []
    for number, x, y in spots:
        pin = Pin(number, round(WIDTH / 2 + x * per_km), round(HEIGHT / 2 + y * per_km))
        while any(hypot(pin.x - other.x, pin.y - other.y) < 1.6 * PIN for other in pins):
            pin = _beside(pin)
        pins.append(pin)
    return pins


def _beside(pin: Pin) -> Pin:
    """A place further on, line by line, always within the frame."""
    x = pin.x + 2 * PIN
    if x <= WIDTH - PIN:
        return Pin(pin.number, x, pin.y)
    y = pin.y + 2 * PIN
    return Pin(pin.number, 2 * PIN, y if y <= HEIGHT - PIN else 2 * PIN)
