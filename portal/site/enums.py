from django.db import models
from django.utils.translation import gettext_lazy as _


class ArticleKind(models.TextChoices):
    NEWS = "NEWS", _("News")
    POLICY = "POLICY", _("Policy")
