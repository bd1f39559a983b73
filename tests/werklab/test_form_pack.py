"""How a form is drawn: label, hint, error, input; groups as groups; a summary of what to mend."""

import re

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Fieldset, Layout, Row, Submit
from django import forms
from django.template import engines

CHOICES = [("1", "Oneens"), ("2", "Eens")]


class VisitForm(forms.Form):
    """One of every kind of field that our pages use."""

    name = forms.CharField(label="Naam", help_text="Zoals <collega's> je noemen.")
    note = forms.CharField(label="Weet je nog iets?", required=False, widget=forms.Textarea)
    answer = forms.ChoiceField(label="Antwoord", choices=CHOICES, widget=forms.RadioSelect)
    days = forms.MultipleChoiceField(
        label="Dagen", choices=CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    scale = forms.ChoiceField(
        label="Ik durf dat.", choices=CHOICES, widget=forms.RadioSelect({"data-scale": "1"})
    )
    cards = forms.ChoiceField(
        label="Welkom?",
        choices=[("ja", "Ja\nTot dan.")],
        required=False,
        widget=forms.RadioSelect({"data-cards": "1"}),
    )
    read = forms.BooleanField(label="Gelezen")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def drawn(form, source="{% load crispy_forms_tags %}{% crispy form %}", **context):
    context |= {"form": form, "csrf_token": "token"}
    html = engines["django"].from_string(source).render(context)
    return re.sub(r"\s+", " ", html)


def with_helper(form, *layout, **settings):
    form.helper = FormHelper()
    form.helper.layout = Layout(*layout)
    for name, value in settings.items():
        setattr(form.helper, name, value)
    return form


def field(html, name):
    """The piece of the page in which this field is drawn."""
    start = html.index(f'id="div_id_{name}"')
    following = html.find('id="div_id_', start + 1)
    return html[html.rindex("<", 0, start) : following if following > 0 else None]


def test_label_hint_error_and_input_come_in_that_order():
    html = field(drawn(VisitForm({})), "name")

    places = [html.index(text) for text in ("<label", 'class="hint"', 'class="error"', "<input")]
    assert places == sorted(places)


def test_an_input_names_what_describes_it_and_that_it_is_needed_and_wrong():
    html = field(drawn(VisitForm({})), "name")

    tag = re.search(r"<input[^>]*>", html)[0]
    assert 'aria-describedby="id_name_helptext id_name_error"' in tag
    assert 'aria-invalid="true"' in tag
    assert 'aria-required="true"' in tag
    assert " required" not in tag


def test_every_description_that_is_named_exists():
    html = drawn(VisitForm({}))

    named = {
        name for names in re.findall(r'aria-describedby="([^"]*)"', html) for name in names.split()
    }
    assert named
    assert named <= set(re.findall(r'id="([^"]*)"', html))


def test_only_what_may_be_left_out_says_so():
    html = drawn(VisitForm())

    assert 'class="optional"' not in field(html, "name")
    assert 'class="optional"' in field(html, "note")


def test_a_filter_does_not_say_what_may_be_left_out():
    form = with_helper(VisitForm(), "note", hide_optional=True)

    assert 'class="optional"' not in drawn(form)


@pytest.mark.parametrize("name", ["answer", "scale", "cards"])
def test_radios_are_one_group_with_a_question(name):
    html = field(drawn(VisitForm()), name)

    assert html.startswith("<fieldset")
    assert 'role="radiogroup"' in html
    assert f'<legend id="id_{name}_legend">' in html
    assert f'id="id_{name}_0"' in html


def test_a_group_that_misses_an_answer_says_so_once():
    html = field(drawn(VisitForm({})), "answer")

    assert html.count('aria-invalid="true"') == 1
    assert 'aria-describedby="id_answer_error"' in html


def test_checkboxes_are_one_group_and_keep_what_was_ticked():
    html = field(drawn(VisitForm({"days": ["2"]})), "days")

    assert html.startswith("<fieldset")
    assert [bool(" checked" in tag) for tag in re.findall(r"<input[^>]*>", html)] == [False, True]


def test_a_single_checkbox_has_its_label_behind_it():
    html = field(drawn(VisitForm()), "read")

    assert html.index("<input") < html.index('<label for="id_read"')


def test_a_scale_shows_numbers_words_and_both_ends():
    html = field(drawn(VisitForm()), "scale")

    assert "<b>1</b><span>Oneens</span>" in html
    assert "<span>1 = oneens</span><span>2 = eens</span>" in html


def test_the_second_line_of_a_card_is_quiet():
    assert '<b>Ja</b><span class="quiet">Tot dan.</span>' in field(drawn(VisitForm()), "cards")


def test_a_number_as_value_is_not_written_the_dutch_way():
    class Form(forms.Form):
        year = forms.ChoiceField(choices=[(2027, "Dit jaar")], widget=forms.RadioSelect)

    assert 'value="2027"' in drawn(Form())


def test_the_summary_links_to_the_first_input_of_every_field_that_is_wrong():
    html = drawn(VisitForm({}))

    summary = re.search(r'<div class="errors" role="alert" tabindex="-1">.*?</div>', html)[0]
    targets = re.findall(r'href="#([^"]*)"', summary)
    assert targets == ["id_name", "id_answer_0", "id_scale_0", "id_read"]
    assert set(targets) <= set(re.findall(r'id="([^"]*)"', html))


def test_the_summary_is_left_out_where_the_page_shows_it_elsewhere():
    form = with_helper(VisitForm({}), "name", no_summary=True)

    assert 'role="alert"' not in drawn(form)


def test_what_was_typed_stays_and_is_escaped():
    html = drawn(VisitForm({"name": "<b>", "note": "</textarea><script>"}))

    assert 'value="&lt;b&gt;"' in html
    assert "&lt;/textarea&gt;&lt;script&gt;" in html
    assert "Zoals &lt;collega&#x27;s&gt; je noemen." in html


def test_a_form_is_left_to_us_to_check():
    html = drawn(with_helper(VisitForm(), "name"))

    assert re.search(r'<form method="post" novalidate>', html)


def test_a_form_may_do_without_its_own_tag():
    html = drawn(with_helper(VisitForm(), "name", form_tag=False))

    assert "<form" not in html


def test_a_layout_is_drawn_with_our_own_classes():
    form = with_helper(
        VisitForm(),
        Fieldset("Wie ben je?", Field("name", wrapper_class="field--short")),
        Row("note", "read"),
        Div(
            Submit("save", "Bewaar", css_class="btn--large"), HTML("<i>of</i>"), css_class="buttons"
        ),
    )

    html = drawn(form)

    assert "<legend>Wie ben je?</legend>" in html
    assert 'class="field field--short"' in html
    assert '<div class="field-row">' in html
    button = re.search(r"<button[^>]*>Bewaar</button>", html)[0]
    assert re.search(r'class="([^"]*)"', button)[1].split() == ["btn", "btn--large", "btn--primary"]
    assert 'type="submit" ' in button
    assert "btn-primary" not in html


@pytest.mark.parametrize("look", ["btn--line", "btn--plain", "btn--stop"])
def test_a_second_button_is_not_the_first(look):
    html = drawn(with_helper(VisitForm(), Submit("later", "Later", css_class=look)))

    assert "btn--primary" not in html


def test_the_filter_draws_all_fields_without_a_form_around_them():
    html = drawn(VisitForm(), "{% load crispy_forms_tags %}{{ form|crispy }}")

    assert "<form" not in html
    assert html.count('id="div_id_') == 7
    assert '<input type="hidden" name="secret" id="id_secret">' in html
