"""Take a picture of every page of the road, of the report, and of every letter: `make screens`.

Starts the production server on a throw-away demo, steps in by /demo/ as each of the people it
offers, and puts the pictures in var/screens/ as <name>-<width>.png; letters in letters/.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser import chromium
from tests.screens.pages import PAGES, REPORTS
from tests.served import ROOT, environment, served

SCREENS = ROOT / "var" / "screens"
WIDTHS = {1280: 900, 390: 844}


def main():
    shutil.rmtree(SCREENS, ignore_errors=True)
    SCREENS.mkdir(parents=True)
    with (
        tempfile.TemporaryDirectory() as var,
        served(var=var, demo=True) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**chromium())
        for width, height in WIDTHS.items():
            take_all(browser, address, {"width": width, "height": height})
        for name, path, who in REPORTS:
            take_report(browser, address, name, path, who)
        take_letters(browser, var)
        browser.close()
    print(f"{len(list(SCREENS.rglob('*.png')))} pictures in {SCREENS.relative_to(ROOT)}/")


def take_all(browser, address, viewport):
    """One picture per page, by whoever that page is for."""
    visitors = {}
    for name, where, who in PAGES:
        if who not in visitors:
            page = visitor(browser, address, who, viewport)
            visitors[who] = page, page.url
        page, landing = visitors[who]
        if callable(where):
            where(page)
        else:
            answer = page.goto(where or landing)
            assert answer.ok, f"{where} answered {answer.status} to {who or 'a passer-by'}"
        page.evaluate("document.fonts.ready")
        page.screenshot(path=SCREENS / f"{name}-{viewport['width']}.png", full_page=True)


def visitor(browser, address, who, viewport):
    """A browser of its own in which this person has stepped in; without a name, a passer-by."""
    page = browser.new_context(
        base_url=address,
        viewport=viewport,
        reduced_motion="reduce",
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
    ).new_page()
    if who:
        page.goto("/demo/")
        page.locator(f'button[name="role"][value="{who}"]').first.click()
        expect(page).not_to_have_url(f"{address}/demo/")
    return page


def take_report(browser, address, name, path, who):
    """The pages of a report, as pictures."""
    page = visitor(browser, address, who, {"width": 1280, "height": 900})
    answer = page.request.get(path)
    assert answer.ok, f"{path} answered {answer.status} to {who}"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.pdf"
        report.write_bytes(answer.body())
        command = ["pdftoppm", "-png", "-r", "80", str(report), str(SCREENS / name)]
        subprocess.run(command, check=True)


def take_letters(browser, var):
    """Every letter as a mail program shows it, in letters/<kind>-<width>.png."""
    command = [sys.executable, "-m", "tests.screens.letters"]
    variables = environment(var=var, demo=True)
    told = subprocess.run(command, cwd=ROOT, env=variables, check=True, stdout=subprocess.PIPE)
    for width, height in WIDTHS.items():
        page = browser.new_page(viewport={"width": width, "height": height})
        for kind, html in json.loads(told.stdout).items():
            page.set_content(html)
            page.screenshot(path=SCREENS / "letters" / f"{kind}-{width}.png", full_page=True)


if __name__ == "__main__":
    main()
