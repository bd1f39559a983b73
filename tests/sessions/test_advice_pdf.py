"""The report on paper: accessible, in one type face, fetching nothing, whatever people typed."""

import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO

import page as checker
import pytest
from django.utils.translation import gettext
from pypdf import PdfReader

from sessions import pdf, report
from sessions.models import CardKind, Presentation, Presenter, Side, Vote
from sessions.points import Edition, points
from tests.conftest import person_with
from tests.factories import (
    AdviceFactory,
    CardFactory,
    EndorsementFactory,
    EnrolmentFactory,
    LabFactory,
    LabInitiativeFactory,
    UserFactory,
)
from tests.sessions.test_report import ready_lab
from werklab import printing
from werklab.access import COORDINATOR, TRAINER
from werklab.errors import Refused
from werklab.models import Consent

ODD = (
    "Zo 👍🏽 dan, مرحبا بالعالم, Ж, 中文, e\u0301e\u0301n, \ufb01jn, ①, a\u00adb, x\u200by, "
    "\u202etsrif, \u2010, ½ €5 – ‘ja’"
)
CODE = "<script>alert(1)</script> <img src=file:///etc/passwd> {{ 7|add:7 }} &amp; \\ \" '"
LONG = "Aansprakelijkheidswaardevaststellingsveranderingen " * 30


def minimal():
    """A lab of which nothing is known yet."""
    return LabFactory(roles=False, sessions=False)


def maximal():
    """A lab with as much as fits: every field full, long words, many cards."""
    lab = LabFactory(shared_view=LONG, looking_back=LONG, title="Werklab " + "x" * 70)
    for number in range(15):
        enrolment = EnrolmentFactory(lab=lab, department=f"Afdeling {number}")
        Consent.objects.create(enrolment=enrolment, kind=Consent.Kind.NAME)
    takers = [LabInitiativeFactory(lab=lab, name_in_report=bool(n % 2)) for n in range(8)]
    kinds = [kind for kind in CardKind.values for _ in range(4)]
    cards = [CardFactory(lab=lab, kind=kind, text=LONG[:280]) for kind in kinds]
    for card in cards[::3]:
        Vote.objects.create(card=card, voter=UserFactory())
    short = ("for_whom", "owner", "needs")
    for number in range(12):
        advice = AdviceFactory(
            lab=lab,
            title=LONG[:120],
            text=LONG[:1500],
            why="W" * 1500,
            first_step=LONG[:280],
            sources=cards[number : number + 6],
            **dict.fromkeys(short, LONG[:160]),
        )
        for taker, answer in zip(takers, ["yes", "yes_if", "no", "no_opinion"] * 2, strict=True):
            EndorsementFactory(advice=advice, initiative=taker, answer=answer, words=LONG[:500])
    return lab


def odd():
    """A lab in which people typed emoji, other scripts and code in every field."""
    lab = LabFactory(shared_view=ODD + CODE, looking_back=CODE + ODD, title=ODD[:40])
    taker = LabInitiativeFactory(lab=lab, name_in_report=True)
    writer = EnrolmentFactory(lab=lab, person__name="Żółć Nguyễn 🎈", department=CODE[:80])
    Consent.objects.create(enrolment=writer, kind=Consent.Kind.NAME)
    said = {"named": True, "author": writer.person, "side": Side.TOGETHER}
    card = CardFactory(lab=lab, text=CODE + ODD, **said)
    CardFactory(lab=lab, kind="do", text=ODD)
    words = {"title": (CODE + ODD)[:120], "text": ODD, "why": CODE, "first_step": ODD, "owner": ODD}
    advice = AdviceFactory(lab=lab, sources=[card], **words)
    EndorsementFactory(advice=advice, initiative=taker, answer="yes_if", words=ODD + CODE)
    planned = Presentation.objects.create(lab=lab, date=date(2027, 5, 12), place=CODE[:100])
    Presenter.objects.create(
        presentation=planned, number=1, initiative=taker, name=ODD[:40], name_in_report=True
    )
    return lab


LABS = {"minimal": minimal, "maximal": maximal, "odd": odd}
_made: dict[str, bytes] = {}


def pdf_of(name):
    """The draft of one of these labs; making it takes a while, so each is made once."""
    if name not in _made:
        _made[name] = pdf.make_pdf(points(LABS[name]()))
    return _made[name]


def pages_of(made):
    return [page.extract_text() for page in PdfReader(BytesIO(made)).pages]


def fonts_of(made):
    """Name and file of every font in a PDF."""
    found = {}
    for page in PdfReader(BytesIO(made)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            (descendant,) = font.get_object()["/DescendantFonts"]
            descriptor = descendant.get_object()["/FontDescriptor"].get_object()
            found[str(font.get_object()["/BaseFont"])] = "/FontFile2" in descriptor
    return found


@pytest.mark.req("REQ-122")
@pytest.mark.parametrize("name", LABS)
def test_it_is_accessible(name):
    checked = checker.validate_pdf_bytes(pdf_of(name), profile="ua1")

    assert [(failure.rule_id, failure.message) for failure in checked.failures] == []
    assert checked.rules.total > 100


@pytest.mark.parametrize("name", LABS)
def test_only_the_house_font_is_in_it_and_all_of_it_is(name):
    fonts = fonts_of(pdf_of(name))

    assert fonts
    assert all("Hanken-Grotesk" in font for font in fonts)
    assert all(fonts.values())


@pytest.mark.parametrize("name", LABS)
def test_a_reader_hears_dutch_and_finds_title_and_chapters(name):
    reader = PdfReader(BytesIO(pdf_of(name)))
    root = reader.trailer["/Root"]

    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == ("nl", True)
    assert reader.metadata.title
    assert len(reader.outline) > 0


def test_every_page_of_a_draft_says_so_and_none_of_a_final_report():
    lab = ready_lab(advices=3)
    word = gettext("DRAFT")

    draft = pages_of(pdf.make_pdf(points(lab)))
    final = pages_of(pdf.make_pdf(points(lab, Edition(date(2027, 5, 12), 1))))

    assert len(draft) == len(final) > 5
    assert all(word in page for page in draft)
    assert not any(word in page for page in final)


def test_what_people_typed_is_text():
    text = "".join("".join(pages_of(pdf_of("odd"))).split())

    assert "".join(CODE.split()) in text


def test_a_character_that_the_font_lacks_shows_that_it_is_missing():
    text = "".join(pages_of(pdf_of("odd")))

    assert f"Zo {printing.MISSING} dan" in text
    assert "½ €5 – ‘ja’" in text


def test_without_odd_characters_nothing_is_said_of_them():
    assert printing.MISSING not in "".join(pages_of(pdf_of("minimal")))


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Joop 👩‍👩‍👧‍👦 en co", "Joop [?] en co"),
        ("مرحبا بك", "[?] [?]"),
        ("e\u0301\u00adén", "één"),
        ("\ufb01x ①", "\ufb01x 1"),
        ("vier\u2011vijf\u00a0m²", "vier-vijf\u00a0m²"),
        ("Nguyễn Đặng, Łódź, İstanbul", "Nguyễn Đặng, Łódź, İstanbul"),
        ("recht\u202eom\u2066a\u2069", "rechtoma"),
        ("a\u2028b\u3000c", "a b c"),
        ("een\ntwee\tdrie", "een\ntwee\tdrie"),
    ],
)
def test_text_is_written_in_letters_of_the_font(typed, printed):
    assert printing.printable(typed) == printed


@pytest.fixture
def listener():
    """A server on this machine that writes down who comes by."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    server.seen, server.address = seen, f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


PULLS = [
    '<img alt="x" src="{url}">',
    '<img alt="x" src="file:///etc/passwd">',
    '<img alt="x" src="FILE:/etc/passwd">',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<style>@import "{url}"; @font-face {{ font-family: x; src: url({url}) }}</style>',
    '<p style="background: url({url})">x</p>',
    '<object data="{url}">x</object><embed src="{url}">',
    '<svg><title>x</title><image href="{url}" width="9" height="9"/></svg>',
]


@pytest.mark.parametrize("pull", PULLS)
def test_even_markup_fetches_nothing(listener, pull):
    """No such markup comes from people; if it ever did, no report is made of it."""
    body = pull.format(url=f"{listener.address}/x.png")
    html = f'<html lang="nl"><head><title>t</title></head><body><h1>t</h1>{body}</body></html>'

    try:
        made = printing.printed(html, "advice.css")
    except Refused:
        made = b""

    assert listener.seen == []
    assert b"root:" not in made
    assert not made or PdfReader(BytesIO(made)).attachments == {}


def test_an_address_in_the_markup_is_refused_with_a_sentence():
    html = '<html lang="nl"><title>t</title><body><img alt="x" src="http://127.0.0.1:9/x.png">'

    with pytest.raises(Refused):
        printing.printed(html, "advice.css")


def test_addresses_that_people_type_are_not_visited(listener):
    lab = LabFactory(looking_back=f'<img src="{listener.address}/a"> {listener.address}/b')
    AdviceFactory(lab=lab, title=f"Zie {listener.address}/c", why=f"url({listener.address}/d)")

    pdf.make_pdf(points(lab))

    assert listener.seen == []


@pytest.mark.req("REQ-122")
def test_a_coordinator_downloads_the_real_file(client_as):
    lab = ready_lab()
    report.finalise(person_with(TRAINER, lab), lab)

    response = client_as(COORDINATOR, lab).get(f"/werklabs/{lab.slug}/advies.pdf")

    assert checker.validate_pdf_bytes(response.content, profile="ua1").is_compliant


@pytest.mark.parametrize(("wrote", "read"), [(0, 0), (1, 0), (0, 1), (15, 8)])
def test_everybody_has_a_chair_on_the_cover(wrote, read):
    table = pdf.chairs({"people": {"total": wrote}, "initiatives": {"total": read}})

    colours = [colour for _x, _y, colour in table["places"]]
    assert colours.count(pdf.YELLOW_CHAIR) == wrote
    assert colours.count(pdf.WHITE_CHAIR) == read
    assert len({(x, y) for x, y, _colour in table["places"]}) == wrote + read
