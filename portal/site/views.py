from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from portal.disclosure.queries import open_parts
from portal.taxonomy.models import Industry

from .queries import public_achievements, public_needs

THEMES = ("system", "light", "dark")
THEME_COOKIE = "theme"
YEAR = 60 * 60 * 24 * 365


def csrf_failure(request, reason=""):
    """Say in plain words that the form was too old, and how to send it again."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def permission_denied(request, exception=None):
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


def page_not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    return render(request, "500.html", status=500)


@require_POST
def preferences(request):
    """Keep the chosen theme in a cookie and go back to the page that was read."""
    here = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(here, {request.get_host()}):
        here = "/"
    response = HttpResponseRedirect(here)
    theme = request.POST.get("theme")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR, samesite="Lax", httponly=True)
    return response


def industry(request, code):
    """One industry: its key content, what is offered and what is sought."""
    term = get_object_or_404(Industry, code=code)
    context = {
        "industry": term,
        "achievements": open_parts(
            public_achievements()
            .filter(industries=term)
            .select_related("institute__organization__district")
            .prefetch_related("industries")
            .order_by("-first_published_at")[:10]
        ),
        "needs": open_parts(
            public_needs()
            .filter(industries=term)
            .select_related("organization__district")
            .order_by("-published_at")[:10]
        ),
    }
    return render(request, "site/industry.html", context)


def robots(request):
    closed = [
        f"Disallow: {prefix}/{part}/"
        for prefix in ("", "/en")
        for part in ("workspace", "accounts")
    ]
    lines = ["User-agent: *", "Disallow: /admin/", *closed]
    lines.append(f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def open_data(request):
    """Where machines read what everybody may read."""
    return render(request, "site/open_data.html")
