"""Icons, seats, the table and the squares draw what they are told, in Dutch and without style."""

import re

import pytest
from django.template import engines

from werklab.templatetags.icons import ICONS


def drawn(source, **context):
    return engines["django"].from_string(source).render(context)


def shapes(html, css):
    """How many shapes carry this class."""
    return len(re.findall(rf'class="[^"]*\b{css}\b[^"]*"', html))


def name_of(html):
    return re.search(r'aria-label="([^"]*)"', html)[1]


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_is_skipped_by_screen_readers(name):
    html = drawn("{% icon name %}", name=name)

    assert 'aria-hidden="true"' in html
    assert html == drawn("{% icon name %}", name=name)


def test_an_icon_that_does_not_exist_is_noticed():
    with pytest.raises(KeyError):
        drawn('{% icon "unicorn" %}')


def test_seats_show_who_came_and_how_many_are_needed():
    html = drawn("{% seats 12 15 %}")

    assert (shapes(html, "s"), shapes(html, "taken")) == (15, 12)
    assert name_of(html) == "12 van de 15 plekken bezet, minimaal 10 nodig"
    assert ">minimaal 10</text>" in html


def test_seats_that_fall_short_are_marked():
    assert shapes(drawn("{% seats 7 15 short=True %}"), "seats--short") == 1
    assert shapes(drawn("{% seats 7 15 %}"), "seats--short") == 0


@pytest.mark.parametrize("total", range(10, 16))
def test_seats_stay_within_their_width(total):
    html = drawn("{% seats total total %}{% seats_mini 0 total %}", total=total)

    ends = [
        float(x) + float(width)
        for x, width in re.findall(r'<rect[^>]* x="([\d.]+)%".*?width="([\d.]+)%"', html)
    ]
    assert len(ends) == 2 * total
    assert max(ends) <= 100


@pytest.mark.parametrize("total", range(10, 16))
def test_the_table_has_a_chair_for_everybody(total):
    html = drawn("{% table 10 total %}", total=total)

    assert shapes(html, "chair") == total
    assert shapes(html, "taken") == 10
    assert len(set(re.findall(r'chair[^"]*" x="([\d.]+)" y="(\d+)"', html))) == total


@pytest.mark.parametrize(("taken", "you"), [(13, 13), (10, 15), (1, 1), (15, 4)])
def test_your_chair_is_one_of_the_chairs_taken(taken, you):
    html = drawn("{% table taken 15 you=you %}", taken=taken, you=you)

    assert shapes(html, "taken") == taken
    assert shapes(html, "you") == 1
    assert name_of(html) == f"{taken} van de 15 plekken bezet, stoel {you} is van jou"
    assert ">de witte stoel is van jou</text>" in html


def test_the_words_on_the_table_may_be_others():
    html = drawn("{% table 0 15 top=top label='' %}", top="De <tafel> staat klaar")

    assert re.findall(r"<text[^>]*>(.*?)</text>", html) == ["De &lt;tafel&gt; staat klaar"]


PARTS = [(1, "k1", "oneens"), (3, "k2", "weet niet"), (2, "k3", "eens")]


def test_one_person_is_one_square():
    html = drawn("{% squares parts %}", parts=PARTS)

    assert [shapes(html, css) for css in ("k1", "k2", "k3")] == [1, 3, 2]
    assert name_of(html) == "1 oneens, 3 weet niet, 2 eens"
    assert ">1 oneens, 3 weet niet, 2 eens</text>" in html


def test_the_middle_group_stands_on_the_middle_line():
    html = drawn("{% squares parts total=12 diverging=True %}", parts=PARTS)

    middle = re.findall(r'class="k2" x="([\d.]+)%" y="2" width="([\d.]+)%"', html)
    assert float(middle[0][0]) < 50 < float(middle[-1][0]) + float(middle[-1][1])
    assert re.findall(r">(\d+)</text>", html) == ["1", "3", "2"]


@pytest.mark.parametrize("parts", [[(0, "k1", "a"), (0, "k2", "b"), (15, "k3", "c")], PARTS])
def test_squares_never_leave_the_picture(parts):
    html = drawn(
        "{% squares parts total=2 diverging=True %}{% squares parts total=2 %}", parts=parts
    )

    xs = [float(x) for x in re.findall(r'<rect[^>]* x="(-?[\d.]+)%"', html)]
    assert min(xs) >= 0
    assert max(xs) < 100


def test_one_group_shows_its_number_behind_it():
    html = drawn("{% squares parts total=11 %}", parts=[(8, "k5", "van de 11")])

    assert name_of(html) == "8 van de 11"
    assert html.count(">8</text>") == 1


def test_no_answers_is_an_empty_picture():
    assert "<rect" not in drawn("{% squares parts diverging=True %}", parts=[(0, "k1", "a")] * 3)


def test_bars_and_dots_say_where_one_is():
    assert name_of(drawn("{% progress 2 5 %}")) == "Je bent bij deel 2 van 5"
    assert name_of(drawn("{% phase_mini 2 7 %}")) == "fase 2 van 7"
    assert name_of(drawn("{% dots 2 3 %}")) == "Je hebt nog 1 van je 3 stemmen"
    assert shapes(drawn("{% dots 2 3 %}"), "used") == 2


@pytest.mark.parametrize(
    "source", ["{% seats 3 15 %}", "{% table 3 15 %}", "{% squares p %}", "{% progress 1 3 %}"]
)
def test_no_picture_needs_inline_style(source):
    assert "style=" not in drawn(source, p=PARTS)
