"""The report: what it says and with whose name; what it lacks; final, downloaded, opened again."""

import re
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.utils import timezone

from sessions import report
from sessions.models import CardKind, LabInitiative, Presentation, Presenter, Report, Vote
from sessions.points import Edition, points
from tests.conftest import STRANGER, person_with
from tests.factories import (
    AdviceFactory,
    CardFactory,
    EndorsementFactory,
    EnrolmentFactory,
    LabFactory,
    LabInitiativeFactory,
    UserFactory,
    VisitFactory,
)
from werklab import mail, printing
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.errors import Refused
from werklab.models import Consent, Lab, OutgoingMail

NEEDS = ["need_self", "need_initiatives", "need_organisation", "need_colleagues"]


def ready_lab(advices=1, **fields):
    """A lab whose report can be final: sources, first steps and two initiative takers."""
    lab = LabFactory(**fields)
    for _ in range(advices):
        AdviceFactory(lab=lab, sources=[CardFactory(lab=lab)])
    planned = Presentation.objects.create(
        lab=lab, date=date(2027, 5, 12), answer_by=date(2027, 6, 1), asked_at=timezone.now()
    )
    for number, name in enumerate(["Fatma", "Hein"], start=1):
        initiative = LabInitiativeFactory(lab=lab)
        Presenter.objects.create(
            presentation=planned, number=number, initiative=initiative, name=name
        )
    return lab


def path(lab, tail=""):
    return f"/werklabs/{lab.slug}/{tail}"


@pytest.fixture
def renders(monkeypatch):
    """Count how often a PDF is really made; a small one, so that the tests stay quick."""
    made = []
    small = b"%PDF-" + b"x" * 100
    monkeypatch.setattr(printing, "printed", lambda html, sheet: made.append(html) or small)
    return made


@pytest.mark.req("REQ-117")
def test_an_advice_stands_in_it_with_its_sources_by_number():
    lab = LabFactory()
    CardFactory(lab=lab)
    first, second = CardFactory(lab=lab), CardFactory(lab=lab, kind="do")
    AdviceFactory(lab=lab, sources=[second, first])

    found = points(lab)

    assert [source.number for source in found["advices"][0].sources] == ["S2-01", "S1-02"]
    assert [(one.number, one.used_in) for one in found["sources"]] == [
        ("S1-02", [1]),
        ("S2-01", [1]),
    ]


@pytest.mark.req("REQ-119")
def test_it_says_how_many_initiatives_endorse_each_advice(client_as):
    lab = LabFactory()
    advice = AdviceFactory(lab=lab)
    for answer, words in [("yes", ""), ("yes_if", "Mits het blijft."), ("no", "Niet zo.")]:
        EndorsementFactory(advice=advice, answer=answer, words=words)
    LabInitiativeFactory(lab=lab)

    page = client_as(TRAINER, lab).get(path(lab, "advies/rapport/"))

    support = page.context["points"]["advices"][0].support
    assert (support.endorsing, support.total) == (2, 4)
    assert "Mits het blijft." in page.content.decode()
    assert "Niet zo." in page.content.decode()


@pytest.mark.req("REQ-031")
def test_every_advice_shows_its_first_step(client_as):
    advice = AdviceFactory(first_step="Bel morgen de eerste tien.")

    page = client_as(TRAINER, advice.lab).get(path(advice.lab, "advies/rapport/"))

    assert page.content.decode().count("Bel morgen de eerste tien.") == 2


@pytest.mark.req("REQ-083")
def test_dos_and_donts_are_a_chapter_of_their_own_ten_at_most_by_dots():
    lab = LabFactory()
    cards = [CardFactory(lab=lab, kind="do") for _ in range(12)]
    CardFactory(lab=lab, kind="dont")
    Vote.objects.create(card=cards[11], voter=UserFactory())

    found = points(lab)

    assert (len(found["dos"]), len(found["donts"])) == (10, 1)
    assert found["dos"][0].card == cards[11]
    kinds = {each["column"].kind for session in found["sessions"] for each in session["columns"]}
    assert kinds & {CardKind.DO, CardKind.DONT} == set()


@pytest.mark.req("REQ-084")
def test_the_four_lists_of_needs_stand_in_it():
    lab = LabFactory()
    for kind in NEEDS:
        CardFactory(lab=lab, kind=kind)

    (third,) = points(lab)["sessions"]

    assert third["lab_session"].number == 3
    assert [each["column"].kind for each in third["columns"]] == NEEDS


@pytest.mark.req("REQ-030")
def test_the_shared_view_of_the_group_stands_in_it(client_as):
    lab = LabFactory(shared_view="Wij zijn gast in de plannen van bewoners.")

    page = client_as(TRAINER, lab).get(path(lab, "advies/rapport/")).content.decode()

    assert "Wij zijn gast in de plannen van bewoners." in page
    assert 'id="kijk"' in page


@pytest.mark.parametrize("text", ["Met soep en koffie.", ""])
@pytest.mark.req("REQ-123")
def test_looking_back_stands_in_it_when_somebody_wrote_it(client_as, text):
    lab = LabFactory(looking_back=text)

    page = client_as(TRAINER, lab).get(path(lab, "advies/rapport/")).content.decode()

    assert ('id="terugblik"' in page) == bool(text)


def test_names_of_participants_stand_in_it_only_after_a_yes():
    lab = LabFactory()
    named, unnamed = EnrolmentFactory(lab=lab), EnrolmentFactory(lab=lab)
    Consent.objects.create(enrolment=named, kind=Consent.Kind.NAME)
    Consent.objects.create(enrolment=unnamed, kind=Consent.Kind.QUOTES)

    people = points(lab)["people"]

    assert (people["total"], people["named"], people["unnamed"]) == (2, [named.person.name], 1)


def test_numbers_per_department_and_contact_have_no_names():
    lab = LabFactory()
    for department in ("Zorg en welzijn", "Zorg en welzijn", "Veiligheid"):
        EnrolmentFactory(lab=lab, department=department, contact_frequency="Elke week")
    EnrolmentFactory(lab=lab, status="withdrawn")

    people = points(lab)["people"]

    assert people["departments"] == [("Zorg en welzijn", 2), ("Veiligheid", 1)]
    assert people["contact"][0] == ("Elke week", 3)


@pytest.mark.parametrize("consent", [True, False])
def test_a_named_card_shows_its_writer_only_after_a_yes(consent):
    lab = LabFactory()
    writer = EnrolmentFactory(lab=lab)
    CardFactory(lab=lab, named=True, author=writer.person)
    if consent:
        Consent.objects.create(enrolment=writer, kind=Consent.Kind.NAME)

    ((column,),) = [session["columns"] for session in points(lab)["sessions"]]

    assert column["cards"][0].said_by == (writer.person.name if consent else "")


@pytest.mark.parametrize("may_stand", [True, False])
def test_an_initiative_is_named_only_when_it_said_yes(client_as, may_stand):
    lab = LabFactory()
    taker = LabInitiativeFactory(lab=lab, name_in_report=may_stand)
    VisitFactory(guest_of=taker)
    CardFactory(lab=lab, named=True, initiative=taker)
    CardFactory(lab=lab, heard_at=taker)
    EndorsementFactory(advice=AdviceFactory(lab=lab), initiative=taker)
    planned = Presentation.objects.create(lab=lab, date=date(2027, 5, 12))
    Presenter.objects.create(presentation=planned, number=1, initiative=taker, name="Fatma")

    page = client_as(TRAINER, lab).get(path(lab, "advies/rapport/")).content.decode()

    assert (str(taker) in page) is may_stand
    assert "Fatma" not in page


def test_a_withdrawn_yes_takes_the_name_away_again(client_as):
    lab = LabFactory()
    enrolment = EnrolmentFactory(lab=lab)
    consent = Consent.objects.create(enrolment=enrolment, kind=Consent.Kind.NAME)

    before = points(lab)["people"]["named"]
    consent.delete()

    assert (before, points(lab)["people"]["named"]) == ([enrolment.person.name], [])


@pytest.mark.parametrize("many", [1, 8])
def test_the_page_costs_the_same_for_one_and_for_eight(client_as, django_assert_num_queries, many):
    lab = ready_lab(advices=many)
    for advice in lab.advices.all():
        EndorsementFactory(advice=advice)
        EnrolmentFactory(lab=lab)
        card = CardFactory(lab=lab, kind="do", named=True, author=UserFactory())
        Vote.objects.create(card=card, voter=UserFactory())
    client = client_as(COORDINATOR, lab)

    with django_assert_num_queries(12):
        client.get(path(lab, "advies/rapport/"))


def test_page_and_paper_say_the_same(client_as, renders):
    lab = ready_lab(advices=3, shared_view="Wij bellen eerst.", looking_back="Het was koud.")
    EndorsementFactory(advice=lab.advices.first(), answer="yes_if", words="Mits het mag.")
    client = client_as(COORDINATOR, lab)

    page = client.get(path(lab, "advies/rapport/")).content.decode()
    client.get(path(lab, "advies.pdf"))

    def words(html, start, end):
        html = re.sub(r"<svg.*?</svg>", "", html[html.index(start) : html.index(end)], flags=re.S)
        return re.sub(r"<[^>]+>|\s", "", html)

    start, end = '<section class="asks"', '<table class="table table--cards sources__table"'
    assert words(page, start, end) == words(renders[0], start, end)


@pytest.mark.parametrize(
    ("lacks", "must"),
    [
        ("advice", True),
        ("source", True),
        ("first step", True),
        ("initiative taker", True),
        ("owner", False),
        ("term", False),
        ("day", False),
        ("asking", False),
    ],
)
@pytest.mark.req("REQ-117", "REQ-031", "REQ-120")
def test_what_must_be_there_before_it_is_final(renders, lacks, must):
    lab = ready_lab()
    advice = lab.advices.get()
    if lacks == "advice":
        advice.delete()
    elif lacks == "source":
        advice.source_links.all().delete()
    elif lacks == "initiative taker":
        Presenter.objects.first().delete()
    elif lacks in ("day", "asking"):
        Presentation.objects.update(**{"day": {"date": None}, "asking": {"asked_at": None}}[lacks])
    else:
        setattr(advice, lacks.replace(" ", "_"), "")
        advice.save()

    if must:
        with pytest.raises(Refused):
            report.finalise(UserFactory(), lab)
    else:
        report.finalise(UserFactory(), lab)

    assert len(report.what_is_missing(lab)) == int(must)
    assert Report.objects.count() == int(not must)
    assert len(renders) == int(not must)


@pytest.mark.req("REQ-122")
def test_a_final_report_is_kept_with_its_fingerprint(renders):
    lab, trainer = ready_lab(), UserFactory()

    kept = report.finalise(trainer, lab)

    assert (kept.number, kept.made_by) == (1, trainer)
    assert kept.sha256 == sha256(bytes(Report.objects.get().pdf)).hexdigest()
    assert report.standing(lab) == kept
    assert lab.events.get().name == "advice_finalised"


@pytest.mark.req("REQ-122")
def test_a_final_report_is_downloaded_again_byte_for_byte_without_making_it(client_as, renders):
    lab = ready_lab()
    kept = report.finalise(person_with(TRAINER, lab), lab)
    client = client_as(COORDINATOR, lab)

    first, second = (client.get(path(lab, "advies.pdf")) for _ in range(2))

    assert first.content == second.content == bytes(kept.pdf)
    assert first["ETag"] == f'"{kept.sha256}"'
    assert len(renders) == 1


@pytest.mark.req("REQ-122")
def test_the_file_has_a_name_and_is_stored_nowhere_on_its_way(client_as, renders):
    lab = ready_lab(municipality__name="’s-Testdorp & Zn.")
    client = client_as(COORDINATOR, lab)
    today = timezone.localdate().isoformat()

    draft = client.get(path(lab, "advies.pdf"))
    report.finalise(person_with(TRAINER, lab), lab)
    final = client.get(path(lab, "advies.pdf"))

    names = [
        re.search(r'filename="(.*)"', each["Content-Disposition"])[1] for each in (draft, final)
    ]
    assert names == [
        f"advies-s-testdorp-zn-{today}-concept.pdf",
        f"advies-s-testdorp-zn-{today}-definitief.pdf",
    ]
    for each in (draft, final):
        assert each["Content-Type"] == "application/pdf"
        assert (each["Cache-Control"], each["X-Content-Type-Options"]) == ("no-store", "nosniff")


def test_when_something_changes_while_it_is_made_nothing_is_kept(monkeypatch):
    lab = ready_lab()

    def somebody_is_faster(html, sheet):
        Lab.objects.update(version=Lab.objects.get().version + 1)
        return b"%PDF"

    monkeypatch.setattr(printing, "printed", somebody_is_faster)

    with pytest.raises(Refused):
        report.finalise(UserFactory(), lab)

    assert (Report.objects.count(), OutgoingMail.objects.count()) == (0, 0)


def test_it_is_made_final_once(renders):
    lab = ready_lab()
    report.finalise(UserFactory(), lab)

    with pytest.raises(Refused):
        report.finalise(UserFactory(), lab)

    assert (Report.objects.count(), len(renders)) == (1, 1)


@pytest.mark.req("REQ-122")
def test_participants_and_coordinator_get_a_letter_with_a_link_that_opens(
    renders, client, client_as
):
    lab = ready_lab(taken=2)
    EnrolmentFactory(lab=lab, status="waiting")

    report.finalise(person_with(TRAINER, lab), lab)

    letters = OutgoingMail.objects.order_by("pk")
    seated = [enrolment.person.email for enrolment in lab.enrolments.seated()]
    assert [letter.to for letter in letters] == [*seated, person_with(COORDINATOR, lab).email]
    own = re.search(r"https?://[^/]+(/mijn/\S+)", mail.message(letters[0]).body)[1]
    assert client.get(own).status_code == 200
    assert client.post(own)["Location"] == path(lab, "advies/rapport/")
    body = mail.message(letters[2]).body
    to_report = re.search(r"https?://[^/]+(/werklabs/\S+rapport/)", body)[1]
    assert client_as(COORDINATOR, lab).get(to_report).status_code == 200
    assert path(lab, "advies.pdf") in body


@pytest.mark.req("REQ-122")
def test_opened_again_the_old_report_is_kept_and_the_next_is_number_two(renders, client_as):
    lab = ready_lab()
    client = client_as(TRAINER, lab)

    client.post(path(lab, "advies/vaststellen/"))
    client.post(path(lab, "advies/heropenen/"))
    assert report.standing(lab) is None
    client.post(path(lab, "advies/vaststellen/"))

    assert [(kept.number, kept.replaced_at is None) for kept in Report.objects.all()] == [
        (2, True),
        (1, False),
    ]


@pytest.mark.parametrize("reason", ["not final", "lab closed"])
def test_there_must_be_something_to_open(renders, reason):
    lab = ready_lab()
    if reason == "lab closed":
        report.finalise(UserFactory(), lab)
        Lab.objects.update(status=Lab.Status.CLOSED)

    with pytest.raises(Refused):
        report.reopen(UserFactory(), lab)

    assert Report.objects.standing().count() == int(reason == "lab closed")


@pytest.mark.req("REQ-122")
@pytest.mark.parametrize(
    ("role", "draft", "final", "draft_page"),
    [
        (STAFF, 200, 200, 200),
        (TRAINER, 200, 200, 200),
        (COORDINATOR, 200, 200, 200),
        (PARTICIPANT, 403, 200, 200),
        (STRANGER, 404, 404, 404),
    ],
)
def test_who_may_read_the_draft_and_the_final_report(
    client_as, renders, role, draft, final, draft_page
):
    lab = ready_lab()
    client = client_as(role, lab)

    codes = [client.get(path(lab, "advies/rapport/")).status_code]
    codes.append(client.get(path(lab, "advies.pdf")).status_code)
    report.finalise(person_with(TRAINER, lab), lab)
    codes.append(client.get(path(lab, "advies.pdf")).status_code)

    assert codes == [draft_page, draft, final]


@pytest.mark.parametrize("tail", ["advies/vaststellen/", "advies/heropenen/"])
@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 302), (TRAINER, 302), (COORDINATOR, 403), (PARTICIPANT, 403), (STRANGER, 404)],
)
def test_who_may_make_it_final_and_open_it(client_as, renders, tail, role, status):
    lab = ready_lab()
    if tail == "advies/heropenen/":
        report.finalise(person_with(TRAINER, lab), lab)
    before = report.standing(lab)

    response = client_as(role, lab).post(path(lab, tail))

    assert response.status_code == status
    assert (report.standing(lab) == before) == (status != 302)


def test_one_person_makes_no_more_than_twenty_drafts_in_ten_minutes(client_as, renders):
    lab = ready_lab()
    client = client_as(COORDINATOR, lab)

    codes = [client.get(path(lab, "advies.pdf")).status_code for _ in range(21)]

    assert codes == [200] * 20 + [302]
    assert len(renders) == 20
    assert client_as(TRAINER, lab).get(path(lab, "advies.pdf")).status_code == 200


def test_the_page_keeps_characters_that_paper_cannot_show(client_as):
    advice = AdviceFactory(title="Vier het 🎉 samen <b>met</b> مرحبا")

    page = client_as(TRAINER, advice.lab).get(path(advice.lab, "advies/rapport/")).content.decode()

    assert "Vier het 🎉 samen &lt;b&gt;met&lt;/b&gt; مرحبا" in page


@pytest.mark.parametrize(
    ("begin", "end", "words"),
    [
        (date(2027, 3, 9), date(2027, 3, 9), 1),
        (date(2027, 3, 9), date(2027, 3, 30), 1),
        (date(2026, 12, 1), date(2027, 1, 20), 2),
    ],
)
def test_the_cover_tells_when_it_was(begin, end, words):
    lab = LabFactory()
    for number, day in [(1, begin), (2, begin), (3, end)]:
        moment = timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 10 + number))
        lab.sessions.filter(number=number).update(
            starts_at=moment, ends_at=moment + timedelta(minutes=30)
        )

    assert len(re.findall(r"\d{4}", points(lab)["period"])) == words


def test_an_archived_lab_without_dates_and_people_has_a_report(client_as):
    lab = LabFactory(roles=False, status=Lab.Status.CLOSED)
    lab.sessions.update(starts_at=None, ends_at=None)

    page = client_as(STAFF, lab).get(path(lab, "advies/rapport/"))

    assert page.status_code == 200
    assert page.context["points"]["period"] == ""


def test_the_months_of_looking_back_go_past_the_end_of_a_year():
    lab = LabFactory()
    Presentation.objects.create(lab=lab, date=date(2027, 11, 30))

    months = points(lab)["follow_up"]

    assert [month[-4:] for month in months] == ["2028", "2028", "2028"]


def test_initiatives_that_joined_and_were_visited_are_counted():
    lab = LabFactory()
    visit = VisitFactory(guest_of=LabInitiativeFactory(lab=lab))
    LabInitiativeFactory(lab=lab)
    visit.answer, visit.slot, visit.answered_at = "welcome", visit.slots.get(), timezone.now()
    visit.save()

    found = points(lab)["initiatives"]

    assert (found["total"], found["visited"]) == (2, 1)
    assert LabInitiative.objects.count() == 2


@pytest.mark.req("REQ-122")
def test_the_command_writes_the_same_file(renders, tmp_path):
    lab = ready_lab()
    kept = report.finalise(person_with(TRAINER, lab), lab)

    call_command("advice_pdf", lab.slug, str(tmp_path / "advies.pdf"), verbosity=0)

    assert (tmp_path / "advies.pdf").read_bytes() == bytes(kept.pdf)


@pytest.mark.parametrize("wrong", ["lab", "folder"])
def test_the_command_says_what_is_wrong(renders, tmp_path, wrong):
    lab = ready_lab()
    slug = "nergens" if wrong == "lab" else lab.slug
    file = tmp_path / "is" / "er" / "niet.pdf" if wrong == "folder" else tmp_path / "advies.pdf"

    with pytest.raises(CommandError):
        call_command("advice_pdf", slug, str(file))

    assert list(tmp_path.iterdir()) == []


def test_the_style_sheet_names_no_address():
    assert "url(" not in Path(finders.find("css/advice.css")).read_text()


def test_a_draft_is_of_today_and_a_final_one_of_its_own_day():
    lab = LabFactory()
    yesterday = timezone.now() - timedelta(days=1)
    draft = points(lab)["edition"]
    Report.objects.create(lab=lab, number=3, pdf=b"%PDF", sha256="0" * 64, made_at=yesterday)

    assert draft == Edition(timezone.localdate())
    assert points(lab)["edition"] == Edition(timezone.localdate(yesterday), 3)
