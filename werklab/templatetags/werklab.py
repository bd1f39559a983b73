"""Pictures for the pages, as tags that every template knows.

They draw what they are told and decide nothing; how they draw stands in `icons` and `drawings`.
"""

from django.conf import settings
from django.template import Library
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from werklab.templatetags import drawings, icons

register = Library()


@register.simple_tag
def icon(name, css=""):
    """One of our own icons, always beside words: screen readers skip it."""
    return icons.draw(name, css)


@register.simple_tag
def contact_address():
    """Where a visitor may ask for help when no trainer is at hand."""
    return settings.SITE_CONTACT_EMAIL


@register.simple_tag
def seats(taken, total, minimum=10, short=False):
    """The seat meter of the cockpit: one square per place, a line after the minimum."""
    return drawings.seats(taken, total, minimum, short, False, get_language())


@register.simple_tag
def seats_mini(taken, total, minimum=10, short=False):
    """The seat meter for a cell of a table."""
    return drawings.seats(taken, total, minimum, short, True, get_language())


@register.simple_tag
def table(taken, total, label=None, you=None, top=None):
    """The table with its chairs: the picture of a werklab. `you` is the number of a white chair."""
    label, top = (text if text is None else str(text) for text in (label, top))
    return drawings.table(taken, total, label, you, top, get_language())


@register.simple_tag
def squares(parts, total=None, diverging=False):
    """Groups of people, one square each: `parts` holds (count, css class, label) per group.

    `total` is how many squares fit the width: hand the same to rows that must compare. With
    `diverging` the middle group stands on a line and the others spread to both sides.
    """
    key = tuple((int(count), str(css), str(label)) for count, css, label in parts)
    return drawings.squares(key, total, diverging, get_language())


@register.simple_tag
def progress(now, total):
    """How far somebody is in a questionnaire of some parts."""
    name = _("You are at part %(now)s of %(total)s") % {"now": now, "total": total}
    return drawings.bars("progress", now, total, name, now - 1)


@register.simple_tag
def phase_mini(now, total):
    """In which phase a lab is, for a cell of a table."""
    name = _("phase %(now)s of %(total)s") % {"now": now, "total": total}
    return drawings.bars("phase-mini", now, total, name, now)


@register.simple_tag
def dots(used, total):
    """Votes given and votes left, as filled and open dots."""
    return drawings.dots(used, total, get_language())


@register.simple_tag
def is_demo():
    """Whether this is a demo, which has a door on every page to be somebody else."""
    return settings.DEMO
