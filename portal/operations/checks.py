from django.conf import settings
from django.core.checks import Error, register

SIX_MONTHS, THREE_YEARS = 184, 1096


@register()
def check_retention(app_configs, **kwargs):
    """Network logs are kept for six months, records of supplying personal data for three years."""
    least = {"LOG_RETENTION_DAYS": SIX_MONTHS, "SHARING_RETENTION_DAYS": THREE_YEARS}
    return [
        Error(
            f"{name} is {getattr(settings, name)}; the law asks for {days} days at least.",
            id="operations.E001",
        )
        for name, days in least.items()
        if getattr(settings, name) < days
    ]
