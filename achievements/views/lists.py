from django.utils.translation import gettext as _
from django.views.generic import ListView

from search.views import SearchListView

from ..documents import AchievementSearch, InstituteSearch
from ..models import Expert
from ..queries import experts_for


class AchievementListView(SearchListView):
    search_class = AchievementSearch
    title = _("Achievements")


class InstituteListView(SearchListView):
    search_class = InstituteSearch
    title = _("Institutes")


class ExpertListView(ListView):
    """Researchers who agreed to be shown (专家库)."""

    model = Expert
    template_name = "achievements/experts.html"
    paginate_by = 24

    def get_queryset(self):
        return experts_for(query=self.request.GET.get("q", "")[:100])
