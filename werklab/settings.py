"""Settings of Werklab, read top to bottom; what differs per place comes from the environment.

`DEMO=1` is for a newcomer's own machine only: it opens `/demo/`, forces loopback host names and
mails nothing. Without it a `SECRET_KEY` is required.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from environs import Env

from werklab.openid_apps import openid_apps

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- where this copy runs -------------------------------------------------------------------------

DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="only-for-the-demo" if DEMO or DEBUG else "")
PORT = env.int("PORT", default=8000)
BASE_URL = env.str("BASE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = LOOPBACK if DEMO else env.list("ALLOWED_HOSTS", default=LOOPBACK)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- what it is made of ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "werklab",
    "initiatives",
    "intake",
    "sessions.apps.SessionsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "crispy_forms",
    "csp",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "werklab.middleware.demo_stays_on_this_machine",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "werklab.middleware.visitor_by_link",
    "werklab.middleware.second_factor_first",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "werklab.middleware.not_kept_by_browsers",
]

ROOT_URLCONF = "werklab.urls"
WSGI_APPLICATION = "werklab.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "werklab.templatetags.fast",
                "werklab.templatetags.werklab",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "werklab.access.what_you_may",
            ],
        },
    }
]

CRISPY_ALLOWED_TEMPLATE_PACKS = ["werklab_forms"]
CRISPY_TEMPLATE_PACK = "werklab_forms"
CRISPY_FAIL_SILENTLY = False

# --- data -----------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'werklab.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"] |= {
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 5,
            # Compiling a query takes half a second; none of ours runs that long.
            "options": "-c jit=off",
        },
    }

# `default` is shared by all workers (sign-in limits need that); `fragments` is each worker's own
# memory for pieces of pages, kept under the lab's version.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "werklab_cache",
    },
    "fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}

# --- people and signing in ------------------------------------------------------------------------

AUTH_USER_MODEL = "werklab.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "werklab:home"
LOGOUT_REDIRECT_URL = "werklab:home"
ACCOUNT_ADAPTER = "werklab.signing_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# The code is the only way in, on two pages that we mount ourselves (urls.py). "Enabled" would mean
# "beside a password", with a third page.
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600  # ten minutes: ASVS 6.5.5
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8}  # three tries each, 3 codes a minute
# Tight for one address, wide for one computer: a whole town hall has one.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "100/m/ip,3/m/key,12/h/key",
    "login_failed": "100/m/ip,5/5m/key",
}
# How many proxies stand before us: what they say about a visitor's address counts for the limits.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES", default=0 if DEMO or DEBUG else 1)
ACCOUNT_FORMS = {
    "request_login_code": "werklab.forms.people.AskCodeForm",
    "confirm_login_code": "werklab.forms.people.GiveCodeForm",
}
# A second factor: a passkey, or codes of an app; recovery codes come with the first of them.
MFA_ADAPTER = "werklab.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Werklab"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # people are known by invitation: there is nothing to verify
MFA_RATE_LIMITS = {"webauthn_login": "100/m/ip"}
MFA_FORMS = {
    "add_webauthn": "werklab.forms.passkeys.AddPasskeyForm",
    "authenticate": "werklab.forms.second_factor.GiveSecondCodeForm",
    "authenticate_webauthn": "werklab.forms.passkeys.UsePasskeyForm",
    "login_webauthn": "werklab.forms.passkeys.SignInByPasskeyForm",
    "reauthenticate": "werklab.forms.second_factor.ConfirmByCodeForm",
    "reauthenticate_webauthn": "werklab.forms.passkeys.ConfirmByPasskeyForm",
    "activate_totp": "werklab.forms.second_factor.StartAppForm",
}
# Signing in at a municipality that has OpenID Connect: a JSON list in the environment.
SOCIALACCOUNT_ADAPTER = "werklab.openid.Adapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": openid_apps(env.json("OIDC_PROVIDERS", default=[]))}
}
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
LINK_VISIT_SECONDS = 60 * 60 * 12  # how long a browser is remembered after "Ga verder als …"

# --- language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands")]
LOCALE_PATHS = [BASE_DIR / "werklab" / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_I18N = True
USE_TZ = True

# --- static files ---------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(VAR_DIR / "static-root"))
STATICFILES_DIRS = [BASE_DIR / "static", VAR_DIR / "static"]
(VAR_DIR / "static").mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- post -----------------------------------------------------------------------------------------

MAIL_DOMAIN = env.str("MAIL_DOMAIN", default="werklab.example")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"Werklab <post@{MAIL_DOMAIN}>")
SITE_CONTACT_NAME = env.str("SITE_CONTACT_NAME", default="het team van Werklab")
SITE_CONTACT_EMAIL = env.str("SITE_CONTACT_EMAIL", default=f"werklab@{MAIL_DOMAIN}")
SITE_CONTACT_PHONE = env.str("SITE_CONTACT_PHONE", default="06 0000 0000")
mail_server = env.dj_email_url("EMAIL_URL", default="smtp://localhost:25")
EMAIL_BACKEND = mail_server["EMAIL_BACKEND"]
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_HOST = mail_server.get("EMAIL_HOST", "")
EMAIL_PORT = mail_server.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = mail_server.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = mail_server.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = mail_server.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = mail_server.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
# How long a worker keeps letters in hand, and how long it waits after each failure; in seconds.
MAIL_LEASE = env.int("MAIL_LEASE", default=120)
MAIL_PAUSES = env.list("MAIL_PAUSES", subcast=float, default=[60, 300, 1800, 7200, 28800])

# --- security headers -----------------------------------------------------------------------------

HTTPS = env.bool("HTTPS", default=not (DEMO or DEBUG))
# Trainers and staff first set up a second factor (BIO2 5.17.01); a demo and a test need none.
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=HTTPS and not DEMO)
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-werklab" if HTTPS else "werklab"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "werklab.views.errors.csrf_failure"
# Not "no-referrer": then browsers send `Origin: null` with a form, and Django's CSRF check refuses
# it. "same-origin" tells other sites just as little.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- logs -----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_tokens": {"()": "werklab.logs.HideTokens"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["no_tokens"],
            "formatter": "plain",
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
    },
}
