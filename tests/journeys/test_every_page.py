"""Every page, as everybody who may see it, filled, empty and with errors: axe-core finds nothing.

A page also fits on a phone, has one h1 and a title of its own. A URL name without an entry in
`PAGES` or `NO_PAGE` turns this red.
"""

import re

import pytest
from django.urls import URLPattern, get_resolver, reverse

from initiatives.models import Initiative
from tests import demo_urls
from tests.browser import axe, sign_in
from tests.journeys.everybody import EMPTY, demo_with_everybody
from werklab import links, mail
from werklab.models import OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)
STAFF, TRAINER, COORDINATOR = "staff", "trainer", "coordinator"
PARTICIPANT, ANYBODY = "participant", "anybody"
WORK = {STAFF, TRAINER, COORDINATOR}
IN_LAB = WORK | {PARTICIPANT}

# What only acts (POST), or gives a file; each has its own tests.
NO_PAGE = {
    "werklab:open_enrolment",
    "werklab:make_lab",
    "werklab:send_draft",
    "werklab:delete_draft",
    "werklab:try_again",
    "werklab:standard_text",
    "werklab:withdraw_participant",
    "werklab:admit_participant",
    "werklab:refuse_participant",
    "werklab:renew_link",
    "werklab:approval",
    "werklab:send_invitations",
    "werklab:throw_away_invitations",
    "werklab:give_back",
    "werklab:answer_offer",
    "werklab:leave",
    "werklab:calendar",
    "werklab:feed",
    "werklab:enrolled",  # reached by enrolling: see test_what_comes_after_the_form
    "werklab:new_code",
    "werklab:end_session",
    "werklab:end_other_sessions",
    "werklab:own_data_file",
    "werklab:own_data_here_file",
    "mfa_login_webauthn",
    "openid_connect_login",  # a page on the way out, the way back: see test_openid
    "openid_connect_callback",
    # With a second factor, or on the way to it: see test_passkey.test_every_page_of_the_second_step
    "mfa_authenticate",
    "mfa_remove_webauthn",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_confirm_login_code",  # reached by asking for a code: idem
    "intake:go_through_organisation",
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
    "sessions:divide_groups",
    "sessions:visit_sheet_pdf",
    "sessions:sheet_by_link",
    "sessions:send_notes",
    "sessions:remove_note",
    "initiatives:renew_profile_link",
    "initiatives:take_back_profile_link",
    "initiatives:mail_profile_link",
    "initiatives:preparation_pdf",
    "initiatives:own_preparation_pdf",
    "initiatives:export_csv",
    "initiatives:export_xlsx",
    "initiatives:retire",
    "initiatives:bring_back",
    "initiatives:check_import",  # reached by choosing a file: see test_importing
}

# What differs in a form from one visitor to the next.
SECRET = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]*')

# URL name: (who may see it, its arguments in the states in which it is looked at).

PAGES = {
    "account_login": ({ANYBODY}, lambda all_: [[]]),
    "werklab:account": (WORK, lambda all_: [[]]),
    "werklab:own_data": (WORK, lambda all_: [[]]),
    "werklab:own_data_here": ({PARTICIPANT}, lambda all_: [["vlierhoven"]]),
    "mfa_index": (WORK, lambda all_: [[]]),
    "mfa_add_webauthn": ({TRAINER}, lambda all_: [[]]),
    "mfa_activate_totp": ({TRAINER}, lambda all_: [[]]),
    "werklab:home": (WORK | {ANYBODY}, lambda all_: [[]]),
    "werklab:help": ({ANYBODY, TRAINER}, lambda all_: [[]]),
    "werklab:privacy": ({ANYBODY}, lambda all_: [[]]),
    "werklab:accessibility": ({ANYBODY}, lambda all_: [[]]),
    "werklab:about": ({ANYBODY}, lambda all_: [[]]),
    "werklab:request_lab": ({ANYBODY}, lambda all_: [[]]),
    "werklab:requested": ({ANYBODY}, lambda all_: [[]]),
    "werklab:requests": ({STAFF}, lambda all_: [[]]),
    "werklab:decline_request": ({STAFF}, lambda all_: [[all_.asked().pk]]),
    "werklab:price": ({STAFF}, lambda all_: [["vlierhoven"]]),
    "werklab:team": ({STAFF, TRAINER}, lambda all_: [["vlierhoven"], [EMPTY]]),
    "werklab:copy_lab": ({STAFF, TRAINER}, lambda all_: [["vlierhoven"], ["lindedonk"]]),
    "werklab:trainers": ({STAFF}, lambda all_: [[]]),
    "werklab:schedule_lab": ({STAFF, TRAINER}, lambda all_: [[]]),
    "werklab:lab": (IN_LAB, lambda all_: [["vlierhoven"], ["wilgenmeer"], ["lindedonk"], [EMPTY]]),
    "werklab:edit_lab": ({STAFF, TRAINER}, lambda all_: [["vlierhoven"], [EMPTY]]),
    "werklab:tell_change": (WORK, lambda all_: [["vlierhoven"], [EMPTY]]),
    "werklab:decide": (WORK, lambda all_: [["vlierhoven"], ["lindedonk"], [EMPTY]]),
    "werklab:my_calendar": (WORK, lambda all_: [[]]),
    "werklab:logbook": ({STAFF, TRAINER}, lambda all_: [["lindedonk"], [EMPTY]]),
    "werklab:post": (WORK, lambda all_: [["vlierhoven"], [EMPTY]]),
    "werklab:send_drafts": (WORK, lambda all_: [["vlierhoven"], [EMPTY]]),
    "werklab:letter": (
        WORK,
        lambda all_: [
            ["vlierhoven", all_.letter("vlierhoven", state).pk]
            for state in ("draft", "failed", "sent")
        ],
    ),
    "werklab:edit_draft": (
        WORK,
        lambda all_: [["vlierhoven", all_.letter("vlierhoven", "draft").pk]],
    ),
    "werklab:texts": ({STAFF, TRAINER}, lambda all_: [["vlierhoven"]]),
    "werklab:edit_text": (
        {STAFF, TRAINER},
        lambda all_: [["vlierhoven", "place_confirmed"], [EMPTY, "visit_confirmed"]],
    ),
    "werklab:participants": (WORK, lambda all_: [["vlierhoven"], ["wilgenmeer"], [EMPTY]]),
    "werklab:invite": (WORK, lambda all_: [["vlierhoven"], ["wilgenmeer"], [EMPTY]]),
    "werklab:hand_over_participant": (
        WORK,
        lambda all_: [["vlierhoven", all_.participant("vlierhoven").target_id]],
    ),
    "werklab:place": ({PARTICIPANT}, lambda all_: [["vlierhoven"]]),
    "werklab:hand_over": ({PARTICIPANT}, lambda all_: [["vlierhoven"]]),
    "werklab:join": (
        {ANYBODY},
        lambda all_: [[s] for s in ("vlierhoven", "wilgenmeer", "roermond", EMPTY)],
    ),
    "werklab:enrol": ({ANYBODY}, lambda all_: [["vlierhoven"]]),
    "werklab:new_link": ({ANYBODY}, lambda all_: [["vlierhoven"]]),
    "werklab:link_sent": ({ANYBODY}, lambda all_: [["vlierhoven"]]),
    "werklab:own": ({ANYBODY}, lambda all_: [[links._token(all_.participant("vlierhoven").nonce)]]),
    "werklab:own_at": (
        {ANYBODY},
        lambda all_: [[links._token(all_.participant("vlierhoven").nonce), "intake"]],
    ),
    "werklab:no_more_post": (
        {ANYBODY},
        lambda all_: [[mail.stop_url(OutgoingMail.objects.latest("pk")).split("/")[-2]]],
    ),
    "intake:answer": ({PARTICIPANT}, lambda all_: [["vlierhoven"]]),
    "intake:step": ({PARTICIPANT}, lambda all_: [["vlierhoven", step] for step in range(1, 6)]),
    "intake:check": ({PARTICIPANT}, lambda all_: [["vlierhoven"]]),
    "intake:organisation": ({TRAINER, COORDINATOR}, lambda all_: [["vlierhoven"], [EMPTY]]),
    "intake:organisation_step": (
        {COORDINATOR},
        lambda all_: [[lab, step] for lab in ("vlierhoven", EMPTY) for step in range(1, 6)],
    ),
    "intake:organisation_check": (
        {COORDINATOR},
        lambda all_: [["vlierhoven"], ["lindedonk"], [EMPTY]],
    ),
    "intake:organisation_read": (
        {TRAINER, COORDINATOR},
        lambda all_: [["vlierhoven"], ["lindedonk"], [EMPTY]],
    ),
    "intake:summary": ({TRAINER}, lambda all_: [["vlierhoven"], ["wilgenmeer"], [EMPTY]]),
    "initiatives:register": (WORK, lambda all_: [[]]),
    "initiatives:add_initiative": (WORK, lambda all_: [[]]),
    "initiatives:merge": (WORK, lambda all_: [["natuurtuin-de-kruidhoek"]]),
    "initiatives:import": (WORK, lambda all_: [[]]),
    "initiatives:initiative": (WORK, lambda all_: [["natuurtuin-de-kruidhoek"]]),
    "initiatives:edit_initiative": (WORK, lambda all_: [["natuurtuin-de-kruidhoek"]]),
    "initiatives:profile_link": (WORK, lambda all_: [["de-eetbare-hoek"], [all_.talked().slug]]),
    "initiatives:own_profile": ({ANYBODY}, lambda all_: [[all_.profile_token()]]),
    "initiatives:own_preparation": ({ANYBODY}, lambda all_: [[all_.profile_token()]]),
    "initiatives:acquaintance": (WORK, lambda all_: [["de-eetbare-hoek"], [all_.talked().slug]]),
    "initiatives:conversations": (WORK, lambda all_: [["de-eetbare-hoek"], [all_.talked().slug]]),
    "initiatives:edit_conversation": (
        {STAFF},
        lambda all_: [[all_.talked().slug, all_.talked().conversations.first().pk]],
    ),
    "initiatives:agreements": (WORK, lambda all_: [["de-eetbare-hoek"], [all_.talked().slug]]),
    "initiatives:add_agreement": (WORK, lambda all_: [["de-eetbare-hoek"]]),
    "initiatives:edit_agreement": (
        WORK,
        lambda all_: [[all_.talked().slug, all_.talked().agreements.first().pk]],
    ),
    "initiatives:preparation": (WORK, lambda all_: [["de-eetbare-hoek"], [all_.talked().slug]]),
    "sessions:visits": (WORK, lambda all_: [["vlierhoven"], [EMPTY]]),
    "sessions:ask_visit": ({STAFF, TRAINER}, lambda all_: [["vlierhoven"]]),
    "sessions:choose": (WORK, lambda all_: [["vlierhoven"], [EMPTY]]),
    "sessions:visit_sheet": (
        IN_LAB,
        lambda all_: [["vlierhoven", all_.visited("vlierhoven").pk]],
    ),
    "sessions:visit_notes": (
        {STAFF, TRAINER, PARTICIPANT},
        lambda all_: [["vlierhoven", all_.visited("vlierhoven").pk]],
    ),
    "sessions:edit_note": (
        {STAFF, TRAINER, PARTICIPANT},
        lambda all_: [
            ["vlierhoven", all_.visited("vlierhoven").pk, all_.note("vlierhoven").pk],
        ],
    ),
    "sessions:answer_notes": (
        {ANYBODY},
        lambda all_: [
            [links._token(all_.visit_link("vlierhoven", all_.visited("vlierhoven").answer).nonce)]
        ],
    ),
    "sessions:groups": ({STAFF, TRAINER}, lambda all_: [["vlierhoven"], ["wilgenmeer"], [EMPTY]]),
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
    # Last of all: with its form filled in there is no lab left to look at.
    "werklab:cancel_lab": ({STAFF, TRAINER}, lambda all_: [["vlierhoven"], ["lindedonk"], [EMPTY]]),
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


def look_at_every_page(of, page_at, live_server):
    """Each page whose URL name is in `of`, as every role that may see it.

    The roles look at one state side by side. Where the main part is letter for letter what another
    role has just got, axe has been over it already, and over that role's header on other pages.
    """
    all_ = demo_with_everybody()
    pages = {role: page_at(1280) for role in (STAFF, TRAINER, COORDINATOR)}
    for role, page in pages.items():
        sign_in(page.context, getattr(all_, role), live_server)
    pages |= {role: page_at(360) for role in (PARTICIPANT, ANYBODY)}
    found, titles = [], {role: {} for role in pages}

    for name in (name for name in PAGES if of(name)):
        who, states = PAGES[name]
        for args in states(all_):
            path, seen = reverse(name, args=args), set()
            for role in (role for role in pages if role in who):
                if role == PARTICIPANT:
                    come_by_link(pages[role], all_.participant(args[0]))
                found += look(pages[role], path, titles[role], seen)
                found += look_at_errors(pages[role], path, seen)

    assert not found, "\n".join(found)


def come_by_link(page, link):
    """Press "Ga verder als …" on somebody's own page."""
    page.goto(links.path(link))
    page.locator("main form button").first.click()


def findings(page, seen):
    """What axe finds, unless it has been over the same main part at this width."""
    main = page.evaluate("document.querySelector('main').outerHTML")
    looks = (page.viewport_size["width"], SECRET.sub("", main))
    if looks in seen:
        return []
    seen.add(looks)
    return [found] if (found := axe(page)) else []


def look(page, path, titles, seen=None):
    """What is wrong with this page as it opens."""
    response = page.goto(path)
    wrong = [f"{path}: {response.status}"] if response.status != 200 else []
    wrong += findings(page, set() if seen is None else seen)
    title, h1 = page.evaluate("[document.title, document.querySelectorAll('h1').length]")
    if h1 != 1:
        wrong.append(f"{path}: {h1} h1")
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


# The first form with fields that no script sends: what is visible gets too much text, or an
# address that is none.
FILL_IN_WRONGLY = """() => {
    const forms = [...document.querySelectorAll("main form[method=post]:not([data-passkey])")];
    const form = forms.find((one) => one.querySelector(".field, fieldset"));
    if (!form) return false;
    document.querySelectorAll("main details").forEach((one) => (one.open = true));
    for (const field of form.querySelectorAll("input[type=text], input[type=email], textarea"))
        if (field.checkVisibility())
            field.value = field.type === "email" ? "geen adres" : "x".repeat(3000);
    const buttons = form.querySelectorAll("button[type=submit], button:not([type])");
    buttons[buttons.length - 1].setAttribute("data-press", "");
    return true;
}"""


def send_wrongly(page):
    """Send the page's form with everything wrong; whether it comes back with errors."""
    if not page.evaluate(FILL_IN_WRONGLY):
        return False
    with page.expect_navigation():
        page.evaluate("setTimeout(() => document.querySelector('[data-press]').click())")
    return page.locator(".errors, [aria-invalid=true]").count() > 0


def look_at_errors(page, path, seen):
    """With everything in it wrong a page is accessible too, and its title says so."""
    if not send_wrongly(page):
        return []
    wrong = findings(page, seen)
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


@pytest.mark.parametrize("width", [360, 1280])
def test_the_register_is_accessible_however_it_is_looked_at(all_, page_at, live_server, width):
    page, found = page_at(width), []
    Initiative.objects.filter(slug="natuurtuin-de-kruidhoek").update(latitude=52.1, longitude=5.1)
    sign_in(page.context, all_.trainer, live_server)

    for query in ("kaart=1", "q=kruidhoek&thema=green", "q=niets&kaart=1", "soort=club&rol=host"):
        found += look(page, f"/initiatieven/?{query}", {})

    assert not found, "\n".join(found)


def test_the_pages_of_the_demo_are_accessible(all_, page_at, settings):
    settings.DEMO, settings.ROOT_URLCONF = True, demo_urls.__name__
    page, found = page_at(360), []
    letter = OutgoingMail.objects.latest("pk").pk

    for path in ("/demo/", "/demo/post/", f"/demo/post/{letter}/"):
        found += look(page, path, {})

    assert not found, "\n".join(found)
