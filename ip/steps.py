from django.utils.translation import gettext_lazy as _

from achievements.models import AchievementPage
from achievements.steps import Step, register_steps, steps_of

from .forms import LinksForm, PatentLinkFormSet, PatentTermsForm, ValueForm
from .models import PatentPage

register_steps(
    PatentPage,
    (
        Step("value", _("What a company gains"), ValueForm),
        Step("terms", _("Terms"), PatentTermsForm),
    ),
)

*_before, _terms = steps_of(AchievementPage)
_patents = Step(
    "patents", _("Patents"), LinksForm, ((_("Patents and applications"), PatentLinkFormSet),)
)
register_steps(AchievementPage, (*_before, _patents, _terms))
