"""Settings shared by every environment; each sibling module overrides a few of them.

Environment variables are read here and nowhere else; ``docs/operating.md`` lists them.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(os.environ.get("PORTAL_VAR", BASE_DIR / "var"))

DEBUG = False
ALLOWED_HOSTS: list[str] = []
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    "portal.operations",
    "portal.workspace",
    "portal.site",
    "portal.demo",
    "events.exhibition",
    "events.reports",
    "events.aftermath",
    "events.gates",
    "events.timetable",
    "events.meetings",
    "events.registration",
    "events.fairs",
    "events",
    "matchmaking.evaluation",
    "matchmaking.oversight",
    "matchmaking.cases",
    "matchmaking.interests",
    "matchmaking",
    "ip",
    "achievements",
    "search",
    "portal.media",
    "portal.disclosure",
    "portal.jobs",
    "portal.workdays",
    "portal.notifications",
    "portal.audit",
    "portal.accounts",
    "portal.taxonomy",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.snippets",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "csp",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.site.middleware.AdminPolicyMiddleware",
    "portal.site.middleware.RefuseImpossibleValues",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.middleware.SessionActivityMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.accounts.middleware.IdleTimeMiddleware",
    "portal.accounts.middleware.RequireMFAMiddleware",
    "portal.accounts.middleware.PasswordAgeMiddleware",
    "achievements.border.AdminBorderMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Both options are needed: without them two writers lock each other out.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "portal.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Language and time: fixed before the first migration.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
PRIVATE_ROOT = VAR_DIR / "private"
STORAGES = {
    "default": {"BACKEND": "portal.media.storage.CheckedStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
WAGTAILIMAGES_EXTENSIONS = ["png", "jpg", "jpeg", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILDOCS_MAX_UPLOAD_SIZE = UPLOAD_MAX_BYTES
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "zip", "png", "jpg", "jpeg"]

# Passwords, lock-out, idle time, retention: what 等保 level 3 is usually set to (docs/operating.md)
PASSWORD_LENGTH = int(os.environ.get("PORTAL_PASSWORD_LENGTH", "8"))
PASSWORD_LENGTH_STAFF = int(os.environ.get("PORTAL_PASSWORD_LENGTH_STAFF", "12"))
PASSWORD_KINDS = int(os.environ.get("PORTAL_PASSWORD_KINDS", "3"))
PASSWORD_DAYS = int(os.environ.get("PORTAL_PASSWORD_DAYS", "90"))
LOCKOUT_FAILURES = int(os.environ.get("PORTAL_LOCKOUT_FAILURES", "5"))
LOCKOUT_MINUTES = int(os.environ.get("PORTAL_LOCKOUT_MINUTES", "15"))
IDLE_MINUTES = int(os.environ.get("PORTAL_IDLE_MINUTES", "30"))
IDLE_MINUTES_STAFF = int(os.environ.get("PORTAL_IDLE_MINUTES_STAFF", "15"))
SINGLE_SESSION_STAFF = os.environ.get("PORTAL_SINGLE_SESSION_STAFF", "1") == "1"
LOG_RETENTION_DAYS = int(os.environ.get("PORTAL_LOG_RETENTION_DAYS", "184"))
SHARING_RETENTION_DAYS = int(os.environ.get("PORTAL_SHARING_RETENTION_DAYS", "1096"))

# Days in which a request for a meeting is to be answered
MEETING_ANSWER_DAYS = int(os.environ.get("PORTAL_MEETING_ANSWER_DAYS", "5"))

# (times, seconds) for one person, or for one address of the network
RATE_LIMITS = {
    "invite": (30, 3600),
    "join": (20, 3600),
    "objection": (10, 3600),
    "paper": (20, 3600),
    "import": (30, 3600),
    "interest": (60, 3600),
    "register": (120, 3600),
    "lead": (600, 3600),
    "vote": (1200, 3600),
    "door": (300, 3600),  # all phones of a hall share one address
    "contact": (120, 3600),
    "meeting": (240, 3600),
    "agreement": (20, 3600),
    "search": (300, 60),
    "suggest": (600, 60),
}

# Accounts
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "portal.accounts.passwords.LengthValidator"},
    {"NAME": "portal.accounts.passwords.PasswordKindsValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspace:home"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SIGNUP_FORM_CLASS = "portal.accounts.forms.SignupForm"
ACCOUNT_ADAPTER = "portal.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": f"{LOCKOUT_FAILURES}/{LOCKOUT_MINUTES}m/key,50/{LOCKOUT_MINUTES}m/ip"
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "产学研对接"
USERSESSIONS_TRACK_ACTIVITY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24

# Wagtail
WAGTAIL_SITE_NAME = "产学研对接"
WAGTAILADMIN_BASE_URL = os.environ.get("PORTAL_BASE_URL", "http://localhost:8000")
WAGTAIL_I18N_ENABLED = False
WAGTAILIMAGES_IMAGE_MODEL = "media.PortalImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.media.forms.PictureForm"
WAGTAILDOCS_DOCUMENT_MODEL = "media.PortalDocument"
WAGTAILDOCS_SERVE_METHOD = "direct"  # by the storage's address, which is the checked view
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False  # addresses and passwords are the accounts' matter,
WAGTAIL_PASSWORD_RESET_ENABLED = False  # with their limits, confirmations and second step
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "achievements.publishing.publish_approved_revision"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database.fallback"}}
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]

# Search: ``embedded`` runs in process on tantivy, ``elasticsearch`` talks to a cluster.
SEARCH: dict[str, Any] = {
    "ENGINE": os.environ.get("PORTAL_SEARCH", "embedded"),
    "PATH": VAR_DIR / "search",
    "HOSTS": os.environ.get("PORTAL_ELASTICSEARCH", "http://localhost:9200").split(","),
    "PREFIX": "portal",
    "REPLICAS": int(os.environ.get("PORTAL_SEARCH_REPLICAS", "0")),
}

# Tasks: the embedded broker is a folder; production names Redis.
BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = os.environ.get("PORTAL_BROKER", "filesystem://localhost//")
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.02,
    }
    if CELERY_BROKER_URL.startswith("filesystem://")
    else {"visibility_timeout": 3600}
)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "portal"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "mails": {"task": "notifications.deliver", "schedule": timedelta(minutes=1)},
    "interest-sweep": {"task": "interests.sweep", "schedule": timedelta(hours=1)},
    "evaluation-reminders": {
        "task": "evaluation.remind",
        "schedule": crontab(hour=7, minute=30),
    },
    "fair-sweep": {"task": "fairs.sweep", "schedule": timedelta(minutes=1)},
    "exhibition-sweep": {"task": "exhibition.sweep", "schedule": timedelta(minutes=1)},
    "timetable-sweep": {"task": "timetable.sweep", "schedule": timedelta(minutes=1)},
    "registration-sweep": {"task": "registration.sweep", "schedule": timedelta(minutes=1)},
    "aftermath-sweep": {"task": "aftermath.sweep", "schedule": timedelta(hours=1)},
    "meeting-sweep": {"task": "meetings.sweep", "schedule": timedelta(minutes=1)},
    "match-sweep": {"task": "matchmaking.sweep", "schedule": timedelta(hours=24)},
    "search-reconcile": {
        "task": "search.reconcile_indexes",
        "schedule": crontab(hour=3, minute=20),
    },
    "patent-terms": {"task": "ip.end_terms", "schedule": crontab(hour=0, minute=10)},
    "follow-ups": {"task": "cases.sweep_follow_ups", "schedule": crontab(hour=9, minute=0)},
    "anchor": {"task": "cases.write_anchor", "schedule": crontab(hour=23, minute=50)},
    "purge": {"task": "operations.purge", "schedule": crontab(hour=4, minute=10)},
    "commission-figures": {"task": "oversight.recount", "schedule": timedelta(minutes=5)},
    "public-counters": {
        "task": "oversight.store_snapshot",
        "schedule": crontab(hour=1, minute=40),
    },
    "dormant-results": {
        "task": "oversight.tell_of_dormant",
        "schedule": crontab(hour=8, minute=20, day_of_week=2),
    },
    "annual-reports": {
        "task": "oversight.remind_of_reports",
        "schedule": crontab(hour=8, minute=40),
    },
    "monday-page": {
        "task": "oversight.send_monday",
        "schedule": crontab(hour=7, minute=30, day_of_week=1),
    },
    "publish-scheduled": {
        "task": "achievements.publish_scheduled",
        "schedule": timedelta(minutes=1),
    },
}

# Security
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.site.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

# Mail: kept in the outbox until the worker delivers it, in the demo into var/mail.
EMAIL_BACKEND = "portal.notifications.backends.OutboxEmailBackend"
EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("PORTAL_MAIL_FROM", "portal@example.org")

# What the operator of a city sets
COMMISSION_NAME = os.environ.get("PORTAL_COMMISSION_NAME", "市经济和信息化局")
PORTAL_NAME = _("Matchmaking portal")
NEED_READINESS_LINE = 60
# What a fair's requests weigh, and what a schedule may be calculated with. Bounds are seconds.
FAIR_WEIGHTS = {"must": 3, "want": 1, "mutual": 1}
FAIR_SOLVER = {
    "seconds": 120,
    "most_seconds": 900,
    "workers": int(os.environ.get("PORTAL_SOLVER_WORKERS", "2")),
    "seed": 1,
}
SCHEDULES_DIR = VAR_DIR / "schedules"
# A map service that takes a point; coordinates as the service counts them
MAP_URL = os.environ.get(
    "PORTAL_MAP_URL", "https://uri.amap.com/marker?position={longitude},{latitude}"
)
LISTING_VALID_DAYS = 365
NEED_VALID_DAYS = 180
# Working days to answer an interest, by the kind of what it is about
INTEREST_ANSWER_DAYS = {"ACHIEVEMENT": 5, "PATENT": 5, "NEED": 5}
EVALUATION_PUBLICITY_DAYS = 7  # working days

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
