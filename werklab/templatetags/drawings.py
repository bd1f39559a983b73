"""How Werklab draws people: seats, the table with chairs, squares, bars, dots.

Widths stand in SVG attributes, in percent, so a strict content policy allows them and the text does
not shrink. Every drawing is made once per set of numbers and language (`language` is only there to
tell them apart).
"""

from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

SVG = '<svg class="{}" {}role="img" aria-label="{}">{}{}</svg>'
TEXT = '<text x="{}%" y="{}" text-anchor="{}">{}</text>'


@lru_cache(maxsize=2048)
def seats(taken, total, minimum, short, mini, language):
    """One square per place, some air and a line after the minimum."""
    air = 2.4 if 0 < minimum < total else 0
    step = (100 - air) / max(total, 1)
    line = f"{min(minimum, total) * step + (air - step * 0.138) / 2:.2f}"
    height, radius = (12, 2) if mini else (22, 4)
    rows = []
    for seat in range(total):
        x = seat * step + (air if seat >= minimum else 0)
        css = " taken" if seat < taken else ""
        rows.append((css, f"{x:.2f}", f"{step * 0.862:.2f}", height, radius))
    shape = '<rect class="s{}" x="{}%" y="1" width="{}%" height="{}" rx="{}"/>'
    numbers = {"taken": taken, "total": total, "minimum": minimum}
    name = _("%(taken)s of the %(total)s places taken, at least %(minimum)s needed") % numbers
    css = f"seats{' seats--mini' if mini else ''}{' seats--short' if short else ''}"
    rest = _minimum(line, mini, "middle" if air else "end", minimum)
    return format_html(SVG, css, "", name, format_html_join("", shape, rows), rest)


def _minimum(x, mini, anchor, minimum):
    """The line after the last seat that is needed, and its words where there is room."""
    top, low = (-1, 15) if mini else (-3, 30)
    line = format_html(
        '<line class="min" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>', x, str(top), low
    )
    if mini:
        return line
    return line + format_html(TEXT, x, 43, anchor, _("at least %(n)s") % {"n": minimum})


# --- the table with chairs ------------------------------------------------------------------------


def _side(number, y):
    """Where the chairs of one long side stand, from left to right."""
    pitch = 312 / max(number, 1)
    left = 208 - (number - 1) / 2 * pitch - 16
    return [(f"{left + i * pitch:.1f}", y, 32, 30) for i in range(number)]


def _chairs(taken, total, you):
    """All chairs around the table, clockwise from the upper left."""
    upper = total // 2
    places = [*_side(upper, 22), ("386.0", 93, 30, 32), *_side(total - upper - 1, 166)[::-1]]
    filled = set(range(1, taken + 1))
    if you and you not in filled:
        filled = {*range(1, taken), you}
    rows = []
    for number, place in enumerate(places, start=1):
        css = (" taken" if number in filled else "") + (" you" if number == you else "")
        rows.append((css, *place))
    shape = '<rect class="chair{}" x="{}" y="{}" width="{}" height="{}" rx="7"/>'
    return format_html_join("", shape, rows)


@lru_cache(maxsize=2048)
def table(taken, total, label, you, top, language):
    """A table with one chair per place; two lines of text may stand on it."""
    numbers = {"taken": taken, "total": total, "you": you}
    name = _("%(taken)s of the %(total)s places taken") % numbers
    if you:
        name = _("%(taken)s of the %(total)s places taken, chair %(you)s is yours") % numbers
    if label is None:
        label = _("the white chair is yours") if you else _("chairs taken")
    words = [("big", 112 if label else 119, _("%(taken)s of %(total)s") % numbers)]
    if top is not None:
        words = [(*words[0][:2], top)]
    if label:
        words.append(("", 135, label))
    return format_html(
        SVG,
        "chairs",
        format_html('viewBox="{}" ', "38 14 384 188"),
        name,
        format_html('<rect class="top" x="40" y="62" width="336" height="94" rx="{}"/>', 10)
        + _chairs(taken, total, you),
        format_html_join("", '<text class="{}" x="208" y="{}">{}</text>', words),
    )


# --- people as squares ----------------------------------------------------------------------------


def _groups(parts, start, unit):
    """Squares from left to right, and where each group has its middle and the last its end."""
    rows, middles, place = [], [], start
    for count, css, _label in parts:
        for number in range(count):
            rows.append((css, f"{place + number * unit:.2f}", f"{unit * 0.91:.2f}"))
        middles.append((f"{place + count * unit / 2 - unit * 0.045:.2f}", 38, "middle", count))
        place += count * unit
    shape = '<rect class="{}" x="{}%" y="2" width="{}%" height="22" rx="3"/>'
    return format_html_join("", shape, rows), middles, place


def _diverging(parts, total):
    """The middle group stands on a line; under every group its number."""
    half = len(parts) // 2
    number = sum(part[0] for part in parts)
    left = sum(part[0] for part in parts[:half]) + parts[half][0] / 2
    unit = 100 / max(total, 2 * left, 2 * (number - left), 1)
    rects, middles, _end = _groups(parts, 50 - left * unit, unit)
    notes = format_html_join("", TEXT, [note for note in middles if note[3]])
    line = format_html('<line class="mid" x1="{0}" x2="{0}" y1="-2" y2="28"/>', "50%")
    return 40, rects, notes + line


def _in_a_row(parts, total, words):
    """One group with its number behind it, or several with their words below."""
    number = sum(part[0] for part in parts)
    if len(parts) == 1:
        rects, _middles, end = _groups(parts, 0, 92 / max(total, number, 1))
        return 26, rects, format_html(TEXT, f"{end + 1:.2f}", 18, "start", number)
    rects, _middles, _end = _groups(parts, 0, 100 / max(total, number, 1))
    shown = [word for word, part in zip(words, parts, strict=True) if part[0]]
    return 46, rects, format_html(TEXT, 0, 42, "start", ", ".join(shown))


@lru_cache(maxsize=2048)
def squares(parts, total, diverging, language):
    """Groups of people, one square per person."""
    words = [f"{count} {label}".strip() for count, _css, label in parts]
    draw = _diverging(parts, total or 0) if diverging else _in_a_row(parts, total or 0, words)
    height, rects, rest = draw
    size = format_html('height="{}" ', height)
    return format_html(SVG, "chart", size, ", ".join(words), rects, rest)


# --- bars and dots --------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def bars(css, now, total, name, done):
    """A row of bars: done, now and still to come."""
    rows = [(" done" if i < done else " now" if i < now else "",) for i in range(total)]
    drawn = format_html_join("", '<i class="bar{}"></i>', rows)
    return format_html('<span class="{}" role="img" aria-label="{}">{}</span>', css, name, drawn)


@lru_cache(maxsize=256)
def dots(used, total, language):
    """One dot per vote: filled when given, open when left."""
    numbers = {"left": max(total - used, 0), "total": total}
    name = _("You have %(left)s of your %(total)s votes left") % numbers
    rows = [(" used" if i < used else "", 11 + 27 * i) for i in range(total)]
    drawn = format_html_join("", '<circle class="dot{}" cx="{}" cy="11" r="9"/>', rows)
    size = format_html('viewBox="0 0 {} 22" ', 27 * total - 5)
    return format_html(SVG, "dots", size, name, drawn, "")
