from django.db import models
from django.utils.translation import gettext_lazy as _


class FairKind(models.TextChoices):
    """What sort of event a fair is (活动类型)."""

    MATCHMAKING = "MATCHMAKING", _("Matchmaking fair")
    EXHIBITION = "EXHIBITION", _("Exhibition of achievements")
    ROADSHOW = "ROADSHOW", _("Roadshow")
    RELEASE = "RELEASE", _("Release of results")
    TRAINING = "TRAINING", _("Training")
    ONLINE = "ONLINE", _("Online fair")


# Kinds whose people meet at tables by appointment.
MEETING_KINDS = frozenset({FairKind.MATCHMAKING, FairKind.ONLINE})
# Kinds that are nothing without booths; others may have some beside.
EXHIBITION_KINDS = frozenset({FairKind.EXHIBITION})
