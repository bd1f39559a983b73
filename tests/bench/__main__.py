"""`make bench`: what each page costs beside the barest view, on the same server in the same run.

Prints versions, ratios, queries, bytes and memory, and ends with 1 when a gate is passed. Nothing
here is compared between runs: a machine drifts, a ratio does not.
"""

import gzip
import os
import statistics
import sys
import tempfile
import time
from http.client import HTTPConnection

URL = os.environ.setdefault("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/werklab_bench")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "werklab.settings")
os.environ.update(DEMO="1", VAR_DIR=os.environ.get("VAR_DIR") or tempfile.mkdtemp())

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from tests.bench import data, many, many_initiatives  # noqa: E402
from tests.bench.pages import PAGES, Page  # noqa: E402
from tests.bench.server import Server  # noqa: E402
from werklab.models import Enrolment  # noqa: E402

ROUNDS, WARM_UP = 5, 40


class Visitor:
    """Asks for one page again and again on one open connection."""

    def __init__(self, page: Page, server: Server):
        self.page, self.server = page, server
        self.headers = data.headers_for(page.who, server)
        self.connection: HTTPConnection = server.connect()
        self.token = data.csrf_for(page, server, self.headers) if page.post else ""

    def ask(self) -> bytes:
        """One request; the answer must be the page it is."""
        if self.page.stale:
            data.raise_version(self.page.lab)
        if self.page.post:
            body, headers = data.enrol_form(self.token, self.headers)
            self.connection.request("POST", self.page.path, body, headers)
        else:
            self.connection.request("GET", self.page.path, headers=self.headers)
        response = self.connection.getresponse()
        answer = response.read()
        expected = 302 if self.page.post else 200
        if response.status != expected or self.page.marker.encode() not in answer:
            raise SystemExit(f"{self.page.name}: {response.status}, not the page it should be")
        return answer

    def cost(self, count: int) -> tuple[float, float]:
        """CPU seconds of the worker and the median wall seconds of one request."""
        self.connection = self.server.connect()  # the server ends one that waits long for its turn
        walls, before = [], self.server.cpu_seconds()
        for _ in range(count):
            began = time.perf_counter()
            self.ask()
            walls.append(time.perf_counter() - began)
        return (self.server.cpu_seconds() - before) / count, statistics.median(walls)


def main() -> int:
    """Measure everything in interleaved rounds; say what passed its gate."""
    data.prepare(URL)
    env = {"DATABASE_URL": URL, "DEMO": "1", "VAR_DIR": os.environ["VAR_DIR"]}
    call_command("collectstatic", interactive=False, verbosity=0)
    data.print_versions()
    with (
        Server("tests.bench.baseline:application", env) as base,
        Server("werklab.wsgi:application", env) as app,
    ):
        bare = Visitor(Page("baseline", data.baseline_path(), "", 1, 1, ""), base)
        again = Visitor(Page("baseline, again", data.baseline_path(), "", 1, 1, ""), base)
        visitors = [Visitor(page, app) for page in PAGES]
        sizes = {visitor.page.name: warm_up(visitor) for visitor in [bare, again, *visitors]}
        figures = measure(bare, [again, *visitors])
        failed = report(figures, sizes, [again, *visitors])
        failed += memory_and_start(app)
        failed += data.pdf(app)
        failed += data.first_load(app)
        failed += overview(bare, app)
        failed += register(bare, app)
    print("\nGates passed" if not failed else "\nABOVE THE GATE: " + "; ".join(failed))
    return 1 if failed else 0


def overview(bare: Visitor, app: Server) -> list[str]:
    """The overview with a hundred labs and with a thousand, on the same server."""
    figures = []
    data.remove_older_labs()
    for total in (many.FEW, many.MANY):
        many.fill(total)
        print(f"\n{total} labs with {Enrolment.objects.count()} enrolments:", end="")
        visitors = [Visitor(page, app) for page in many.PAGES]
        sizes = {visitor.page.name: warm_up(visitor) for visitor in visitors}
        figures.append(measure(bare, visitors))
        failed = report(figures[-1], sizes, visitors)
    return failed + many.compare(*figures)


def register(bare: Visitor, app: Server) -> list[str]:
    """The register with a thousand initiatives and with twenty thousand, on the same server."""
    figures = []
    for total in (many_initiatives.FEW, many_initiatives.MANY):
        many_initiatives.fill(total)
        print(f"\n{total} initiatives:", end="")
        visitors = [Visitor(page, app) for page in many_initiatives.PAGES]
        sizes = {visitor.page.name: warm_up(visitor) for visitor in visitors}
        figures.append(measure(bare, visitors))
        failed = report(figures[-1], sizes, visitors)
    return failed + many_initiatives.compare(*figures)


def warm_up(visitor: Visitor) -> bytes:
    """Let the worker load what this page needs; returns the page for its size."""
    for _ in range(WARM_UP if not visitor.page.post else 5):
        answer = visitor.ask()
    return answer


def measure(bare: Visitor, visitors: list[Visitor]) -> dict[str, tuple[float, float]]:
    """Ratios (CPU, wall) per page: medians over rounds, the baseline in every round."""
    ratios: dict[str, list[tuple[float, float]]] = {v.page.name: [] for v in visitors}
    for turn in range(ROUNDS):
        for visitor in visitors if turn % 2 == 0 else reversed(visitors):
            cpu, wall = bare.cost(400)
            page_cpu, page_wall = visitor.cost(60 if visitor.page.post else 120)
            ratios[visitor.page.name].append((page_cpu / cpu, page_wall / wall))
    return {
        name: (statistics.median(r[0] for r in found), statistics.median(r[1] for r in found))
        for name, found in ratios.items()
    }


def report(figures: dict, sizes: dict, visitors: list[Visitor]) -> list[str]:
    """Print a line per page; return what is above its gate."""
    failed = []
    print(
        f"\n{'page':26} {'x CPU':>6} {'gate':>5} {'x wall':>7} {'queries':>8} {'kB':>6} {'gzip':>6}"
    )
    for visitor in visitors:
        page = visitor.page
        cpu, wall = figures[page.name]
        queries = data.queries(page) if visitor.server is not None and page.times > 1 else 1
        raw = len(sizes[page.name]) / 1024
        packed = len(gzip.compress(sizes[page.name])) / 1024
        print(
            f"{page.name:26} {cpu:6.1f} {page.times:5g} {wall:7.1f} "
            f"{queries:4}/{page.queries:<3} {raw:6.1f} {packed:6.1f}"
        )
        if page.times > 1 and cpu > page.times:
            failed.append(f"{page.name} {cpu:.1f} > {page.times:g} times")
        if queries > page.queries:
            failed.append(f"{page.name} {queries} > {page.queries} queries")
    return failed


def memory_and_start(app: Server) -> list[str]:
    """The worker before its first PDF, and how soon the server answered."""
    memory = app.memory()
    print(f"\nworker before the first PDF: {memory:.0f} MB (gate 120)")
    print(f"server ready after {app.ready_after:.2f} s (gate 2)")
    failed = [f"worker {memory:.0f} > 120 MB"] if memory > 120 else []
    return failed + ([f"ready after {app.ready_after:.1f} s"] if app.ready_after > 2 else [])


if __name__ == "__main__":
    try:
        sys.exit(main())
    finally:
        connection.close()
