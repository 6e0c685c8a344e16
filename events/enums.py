from django.db import models
from django.utils.translation import gettext_lazy as _


class FairKind(models.TextChoices):
    MATCHMAKING = "MATCHMAKING", _("Matchmaking fair")
    EXHIBITION = "EXHIBITION", _("Exhibition of achievements")
