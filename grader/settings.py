"""Django's settings, from environment variables alone; docs/settings.md has them all.

With none set this boots for development: DEBUG on, loopback hosts, the embedded PostgreSQL. Giving a SECRET_KEY is
what makes it production; then DEBUG is off, and hosts and a database must be named. A value that can't be used raises
SettingError, which `manage.py` and the WSGI entry point print as one sentence.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from grader.embedded_postgres import DATABASE, SUPERUSER, server_at
from grader.env import DatabaseUrl, Environment, SettingError
from grader.logs import logging_config
from grader.safety import DEVELOPMENT_SECRET_KEY, LOG_FORMATS, LOG_LEVELS, LOOPBACK_HOSTS, refuse_unsafe, runs_in_debug
from grader.school_words import school_words

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = Environment(os.environ)

# What this process is
SECRET_KEY = ENV.secret("SECRET_KEY", default=DEVELOPMENT_SECRET_KEY)
SECRET_KEY_FALLBACKS = [key for key in [ENV.secret("SECRET_KEY_PREVIOUS", default="")] if key]
DEBUG = runs_in_debug(ENV)
ALLOWED_HOSTS = ENV.hosts("ALLOWED_HOSTS", default=LOOPBACK_HOSTS if DEBUG else [])
CSRF_TRUSTED_ORIGINS = ENV.origins("CSRF_TRUSTED_ORIGINS")
_DATABASE_URL = ENV.database_url("DATABASE_URL")
SECURE_SSL_REDIRECT = ENV.boolean("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_HSTS_SECONDS = ENV.integer("SECURE_HSTS_SECONDS", default=0 if DEBUG else 31_536_000, low=0, high=94_608_000)

refuse_unsafe(
    debug=DEBUG,
    secret_key=SECRET_KEY,
    allowed_hosts=ALLOWED_HOSTS,
    has_database_url=_DATABASE_URL is not None,
    ssl_redirect=SECURE_SSL_REDIRECT,
    hsts_seconds=SECURE_HSTS_SECONDS,
    hosts_given=ENV.given("ALLOWED_HOSTS"),
    debug_given=ENV.given("DEBUG"),
)

# Applications, left to right as they may import one another
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "rest_framework_api_key",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_prometheus",
    "procrastinate.contrib.django",
    "rubrics",
    "scoring",
    "feedback",
    "grader",
]
MIDDLEWARE = [
    "grader.request_id.RequestIdMiddleware",
    "grader.health.HealthMiddleware",
    "grader.client_address.TrustedProxyMiddleware",
    "grader.trailing_slash.TrailingSlashMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "grader.middleware.GradingMetricsMiddleware",
    "grader.security_headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
ROOT_URLCONF = "grader.urls"
APPEND_SLASH = False
WSGI_APPLICATION = "grader.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The database
EMBEDDED_POSTGRES_DIR = Path(ENV.text("EMBEDDED_POSTGRES_DIR", default=str(BASE_DIR / ".pgdata"))).expanduser()
THREADS = ENV.integer("THREADS", default=4, low=1, high=64)
_POOL_MAX = ENV.integer("DB_POOL_MAX_SIZE", default=0 if DEBUG else THREADS + 1, low=0, high=200)
_POOL_MIN = ENV.integer("DB_POOL_MIN_SIZE", default=min(1, _POOL_MAX), low=0, high=200)
_POOL_TIMEOUT = ENV.integer("DB_POOL_TIMEOUT", default=5, low=1, high=300)
_STATEMENT_TIMEOUT = ENV.integer("DB_STATEMENT_TIMEOUT", default=30, low=0, high=3600)
if _POOL_MIN > _POOL_MAX:
    raise SettingError(
        f"DB_POOL_MIN_SIZE is {_POOL_MIN}, above DB_POOL_MAX_SIZE, which is {_POOL_MAX}: "
        f"type DB_POOL_MIN_SIZE={_POOL_MAX} or less."
    )


_DATABASE_OPTIONS: dict[str, Any] = {
    "application_name": "grader",
    "connect_timeout": ENV.integer("DB_CONNECT_TIMEOUT", default=5, low=1, high=60),
    "options": f"-c statement_timeout={_STATEMENT_TIMEOUT}s -c idle_in_transaction_session_timeout=60s",
}
if _POOL_MAX:
    _DATABASE_OPTIONS["pool"] = {"min_size": _POOL_MIN, "max_size": _POOL_MAX, "timeout": _POOL_TIMEOUT}


def _database(url: DatabaseUrl | None) -> dict[str, Any]:
    if url is None:
        return {
            "ENGINE": "grader.embedded_backend",
            "NAME": DATABASE,
            "USER": SUPERUSER,
            "HOST": str(server_at(EMBEDDED_POSTGRES_DIR).socket_dir),
            "OPTIONS": _DATABASE_OPTIONS,
        }
    return {
        "ENGINE": "django_prometheus.db.backends.postgresql",
        "NAME": url.name,
        "USER": url.user,
        "PASSWORD": url.password,
        "HOST": url.host,
        "PORT": url.port,
        "OPTIONS": {**_DATABASE_OPTIONS, **url.options},
    }


DATABASES = {"default": _database(_DATABASE_URL)}
_REPLICA_URL = ENV.database_url("DATABASE_REPLICA_URL")
if _REPLICA_URL is not None:
    if _DATABASE_URL is None:
        raise SettingError(
            "DATABASE_REPLICA_URL is set and DATABASE_URL is not: type the primary's address as DATABASE_URL."
        )
    DATABASES["replica"] = {
        **_database(_REPLICA_URL),
        # Nobody may wait long for something that reports can do without.
        "OPTIONS": {**_DATABASE_OPTIONS, "connect_timeout": 2, **_REPLICA_URL.options},
        "TEST": {"MIRROR": "default"},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rubric content at rest
RUBRIC_ENCRYPTION_KEY = ENV.wrapping_key("RUBRIC_ENCRYPTION_KEY")
RUBRIC_ENCRYPTION_KEY_PREVIOUS = ENV.wrapping_key("RUBRIC_ENCRYPTION_KEY_PREVIOUS")
RUBRIC_ENCRYPTION_KMS_KEY = ENV.text("RUBRIC_ENCRYPTION_KMS_KEY", default="")
if RUBRIC_ENCRYPTION_KEY and RUBRIC_ENCRYPTION_KMS_KEY:
    raise SettingError(
        "RUBRIC_ENCRYPTION_KEY and RUBRIC_ENCRYPTION_KMS_KEY are both set and only one can wrap: keep one, and give "
        "the other's key as RUBRIC_ENCRYPTION_KEY_PREVIOUS."
    )

# Words of the school's own, known in every rubric; they are part of the engine's version
SCHOOL_VOCABULARY = school_words(ENV)

# The cache: shared by all processes when there is a Redis, each process's own memory otherwise. Nothing rests on it.
_REDIS_URL = ENV.redis_url("REDIS_URL")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "grader.shared_cache.SharedCache", "LOCATION": _REDIS_URL, "KEY_PREFIX": "grader"}
    if _REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# People and sessions
AUTH_USER_MODEL = "grader.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 3600 * ENV.integer("SESSION_HOURS", default=12, low=1, high=24 * 14)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = not DEBUG
CSRF_FAILURE_VIEW = "grader.views.csrf_failure"

# The way in
TRUSTED_PROXIES = ENV.networks("TRUSTED_PROXIES", default=("127.0.0.0/8", "::1"))
INTERNAL_NETWORKS = ENV.networks(
    "INTERNAL_NETWORKS", default=("127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8")
)
# Safe because TrustedProxyMiddleware removes the header unless a trusted proxy sent it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_SECONDS > 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    # Preloading binds a whole domain for years; that is not for one server on it to decide.
    "security.W021",
    # Routes below `api` begin with the slash because `/api` itself answers with and without one.
    "urls.W002",
]
# A class of transcripts arrives as a file; forms and JSON bodies stay far below this.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# Language and time
LANGUAGE_CODE = "en-us"
USE_I18N = False
TIME_ZONE = "UTC"
USE_TZ = True

# Logs
LOG_LEVEL = ENV.choice("LOG_LEVEL", default="INFO", choices=LOG_LEVELS)
LOG_FORMAT = ENV.choice("LOG_FORMAT", default="text", choices=LOG_FORMATS)
LOGGING = logging_config(level=LOG_LEVEL, log_format=LOG_FORMAT, verbatim=DEBUG)

# The API
API_KEY = ENV.api_key("API_KEY")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "grader.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["grader.permissions.HasScope"],
    "DEFAULT_PARSER_CLASSES": ["rubrics.parsers.JsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "grader.throttling.PersonRateThrottle",
        "grader.throttling.KeyRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": ENV.rate("RATE_LIMIT_ANONYMOUS", default="60/minute"),
        "user": ENV.rate("RATE_LIMIT_USER", default="600/minute"),
        "key": ENV.rate("RATE_LIMIT_KEY", default="600/minute"),
    },
    "EXCEPTION_HANDLER": "grader.errors.exception_handler",
    # REMOTE_ADDR is the client's already; X-Forwarded-For must not be read a second time.
    "NUM_PROXIES": 0,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Medical Education Grading System",
    "DESCRIPTION": "Grades interview transcripts against versioned rubrics; every point cites its evidence.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": True,
    "OAS_VERSION": "3.1.0",
    "POSTPROCESSING_HOOKS": ["grader.api_contract.with_common_answers"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# Processes. gunicorn reads its own in deploy/gunicorn.conf.py.
PORT = ENV.integer("PORT", default=8000, low=1, high=65_535)
WORKER_CONCURRENCY = ENV.integer("WORKER_CONCURRENCY", default=1, low=1, high=32)
BENCH_PROCESSES = ENV.integer("BENCH_PROCESSES", default=2, low=1, high=32)
WORKER_METRICS_PORT = ENV.integer("WORKER_METRICS_PORT", default=9101, low=0, high=65_535)
WORKER_METRICS_ADDRESS = ENV.text("WORKER_METRICS_ADDRESS", default="127.0.0.1" if DEBUG else "0.0.0.0")  # noqa: S104

# Optional outside help with wording; off unless an address is given
REPHRASER_URL = ENV.http_url("REPHRASER_URL")
