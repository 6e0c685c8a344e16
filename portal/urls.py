from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from portal.demo.views import sign_ins

handler400 = "portal.site.views.bad_request"
handler403 = "portal.site.views.permission_denied"
handler404 = "portal.site.views.page_not_found"
handler500 = "portal.site.views.server_error"

urlpatterns = [
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
    path("media/", include("portal.media.urls")),
    *i18n_patterns(
        path("accounts/", include("allauth.urls")),
        path("demo/", sign_ins, name="demo-sign-ins"),
        path("", include("portal.accounts.urls")),
        path("", include("portal.notifications.urls")),
        path("", include("portal.jobs.urls")),
        path("", include("portal.workdays.urls")),
        path("", include("portal.disclosure.urls")),
        path("", include("search.urls")),
        path("", include("achievements.urls")),
        path("", include("ip.urls")),
        path("", include("matchmaking.cases.urls")),
        path("", include("matchmaking.interests.urls")),
        path("", include("matchmaking.evaluation.urls")),
        path("", include("matchmaking.oversight.urls")),
        path("", include("matchmaking.urls")),
        path("", include("events.exhibition.urls")),
        path("", include("events.reports.urls")),
        path("", include("events.aftermath.urls")),
        path("", include("events.gates.urls")),
        path("", include("events.meetings.urls")),
        path("", include("events.timetable.urls")),
        path("", include("events.registration.urls")),
        path("", include("events.fairs.urls")),
        path("", include("portal.operations.urls")),
        path("", include("portal.workspace.urls")),
        path("", include("portal.site.urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
