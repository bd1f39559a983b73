"""What the template pack `werklab_forms` must know to draw one field, so that it stays short."""

from django.forms.utils import flatatt
from django.template import Library

register = Library()

DRAWN_BY_THE_TEMPLATE = {"id", "checked", "required", "class", "data-scale", "data-cards"}


def _options(field, widget):
    """The radios or checkboxes of a field, flat, as the template draws them."""
    attrs = {"id": field.auto_id} | ({"disabled": True} if field.field.disabled else {})
    for option in widget.subwidgets(field.html_name, field.value(), attrs):
        words, _, explanation = str(option["label"]).partition("\n")
        more = {k: v for k, v in option["attrs"].items() if k not in DRAWN_BY_THE_TEMPLATE}
        yield {
            "id": option["attrs"].get("id"),
            "name": option["name"],
            "value": str(option["value"]),
            "label": words,
            "explanation": explanation,
            "checked": option["selected"],
            "more": flatatt(more) if more else "",
        }


@register.simple_tag
def field_parts(field):
    """How to draw this field: its kind, its input or options, and the ids that describe it.

    Our forms are `novalidate`: `aria-required` tells what is needed without the browser's own
    messages, so the native attribute is switched off.
    """
    widget = field.field.widget
    kind = getattr(widget, "input_type", None)
    parts = {"described": widget.attrs.get("aria-describedby") or field.aria_describedby}
    if widget.is_hidden:
        return parts | {"kind": "hidden"}
    if widget.use_fieldset and kind in ("radio", "checkbox"):
        asked = (look for look in ("scale", "cards") if f"data-{look}" in widget.attrs)
        look = next(asked, "group")
        return parts | {"kind": look, "type": kind, "options": list(_options(field, widget))}
    field.form.use_required_attribute = False
    needed = {"aria-required": "true"} if field.field.required and not widget.use_fieldset else {}
    look = "fieldset" if widget.use_fieldset else "check" if kind == "checkbox" else "plain"
    return parts | {"kind": look, "control": field.as_widget(attrs=needed)}
