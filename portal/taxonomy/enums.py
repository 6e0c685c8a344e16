from django.db import models
from django.utils.translation import gettext_lazy as _


class ParkLevel(models.TextChoices):
    NATIONAL = "NATIONAL", _("National")
    PROVINCIAL = "PROVINCIAL", _("Provincial")
    MUNICIPAL = "MUNICIPAL", _("Municipal")
