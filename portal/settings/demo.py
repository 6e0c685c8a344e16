"""The demo city on one machine: SQLite, the embedded search engine, the file broker."""

from .base import *  # noqa: F403  settings modules extend one another by design

SECRET_KEY = "demo-only-and-public"  # noqa: S105  the demo listens on loopback alone
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
EMAIL_DELIVERY_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
DEMO = True
PASSWORD_DAYS = 0  # the passwords of the demo are printed, and several people use one account
SINGLE_SESSION_STAFF = False
WHITENOISE_USE_FINDERS = True  # files come from the folders of the apps, nothing is collected
STATIC_ROOT = None
