"""Read a table that somebody made elsewhere: CSV in any usual way, or XLSX.

Whatever else it is (a photo, a workbook that unpacks to gigabytes), it gives one sentence.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, time
from typing import Any, BinaryIO, TextIO

from django.utils.translation import gettext as _

from werklab.errors import Refused

MB = 1024 * 1024
MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 10 * MB, 10_000, 100
LONGEST_HEADER = 10_000
# What a workbook may become when it is unpacked: its sheets, its texts, each other part.
MOST_UNPACKED, MOST_TEXTS, MOST_PART = 60 * MB, 20 * MB, 2 * MB
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
ACTS = re.compile(r"'*[=+\-@\t\r]")  # how a cell begins that a spreadsheet calculates
HIDDEN = re.compile(r"'+[=+\-@\t\r]")
DELIMITERS = ";,\t"
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
FORMULA = "\x00="  # in the place of a cell that holds a formula; no text has this sign

Row = list[str]


def tidy(text: str) -> str:
    """The same text without signs that nobody sees, and with one way to end a line."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def harmless(text: str) -> str:
    """A text as a cell that no spreadsheet takes for a formula; `as_it_was` undoes it."""
    return f"'{text}" if ACTS.match(text) else text


def as_it_was(text: str) -> str:
    """What the cell said before it was made harmless."""
    return text[1:] if HIDDEN.match(text) else text


def read(file: BinaryIO, name: str, is_header: Callable[[Row], int]) -> Iterator[Row]:
    """The rows of a file, the header first. Raises Refused with what to do.

    `is_header` tells how many headers of a row are known: that finds the sign between cells.
    """
    start = file.read(8)
    file.seek(0)
    if start.startswith(ZIP):
        return _limited(_rows_of_workbook(file))
    if start.startswith(OLD_EXCEL):
        raise Refused(_("This is an old Excel file. Open it and save it as .xlsx."))
    if name.lower().endswith((".xlsx", ".xlsm")):
        raise Refused(
            _("This file is called .xlsx but is no XLSX. Open it and save it again as .xlsx.")
        )
    return _limited(_rows_of_text(_opened(file.read(MOST_BYTES + 1)), is_header))


def _limited(rows: Iterable[Row]) -> Iterator[Row]:
    """Each row, and a refusal at the first one too many; an empty row is an empty list."""
    written = 0
    for row in rows:
        kept = row if any(row) else []
        written += bool(kept)
        if written > MOST_ROWS + 1:
            most = {"most": MOST_ROWS}
            raise Refused(_("There are more than %(most)s rows. Cut the file in parts.") % most)
        yield kept


def _opened(content: bytes) -> TextIO:
    """The text of a file, in the way of writing that it seems to have, read as it goes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in content:
        raise Refused(_("This is no table. Choose a CSV or XLSX file."))
    else:
        encoding = "utf-8-sig" if _is_utf8(content) else "cp1252"
    return io.TextIOWrapper(io.BytesIO(content), encoding, errors="replace", newline="")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _rows_of_text(text: TextIO, is_header: Callable[[Row], int]) -> Iterator[Row]:
    begin = text.read(LONGEST_HEADER)
    text.seek(0)
    if begin[:4].lower() == "sep=":  # a line by which Excel is told the sign between cells
        begin = begin.partition("\n")[2]
        text.readline()
    firsts = {sign: next(csv.reader(io.StringIO(begin), delimiter=sign), []) for sign in DELIMITERS}
    best = max(DELIMITERS, key=lambda sign: is_header(firsts[sign]))
    rows = csv.reader(text, delimiter=best)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as wrong:
            line = {"line": rows.line_num}
            sentence = _("Row %(line)s cannot be read. Look for a quotation mark too many.")
            raise Refused(sentence % line) from wrong
        yield [_of_text(value) for value in row]


def _of_text(value: str) -> str:
    value = value.strip()
    return FORMULA if value.startswith("=") else tidy(as_it_was(value))


def _rows_of_workbook(file: BinaryIO) -> Iterator[Row]:
    """The rows of the first sheet."""
    _look_inside(file)
    from openpyxl import load_workbook  # noqa: PLC0415 (slow, and 20 MB: only who needs it)

    broken = _("This XLSX cannot be read. Open it and save it again as .xlsx.")
    try:
        book = load_workbook(file, read_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MOST_COLUMNS, max_row=2 * MOST_ROWS, values_only=True)
    except Exception as wrong:  # a broken workbook raises anything, from KeyError to zlib's own
        raise Refused(broken) from wrong
    try:
        for row in rows:
            yield [_of_cell(value) for value in row]
    except Exception as wrong:
        raise Refused(broken) from wrong
    finally:
        book.remove(sheet)  # the two hold each other, and with them every text of the workbook
        book.close()


def _look_inside(file: BinaryIO) -> None:
    """Refuse what is no workbook, or would unpack to more than a table can be."""
    too_large = _("This XLSX is too large inside. Copy only the table to a new file.")
    try:
        parts = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as wrong:
        raise Refused(_("This XLSX cannot be read. Open it and save it again as .xlsx.")) from wrong
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise Refused(_("This is no table. Choose a CSV or XLSX file."))
    for part in parts:
        if part.filename.startswith("xl/worksheets/"):
            most = MOST_UNPACKED
        elif part.filename == "xl/sharedStrings.xml":
            most = MOST_TEXTS
        elif part.filename.endswith((".xml", ".rels")):
            most = MOST_PART
        else:
            continue  # pictures and the like, which nobody unpacks
        if part.file_size > most:
            raise Refused(too_large)
    if len(parts) > 1000:
        raise Refused(too_large)
    file.seek(0)


def _of_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _of_text(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (int, float, date, time)):
        return str(value)
    return FORMULA  # of a kind that fills several cells
