from django.utils.translation import gettext_lazy as _

from achievements.steps import Step, register_steps

from .forms import PatentTermsForm, ValueForm
from .models import PatentPage

register_steps(
    PatentPage,
    (
        Step("value", _("What a company gains"), ValueForm),
        Step("terms", _("Terms"), PatentTermsForm),
    ),
)
