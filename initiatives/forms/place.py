"""A place on the map, typed as two numbers."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

TWO_NUMBERS = re.compile(r"\s*(\d{1,2}[.,]\d+)[\s,;/]+(\d{1,2}[.,]\d+)\s*")
NORTH, EAST = (50.7, 53.7), (3.2, 7.3)  # the Netherlands, as the model has it


class MapPlaceField(forms.CharField):
    """Latitude and longitude as maps give them to copy: "52.09, 5.12"; gives two numbers or None.

    A decimal comma is fine, and so is the other order: in the Netherlands the larger one is north.
    """

    def to_python(self, value):
        """The two numbers, north first."""
        typed = super().to_python(value)
        if not typed:
            return None
        found = TWO_NUMBERS.fullmatch(typed)
        if not found:
            raise ValidationError(_("Give two numbers, for example: 52.0907, 5.1214."))
        east, north = sorted(float(number.replace(",", ".")) for number in found.groups())
        if not (NORTH[0] <= north <= NORTH[1] and EAST[0] <= east <= EAST[1]):
            raise ValidationError(_("This place is not in the Netherlands. Look at the numbers."))
        return north, east

    def prepare_value(self, value):
        """What stands in the field: what was typed, or the place that is known."""
        return "{}, {}".format(*value) if isinstance(value, tuple) else value

    def validate(self, value):
        """Two numbers are no text to look at once more."""

    def run_validators(self, value):
        """The length was looked at by `to_python`'s pattern."""
