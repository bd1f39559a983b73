"""A part of a form that few need."""

from crispy_forms.layout import Div


class More(Div):
    """Fields folded away until somebody opens them, something stands in them or one is wrong."""

    template = "werklab_forms/layout/more.html"

    def __init__(self, *fields, summary):
        super().__init__(*fields)
        self.summary = summary
        self.is_open = False

    def render(self, form, context, *args, **kwargs):
        """Open when there is something to see in it."""
        names = [pointer.name for pointer in self.get_field_names()]
        self.is_open = any(form[name].value() or form[name].errors for name in names)
        return super().render(form, context, *args, **kwargs)
