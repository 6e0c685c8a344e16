from django.utils.translation import gettext_lazy
from django.views.generic import ListView

from search.views import SearchListView

from ..documents import AchievementSearch, InstituteSearch
from ..models import Expert
from ..queries import experts_for


class AchievementListView(SearchListView):
    search_class = AchievementSearch
    title = gettext_lazy("Achievements")


class InstituteListView(SearchListView):
    search_class = InstituteSearch
    title = gettext_lazy("Institutes")


class ExpertListView(ListView):
    """Researchers who agreed to be shown (专家库)."""

    model = Expert
    template_name = "achievements/experts.html"
    paginate_by = 24

    def get_queryset(self):
        return experts_for(query=self.request.GET.get("q", "")[:100])
