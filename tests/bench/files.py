"""Bring 5,000 rows into the register through a real server, and take them out again.

    python -m tests.bench.files [database url]

Prints the seconds of the worker's CPU for looking (upload and preview), doing and exporting, and
how far its memory rose above its start, for CSV and XLSX. Without a URL it uses a database of its
own.
"""

# ruff: noqa: PLC0415 (the database is chosen first, then Django starts)

import csv
import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 5000
MOST_LOOKING, MOST_DOING, MOST_MEMORY = 5.0, 10.0, 100.0
ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = "Buren maken samen iets moois van hun straat en vragen de gemeente om mee te denken. "


def table(turn: str) -> list[list[str]]:
    """A header and rows in which every column is filled."""
    from initiatives.columns import COLUMNS
    from werklab.models import Municipality

    places = list(Municipality.objects.order_by("pk").values_list("name", flat=True)[:50])
    by_hand = {"volunteers": "12", "paid_people": "0", "most_guests": "8", "started_year": "2012"}
    by_hand |= {"latitude": "52.09", "longitude": "5.12", "website": "https://kas.example"}
    by_hand |= {"contact_phone": "06 1234 5678", "description": TEXT + turn, "does_not": TEXT[:40]}
    rows = [[column.header for column in COLUMNS]]
    for number in range(ROWS):
        own = {"municipality": places[number % 50], "name": f"Initiatief {turn[0]} {number}"}
        own |= {"contact_email": f"mens{number}@kas.example", "code": ""}
        rows.append(
            [
                own.get(column.field, by_hand.get(column.field))
                if column.field in own or column.field in by_hand
                else " | ".join(str(label) for _code, label in column.words[:2])
                if type(column).__name__ == "Words"
                else str(column.words[number % 3][1])
                if hasattr(column, "words")
                else "Een paar woorden"
                for column in COLUMNS
            ]
        )
    return rows


def as_csv(rows) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue().encode()


def as_xlsx(rows) -> bytes:
    from openpyxl import Workbook

    book, made = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(made)
    return made.getvalue()


class Visitor:
    """Somebody of LSA, signed in."""

    def __init__(self, server, cookie):
        self.server, self.cookie = server, cookie

    def ask(self, method, path, body=b"", kind=""):
        """One request; gives the status, where it sends us, and the body."""
        from django.conf import settings

        connection = self.server.connect()
        headers = {"Cookie": f"{self.cookie}; {settings.CSRF_COOKIE_NAME}={'a' * 32}"}
        headers |= {"X-CSRFToken": "a" * 32, "Host": f"127.0.0.1:{self.server.port}"}
        if kind:
            headers["Content-Type"] = kind
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, response.headers.get("Location", ""), content

    def upload(self, content, name):
        """Choose a file, and look at what it will do; gives the path of that page and its text."""
        mark = "------grens"
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        head += "Content-Type: application/octet-stream\r\n\r\n"
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        kind = f"multipart/form-data; boundary={mark}"
        status, path, said = self.ask("POST", "/initiatieven/import/", body, kind)
        assert status == 302, (status, said[-3000:])
        return path, self.ask("GET", path)[2].decode()


def cpu(visitor) -> float:
    """What the worker has spent: on a busy machine the clock says nothing."""
    return visitor.server.cpu_seconds()


def measure(visitor, content, name):
    """Look, do, look again; the seconds of each, and the memory of the worker afterwards."""
    started = cpu(visitor)
    path, page = visitor.upload(content, name)
    looked = cpu(visitor) - started
    assert "Voer door" in page, page[-3000:]
    started = cpu(visitor)
    status, _to, _page = visitor.ask("POST", path)
    done = cpu(visitor) - started
    assert status == 302
    started = cpu(visitor)
    _path, again = visitor.upload(content, name)
    same = cpu(visitor) - started
    assert "Er verandert niets" in again
    return looked, done, same


def main() -> int:
    """Measure CSV and XLSX in servers of their own; 1 when something takes too long."""
    folder = Path(tempfile.mkdtemp())
    os.environ["DATABASE_URL"] = (
        sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder / 'files.sqlite3'}"
    )
    os.environ |= {"DJANGO_SETTINGS_MODULE": "werklab.settings", "SECRET_KEY": "only-for-bench"}
    os.environ |= {"VAR_DIR": str(folder), "STATIC_ROOT": str(folder / "static"), "HTTPS": "0"}
    os.environ |= {"DEBUG": "0", "DEMO": "0", "REQUIRE_SECOND_FACTOR": "0"}
    subprocess.run([sys.executable, ".ci/prepare.py"], cwd=ROOT, check=True)
    import django

    django.setup()
    from django.test import Client

    from tests.bench.server import Server
    from tests.factories import MunicipalityFactory, UserFactory
    from werklab.models import Municipality

    for number in range(max(0, 50 - Municipality.objects.count())):
        MunicipalityFactory(code=f"BF{number:04}", name=f"Benchdorp {number}")
    staff = UserFactory(is_staff=True, email=f"bench{time.time()}@werklab.example")
    client = Client()
    client.force_login(staff)
    cookie = next(iter(client.cookies.values())).OutputString().split(";")[0]
    too_much = False
    for kind, make in (("csv", as_csv), ("xlsx", as_xlsx)):
        rows = table(kind + str(time.time()))
        changed = [[value.replace("moois", "nieuws") for value in row] for row in rows]
        with Server("werklab.wsgi:application", {}) as server:
            visitor = Visitor(server, cookie)
            visitor.ask("GET", "/initiatieven/import/")
            start = server.memory()
            for name, content in (("new", make(rows)), ("changed", make(changed))):
                looked, done, same = measure(visitor, content, f"lijst.{kind}")
                rose = server.memory("VmHWM") - start
                print(
                    f"{kind} {name}: look {looked:.2f} s, do {done:.2f} s, again {same:.2f} s, "
                    f"memory +{rose:.0f} MB of {start:.0f} ({len(content) / 1e6:.1f} MB file)",
                    flush=True,
                )
                too_much |= looked > MOST_LOOKING or done > MOST_DOING or rose > MOST_MEMORY
            started = cpu(visitor)
            status, _to, file = visitor.ask("GET", f"/initiatieven/export.{kind}")
            seconds = cpu(visitor) - started
            rose = server.memory("VmHWM") - start
            size = len(file) / 1e6
            print(f"{kind} export: {status}, {seconds:.2f} s, {size:.1f} MB, +{rose:.0f} MB")
    return int(too_much)


if __name__ == "__main__":
    sys.exit(main())
