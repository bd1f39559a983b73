"""The register and the visits by keyboard alone: Tab comes everywhere, in order, and is seen."""

import pytest
from django.urls import reverse

from tests.browser import sign_in
from tests.journeys.everybody import demo_with_everybody
from tests.journeys.test_every_page import (
    ANYBODY,
    COORDINATOR,
    PAGES,
    STAFF,
    TRAINER,
    send_wrongly,
)

pytestmark = pytest.mark.django_db(transaction=True)
VISITS = (
    "choose",
    "groups",
    "visit",
    "ask_visit",
    "answer_for",
    "offer_slots",
    "answer_",
    "edit_no",
)

# Number what Tab should come to, in the order of the page (of radio buttons with one name one), and
# write down where the focus comes and whether that is seen. Gives how often to press: a date or a
# time has up to three stops inside.
LISTEN = """() => {
    const groups = new Set();
    const fields = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    const every = [...document.querySelectorAll(fields)]
        .filter((one) => !one.disabled && one.tabIndex >= 0)
        .filter((one) => one.checkVisibility({ visibilityProperty: true }))
        .filter((one) => {
            if (one.type !== "radio") return true;
            return !groups.has(one.name) && groups.add(one.name);
        });
    every.forEach((one, number) => (one.dataset.tab = number));
    window.came = [];
    window.unseen = [];
    document.addEventListener("focusin", ({ target }) => {
        const group = target.type === "radio" ? [...document.getElementsByName(target.name)] : [];
        const first = group.find((one) => one.dataset.tab) ?? target;
        window.came.push(Number(first.dataset.tab ?? -1));
        const parts = [target, target.labels?.[0]].filter(Boolean);
        const shown = parts.map((one) => getComputedStyle(one));
        if (shown.every((style) => style.outlineStyle === "none"))
            window.unseen.push(target.outerHTML.slice(0, 120));
    });
    const inside = every.filter((one) => ["date", "time"].includes(one.type)).length;
    return [every.length, every.length + 3 * inside];
}"""


def walk(page, *, from_the_top):
    """Press Tab all around the page; what is passed over, and where nothing is seen.

    With errors the focus is on what says so: Tab goes on from there, and around to it.
    """
    path = page.url
    page.locator("main details").evaluate_all("every => every.forEach((one) => (one.open = true))")
    count, presses = page.evaluate(LISTEN)
    for _press in range(presses + 2):  # and past the end of the page
        page.keyboard.press("Tab")
    came, unseen = page.evaluate("[window.came, window.unseen]")
    wrong = [f"{path}: no focus to be seen on {what}" for what in unseen]
    first = 0 if from_the_top else came[0]
    if came[:count] != [*range(first, count), *range(first)]:
        wrong.append(f"{path}: of {count} Tab came to {came}")
    return wrong


def is_of_the_register(name):
    """The pages of initiatives and of their visits."""
    app, _, page = name.partition(":")
    return app == "initiatives" or (app == "sessions" and page.startswith(VISITS))


@pytest.mark.parametrize(
    ("width", "roles"), [(1280, [TRAINER, COORDINATOR, STAFF]), (360, [ANYBODY])]
)
def test_tab_comes_everywhere_in_order_and_is_seen(page_at, live_server, width, roles):
    all_, found = demo_with_everybody(), []
    pages = {role: page_at(width) for role in roles}
    for role in set(roles) - {ANYBODY}:
        sign_in(pages[role].context, getattr(all_, role), live_server)

    walked = with_errors = 0
    for name, (who, states) in PAGES.items():
        role = next((role for role in roles if role in who), None)
        if role and is_of_the_register(name):
            page = pages[role]
            page.goto(reverse(name, args=states(all_)[0]))
            found += walk(page, from_the_top=True)
            page.reload()  # the fields that Tab came to are as they were
            if send_wrongly(page):
                with_errors += 1
                found += walk(page, from_the_top=False)
            walked += 1

    assert not found, "\n".join(found)
    assert walked >= (20 if width == 1280 else 4)
    assert with_errors >= (10 if width == 1280 else 2)
