"""Settings for the test suite: nothing leaves the process unless a test starts a server."""

import tempfile
from pathlib import Path

from .base import *  # noqa: F403  settings modules extend one another by design

SECRET_KEY = "test-only"  # noqa: S105
ALLOWED_HOSTS = ["*"]
VAR_DIR = Path(tempfile.mkdtemp(prefix="portal-test-"))
MEDIA_ROOT = VAR_DIR / "media"
PRIVATE_ROOT = VAR_DIR / "private"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SEARCH = {**SEARCH, "PATH": None}  # noqa: F405  the embedded engine keeps test indexes in memory
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEMO = False
