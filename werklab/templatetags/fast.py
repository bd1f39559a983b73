"""Django's own `translate`, `url`, `static` and `date`, remembered.

Pages show dozens of links, dates and fixed sentences that come out the same every time. These take
the names and the meaning of Django's own (tests hold the output equal, byte for byte) and fall back
to them for whatever is unusual. Loaded as a builtin, so templates stay ordinary Django.

Keys hold text, numbers and time zones only: never a request or a model.
"""

from datetime import date as Day
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import Library, Node, Variable
from django.template.defaultfilters import date as django_date
from django.template.defaulttags import url as django_url
from django.templatetags.i18n import do_translate
from django.templatetags.static import do_static as django_static
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.formats import FORMAT_SETTINGS
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = Library()

TEXT_OR_NUMBER = {str, int, SafeString}
NOT_SET = object()


class RememberedTranslation(Node):
    """One fixed sentence: translated once per language."""

    def __init__(self, node):
        self.node, self.asvar, self.texts = node, node.asvar, {}
        node.asvar = None

    def render(self, context):
        language = get_language()
        text = self.texts.get(language)
        if text is None:
            text = self.texts[language] = self.node.render(context)
        if self.asvar:
            context[self.asvar] = text
            return ""
        return text


@register.tag("translate")
def translate(parser, token):
    """`{% translate "A fixed sentence" %}`, also with `as name`; anything else is Django's own."""
    node = do_translate(parser, token)
    message = node.filter_expression
    fixed = isinstance(message.var, Variable) and message.var.literal is not None
    if fixed and not (node.noop or node.message_context or message.filters):
        return RememberedTranslation(node)
    return node


@lru_cache(maxsize=8192)
def _address(name, args, kwargs, app, urlconf, prefix):
    """The address and its escaped twin; the prefix is only there to tell addresses apart."""
    address = reverse(name, urlconf, args, dict(kwargs), app)
    return address, conditional_escape(address)


class RememberedAddress(Node):
    """One `{% url %}`: reversed once for each set of arguments.

    Our addresses do not depend on the language: nothing here stands in `i18n_patterns`.
    """

    def __init__(self, node):
        self.node = node

    def render(self, context):
        node, request = self.node, getattr(context, "request", None)
        name = node.view_name.resolve(context)
        args = tuple([arg.resolve(context) for arg in node.args])
        values = [value.resolve(context) for value in node.kwargs.values()]
        plain = TEXT_OR_NUMBER.issuperset(map(type, (name, *args, *values)))
        if not plain or hasattr(request, "urlconf"):
            return node.render(context)
        app = getattr(request, "current_app", NOT_SET)
        if app is NOT_SET:
            app = getattr(getattr(request, "resolver_match", None), "namespace", None)
        kwargs = tuple(zip(node.kwargs, values, strict=True))
        try:
            found = _address(name, args, kwargs, app, settings.ROOT_URLCONF, get_script_prefix())
        except NoReverseMatch:
            if node.asvar is None:
                raise
            found = ("", "")
        if node.asvar:
            context[node.asvar] = found[0]
            return ""
        return found[1] if context.autoescape else found[0]


@register.tag("url")
def url(parser, token):
    """`{% url "werklab:lab" lab.slug %}`, with everything that Django's own takes."""
    return RememberedAddress(django_url(parser, token))


class RememberedFile(Node):
    """The address of one fixed static file: it does not change while a process lives."""

    def __init__(self, node):
        self.node, self.kept = node, {}

    def render(self, context):
        look = (settings.STATIC_URL, context.autoescape)
        if look not in self.kept:
            self.kept[look] = self.node.render(context)
        return self.kept[look]


@register.tag("static")
def static(parser, token):
    """`{% static "css/base.css" %}`; a name that is not fixed, or `as`, is Django's own."""
    node = django_static(parser, token)
    fixed = isinstance(node.path.var, SafeString | str) and not node.path.filters
    return RememberedFile(node) if fixed and node.varname is None else node


@lru_cache(maxsize=8192)
def _date(value, arg, kind, fold, zone, zone_name, language):
    """`value` as text; the rest only tells apart what Python calls equal.

    Equal moments in two zones are equal keys, and so are both half past twos of the night in which
    summer time ends: hence the zone and the fold. Fixed offsets are equal whatever their names.
    """
    return django_date(value, arg)


@register.filter(name="date", expects_localtime=True, is_safe=False)
def date(value, arg=None):
    """`{{ moment|date:"l j F Y" }}`: only days and moments with a zone are remembered."""
    kind = type(value)
    if not arg or arg in FORMAT_SETTINGS:
        return django_date(value, arg)
    if kind is datetime and value.tzinfo is not None:
        zone = value.tzinfo
        name = None if type(zone) is ZoneInfo else value.tzname()
        return _date(value, arg, kind.__name__, value.fold, zone, name, get_language())
    if kind is Day:
        return _date(value, arg, kind.__name__, 0, None, None, get_language())
    return django_date(value, arg)
