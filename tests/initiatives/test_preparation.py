"""The sheet for an initiative's own talk with the municipality: on screen, and on one page."""

from datetime import date
from io import BytesIO

import page as checker
import pytest
from pypdf import PdfReader

from initiatives import agreements, preparation, profile_links, talks
from initiatives.models import Initiative
from initiatives.vocabularies import choices
from tests.conftest import STRANGER
from tests.factories import ContactFactory, InitiativeFactory, LabFactory, UserFactory
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.management.demo.load import load_demo, load_municipalities

DAY = date(2027, 3, 11)
WORDS = "Een buurt waarin iedereen elkaar kent en niemand alleen eet, ook niet op zondag. "
LONG = "Aansprakelijkheidswaardevaststellingsverandering " * 20
ODD = "Zo 👍🏽 dan, مرحبا, <b>€5</b> ½ é"


def filled(**fields):
    """An initiative that said everything, with one open and one decided agreement."""
    initiative, by = InitiativeFactory(**fields), UserFactory()
    said = {f"{row}_initiative": f"{row}: {WORDS}" for row in talks.ROWS}
    talks.write_card(by, initiative, None, next_talk="In april", **said)
    agreements.agree(by, initiative, what="We zoeken water.", next_message_on=DAY)
    agreements.agree(by, initiative, what="Er komt een bank.", decision="decided")
    agreements.agree(by, initiative, what="Voor ons.", decision="decided", shown=False)
    return initiative


def full():
    """Every field as long as it may be."""
    initiative, by = InitiativeFactory(name="N" * 100, does_not=(WORDS * 9)[:500]), UserFactory()
    initiative.role_wishes = [code for code, _label in choices("role_wish")]
    initiative.support_needs = [code for code, _label in choices("support_need")]
    initiative.support_words, initiative.first_contact = (WORDS * 4)[:300], "C" * 80
    initiative.save()
    said = {f"{row}_initiative": (WORDS * 9)[:500] for row in talks.ROWS}
    talks.write_card(by, initiative, None, next_talk="x" * 120, **said)
    more = dict.fromkeys(("who_municipality", "who_initiative", "term"), "Y" * 80)
    long = {"what": (WORDS * 3)[:200], "what_not": (WORDS * 3)[:200], "next_message_on": DAY}
    for _number in range(9):
        agreements.agree(by, initiative, **long, **more)
    return initiative


def odd():
    initiative = InitiativeFactory(name=ODD, does_not=LONG[:500], contact=False)
    talks.write_card(UserFactory(), initiative, None, goals_initiative=ODD)
    return initiative


KINDS = {"empty": InitiativeFactory, "filled": filled, "full": full, "odd": odd}


@pytest.mark.parametrize("kind", KINDS)
def test_on_paper_it_is_one_accessible_page(kind):
    made = preparation.pdf(KINDS[kind]())

    checked = checker.validate_pdf_bytes(made, profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in checked.failures] == []
    assert checked.rules.total > 100
    assert len(PdfReader(BytesIO(made)).pages) == 1


@pytest.mark.parametrize("kind", ["filled", "full"])
def test_on_paper_nothing_stands_on_top_of_something_else(kind):
    page = PdfReader(BytesIO(preparation.pdf(KINDS[kind]()))).pages[0]
    down = {}

    def see(text, _user, place, _font, _size):
        down.setdefault(text.strip()[:16], place[5])  # counted from the top

    page.extract_text(visitor_text=see)

    order = ["Wat we willen", "Wanneer horen we", "Wat er tot nu to", "Wie je kunt bell"]
    assert [down[words] for words in order] == sorted({down[words] for words in order})


def test_every_initiative_of_the_demo_has_a_sheet_of_one_page():
    load_municipalities()
    load_demo()
    longest = sorted(
        Initiative.objects.all(), key=lambda one: len(one.does_not + one.description), reverse=True
    )

    for initiative in longest[:5]:
        assert len(PdfReader(BytesIO(preparation.pdf(initiative))).pages) == 1


@pytest.mark.req("REQ-145")
@pytest.mark.parametrize("ending", ["voorbereiding/", "voorbereiding.pdf"])
def test_the_sheet_says_what_they_want_do_not_do_ask_and_were_promised(client, ending):
    lab = LabFactory()
    initiative = filled(municipality=lab.municipality, first_contact="Ria Stoep")
    path = profile_links.path(profile_links.renew(UserFactory(), initiative))

    response = client.get(path + ending)

    text = response.content.decode(errors="ignore")
    if ending.endswith("pdf"):
        text = PdfReader(BytesIO(response.content)).pages[0].extract_text()
    text = " ".join(text.split())
    assert response.status_code == 200
    for words in (
        *("goals: Een buurt", "Wij zijn geen restaurant.", "Van de bewoners", "Ria Stoep"),
        *("We zoeken water.", "Nog geen besluit", "11 maart 2027", "Er komt een bank."),
        *(preparation.QUESTIONS[0], preparation.QUESTIONS[4], lab.contact_phone),
    ):
        assert words in text
    assert "Voor ons." not in text


@pytest.mark.parametrize("ending", ["voorbereiding/", "voorbereiding.pdf"])
def test_no_contact_of_the_initiative_stands_on_it(client_as, ending):
    lab = LabFactory()
    initiative = InitiativeFactory(
        municipality=lab.municipality,
        contact=False,
        address="Geheimpad 9",
        internal_notes="Notitie9",
    )
    ContactFactory(
        initiative=initiative, name="Naam9", email="m@q9.example", phone="06 99 99 99 99"
    )

    response = client_as(STAFF, lab).get(f"/initiatieven/{initiative.slug}/{ending}")

    text = response.content.decode(errors="ignore")
    if ending.endswith("pdf"):
        text = PdfReader(BytesIO(response.content)).pages[0].extract_text()
    for secret in ("Naam9", "q9.example", "99 99 99", "Geheimpad", "Notitie9"):
        assert secret not in text


@pytest.mark.parametrize(
    ("role", "status"),
    [(TRAINER, 200), (COORDINATOR, 200), (PARTICIPANT, 404), (STRANGER, 404)],
)
def test_who_gets_the_file(client_as, role, status):
    lab = LabFactory()
    initiative = InitiativeFactory(municipality=lab.municipality)

    response = client_as(role, lab).get(f"/initiatieven/{initiative.slug}/voorbereiding.pdf")

    assert response.status_code == status
    if status == 200:
        assert response["Content-Type"] == "application/pdf"
        assert response["Cache-Control"] == "no-store"
