"""The settings of Werklab, with only what tests need to be different."""

import os
from pathlib import Path

# Whoever tests may have a demo or a production machine in their environment: neither counts here.
VAR = Path(__file__).resolve().parent.parent / "var" / "tests"
os.environ |= {"DEMO": "0", "DEBUG": "0", "HTTPS": "0", "SECRET_KEY": "only-for-tests"}
os.environ |= {"VAR_DIR": str(VAR), "STATIC_ROOT": str(VAR / "static-root")}
# Playwright keeps an event loop in the thread in which our tests ask the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from werklab.settings import *  # noqa: E402, F403
from werklab.settings import DATABASES, STORAGES  # noqa: E402

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# A file, not memory: threads and processes then meet one another as they do in production. Each
# run has its own, so that two runs on one machine do not meet.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": VAR / f"test-{os.getpid()}.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"

# No file names with a hash, and no collecting beforehand.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
