"""The register as a file: what stands in it, for whom, and that no cell does anything."""

import csv
import io

import pytest
from openpyxl import load_workbook  # noqa: TID253

from initiatives.models import Initiative, Theme
from tests.conftest import STRANGER
from tests.factories import InitiativeFactory, LabFactory, TrainerFactory
from werklab.access import COORDINATOR, PARTICIPANT, STAFF, TRAINER
from werklab.models import Event

CSV, XLSX = "/initiatieven/export.csv", "/initiatieven/export.xlsx"
KINDS = pytest.mark.parametrize("path", [CSV, XLSX])


def content(response):
    return b"".join(response.streaming_content)


def rows(response):
    """What a spreadsheet reads: a dictionary for each row, by header."""
    made = content(response)
    if made.startswith(b"PK"):
        read = load_workbook(io.BytesIO(made)).active.iter_rows(values_only=True)
        table = [[value or "" for value in row] for row in read]
    else:
        table = list(csv.reader(io.StringIO(made.decode("utf-8-sig")), delimiter=";"))
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


@KINDS
@pytest.mark.req("REQ-133")
def test_the_register_can_be_taken_along_as_a_file(client_as, path):
    lab = LabFactory()
    tuin = InitiativeFactory(municipality=lab.municipality, name="Café De Brém", stage="running")
    tuin.themes.set(Theme.objects.filter(code__in=["green", "care"]))

    (row,) = rows(client_as(TRAINER, lab).get(path))

    assert (row["Naam"], row["Gemeente"], row["Code"]) == (
        "Café De Brém",
        lab.municipality.name,
        tuin.slug,
    )
    assert row["Fase"] == "Loopt"
    assert row["Thema's"] == "Zorg en naar elkaar omkijken | Groen, natuur en park"
    assert row["Mailadres"] == tuin.contact.email
    assert Event.objects.get(name="register_exported").lab is None


def test_excel_opens_the_csv_as_it_was_meant(client_as):
    lab = LabFactory()
    InitiativeFactory(municipality=lab.municipality, name="Café; “Brém”", description="Een\nTwee")

    response = client_as(TRAINER, lab).get(CSV)
    made = content(response)

    assert made.startswith(b"\xef\xbb\xbfCode;Gemeente;Naam;")
    assert made.endswith(b"\r\n")
    assert '"Café; “Brém”"'.encode() in made
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    assert ".csv" in response["Content-Disposition"]


@KINDS
@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_cell_that_would_calculate_is_made_harmless(client_as, path, sign):
    lab = LabFactory()
    InitiativeFactory(municipality=lab.municipality, name=f"{sign}1+1")

    (row,) = rows(client_as(TRAINER, lab).get(path))

    assert row["Naam"] == f"'{sign}1+1"


@KINDS
def test_signs_that_nobody_sees_break_no_file(client_as, path):
    lab = LabFactory()
    InitiativeFactory(municipality=lab.municipality, description="Een\x07 \x1ftuin\r\nen meer")

    (row,) = rows(client_as(TRAINER, lab).get(path))

    assert row["Wat het doet"] == "Een tuin\nen meer"


@KINDS
def test_the_file_holds_what_the_list_shows(client_as, path):
    lab = LabFactory()
    InitiativeFactory(municipality=lab.municipality, name="De Spaak", stage="idea")
    InitiativeFactory(municipality=lab.municipality, name="De Kas", stage="running")
    Initiative.objects.filter(pk=InitiativeFactory(municipality=lab.municipality).pk).update(
        retired_at=lab.created_at
    )
    InitiativeFactory(name="Elders")
    client = client_as(TRAINER, lab)

    assert [row["Naam"] for row in rows(client.get(path))] == ["De Kas", "De Spaak"]
    assert [row["Naam"] for row in rows(client.get(path, {"fase": "idea"}))] == ["De Spaak"]
    assert [row["Naam"] for row in rows(client.get(path, {"q": "kas"}))] == ["De Kas"]
    assert rows(client.get(path, {"q": "\x00%"})) == []


@KINDS
@pytest.mark.parametrize(
    ("role", "status"),
    [(STAFF, 200), (TRAINER, 200), (COORDINATOR, 200), (PARTICIPANT, 403), (STRANGER, 403)],
)
def test_who_takes_the_register_along(client_as, path, role, status):
    response = client_as(role, LabFactory()).get(path)
    response.close()

    assert response.status_code == status


@KINDS
def test_nobody_takes_it_along_without_signing_in_and_posting_is_not_asking(client, path):
    assert client.get(path).status_code == 302

    client.force_login(TrainerFactory())

    assert client.post(path).status_code == 405
    assert not Event.objects.filter(name="register_exported").exists()


@KINDS
def test_a_participant_who_came_by_link_gets_no_file(by_link, path):
    lab = LabFactory(taken=1)

    assert by_link(lab.enrolments.get()).get(path).status_code == 403


@KINDS
@pytest.mark.parametrize("many", [1, 8])
def test_a_file_costs_the_same_for_one_and_for_eight(
    client_as, path, many, django_assert_max_num_queries
):
    lab = LabFactory()
    for _ in range(many):
        InitiativeFactory(municipality=lab.municipality)
    client = client_as(TRAINER, lab)

    with django_assert_max_num_queries(9):
        rows(client.get(path))
