"""A real browser for the tests: Debian's Chromium, driven by Playwright.

    def test_a_page(page_at):
        page = page_at(360)

opens a browser of that width on the live server. Whatever goes wrong in it (a message in the
console, a breach of the content security policy, a file that is missing, a request to somebody
else, a server error) makes the test fail at its end, without being asked.
"""

import shutil

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
HEIGHT = 800
PATIENCE = 10_000  # milliseconds


def chromium():
    """The launch options of the browser that the operating system brings, best without a window."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        raise FileNotFoundError(
            "The browser tests need Chromium:"
            " apt-get install --no-install-recommends chromium-headless-shell"
        )
    return {"executable_path": path, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the whole run. Without Chromium the test fails; it is never skipped."""
    options = chromium()
    call_command("webfont")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        yield browser
        browser.close()


@pytest.fixture
def page_at(live_server, browser):
    """Open a page of this width: `page_at(360)`, `page_at(1280, javascript=False, user=trainer)`.

    Each call is a browser of its own, with its own cookies; paths are those of the live server.
    """
    complaints, contexts = [], []

    def open_page(width, *, javascript=True, user=None):
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=javascript,
            reduced_motion="reduce",
            locale="nl-NL",
            timezone_id=settings.TIME_ZONE,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        complain_into(complaints, context, live_server.url)
        if user is not None:
            sign_in(context, user, live_server)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()  # before the database is emptied: an open page may go on asking
    assert not complaints, "The browser complained:\n" + "\n".join(complaints)


def complain_into(complaints, context, home):
    """Write down everything that goes wrong in this browser."""

    def on_console(message):
        # Missing files are reported, with their address, by on_response.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(f"console on {message.page.url}: {message.text}")

    def on_request(request):
        if not request.url.startswith((home, "data:", "blob:", "about:")):
            complaints.append(f"request to somebody else: {request.url}")

    def on_response(response):
        a_page = response.request.is_navigation_request()  # a test may well want to see a 404
        if response.status >= (500 if a_page else 400):
            complaints.append(f"answer {response.status}: {response.url}")

    context.on("console", on_console)
    context.on("weberror", lambda error: complaints.append(f"script: {error.error}"))
    context.on("request", on_request)
    context.on("response", on_response)


def sign_in(context, user, live_server):
    """Give this browser the session of somebody who has signed in already."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )


def axe(page):
    """What axe-core finds against this page, as text; nothing found is an empty text.

    WCAG 2.0 to 2.2, A and AA, and axe's best practices. The page's own strict policy stays on.
    """
    page.evaluate(AXE_SCRIPT)
    options = {
        "runOnly": {"type": "tag", "values": RULES},
        "resultTypes": ["violations"],
        "preload": False,  # no rule that we run reads style sheets or films
    }
    found = page.evaluate("options => axe.run(document, options)", options)
    return "\n".join(f"{page.url}: {finding(rule)}" for rule in found["violations"])


def finding(rule):
    """One broken rule, with the pieces of the page that break it."""
    nodes = "".join(f"\n    {node['html'][:200]}" for node in rule["nodes"])
    return f"{rule['id']} ({rule['impact']}): {rule['help']}{nodes}"


class Presses:
    """Walk through a page and count what costs a person a press.

    Links and buttons count; typing and choosing within a form do not.
    """

    def __init__(self, page):
        self.page = page
        self.count = 0

    def press(self, what):
        """Press the one link or button with this name, or this locator."""
        if isinstance(what, str):
            link = self.page.get_by_role("link", name=what, exact=True)
            what = link.or_(self.page.get_by_role("button", name=what, exact=True))
        what.click()
        self.count += 1
