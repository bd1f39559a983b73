"""Bringing a file into the register: first a look, then all of it or nothing."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook  # noqa: TID253

from initiatives import importing
from initiatives.columns import COLUMNS
from initiatives.models import Contact, Initiative, RegisterImport, Theme
from tests.conftest import STRANGER, person_with
from tests.factories import InitiativeFactory, LabFactory, MunicipalityFactory
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.models import Event, Lab

IMPORT = "/initiatieven/import/"
REGISTER = "/initiatieven/"
HEADER = "Gemeente;Naam;Wat het doet"


@pytest.fixture
def lab():
    return LabFactory(municipality=MunicipalityFactory(name="Vlierhoven"))


@pytest.fixture
def client(client_as, lab):
    return client_as(TRAINER, lab)


def table(*lines, encoding="utf-8", header=HEADER):
    return "\r\n".join([header, *lines]).encode(encoding)


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def upload(client, content, name="lijst.csv"):
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, content)})


def refusal(client, content, name="lijst.csv"):
    """The sentence at the field; nothing was kept."""
    response = upload(client, content, name)
    assert response.status_code == 200
    assert not RegisterImport.objects.exists()
    return " ".join(response.context["form"].errors["file"])


def preview(client, content, name="lijst.csv"):
    """The page that says what will happen."""
    response = upload(client, content, name)
    assert response.status_code == 302, response.context["form"].errors
    return client.get(response.url)


def bring_in(client, content, name="lijst.csv"):
    """Look, and press the button."""
    page = preview(client, content, name)
    assert page.context["plan"].can_be_done, page.context["plan"].wrong
    return client.post(page.request["PATH_INFO"], follow=True)


def wrong(page):
    return page.context["plan"].wrong


@pytest.mark.req("REQ-133")
def test_a_file_is_looked_at_first_and_then_written(client, lab):
    page = preview(client, table("Vlierhoven;De Kas;Samen tuinieren"))

    assert Initiative.objects.count() == 0
    assert [row.name for row in page.context["plan"].new] == ["De Kas"]
    assert "De Kas" in page.content.decode()

    after = client.post(page.request["PATH_INFO"], follow=True)

    kas = Initiative.objects.get()
    assert (kas.name, kas.municipality, kas.source) == ("De Kas", lab.municipality, "import")
    assert (kas.slug, kas.plain_text) == ("de-kas", "de kas samen tuinieren")
    assert "1 initiatief toegevoegd" in after.content.decode()
    assert not RegisterImport.objects.exists()


def test_bringing_in_is_one_line_in_the_logbook_and_renews_the_labs_of_the_municipality(
    client, lab
):
    before = Lab.objects.get(pk=lab.pk).version

    bring_in(client, table("Vlierhoven;De Kas;Tuin", "Vlierhoven;De Spaak;Fietsen"))

    event = Event.objects.get(name="register_imported")
    assert (event.about, event.detail) == ("lijst.csv", "new=2 changed=0 same=0")
    assert Lab.objects.get(pk=lab.pk).version > before


def test_every_column_is_brought_in(client, lab):
    header = ";".join(column.header for column in COLUMNS)
    cells = (
        "kas-1;vlierhoven;De Kas;Samen tuinieren;Geen winkel;Van de bewoners;Noord;Kruidpad 1;"
        "Roos Tanis;Bewonersinitiatief | green_initiative;Zorg en naar elkaar omkijken|food;"
        "Zorg en welzijn|Veiligheid;Hekken;Loopt;2012;Allebei;Alleen vrijwilligers;12;0;"
        "Zaterdag;Wij willen meedenken;host;Geld om te beginnen;Een kraan;Buren;Jongeren;"
        "Wie waar woont;8;52,0907;5,1214;kas.example;door de gemeente;Fatma El Amrani;"
        "fatma@kas.example;'+31 6 1234;Graag bellen"
    )

    bring_in(client, table(cells, header=header))

    kas = Initiative.objects.get(slug="kas-1")
    assert kas.kinds == ["residents_initiative", "green_initiative"]
    assert set(kas.themes.values_list("code", flat=True)) == {"care", "food"}
    assert kas.departments == ["Zorg en welzijn", "Veiligheid"]
    assert (kas.ownership, kas.stage, kas.focus, kas.staffing) == (
        "residents",
        "running",
        "both",
        "volunteers",
    )
    assert (kas.started_year, kas.volunteers, kas.paid_people, kas.most_guests) == (2012, 12, 0, 8)
    assert (kas.latitude, kas.longitude) == (52.0907, 5.1214)
    assert (kas.website, kas.source) == ("https://kas.example", "municipality")
    assert (kas.role_wishes, kas.roles_possible) == (["adviser"], ["host"])
    assert kas.contact.phone == "+31 6 1234"


def test_the_same_file_again_changes_nothing_and_says_so(client):
    content = table("Vlierhoven;De Kas;Tuin", "Vlierhoven;De Spaak;Fietsen")
    bring_in(client, content)
    events = Event.objects.count()

    page = preview(client, content)

    assert page.context["plan"].same == 2
    assert not page.context["plan"].can_be_done
    assert "Er verandert niets" in page.content.decode()
    assert (Initiative.objects.count(), Event.objects.count()) == (2, events)


@pytest.mark.parametrize("name", ["De Kas", "DE KAS", " de kas "])
def test_an_initiative_that_is_there_is_changed_and_not_doubled(client, lab, name):
    kas = InitiativeFactory(municipality=lab.municipality, name="De Kas", description="Oud")

    page = preview(client, table(f"Vlierhoven;{name};Nieuw"))
    assert "Wat het doet" in page.context["plan"].changed[0].headers
    client.post(page.request["PATH_INFO"])

    kas.refresh_from_db()
    assert (Initiative.objects.count(), kas.description) == (1, "Nieuw")
    assert kas.plain_text == f"{name.strip().lower()} noord nieuw"


def test_by_its_code_an_initiative_gets_another_name_and_keeps_its_address(client, lab):
    kas = InitiativeFactory(municipality=lab.municipality, name="De Kas", slug="de-kas")

    bring_in(client, table("de-kas;Vlierhoven;De Grote Kas;Tuin", header=f"Code;{HEADER}"))

    kas.refresh_from_db()
    assert (kas.name, kas.slug, Initiative.objects.count()) == ("De Grote Kas", "de-kas", 1)


def test_an_empty_cell_leaves_what_the_register_says(client, lab):
    kas = InitiativeFactory(municipality=lab.municipality, name="De Kas", does_not="Geen winkel")
    kas.themes.set(Theme.objects.filter(code="food"))
    header = f"{HEADER};Wat het niet doet;Thema's;Mailadres"

    bring_in(client, table("Vlierhoven;De Kas;Nieuw;;;", header=header))

    kas.refresh_from_db()
    assert (kas.description, kas.does_not) == ("Nieuw", "Geen winkel")
    assert list(kas.themes.values_list("code", flat=True)) == ["food"]
    assert kas.contact.email


def test_the_contact_and_the_themes_of_who_is_there_change_too(client, lab):
    kas = InitiativeFactory(municipality=lab.municipality, name="De Kas", description="Tuin")
    kas.themes.set(Theme.objects.filter(code="food"))
    header = f"{HEADER};Thema's;Telefoon"

    bring_in(client, table("Vlierhoven;De Kas;Tuin;green;06 9999", header=header))

    assert list(kas.themes.values_list("code", flat=True)) == ["green"]
    contact = Contact.objects.get(initiative=kas)
    assert (contact.name, contact.phone) == (kas.contact.name, "06 9999")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_export_brought_in_again_is_no_difference(client, lab, kind):
    themes = Theme.objects.filter(code__in=["green", "food"])
    for number, name in enumerate(["=1+1", "'@x", "-De “Kas”; é", "''=ja", "Gewoon"]):
        one = InitiativeFactory(
            municipality=lab.municipality,
            name=name,
            description="Regel een\r\nregel twee",
            kinds=["green_initiative", "residents_initiative"],
            latitude=52.09 + number / 7,
            longitude=5.1,
            volunteers=0,
            website="https://kas.example/?a=1",
        )
        one.themes.set(themes)
    exported = b"".join(client.get(f"{REGISTER}export.{kind}").streaming_content)

    page = preview(client, exported, f"initiatieven.{kind}")

    plan = page.context["plan"]
    assert (plan.same, plan.new, plan.changed, plan.wrong) == (5, [], [], [])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_exported_can_be_brought_into_an_empty_register(client, lab, kind):
    one = InitiativeFactory(municipality=lab.municipality, name="=Kas", does_not="@niets")
    one.themes.set(Theme.objects.filter(code="green"))
    path = f"{REGISTER}export.{kind}"
    exported = b"".join(client.get(path).streaming_content)
    Initiative.objects.all().delete()

    bring_in(client, exported, f"initiatieven.{kind}")

    again = b"".join(client.get(path).streaming_content)
    assert again == exported if kind == "csv" else preview(client, again, "a.xlsx")
    assert Initiative.objects.get().does_not == "@niets"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_accents_come_through_in_every_usual_encoding(client, encoding):
    bring_in(client, table("Vlierhoven;Café De Brém;Koffie", encoding=encoding))

    assert Initiative.objects.get().name == "Café De Brém"


@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_every_usual_sign_between_cells_will_do(client, sign):
    lines = [HEADER, "Vlierhoven;De Kas;Tuin"]

    bring_in(client, "\n".join(lines).replace(";", sign).encode())

    assert Initiative.objects.get().description == "Tuin"


def test_a_workbook_is_read_with_its_numbers(client):
    header = [*HEADER.split(";"), "Sinds", "Telefoon", "Contactpersoon"]
    row = ["Vlierhoven", "De Kas", "Tuin", 2012.0, 612345678, "Fatma"]

    bring_in(client, workbook(header, row), "lijst.xlsx")

    kas = Initiative.objects.get()
    assert (kas.started_year, kas.contact.phone) == (2012, "612345678")


def test_every_wrong_cell_is_named_with_its_row_and_column_and_nothing_is_written(client, lab):
    header = f"{HEADER};Sinds;Fase;Mailadres;Breedtegraad;Contactpersoon"
    content = table(
        "Vlierhoven;De Kas;Tuin;;;;;",
        "Elders;De Spaak;Fietsen;gisteren;Bijna klaar;geen adres;12;",
        "Vlierhoven;;Iets;;;;;",
        "Vlierhoven;Half;Iets;;;;52,1;",
        "Vlierhoven;Naamloos;Iets;;;a@kas.example;;",
        "Vlierhoven;Stil;Iets;;;;;Fatma",
        header=header,
    )

    page = preview(client, content)

    assert [(line, column) for line, column, _why in wrong(page)] == [
        (3, "Fase"),
        (3, "Sinds"),
        (3, "Breedtegraad"),
        (3, "Mailadres"),
        (3, "Gemeente"),
        (4, "Naam"),
        (5, ""),
        (6, ""),
        (7, ""),
    ]
    assert "Rij 3, kolom “Fase”" in page.content.decode()
    assert client.post(page.request["PATH_INFO"]).status_code == 302
    assert Initiative.objects.count() == 0
    assert RegisterImport.objects.count() == 1


def test_a_column_that_is_missing_is_asked_for_by_name(client):
    sentence = refusal(client, b"Gemeente;Wat het doet\r\nVlierhoven;Tuin")

    assert "Naam" in sentence
    assert Initiative.objects.count() == 0


def test_a_column_that_is_there_twice_is_named(client):
    assert "Naam" in refusal(client, b"Gemeente;Naam;naam;Wat het doet\r\nVlierhoven;a;b;c")


def test_columns_that_nobody_knows_are_named_and_left_out(client):
    page = preview(client, table("Vlierhoven;De Kas;Tuin;rood", header=f"{HEADER};Kleur"))

    assert "Kleur" in page.content.decode()
    assert page.context["plan"].can_be_done


def test_two_equal_rows_are_said_and_written_once(client):
    row = "Vlierhoven;De Kas;Tuin"
    page = preview(client, table(row, row))

    assert page.context["plan"].twins == [(3, 2)]
    client.post(page.request["PATH_INFO"])
    assert Initiative.objects.count() == 1


def test_two_rows_that_contradict_each_other_are_refused(client):
    page = preview(client, table("Vlierhoven;De Kas;Tuin", "Vlierhoven;de kas;Iets anders"))

    assert [(line, column) for line, column, _why in wrong(page)] == [(3, "")]
    client.post(page.request["PATH_INFO"])
    assert Initiative.objects.count() == 0


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_formula_is_named_and_never_calculated(client, kind):
    lines = [HEADER.split(";"), ["Vlierhoven", "De Kas", "=1+1"]]
    content = workbook(*lines) if kind == "xlsx" else table("Vlierhoven;De Kas;=1+1")

    page = preview(client, content, f"lijst.{kind}")

    ((line, column, why),) = wrong(page)
    assert (line, column) == (2, "Wat het doet")
    assert "formule" in why
    client.post(page.request["PATH_INFO"])
    assert Initiative.objects.count() == 0


def test_text_with_a_semicolon_that_falls_apart_is_not_brought_in_by_halves(client):
    page = preview(client, table("Vlierhoven;De Kas;Tuin; en meer"))

    assert [line for line, _column, _why in wrong(page)] == [2]


PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 40


def bomb():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", b"0" * (70 * 1024 * 1024))
    return made.getvalue()


def half_a_workbook():
    return workbook(HEADER.split(";"), ["Vlierhoven", "De Kas", "Tuin"])[:-900]


def zip_of(name):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as folder:
        folder.writestr(name, "Niets")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (PHOTO, "foto.jpg", "geen tabel"),
        (PHOTO, "foto.csv", "geen tabel"),
        (PHOTO, "foto.xlsx", "geen XLSX"),
        (b"Gemeente;Naam", "lijst.xlsx", "geen XLSX"),
        (zip_of("foto.jpg"), "lijst.xlsx", "geen tabel"),
        (zip_of("xl/workbook.xml"), "lijst.xlsx", "niet te lezen"),
        (half_a_workbook(), "lijst.xlsx", "niet te lezen"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "lijst.xls", "oud Excelbestand"),
        (b"\n\n", "leeg.csv", "leeg"),
        (b"", "leeg.csv", "leeg"),
        (HEADER.encode(), "kop.csv", "geen rij"),
        (b"x" * (10 * 1024 * 1024 + 1), "groot.csv", "10 MB"),
        (table('Vlierhoven;De Kas;"' + "x" * 200_000), "quote.csv", "aanhalingsteken"),
        (table(*["Vlierhoven;De Kas;Tuin"] * 10_001), "lang.csv", "10000"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_gets_a_sentence_and_nothing_is_kept(client, content, name, said):
    assert said in refusal(client, content, name)
    assert Initiative.objects.count() == 0


@pytest.mark.parametrize("name", ["lijst.xlsx", "lijst.csv", "foto.jpg"])
def test_a_file_of_50_mb_is_refused_with_its_size_and_nothing_is_kept(client, name):
    sentence = refusal(client, b"PK\x03\x04" + b"\x00" * (50 * 1024 * 1024 - 4), name)

    assert "50 MB" in sentence
    assert "10 MB" in sentence
    assert Initiative.objects.count() == 0


def test_a_list_of_five_thousand_in_latin_1_is_looked_at_written_and_the_same_again(client):
    rows = [f"Vlierhoven;Café {number};Koffie met één buur" for number in range(5000)]
    content = table(*rows, encoding="latin-1")

    after = bring_in(client, content)
    again = preview(client, content)

    assert "5000 initiatieven toegevoegd" in after.content.decode()
    assert Initiative.objects.filter(description="Koffie met één buur").count() == 5000
    assert (again.context["plan"].same, again.context["plan"].can_be_done) == (5000, False)


def test_a_workbook_that_unpacks_to_far_more_is_refused(client):
    assert "te groot" in refusal(client, bomb(), "bom.xlsx")


def test_no_file_chosen_is_said_at_the_field(client):
    response = client.post(IMPORT)

    assert "Kies een bestand" in response.content.decode()


def test_a_retired_initiative_is_not_brought_back_by_a_file(client, lab):
    kas = InitiativeFactory(municipality=lab.municipality, name="De Kas")
    Initiative.objects.filter(pk=kas.pk).update(retired_at=timezone.now())

    assert wrong(preview(client, table("Vlierhoven;De Kas;Nieuw")))


def test_a_code_of_another_municipality_touches_nothing_there(client, lab):
    there = InitiativeFactory(slug="elders", name="Elders")

    bring_in(client, table("elders;Vlierhoven;De Kas;Tuin", header=f"Code;{HEADER}"))

    there.refresh_from_db()
    assert there.name == "Elders"
    assert Initiative.objects.get(name="De Kas").slug == "elders-2"


def test_a_name_that_another_one_has_is_refused(client, lab):
    InitiativeFactory(municipality=lab.municipality, name="De Kas", slug="kas")
    InitiativeFactory(municipality=lab.municipality, name="De Spaak", slug="spaak")

    page = preview(client, table("kas;Vlierhoven;de spaak;Tuin", header=f"Code;{HEADER}"))

    assert len(wrong(page)) == 1


@pytest.mark.parametrize("name", ["Nieuw", "Import", "!!!"])
def test_the_address_of_a_page_is_never_given_away(client, name):
    bring_in(client, table(f"Vlierhoven;{name};Tuin"))

    assert Initiative.objects.get().slug not in ("nieuw", "import", "")


def test_a_second_press_of_the_button_writes_nothing_twice(client):
    page = preview(client, table("Vlierhoven;De Kas;Tuin"))
    path = page.request["PATH_INFO"]
    client.post(path)

    again = client.post(path, follow=True)

    assert Initiative.objects.count() == 1
    assert "al verwerkt" in again.content.decode()


def test_what_changed_between_looking_and_doing_is_looked_at_again(client, lab):
    page = preview(client, table("Vlierhoven;De Kas;Tuin"))
    InitiativeFactory(municipality=lab.municipality, name="De Kas", retired_at=timezone.now())

    response = client.post(page.request["PATH_INFO"], follow=True)

    assert Initiative.objects.count() == 1
    assert wrong(response)


def test_when_one_row_cannot_be_written_none_is(client, monkeypatch):
    page = preview(client, table("Vlierhoven;De Kas;Tuin", "Vlierhoven;De Spaak;Fietsen"))

    def broken(rows):
        raise ZeroDivisionError

    monkeypatch.setattr("initiatives.writing._write_themes", broken)
    with pytest.raises(ZeroDivisionError):
        client.post(page.request["PATH_INFO"])

    assert Initiative.objects.count() == 0
    assert RegisterImport.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 302), (TRAINER, 302), (COORDINATOR, 302), (PARTICIPANT, 403), (STRANGER, 403)],
)
def test_who_brings_a_file_in(client_as, lab, role, status):
    response = upload(client_as(role, lab), table("Vlierhoven;De Kas;Tuin"))

    assert response.status_code == status


def test_somebody_elses_file_is_not_there(client, client_as, lab):
    page = preview(client, table("Vlierhoven;De Kas;Tuin"))
    path = page.request["PATH_INFO"]
    other = client_as(COORDINATOR, lab)

    assert other.get(path).status_code == 404
    other.post(path)
    assert (Initiative.objects.count(), RegisterImport.objects.count()) == (0, 1)


def test_a_file_that_nobody_brought_in_is_wiped_after_a_day(lab):
    by = person_with(TRAINER, lab)
    RegisterImport.objects.create(by=by, name="vers.csv")
    old = timezone.now() - timedelta(days=1, minutes=1)
    RegisterImport.objects.create(by=by, name="oud.csv", created_at=old)

    assert (importing.throw_away_old(), importing.throw_away_old()) == (1, 0)
    assert RegisterImport.objects.get().name == "vers.csv"


@pytest.mark.parametrize("many", [1, 8])
def test_looking_and_doing_cost_the_same_for_one_and_for_eight(
    client, many, django_assert_max_num_queries
):
    rows = [f"Vlierhoven;De Kas {number};Tuin" for number in range(many)]
    path = upload(client, table(*rows)).url

    with django_assert_max_num_queries(8):
        client.get(path)
    with django_assert_max_num_queries(20):
        client.post(path)

    assert Initiative.objects.count() == many


def test_what_a_file_says_is_escaped(client):
    page = preview(client, table("Vlierhoven;<b>Kas</b>;Tuin"))

    assert "<b>Kas</b>" not in page.content.decode()
