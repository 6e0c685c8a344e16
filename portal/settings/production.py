"""Production: PostgreSQL, Redis, Elasticsearch, TLS in front; secrets from the environment."""

import os

from .base import *  # noqa: F403  settings modules extend one another by design

SECRET_KEY = os.environ["PORTAL_SECRET_KEY"]
ALLOWED_HOSTS = os.environ["PORTAL_HOSTS"].split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("PORTAL_DB_NAME", "portal"),
        "USER": os.environ.get("PORTAL_DB_USER", "portal"),
        "PASSWORD": os.environ.get("PORTAL_DB_PASSWORD", ""),
        "HOST": os.environ.get("PORTAL_DB_HOST", ""),
        "PORT": os.environ.get("PORTAL_DB_PORT", ""),
        # Compiling takes longer than the sums of the commission's pages do.
        "OPTIONS": {"options": "-c jit=off"},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ.get("PORTAL_CACHE", "redis://localhost:6379/1"),
    }
}
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
}
EMAIL_HOST = os.environ.get("PORTAL_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("PORTAL_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("PORTAL_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("PORTAL_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("PORTAL_SMTP_TLS") == "starttls"
EMAIL_USE_SSL = os.environ.get("PORTAL_SMTP_TLS") == "ssl"
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("PORTAL_PROXIES", "1"))
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
DEMO = False
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # the admin previews pages in a frame of its own
