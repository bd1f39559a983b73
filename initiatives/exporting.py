"""The register as a file, for who may read it: CSV that Excel opens properly, and XLSX."""

import csv
import io
import tempfile
from collections.abc import Iterator
from typing import IO

from django.db.models import QuerySet

from initiatives.columns import COLUMNS, Column, cell, values_of
from initiatives.finding import Filters
from initiatives.models import Initiative
from initiatives.register import initiatives_for, municipalities_for
from initiatives.tables import harmless
from werklab import events
from werklab.models import User

AT_ONCE = 500
BOM = "\ufeff"


def export(by: User, filters: Filters, kind: str) -> IO[bytes]:
    """The initiatives that this person may read and looks for, as a "csv" or "xlsx" file.

    Contacts and notes only of municipalities whose register this person keeps.
    """
    initiatives = filters.narrow(initiatives_for(by, "read_register").active())
    keeps = set(municipalities_for(by, "edit_register").values_list("pk", flat=True))
    columns = [column for column in COLUMNS if keeps or not column.shielded]
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (who asks for it closes it)
    write = _write_workbook if kind == "xlsx" else _write_text
    number = write(file, columns, _rows(initiatives, columns, keeps))
    file.seek(0)
    events.record(by, "register_exported", label=kind.upper(), detail=f"rows={number}")
    return file


def _rows(
    initiatives: QuerySet[Initiative], columns: list[Column], keeps: set[int]
) -> Iterator[list[str]]:
    """One row for each initiative, by municipality and name, without taking all in memory."""
    read = initiatives.select_related("municipality", "contact").prefetch_related("themes")
    for initiative in read.order_by("municipality__name", "name", "pk").iterator(AT_ONCE):
        themes = [theme.code for theme in initiative.themes.all()]
        values = values_of(initiative, themes, getattr(initiative, "contact", None))
        shown = initiative.municipality_id in keeps
        yield [
            harmless(cell(column, values[column.field])) if shown or not column.shielded else ""
            for column in columns
        ]


def _write_text(file: IO[bytes], columns: list[Column], rows: Iterator[list[str]]) -> int:
    """As Dutch Excel wants it: a mark for UTF-8, semicolons, and lines that end as on Windows."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    text.write(BOM)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(column.header for column in columns)
    number = 0
    for row in rows:
        writer.writerow(row)
        number += 1
    text.detach()
    return number


def _write_workbook(file: IO[bytes], columns: list[Column], rows: Iterator[list[str]]) -> int:
    from openpyxl import Workbook  # noqa: PLC0415 (slow, and 20 MB: only who needs it)

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Initiatieven")
    sheet.freeze_panes = "A2"
    sheet.append([column.header for column in columns])
    number = 0
    for row in rows:
        sheet.append([value or None for value in row])
        number += 1
    book.save(file)
    return number
