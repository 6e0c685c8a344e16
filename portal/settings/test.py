"""Settings for the test suite: nothing leaves the process unless a test starts a server."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from .base import *  # noqa: F403  settings modules extend one another by design

SECRET_KEY = "test-only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
VAR_DIR = Path(tempfile.mkdtemp(prefix="portal-test-"))
atexit.register(shutil.rmtree, VAR_DIR, ignore_errors=True)
DATABASES["default"]["NAME"] = VAR_DIR / "portal.sqlite3"  # noqa: F405
if os.environ.get("PORTAL_TEST_DATABASE") == "postgresql":
    DATABASES["default"] = {  # noqa: F405
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["PORTAL_DB_NAME"],
        "USER": "portal",
        "HOST": os.environ["PORTAL_DB_HOST"],
        "OPTIONS": {"options": "-c jit=off"},
    }
MEDIA_ROOT = VAR_DIR / "media"
PRIVATE_ROOT = VAR_DIR / "private"
STORAGES["private"] = {  # noqa: F405
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
}
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SEARCH = {**SEARCH, "PATH": None}  # noqa: F405  the embedded engine keeps test indexes in memory
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
SCHEDULES_DIR = VAR_DIR / "schedules"
EMAIL_FILE_PATH = VAR_DIR / "mail"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEMO = False
RATE_LIMITS = {}  # the tests share one cache and their people's ids
