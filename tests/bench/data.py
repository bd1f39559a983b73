"""The bench's own database, visitors and single measurements."""

import hashlib
import re
import time
from functools import cache
from urllib.parse import urlencode, urlsplit

import django
import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import Client
from granian import __version__ as granian_version
from playwright.sync_api import sync_playwright

from tests.bench.pages import Page
from tests.bench.server import Server
from tests.browser import chromium
from werklab.letters import link_of
from werklab.middleware import LINK_IN_SESSION
from werklab.models import Enrolment, Lab, Municipality, User

SIGNED_IN = {
    "trainer": "bo.kladblok@werklab.example",  # of wilgenmeer
    "staff": "lsa@werklab.example",
    "busy trainer": "trainer0@veel.example",
}
ENROLLED = iter(range(1, 10**9))


def prepare(url: str) -> None:
    """A new database with the demo and, around it, the labs of some years."""
    name = urlsplit(url).path.lstrip("/")
    server = url.rsplit("/", 1)[0] + "/postgres"
    try:
        admin = psycopg.connect(server, autocommit=True)
    except psycopg.OperationalError as error:
        raise SystemExit(
            f"make bench needs PostgreSQL ({error}). On Debian: apt-get install postgresql; "
            "then set DATABASE_URL."
        ) from None
    with admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("demo", verbosity=0)
    call_command("webfont", verbosity=0)
    _older_labs(200)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _older_labs(count: int) -> None:
    places = list(Municipality.objects.order_by("pk")[:count])
    labs = Lab.objects.bulk_create(
        Lab(municipality=m, title=f"Werklab {m}", slug=f"oud-{m.code}", join_code=m.code.lower())
        for m in places
    )
    people = User.objects.bulk_create(
        User(name=f"Mens {n}", email=f"mens{n}@oud.example", password="!")
        for n in range(13 * len(labs))
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            lab=lab,
            person=people[13 * turn + seat],
            number=seat + 1,
            seat=seat + 1,
            status="seated",
            department="Zorg en welzijn",
            function="Adviseur",
            contact_frequency="Elke maand",
        )
        for turn, lab in enumerate(labs)
        for seat in range(13)
    )


def remove_older_labs() -> None:
    """Make room for labs that are at work."""
    Lab.objects.filter(slug__startswith="oud-").delete()


def print_versions() -> None:
    """What was measured, so that a figure can be read later."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (postgres,) = cursor.fetchone()
    print(f"Django {django.__version__}, granian {granian_version}, PostgreSQL {postgres}")
    print("one worker, one thread, one connection; DEBUG off; demo data and 200 older labs")


def baseline_path() -> str:
    """The row that the baseline reads."""
    return f"/rij/{Municipality.objects.order_by('pk').first().pk}/"


def headers_for(who: str, server: Server) -> dict[str, str]:
    """The cookie of a signed-in trainer, or of a participant who came by link."""
    session = SessionStore()
    if who in SIGNED_IN:
        user = User.objects.get(email=SIGNED_IN[who])
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    elif who == "participant":
        session[LINK_IN_SESSION] = link_of(_participant()).pk
    else:
        return {}
    session.create()
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}


@cache
def _participant() -> Enrolment:
    return Enrolment.objects.select_related("lab", "person").get(
        lab__slug="vlierhoven", seat=1, status="seated"
    )


def raise_version(slug: str) -> None:
    """What every action does: the fragments of this lab are stale."""
    Lab.objects.filter(slug=slug).update(version=F("version") + 1)


def csrf_for(page: Page, server: Server, headers: dict) -> str:
    """A token and its cookie, as the form gives them; the cookie is put in `headers`."""
    connection_ = server.connect()
    connection_.request("GET", page.path)
    response = connection_.getresponse()
    body = response.read().decode()
    headers["Cookie"] = response.headers["Set-Cookie"].split(";")[0]
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', body)[1]


def enrol_form(token: str, headers: dict) -> tuple[str, dict]:
    """One more person who enrols; from the sixteenth on they go to the waiting list."""
    number = next(ENROLLED)
    form = {
        "csrfmiddlewaretoken": token,
        "name": f"Mens {number}",
        "email": f"nieuw{number}@vlierhoven.example",
        "department": "Zorg en welzijn",
        "function": "Adviseur",
        "contact_frequency": "Elke maand",
    }
    return urlencode(form), headers | {"Content-Type": "application/x-www-form-urlencoded"}


def queries(page: Page) -> int:
    """How many queries this page takes, session and user included."""
    count = []
    client = Client(SERVER_NAME="127.0.0.1")
    cookie = headers_for(page.who, None).get("Cookie")
    if cookie:
        name, _, value = cookie.partition("=")
        client.cookies[name] = value
    if page.stale:
        raise_version(page.lab)
    elif not page.post:
        client.get(page.path)

    def counting(execute, sql, params, many, context):
        count.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counting):
        if page.post:
            client.post(page.path, dict(_fields()))
        else:
            client.get(page.path)
    return len([sql for sql in count if not sql.startswith(("SAVEPOINT", "RELEASE"))])


def _fields():
    body, _headers = enrol_form("", {})
    return [pair.split("=") for pair in body.split("&")] and [
        ("name", "Mens Extra"),
        ("email", f"extra{next(ENROLLED)}@vlierhoven.example"),
        ("department", "Zorg en welzijn"),
        ("function", "Adviseur"),
        ("contact_frequency", "Elke maand"),
    ]


def pdf(app: Server) -> list[str]:
    """The report of Wilgenmeer in a warm worker, and a final one downloaded twice."""
    headers = headers_for("trainer", app)
    app.get("/werklabs/wilgenmeer/advies.pdf", headers)
    began = time.perf_counter()
    status, body = app.get("/werklabs/wilgenmeer/advies.pdf", headers)
    took, peak = time.perf_counter() - began, app.memory("VmHWM")
    print(
        f"\nadvies.pdf of wilgenmeer: {status}, {len(body) / 1024:.0f} kB, {took:.2f} s (gate 1.5)"
    )
    print(f"peak memory of the worker: {peak:.0f} MB (gate 250)")
    failed = [] if status == 200 else [f"PDF answered {status}"]
    failed += [f"PDF {took:.1f} s"] if took > 1.5 else []
    failed += [f"PDF {peak:.0f} MB"] if peak > 250 else []
    return failed + _final_pdf(app)


def _final_pdf(app: Server) -> list[str]:
    user = User.objects.get(email="noor.wilgenpad@lindedonk.example")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}
    began = time.perf_counter()
    _status, first = app.get("/werklabs/lindedonk/advies.pdf", headers)
    took = time.perf_counter() - began
    _status, second = app.get("/werklabs/lindedonk/advies.pdf", headers)
    print(f"final advies.pdf of lindedonk: {took * 1000:.0f} ms, sha256 {_sha(first)[:12]}…")
    return [] if first == second and first.startswith(b"%PDF") else ["final PDF differs"]


def _sha(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def first_load(app: Server) -> list[str]:
    """Bytes and requests of the public page in a browser that was never there."""
    seen: list[tuple[str, int]] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium())
        page = browser.new_page()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        urls: dict[str, str] = {}
        session.on(
            "Network.requestWillBeSent",
            lambda e: urls.update({e["requestId"]: e["request"]["url"]}),
        )
        session.on(
            "Network.loadingFinished",
            lambda e: seen.append((urls[e["requestId"]], e["encodedDataLength"])),
        )
        page.goto(f"http://127.0.0.1:{app.port}/meedoen/vlierhoven/", wait_until="networkidle")
        browser.close()
    total = sum(size for _url, size in seen) / 1024
    foreign = [url for url, _size in seen if urlsplit(url).port != app.port]
    print(
        f"\nfirst load of the public page: {total:.1f} kB (gate 70), {len(seen)} requests (gate 8)"
    )
    for url, size in seen:
        print(f"  {size / 1024:6.1f} kB  {urlsplit(url).path}")
    failed = [f"first load {total:.0f} kB"] if total > 70 else []
    failed += [f"first load {len(seen)} requests"] if len(seen) > 8 else []
    return failed + ([f"foreign {foreign}"] if foreign else [])
