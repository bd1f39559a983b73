"""The pages of which `make screens` takes a picture.

Each is (name of the picture, where, who). Who is a way in that /demo/ offers, or None for a
passer-by. Where is a path, or None for the page on which that way in begins, or a function that
is handed the page in which that person is and leaves it where the picture is to be taken.
"""

VLIERHOVEN = "/werklabs/vlierhoven"
WILGENMEER = "/werklabs/wilgenmeer"
LINDEDONK = "/werklabs/lindedonk"


def enrol_with_errors(page):
    """The enrolment form, sent empty."""
    page.goto("/meedoen/vlierhoven/aanmelden/")
    page.locator("main form button[type=submit]").last.click()


PAGES = [
    ("welcome", "/", None),
    ("join", "/meedoen/vlierhoven/", None),
    ("enrol", "/meedoen/vlierhoven/aanmelden/", None),
    ("enrol-errors", enrol_with_errors, None),
    ("sign-in", "/inloggen/", None),
    ("help", "/hulp/", None),
    ("privacy", "/privacy/", None),
    ("accessibility", "/toegankelijkheid/", None),
    ("demo", "/demo/", None),
    ("demo-post", "/demo/post/", None),
    ("home-staff", None, "staff"),
    ("home-search", "/?q=noor", "staff"),
    ("home-nothing-found", "/?q=nergens&fase=intake", "staff"),
    ("trainers", "/trainers/", "staff"),
    ("home-trainer", "/", "trainer"),
    ("account", "/mijn-account/", "trainer"),
    ("second-step", "/mijn-account/tweede-stap/", "trainer"),
    ("add-passkey", "/mijn-account/tweede-stap/passkey/", "trainer"),
    ("use-app", "/mijn-account/tweede-stap/app/", "trainer"),
    ("own-data", "/mijn-account/gegevens/", "trainer"),
    ("schedule", "/werklabs/nieuw/", "trainer"),
    ("lab", None, "trainer"),
    ("edit-lab", f"{VLIERHOVEN}/wijzig/", "trainer"),
    ("participants", f"{VLIERHOVEN}/deelnemers/", "trainer"),
    ("intakes", f"{VLIERHOVEN}/intakes/", "trainer"),
    ("visits", f"{VLIERHOVEN}/bezoeken/", "trainer"),
    ("ask-visit", f"{VLIERHOVEN}/bezoeken/nieuw/", "trainer"),
    ("register", "/initiatieven/", "trainer"),
    ("new-initiative", "/initiatieven/nieuw/", "trainer"),
    ("logbook", f"{VLIERHOVEN}/logboek/", "trainer"),
    ("lab-advice", f"{WILGENMEER}/", "trainer-advice"),
    ("board-1", f"{WILGENMEER}/sessies/1/", "trainer-advice"),
    ("board-2", f"{WILGENMEER}/sessies/2/", "trainer-advice"),
    ("board-3", f"{WILGENMEER}/sessies/3/", "trainer-advice"),
    ("advice", None, "trainer-advice"),
    ("new-advice", f"{WILGENMEER}/advies/nieuw/", "trainer-advice"),
    ("presentation", f"{WILGENMEER}/advies/presentatie/", "trainer-advice"),
    ("report-page", f"{WILGENMEER}/advies/rapport/", "trainer-advice"),
    ("lab-coordinator", None, "coordinator"),
    ("report-final", f"{LINDEDONK}/advies/rapport/", "coordinator"),
    ("lab-participant", None, "participant"),
    *[(f"intake-{step}", f"{VLIERHOVEN}/intake/{step}/", "participant") for step in range(1, 6)],
    ("intake-check", f"{VLIERHOVEN}/intake/nakijken/", "participant"),
    ("place", f"{VLIERHOVEN}/plek/", "participant"),
    ("board-participant", None, "participant-advice"),
    ("visit-answer", None, "initiative"),
    ("endorse", None, "initiative-endorse"),
    ("board-initiative", None, "initiative-board"),
]

# The reports: (name of the pictures, path, who).
REPORTS = [
    ("pdf-concept", f"{WILGENMEER}/advies.pdf", "trainer-advice"),
    ("pdf-final", f"{LINDEDONK}/advies.pdf", "coordinator"),
]
