"""What the group answered: for its trainers, with a name only where one was promised."""

import pytest
from django.urls import reverse

from intake.answers import keep
from intake.given import Given
from intake.summary import Group, progress
from tests.conftest import person_with
from tests.factories import EnrolmentFactory, LabFactory, UserFactory
from tests.intake.filling_in import an_intake
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.enrolment import withdraw

UNNAMED = {
    "part_case": "Het bankje in de Kersenstraat",
    "part_question": "Hoe zeg ik nee?",
    "part_need_self": "Vaker bellen",
    "part_need_colleagues": "Een collega die terugbelt",
    "part_need_org": "Uren in mijn jaarplan",
    "part_need_init": "Een vast gezicht",
}


def filled(lab, number, **more):
    """So many more participants who are done."""
    enrolments = [EnrolmentFactory(lab=lab) for _ in range(number)]
    for enrolment in enrolments:
        an_intake(enrolment, **more)
    return enrolments


def page_of(lab):
    return reverse("intake:summary", args=[lab.slug])


@pytest.fixture
def lab():
    return LabFactory()


@pytest.fixture
def html(client_as, lab):
    """The page as a trainer of that lab gets it."""

    def get():
        return client_as(TRAINER, lab).get(page_of(lab)).content.decode()

    return get


# --- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [(TRAINER, 200), (COORDINATOR, 403), (STAFF, 403), (PARTICIPANT, 403), ("stranger", 404)],
)
def test_who_reads_what_the_group_answered(client_as, lab, role, status):
    filled(lab, 1)

    assert client_as(role, lab).get(page_of(lab)).status_code == status


def test_a_trainer_of_another_lab_gets_no_page(client_as, lab):
    assert client_as(TRAINER, LabFactory()).get(page_of(lab)).status_code == 404


def test_by_link_nobody_reads_the_group_not_even_its_trainer(by_link, lab):
    trainer = person_with(TRAINER, lab)
    own = EnrolmentFactory(lab=lab, person=trainer)

    assert by_link(own).get(page_of(lab)).status_code == 403


# --- how far --------------------------------------------------------------------------------------


def test_progress_counts_done_busy_and_not_begun_among_who_has_a_seat(lab):
    filled(lab, 2)
    an_intake(EnrolmentFactory(lab=lab), steps=(1,))
    for _ in range(3):
        EnrolmentFactory(lab=lab)
    EnrolmentFactory(lab=lab, status="waiting", seat=None)
    filled(LabFactory(), 1)

    assert progress(lab) == Group(lab).standing()
    assert (progress(lab).done, progress(lab).busy, progress(lab).not_begun) == (2, 1, 3)


def test_progress_takes_one_query(lab, django_assert_num_queries):
    filled(lab, 3)

    with django_assert_num_queries(1):
        progress(lab)


def test_a_lab_without_people_has_no_progress_and_a_page_all_the_same(lab, html):
    assert progress(lab).total == 0
    assert "Er doet nog niemand mee" in html()


def test_somebody_who_gave_the_place_back_is_gone_with_their_answers(lab, html):
    people = filled(lab, 6, part_bring=Given("Veel geduld"))
    withdraw(people[0].person, people[0])

    assert progress(lab).total == 5
    assert str(people[0].person) not in html()


def test_who_is_not_done_is_named_so_that_a_trainer_can_call(lab):
    busy = EnrolmentFactory(lab=lab)
    an_intake(busy, steps=(1,))
    absent = EnrolmentFactory(lab=lab)
    filled(lab, 1)

    group = Group(lab)

    assert group.in_state("busy") == [busy]
    assert group.in_state("not_begun") == [absent]


# --- never a name where none was promised ---------------------------------------------------------


def test_what_was_written_without_a_name_stands_nowhere_near_one(lab, html):
    somebody = EnrolmentFactory(lab=lab, person=UserFactory(name="Noor Wilgenpad"))
    an_intake(somebody, **{key: Given(text) for key, text in UNNAMED.items()})
    filled(lab, 4)

    page = html()

    for text in UNNAMED.values():
        quote = page[page.index(text) :].partition("</blockquote>")[0]
        assert "<footer>" not in quote
        assert "Noor" not in quote
    assert page.count("Noor Wilgenpad") == 1  # in the table of who takes part


def test_what_was_written_without_a_name_comes_in_the_order_of_the_alphabet(lab):
    for text in ["zaal", "Appel", "bij"]:
        filled(lab, 2, part_question=Given(text))

    quotes = Group(lab).open_answers(named=False)[1]["quotes"]

    assert [quote["text"] for quote in quotes] == ["Appel", "Appel", "bij", "bij", "zaal", "zaal"]


def test_own_words_come_without_a_name_too(lab):
    filled(lab, 4)
    filled(lab, 1, part_current_role=Given(["Anders, namelijk:"], "Ik regel de zaal"))

    chart = Group(lab).charts()[0]

    assert chart.own_words == ["Ik regel de zaal"]


def test_what_was_promised_with_a_name_has_it(lab):
    somebody = EnrolmentFactory(lab=lab, person=UserFactory(name="Dwight Boombank"))
    an_intake(somebody, part_bring=Given("Een bakfiets"), part_travel=Given("Lopend"))

    group = Group(lab)

    assert group.open_answers(named=True) == [
        {
            "question": "Wat breng jij mee waar de groep iets aan heeft?",
            "quotes": [{"text": "Een bakfiets", "who": "Dwight Boombank"}],
        }
    ]
    columns, rows = group.facts()
    assert [str(column) for column in columns] == [
        "Functie",
        "Beleidsterrein",
        "Bij de gemeente",
        "Contact met initiatieven",
        "Is erbij",
        "Toestemming voor",
        "Naar de bezoeken",
    ]
    assert (rows[0]["who"], rows[0]["cells"][6]["lines"]) == ("Dwight Boombank", ["Lopend"])


def test_answers_are_text(lab, html):
    filled(lab, 5, part_question=Given("<script>alert(1)</script>"), part_bring=Given("<b>Lef</b>"))

    page = html()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "<b>Lef" not in page


# --- five or more ---------------------------------------------------------------------------------


@pytest.mark.req("REQ-032", "REQ-033", "REQ-034", "REQ-035")
@pytest.mark.parametrize(("people", "average"), [(4, ""), (5, "2,8")])
def test_an_outcome_is_shown_from_five_answers_on(lab, people, average):
    filled(lab, people - 1, scores=(3, 2, 4, 5))
    filled(lab, 1, scores=(2, 2, 4, 5))

    outcomes = Group(lab).outcomes()

    assert outcomes[0] == {
        "statement": "Ik snap wat initiatieven willen en nodig hebben in de samenwerking",
        "average": average,
        "people": people,
    }
    if average:
        assert [outcome["average"] for outcome in outcomes] == ["2,8", "2,0", "4,0", "5,0"]


def test_of_an_outcome_the_page_shows_the_average_alone(lab, html):
    filled(lab, 5, scores=(1, 1, 1, 1))

    section = html().partition('aria-labelledby="outcomes"')[2].partition("</section>")[0]

    assert '<svg class="chart"' not in section
    assert section.count("1,0") == 4


def test_each_statement_counts_its_own_answers(lab):
    filled(lab, 4)
    half = EnrolmentFactory(lab=lab)
    keep(half, 3, {"outcomes_before": Given({"outcome_insight": 3})}, by=half.person)

    averages = [outcome["average"] for outcome in Group(lab).outcomes()]

    assert averages == ["3,0", "", "", ""]


@pytest.mark.parametrize(("people", "shown"), [(4, False), (5, True)])
def test_a_choice_without_a_name_is_shown_from_five_answers_on(lab, people, shown):
    filled(lab, people)

    charts = Group(lab).charts()

    assert [chart.key for chart in charts] == [
        "part_current_role",
        "part_experience",
        "part_key_questions",
    ]
    assert [bool(chart.rows) for chart in charts] == [shown] * 3


@pytest.mark.parametrize(("people", "shown"), [(4, False), (5, True)])
def test_open_answers_without_a_name_are_shown_from_five_people_on(lab, html, people, shown):
    filled(lab, people - 1)
    filled(lab, 1, part_need_self=Given("Vaker nee durven zeggen"))

    page = html()

    assert ("Vaker nee durven zeggen" in page) is shown


# --- the finding ----------------------------------------------------------------------------------


def test_the_heading_says_what_was_chosen_most(lab):
    filled(lab, 4)
    filled(lab, 1, part_experience=Given("Best veel"))

    chart = Group(lab).charts()[1]

    assert chart.finding == "Het vaakst gekozen: Een beetje"
    assert [(row["label"], row["count"]) for row in chart.rows] == [
        ("Ik begin net", 0),
        ("Een beetje", 4),
        ("Best veel", 1),
        ("Heel veel, ik kan collega's op weg helpen", 0),
    ]


def test_two_that_were_chosen_as_often_are_both_named(lab):
    filled(lab, 3)
    filled(lab, 3, part_experience=Given("Best veel"))

    assert Group(lab).charts()[1].finding == "Het vaakst gekozen: Een beetje, en Best veel"


@pytest.mark.req("REQ-110")
@pytest.mark.parametrize(
    ("contact", "hint"),
    [
        (["Elke week"] * 5, "Niemand in deze groep heeft weinig contact met initiatieven."),
        (["Zelden of nooit"] * 4 + ["Elke maand"], "Bijna niemand heeft contact met initiatieven."),
        (["Zelden of nooit"] * 3 + ["Elke maand"] * 2, ""),
        (["Elke week"] * 4, ""),
    ],
)
def test_a_thin_mix_gets_a_hint(lab, contact, hint):
    for often in contact:
        EnrolmentFactory(lab=lab, contact_frequency=often)

    mix = Group(lab).mix()

    assert mix["hint"] == hint
    assert sum(row["count"] for row in mix["rows"]) == len(contact)


# --- what must be arranged ------------------------------------------------------------------------


def test_wishes_stand_with_a_name_and_say_when_they_are_wiped(lab, html):
    somebody = EnrolmentFactory(lab=lab, person=UserFactory(name="Ilse Molenwiek"))
    an_intake(somebody, part_diet=Given("Zonder noten"), part_access=Given("Geen trap"))

    assert Group(lab).logistics() == [
        {"who": "Ilse Molenwiek", "about": "Om mee te doen", "text": "Geen trap"},
        {"who": "Ilse Molenwiek", "about": "Eten en drinken", "text": "Zonder noten"},
    ]
    assert "We wissen het de dag na sessie 3" in html()


def test_a_wish_is_no_open_answer_of_the_group(lab):
    filled(lab, 5, part_access=Given("Geen trap"))

    group = Group(lab)

    shown = str(group.open_answers(named=True)) + str(group.open_answers(named=False))
    assert "Geen trap" not in shown + str(group.facts())


# --- cost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("people", [1, 8])
def test_the_page_costs_the_same_for_one_and_for_eight(
    client_as, lab, people, django_assert_num_queries
):
    filled(
        lab,
        people,
        part_bring=Given("Lef"),
        part_consents=Given(["Mijn naam mag in het advies staan"]),
    )
    client = client_as(TRAINER, lab)

    with django_assert_num_queries(8):
        client.get(page_of(lab))
