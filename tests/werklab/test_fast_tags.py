"""The remembered tags of `fast` say what Django's own say, byte for byte."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpRequest
from django.template import Context, Engine, TemplateSyntaxError
from django.test import override_settings
from django.urls import NoReverseMatch, path, set_script_prefix
from django.utils.timezone import override as in_zone
from django.utils.translation import override as in_language

BUILTINS = ["django.templatetags.i18n", "django.templatetags.static"]
OURS = Engine(builtins=[*BUILTINS, "werklab.templatetags.fast"])
DJANGO = Engine(builtins=BUILTINS)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")

urlpatterns = [
    path("lab/<slug:slug>/", lambda request, slug: None, name="lab"),
    path("sessie/<slug:slug>/<int:number>/", lambda request, **kwargs: None, name="session"),
    path("tekst/<path:text>/", lambda request, text: None, name="text"),
]


def both(source, autoescape=True, **values):
    """What Django's own tag gives and what ours gives; ours a second time, from memory."""
    expected = DJANGO.from_string(source).render(Context(values, autoescape=autoescape))
    ours = OURS.from_string(source)
    found = [ours.render(Context(values, autoescape=autoescape)) for _ in range(2)]
    assert len(set(found)) == 1
    return expected, found[0]


# --- translate ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "Yes" %}',
        "{% translate 'Yes' %}",
        '{% translate "Yes" as word %}[{{ word }}]',
        '{% translate "100% of <b> & co" %}',
        '{% translate "Yes" noop %}',
        '{% translate "May" context "abbrev. month" %}',
        '{% translate "yes"|upper %}',
        "{% translate word %}",
        "{% translate word as other %}{{ other }}",
        '{% for i in "123" %}{% translate "Yes" %}{% endfor %}',
    ],
)
@pytest.mark.parametrize("autoescape", [True, False])
def test_a_sentence_reads_as_in_django(source, autoescape):
    expected, ours = both(source, autoescape=autoescape, word="No <i>")

    assert ours == expected


def test_a_sentence_follows_the_language():
    template = OURS.from_string('{% translate "Yes" %}')

    said = []
    for language in ("nl", "de", "nl", None):
        with in_language(language):
            said.append(template.render(Context()))

    assert said == ["Ja", "Ja", "Ja", "Yes"]


# --- url ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        '{% url "lab" "vlierhoven" %}',
        '{% url "lab" slug %}',
        '{% url "lab" slug=slug %}',
        "{% url name slug %}",
        '{% url "session" slug 1 %}',
        '{% url "session" slug=slug number=number %}',
        '{% url "text" text %}',
        '{% url "lab" slug as address %}<{{ address }}>',
        '{% url "nowhere" as address %}<{{ address }}>',
        '{% url "text" text as address %}{{ address }}',
    ],
)
@pytest.mark.parametrize("autoescape", [True, False])
@override_settings(ROOT_URLCONF=__name__)
def test_an_address_reads_as_in_django(source, autoescape):
    values = {"name": "lab", "slug": "oss-2026", "number": 3, "text": "a&b's <c>/é"}

    expected, ours = both(source, autoescape=autoescape, **values)

    assert ours == expected


@pytest.mark.parametrize("number", [1, "1", True, 1.0])
@override_settings(ROOT_URLCONF=__name__)
def test_what_python_calls_equal_stays_apart_in_an_address(number):
    source = '{% url "text" number %}'

    expected, ours = both(source, number=number)

    assert ours == expected


@override_settings(ROOT_URLCONF=__name__)
def test_an_address_that_does_not_exist_is_an_error():
    template = OURS.from_string('{% url "nowhere" %}')

    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            template.render(Context())


def test_a_url_tag_without_a_name_is_an_error():
    with pytest.raises(TemplateSyntaxError):
        OURS.from_string("{% url %}")


@override_settings(ROOT_URLCONF=__name__)
def test_an_address_follows_where_the_site_is_mounted():
    template = OURS.from_string('{% url "lab" "a" %}')

    at_the_root = template.render(Context())
    set_script_prefix("/werklab/")
    try:
        elsewhere = template.render(Context())
    finally:
        set_script_prefix("/")

    assert [at_the_root, elsewhere] == ["/lab/a/", "/werklab/lab/a/"]


@override_settings(ROOT_URLCONF=__name__)
def test_an_address_follows_the_request():
    template = OURS.from_string('{% url "lab" "a" %}')
    context = Context()
    context.request = HttpRequest()

    assert template.render(context) == "/lab/a/"


# --- date -----------------------------------------------------------------------------------------

MOMENTS = [
    datetime(2027, 3, 9, 8, 30, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 59, tzinfo=UTC),  # a minute before summer time
    datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
    datetime(2027, 10, 31, 0, 30, tzinfo=UTC),  # half past two, in summer time
    datetime(2027, 10, 31, 1, 30, tzinfo=UTC),  # half past two again, in winter time
    datetime(2027, 10, 31, 2, 30, tzinfo=AMSTERDAM),
    datetime(2027, 10, 31, 2, 30, tzinfo=AMSTERDAM, fold=1),
    datetime(2027, 7, 1, 12, 0, 5, 7, tzinfo=timezone(timedelta(hours=2))),
    datetime(2027, 7, 1, 12, 0, 5, 7, tzinfo=timezone(timedelta(hours=2), "X")),
    datetime(2027, 7, 1, 12, 0),  # noqa: DTZ001, a moment without a zone is the point
]
DAYS = ["l j F Y", "D j M", "SHORT_DATE_FORMAT", ""]
TIMES = ["H.i", "c", "r", "U", "e T O Z I"]
CASES = [(moment, arg) for moment in MOMENTS for arg in [*DAYS, *TIMES]]
CASES += [(other, arg) for other in (date(2027, 2, 12), None, "", "no date", 7) for arg in DAYS]
CASES += [(time(9, 30), "H.i")]


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "UTC", "Europe/Berlin", "America/New_York"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_date_reads_as_in_django(zone, language):
    with in_zone(zone), in_language(language):
        for moment, arg in CASES:
            expected, ours = both("{{ moment|date:arg }}", moment=moment, arg=arg)
            assert (moment, arg, ours) == (moment, arg, expected)


@pytest.mark.parametrize("source", ["{{ moment|date }}", '{{ moment|date:"j < F" }}'])
def test_a_date_is_escaped_as_in_django(source):
    expected, ours = both(source, moment=MOMENTS[0])

    assert ours == expected


def test_one_moment_reads_differently_in_two_zones():
    template = OURS.from_string('{{ moment|date:"j F H.i" }}')
    moment = datetime(2027, 3, 9, 23, 30, tzinfo=UTC)

    said = []
    for zone in ("UTC", "Europe/Amsterdam", "UTC"):
        with in_zone(zone), in_language("nl"):
            said.append(template.render(Context({"moment": moment})))

    assert said == ["9 maart 23.30", "10 maart 00.30", "9 maart 23.30"]


def test_both_half_past_twos_of_the_last_night_of_summer_time_stay_apart():
    template = OURS.from_string('{{ moment|date:"c" }}')

    with in_zone("Europe/Amsterdam"):
        said = [template.render(Context({"moment": moment})) for moment in MOMENTS[3:5]]

    assert said == ["2027-10-31T02:30:00+02:00", "2027-10-31T02:30:00+01:00"]


# --- static ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        '{% static "css/base.css" %}',
        "{% static 'css/a b&c.css' %}",
        "{% static name %}",
        '{% static "css/base.css" as address %}[{{ address }}]',
        '{% static "css/base.css"|upper %}',
    ],
)
@pytest.mark.parametrize("autoescape", [True, False])
def test_the_address_of_a_file_reads_as_in_django(source, autoescape):
    expected, ours = both(source, autoescape=autoescape, name="img/favicon.svg")

    assert ours == expected
