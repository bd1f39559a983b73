"""Every page, as everybody who may see it, filled, empty and with errors: axe-core finds nothing.

A page also fits on a phone, has one h1 and a title of its own. A URL name without an entry in
`PAGES` or `NO_PAGE` turns this red.
"""

import pytest
from django.urls import URLPattern, get_resolver, reverse

from tests import demo_urls
from tests.browser import axe, sign_in
from tests.journeys.everybody import EMPTY, demo_with_everybody
from werklab import links
from werklab.models import OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)
STAFF, TRAINER, COORDINATOR = "staff", "trainer", "coordinator"
PARTICIPANT, ANYBODY = "participant", "anybody"
WORK = {STAFF, TRAINER, COORDINATOR}
IN_LAB = WORK | {PARTICIPANT}

# What only acts (POST), or gives a file; each has its own tests.
NO_PAGE = {
    "werklab:open_enrolment",
    "werklab:withdraw_participant",
    "werklab:admit_participant",
    "werklab:refuse_participant",
    "werklab:give_back",
    "werklab:answer_offer",
    "werklab:leave",
    "werklab:calendar",
    "werklab:enrolled",  # reached by enrolling: see test_what_comes_after_the_form
    "account_confirm_login_code",  # reached by asking for a code: idem
    "sessions:add_card",
    "sessions:shared_view",
    "sessions:remove_card",
    "sessions:vote",
    "sessions:advise",
    "sessions:board_link",
    "sessions:move_advice",
    "sessions:remove_advice",
    "sessions:untie_source",
    "sessions:ask_endorsement",
    "sessions:finalise",
    "sessions:reopen",
    "sessions:advice_pdf",
    "sessions:visit_calendar",
}

# URL name: (who may see it, its arguments in the states in which it is looked at).

PAGES = {
    "account_login": ({ANYBODY}, lambda all_: [[]]),
    "werklab:home": (WORK | {ANYBODY}, lambda all_: [[]]),
    "werklab:help": ({ANYBODY, TRAINER}, lambda all_: [[]]),
    "werklab:privacy": ({ANYBODY}, lambda all_: [[]]),
    "werklab:accessibility": ({ANYBODY}, lambda all_: [[]]),
    "werklab:trainers": ({STAFF}, lambda all_: [[]]),
    "werklab:schedule_lab": ({STAFF, TRAINER}, lambda all_: [[]]),
    "werklab:lab": (IN_LAB, lambda all_: [["vlierhoven"], ["wilgenmeer"], ["lindedonk"], [EMPTY]]),
    "werklab:edit_lab": ({STAFF, TRAINER}, lambda all_: [["vlierhoven"], [EMPTY]]),
    "werklab:logbook": ({STAFF, TRAINER}, lambda all_: [["lindedonk"], [EMPTY]]),
    "werklab:participants": (WORK, lambda all_: [["vlierhoven"], ["wilgenmeer"], [EMPTY]]),
    "werklab:place": ({PARTICIPANT}, lambda all_: [["vlierhoven"]]),
    "werklab:join": (
        {ANYBODY},
        lambda all_: [[s] for s in ("vlierhoven", "wilgenmeer", "roermond", EMPTY)],
    ),
    "werklab:enrol": ({ANYBODY}, lambda all_: [["vlierhoven"]]),
    "werklab:own": ({ANYBODY}, lambda all_: [[links._token(all_.participant("vlierhoven").nonce)]]),
    "werklab:own_at": (
        {ANYBODY},
        lambda all_: [[links._token(all_.participant("vlierhoven").nonce), "intake"]],
    ),
    "intake:answer": ({PARTICIPANT}, lambda all_: [["vlierhoven"]]),
    "intake:step": ({PARTICIPANT}, lambda all_: [["vlierhoven", step] for step in range(1, 6)]),
    "intake:check": ({PARTICIPANT}, lambda all_: [["vlierhoven"]]),
    "intake:summary": ({TRAINER}, lambda all_: [["vlierhoven"], ["wilgenmeer"], [EMPTY]]),
    "initiatives:register": (WORK, lambda all_: [[]]),
    "initiatives:add_initiative": (WORK, lambda all_: [[]]),
    "initiatives:initiative": (WORK, lambda all_: [["natuurtuin-de-kruidhoek"]]),
    "initiatives:edit_initiative": (WORK, lambda all_: [["natuurtuin-de-kruidhoek"]]),
    "sessions:visits": (WORK, lambda all_: [["vlierhoven"], [EMPTY]]),
    "sessions:ask_visit": ({STAFF, TRAINER}, lambda all_: [["vlierhoven"]]),
    "sessions:visit": (
        WORK,
        lambda all_: [
            ["vlierhoven", all_.visit("vlierhoven", answer).pk]
            for answer in ("none", "welcome", "other_time")
        ],
    ),
    "sessions:answer_for": (
        {STAFF, TRAINER},
        lambda all_: [["vlierhoven", all_.visit("vlierhoven", "none").pk]],
    ),
    "sessions:offer_slots": (
        {STAFF, TRAINER},
        lambda all_: [["vlierhoven", all_.visit("vlierhoven", "other_time").pk]],
    ),
    "sessions:answer_visit": (
        {ANYBODY},
        lambda all_: [
            [links._token(all_.visit_link("vlierhoven", answer).nonce)]
            for answer in ("none", "welcome", "other_time")
        ],
    ),
    "sessions:session": (
        IN_LAB,
        lambda all_: [["wilgenmeer", 1], ["wilgenmeer", 2], ["wilgenmeer", 3], [EMPTY, 2]],
    ),
    "sessions:edit_card": (
        {TRAINER},
        lambda all_: [["wilgenmeer", 1, all_.card("wilgenmeer", 1).pk]],
    ),
    "sessions:talk_along": (
        {ANYBODY},
        lambda all_: [[links._token(all_.link("board", "wilgenmeer").nonce)]],
    ),
    "sessions:advice": (IN_LAB, lambda all_: [["wilgenmeer"], ["lindedonk"], [EMPTY]]),
    "sessions:new_advice": ({TRAINER, PARTICIPANT}, lambda all_: [["wilgenmeer"]]),
    "sessions:edit_advice": (
        {TRAINER, PARTICIPANT},
        lambda all_: [["wilgenmeer", all_.advice("wilgenmeer").pk]],
    ),
    "sessions:sources": (
        {TRAINER, PARTICIPANT},
        lambda all_: [["wilgenmeer", all_.advice("wilgenmeer").pk]],
    ),
    "sessions:record_endorsement": (
        {TRAINER},
        lambda all_: [["wilgenmeer", all_.advice("wilgenmeer").pk]],
    ),
    "sessions:presentation": (WORK, lambda all_: [["wilgenmeer"], [EMPTY]]),
    "sessions:report": (IN_LAB, lambda all_: [["wilgenmeer"], ["lindedonk"]]),
    "sessions:endorse": (
        {ANYBODY},
        lambda all_: [[links._token(all_.link("endorse", "wilgenmeer").nonce)]],
    ),
}


def names(patterns, namespace=""):
    """Every URL name of the product."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield namespace + pattern.name
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names(pattern.url_patterns, inner)


def test_every_url_name_is_looked_at():
    found = {name for name in names(get_resolver().url_patterns) if ":demo" not in name}

    assert found == set(PAGES) | NO_PAGE


@pytest.fixture
def all_():
    return demo_with_everybody()


@pytest.mark.parametrize("role", [STAFF, TRAINER, COORDINATOR, PARTICIPANT, ANYBODY])
def test_every_page_is_accessible_to(role, all_, page_at, live_server):
    page = page_at(360 if role in (PARTICIPANT, ANYBODY) else 1280)
    if role in (STAFF, TRAINER, COORDINATOR):
        sign_in(page.context, getattr(all_, role), live_server)
    found, titles = [], {}

    for name, (who, states) in PAGES.items():
        for args in states(all_) if role in who else []:
            path = reverse(name, args=args)
            if role == PARTICIPANT:
                come_by_link(page, all_.participant(args[0]))
            found += look(page, path, titles)
            found += look_at_errors(page, path)

    assert not found, "\n".join(found)


def come_by_link(page, link):
    """Press "Ga verder als …" on somebody's own page."""
    page.goto(links.path(link))
    page.locator("main form button").first.click()


def look(page, path, titles):
    """What is wrong with this page as it opens."""
    response = page.goto(path)
    wrong = [f"{path}: {response.status}"] if response.status != 200 else []
    if finding := axe(page):
        wrong.append(finding)
    title = page.title()
    if page.locator("h1").count() != 1:
        wrong.append(f"{path}: {page.locator('h1').count()} h1")
    if titles.setdefault(title, path.split("/")[1]) != path.split("/")[1]:
        wrong.append(f"{path}: its title «{title}» is that of another page")
    return wrong + too_wide(page, path)


def too_wide(page, path):
    """Whether the page scrolls sideways, here and on the smallest phone."""
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    page.set_viewport_size(size)
    return [f"{path}: {wide} px wide on a screen of 320"] if wide > 320 else []


def look_at_errors(page, path):
    """Send the page's form with everything wrong: the errors are accessible too."""
    form = page.locator("main form[method=post]").filter(has=page.locator(".field, fieldset"))
    if not form.count():
        return []
    first = form.first
    for field in first.locator("input[type=text], input[type=email], textarea").all():
        if field.is_visible():
            field.fill("x" * 3000 if field.get_attribute("type") != "email" else "geen adres")
    first.locator("button[type=submit], button:not([type])").last.click()
    if page.locator(".errors, [aria-invalid=true]").count() == 0:
        return []
    wrong = [finding] if (finding := axe(page)) else []
    if not page.title().startswith("Fout:"):
        wrong.append(f"{path}: with errors its title is «{page.title()}»")
    return wrong


def test_what_comes_after_the_form(all_, page_at):
    page = page_at(360)

    page.goto("/meedoen/vlierhoven/aanmelden/")
    page.fill("[name=name]", "Mirte Zandpad")
    page.fill("[name=email]", "mirte@vlierhoven.example")
    page.select_option("[name=department]", "Veiligheid")
    page.fill("[name=function]", "Handhaver")
    page.locator("[name=contact_frequency]").first.check()
    page.locator("main form button[type=submit]").last.click()
    found = axe(page)
    page.goto("/inloggen/")
    page.fill("[type=email]", all_.trainer.email)
    page.locator("main form button").last.click()
    found += axe(page)

    assert page.url.endswith("/inloggen/code/")
    assert found == ""


def test_the_pages_of_the_demo_are_accessible(all_, page_at, settings):
    settings.DEMO, settings.ROOT_URLCONF = True, demo_urls.__name__
    page, found = page_at(360), []
    letter = OutgoingMail.objects.latest("pk").pk

    for path in ("/demo/", "/demo/post/", f"/demo/post/{letter}/"):
        found += look(page, path, {})

    assert not found, "\n".join(found)
