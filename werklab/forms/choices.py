"""Choosing from rows of the database."""

from django import forms
from django.core.exceptions import ValidationError


class SeveralOf(forms.ModelMultipleChoiceField):
    """Some rows of a list. A number too large to be anybody's is a choice that is not on it."""

    def clean(self, value):
        """The chosen rows; SQLite cannot even look for what does not fit in its integers."""
        try:
            return super().clean(value)
        except OverflowError:
            wrong = self.error_messages["invalid_choice"]
            raise ValidationError(wrong, "invalid_choice", {"value": value[0]}) from None
