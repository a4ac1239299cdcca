"""Settings: one file, everything that changes from one installation to another comes from the environment.

Each variable read here has its line in docs/guides/settings.md (a test checks it).
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from maillage.kit.oidc import oidc_from, origin_of
from maillage.kit.secret import secret_key
from maillage.kit.sqlite import init_command
from maillage.vocabulary.portals import portals

PACKAGE = Path(__file__).resolve().parent.parent


def _flag(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in {"1", "true", "oui", "yes"}


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip()
    return int(text) if text.isdecimal() else default


def _list(name: str) -> list[str]:
    return [item.strip() for item in os.environ.get(name, "").split(",") if item.strip()]


# Where this installation keeps its database, its key, its index files and its backups.
MAILLAGE_DATA = Path(os.environ.get("MAILLAGE_DATA", "var")).resolve()
MAILLAGE_DATA.mkdir(parents=True, exist_ok=True)  # every command needs it, the first one too
MAILLAGE_PORTAL = os.environ.get("MAILLAGE_PORTAL", "").strip()
# "production" refuses to start with an unsafe or incomplete configuration (see config/checks.py).
MAILLAGE_PRODUCTION = _flag("MAILLAGE_PRODUCTION")
SITE_URL = os.environ.get("SITE_URL", "").strip().rstrip("/")
SITE_IS_HTTPS = SITE_URL.startswith("https://")
# Answers of the public API that one network may ask for in a minute, per process and per kind of question; 0 = no limit.
MAILLAGE_API_PER_MINUTE = _number("MAILLAGE_API_PER_MINUTE", 600)
# Days that the anonymous search records are kept once they are counted; 0 = for ever (docs/algorithms/demand.md).
MAILLAGE_SEARCH_DAYS = _number("MAILLAGE_SEARCH_DAYS", 90)
# Sites that may show the widget in a frame: origins such as https://partenaire.example.org; "*" for every site.
MAILLAGE_WIDGET_PARENTS = _list("MAILLAGE_WIDGET_PARENTS")
# Messages: the server they leave by (empty: they are kept), who writes, the hours when those that can wait do.
EMAIL_URL = os.environ.get("EMAIL_URL", "").strip()
MAILLAGE_MAIL_FROM = os.environ.get("MAILLAGE_MAIL_FROM", "").strip()
MAILLAGE_QUIET_HOURS = os.environ.get("MAILLAGE_QUIET_HOURS", "").strip() or "20-8"
# The hour, in Paris, after which the work of the night begins; "non": never in the serving process (`maillage nuit` does it).
MAILLAGE_NIGHT_HOUR = os.environ.get("MAILLAGE_NIGHT_HOUR", "").strip() or "3"
# Months without contact after which an account is erased.
MAILLAGE_RETENTION_MONTHS = _number("MAILLAGE_RETENTION_MONTHS", 24)

DEBUG = False
SECRET_KEY = secret_key(MAILLAGE_DATA)
SECRET_KEY_FALLBACKS = _list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = [
    *_list("MAILLAGE_HOSTS"),
    *(host for portal in portals().values() for host in portal.hosts),
    *([] if MAILLAGE_PRODUCTION else ["localhost", "127.0.0.1", "[::1]", ".localhost", "testserver"]),
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "maillage.territories",
    "maillage.vocabulary",
    "maillage.accounts",
    "maillage.journal",
    "maillage.catalogue",
    "maillage.orientation",
    "maillage.diagnosis",
    "maillage.crowdfunding",
    "maillage.accompaniment",
    "maillage.observatory",
    "maillage.interop",
    "maillage.pages",
    "maillage.config",
]

MIDDLEWARE = [
    "maillage.config.middleware.probe_middleware",
    "django.middleware.security.SecurityMiddleware",
    "maillage.config.middleware.headers_middleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "maillage.pages.compression.AnonymousGZipMiddleware",
    "maillage.kit.policy.SteadyPolicyMiddleware",
    "maillage.kit.middleware.plain_text_only_middleware",
    "maillage.kit.readonly.readonly_get_middleware",
    "maillage.vocabulary.middleware.portal_middleware",
    "maillage.observatory.visitors.middleware.visitors_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "maillage.accounts.middleware.second_factor_middleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "maillage.config.urls"
WSGI_APPLICATION = "maillage.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "ui" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "maillage.pages.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "maillage.pages.templatetags.maillage"],
        },
    },
    {
        "NAME": "jinja",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "ui" / "jinja2"],
        "APP_DIRS": True,
        "OPTIONS": {"environment": "maillage.pages.jinja.environment"},
    },
]

# --- Database: SQLite in the data folder unless DATABASE_URL says otherwise (docs/architecture.md, "Databases").
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", "").strip() or f"sqlite:///{MAILLAGE_DATA / 'maillage.sqlite3'}",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["CONN_HEALTH_CHECKS"] = False  # a file does not go away
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": init_command(sqlite3.sqlite_version_info),
    }
else:
    _database.setdefault("OPTIONS", {})["options"] = (
        "-c lock_timeout=5s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "office"
LOGOUT_REDIRECT_URL = "home"
SESSION_ENGINE = "maillage.accounts.session_store"
# Professionals and staff need a second factor. "non" is for a demonstration: production refuses to start with it.
MAILLAGE_SECOND_FACTOR = os.environ.get("MAILLAGE_SECOND_FACTOR", "").strip().lower() not in {"0", "no", "non", "false"}
# django-allauth holds second factors and the client of an identity provider; its screens are not served (docs/decisions/0030-accounts-on-allauth.md).
ACCOUNT_ADAPTER = "maillage.journal.account_adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "maillage.accounts.mfa_adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # the code before and the one after: clocks of telephones are not exact
MFA_RECOVERY_CODE_DIGITS = 10
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
# An identity provider by OpenID Connect, for whoever has one; ProConnect needs an identifier and a secret only.
MAILLAGE_OIDC = oidc_from(os.environ)

# --- Cookies and transport. Cookies exist only for people who sign in.
SESSION_COOKIE_NAME = "__Host-session" if SITE_IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SITE_IS_HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SITE_IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SITE_IS_HTTPS
SECURE_HSTS_PRELOAD = False  # preloading is a decision of the domain's owner, hard to take back
SECURE_SSL_REDIRECT = SITE_IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(livez|healthz|readyz)$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("MAILLAGE_BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        # the browser follows the form that leads to the identity provider
        "form-action": [SELF, *([origin_of(MAILLAGE_OIDC["issuer"])] if MAILLAGE_OIDC else [])],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Language: French is the source; English lives under /en/ (the address says everything).
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Paris"

# --- Static files: one stylesheet, small scripts, served compressed by whitenoise with names that never change content.
STATIC_URL = "/static/"
STATIC_ROOT = MAILLAGE_DATA / "static"
STATICFILES_DIRS = [PACKAGE / "ui" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("MAILLAGE_LOG_LEVEL", "INFO")},
    # each wrong address is not an event worth a line (scanners try thousands)
    "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}, "django.request": {"level": "ERROR"}},
}
