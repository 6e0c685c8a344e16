"""What ``base.html`` shows around every page: name, entries, languages, theme, unread count."""

from dataclasses import dataclass
from functools import cached_property

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, reverse, translate_url
from django.utils.translation import get_language, gettext as _

from portal.site.models import PortalSettings

register = template.Library()

THEMES = ("system", "light", "dark")
THEME_COOKIE = "theme"


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    is_current: bool = False
    code: str = ""


def localize_path(path: str) -> str:
    """Put the language before ``path`` as ``i18n_patterns`` does."""
    language = get_language() or settings.LANGUAGE_CODE
    prefix = "" if language == settings.LANGUAGE_CODE else f"{language}/"
    return f"{get_script_prefix()}{prefix}{path.lstrip('/')}"


@register.simple_tag
def portal_url(path: str, name: str = "") -> str:
    """Return the address of the URL ``name`` if it exists, else ``path`` in the page's language."""
    if name:
        try:
            return reverse(name)
        except NoReverseMatch:
            pass
    return localize_path(path)


class Frame:
    """The frame of one page. Works without a request, as the page for error 500 needs it."""

    def __init__(self, request):
        self.request = request

    @cached_property
    def settings(self) -> PortalSettings | None:
        return PortalSettings.for_request(self.request) if self.request else None

    @property
    def name(self) -> str:
        return self.settings.label if self.settings else str(settings.PORTAL_NAME)

    @property
    def entries(self) -> list[Link]:
        return [
            self._entry(_("Achievements"), "/achievements/"),
            self._entry(_("Needs"), "/needs/"),
            self._entry(_("Events"), "/events/"),
            self._entry(_("Experts"), "/experts/"),
            self._entry(_("Policy & news"), "/news/"),
        ]

    @property
    def workspace(self) -> Link:
        return self._entry(_("Workspace"), "/workspace/")

    def _entry(self, label: str, path: str) -> Link:
        url = localize_path(path)
        return Link(label, url, bool(self.request) and self.request.path.startswith(url))

    @property
    def other_languages(self) -> list[Link]:
        """The page being read, in each of the other languages."""
        here = self.request.get_full_path() if self.request else get_script_prefix()
        current = get_language()
        return [
            Link(label, translate_url(here, code), code=html_language(code))
            for code, label in settings.LANGUAGES
            if code != current
        ]

    @property
    def theme(self) -> str:
        chosen = self.request.COOKIES.get(THEME_COOKIE) if self.request else None
        return chosen if chosen in THEMES else THEMES[0]

    @property
    def themes(self) -> list[Link]:
        labels = {"system": _("As the device"), "light": _("Light"), "dark": _("Dark")}
        return [Link(labels[code], "", code == self.theme, code) for code in THEMES]

    @property
    def here(self) -> str:
        return self.request.get_full_path() if self.request else get_script_prefix()

    @property
    def query(self) -> str:
        return self.request.GET.get("q", "") if self.request else ""

    @property
    def user(self):
        user = getattr(self.request, "user", None)
        return user if user and user.is_authenticated else None

    @cached_property
    def unread_count(self) -> int:
        return self.user.notifications.unread().count() if self.user else 0


def html_language(code: str) -> str:
    """Return the BCP 47 form of a Django language code: ``zh-Hans``, not ``zh-hans``."""
    return "zh-Hans" if code == "zh-hans" else code


@register.simple_tag
def page_language() -> str:
    return html_language(get_language() or settings.LANGUAGE_CODE)


@register.simple_tag(takes_context=True)
def frame(context) -> Frame:
    return Frame(context.get("request"))
