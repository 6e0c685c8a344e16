"""Components that need more than markup; plain ones are includes in ``templates/components/``."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, ngettext, pgettext

from achievements.amounts import write_yuan
from matchmaking.enums import Grade
from portal.accounts.enums import VerificationLevel
from portal.site.covers import cover_svg, monogram_svg
from portal.site.glyphs import glyph_svg
from portal.site.icons import icon_svg
from search.highlight import highlight_terms

register = template.Library()
register.filter("yuan", write_yuan)

STATE_TONES = {
    "lake": {
        "LIVE",
        "PUBLISHED",
        "GRANTED",
        "SUCCEEDED",
        "ACCEPTED",
        "ACTIVE",
        "SIGNED",
        "ANSWERED",
    },
    "blue": {
        "INSTITUTE_REVIEW",
        "PLATFORM_REVIEW",
        "IN_REVIEW",
        "SUBSTANTIVE_EXAM",
        "REEXAMINATION",
        "RUNNING",
        "QUEUED",
        "PENDING",
        "REQUESTED",
        "SENT",
        "ASKED",
    },
    "amber": {"AT_BROKER", "PROPOSED", "EXPIRED"},
    "vermilion": {"RETURNED"},
    "red": {"REJECTED", "FAILED", "REFUSED", "INVALIDATED", "TERMINATED"},
}
TONE_OF_STATE = {state: tone for tone, states in STATE_TONES.items() for state in states}
GRADE_BARS = {Grade.STRONG: 4, Grade.GOOD: 3, Grade.FAIR: 2, Grade.WEAK: 1}
VERIFICATION_TONES = {
    VerificationLevel.FORMAT: "",
    VerificationLevel.CONTACT: "blue",
    VerificationLevel.LICENCE: "lake",
}
SOON = dt.timedelta(days=7)
BROWSERS = (
    ("MicroMessenger/", "WeChat"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    return icon_svg(name, css_class=css_class)


@register.simple_tag
def glyph(industry_code: str, css_class: str = "") -> SafeString:
    return glyph_svg(industry_code, css_class=css_class)


@register.simple_tag
def cover(code: str, industry_code: str, hue: int = 180) -> SafeString:
    """Draw the cover of the listing ``code``; decoration, so hidden from screen readers."""
    return cover_svg(code, industry_code, hue)


@register.simple_tag
def badge(label: str | Promise, tone: str = "", icon_name: str = "") -> SafeString:
    return format_html(
        '<span class="badge{}">{}{}</span>',
        f" badge--{tone}" if tone else "",
        icon_svg(icon_name, css_class="badge__icon") if icon_name else "",
        label,
    )


@register.simple_tag
def state_badge(state: str, label: str) -> SafeString:
    """Show ``label`` in the tone of the stored value ``state``; unknown states stay grey."""
    return badge(label, TONE_OF_STATE.get(str(state), ""))


@register.simple_tag
def verification_badge(organization) -> SafeString:
    level = VerificationLevel(organization.verification_level)
    sign = "shield-check" if level == VerificationLevel.LICENCE else "shield"
    return badge(organization.verification_label, VERIFICATION_TONES[level], sign)


@register.simple_tag
def grade(value: str) -> SafeString:
    """Show a match grade (强 较强 一般 弱) as a word with four bars, never by colour alone."""
    chosen = Grade(value)
    lit = GRADE_BARS[chosen]
    bars = format_html_join(
        "",
        '<rect class="grade__bar{}" x="{}" y="{}" width="4" height="{}"/>',
        (
            (" grade__bar--on" if bar < lit else "", bar * 6, 12 - 3 * bar, 4 + 3 * bar)
            for bar in range(4)
        ),
    )
    return format_html(
        '<span class="grade grade--{}"><svg class="grade__meter" viewBox="0 0 22 16"'
        ' aria-hidden="true" focusable="false">{}</svg>{}</span>',
        chosen.value.lower(),
        bars,
        chosen.label,
    )


@register.simple_tag
def monogram(organization, css_class: str = "organization__logo") -> SafeString:
    label = organization.short_name or organization.name
    return monogram_svg(label, seed=organization.credit_code or label, css_class=css_class)


@register.inclusion_tag("components/organization.html")
def organization(organization, url: str = "", large: bool = False) -> dict:
    """Name an organization with its logo or monogram and how far it has been checked."""
    return {"organization": organization, "url": url, "large": large}


@register.simple_tag
def due(date: dt.date | None) -> SafeString:
    """Say how long is left until ``date``: red when late, amber within a week."""
    if date is None:
        return SafeString("")
    day = timezone.localtime(date).date() if isinstance(date, dt.datetime) else date
    left = day - timezone.localdate()
    tone = " task__due--late" if left.days < 0 else " task__due--soon" if left <= SOON else ""
    return format_html(
        '<time class="task__due{}" datetime="{}">{}</time>',
        tone,
        day.isoformat(),
        _words(left.days),
    )


def _words(days: int) -> str:
    if days < 0:
        return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
    if days == 0:
        return _("Due today")
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms) -> dict:
    """List what is wrong in ``forms`` (formsets and lists count as their forms), with links."""
    return {"errors": [error for form in _flatten(forms) for error in _errors_of(form)]}


def _flatten(forms):
    for form in forms:
        if isinstance(form, list):
            yield from _flatten(form)
        elif hasattr(form, "management_form"):
            yield from form.forms
        elif form is not None:
            yield form


def _errors_of(form):
    yield from ({"message": message} for message in form.non_field_errors())
    for bound in form:
        for message in bound.errors:
            yield {
                "label": strip_tags(str(bound.label)).rstrip("。."),
                "message": message,
                "anchor": _anchor(bound),
            }


def _anchor(bound) -> str:
    """Return the id of the control to jump to: the first one of a group."""
    return f"{bound.auto_id}_0" if bound.use_fieldset else bound.auto_id


@register.filter
def field_class(bound) -> str:
    """Name the classes of a form field's wrapper after its widget."""
    kind = {
        "checkbox": "checkbox",
        "radioselect": "choices",
        "checkboxselectmultiple": "choices",
        "clearablefile": "file",
        "file": "file",
    }.get(bound.widget_type, "multi" if bound.use_fieldset else "")
    names = ["field", f"field--{kind}" if kind else "", "field--error" if bound.errors else ""]
    if kind == "choices" and len(bound.field.choices) > 6:
        names.append("field--columns")
    return " ".join(name for name in [*names, bound.css_classes()] if name)


@register.filter
def counter_limit(bound) -> int | None:
    """Return the longest text a long text field takes; short fields need no counter."""
    limit = getattr(bound.field, "max_length", None)
    counted = bound.widget_type == "textarea" or (
        bound.widget_type == "text"
        and (limit or 0) >= 100
        and bound.field.widget.input_type == "text"  # not an address
    )
    return limit if limit and counted else None


@register.filter
def allows_several(bound) -> bool:
    return bound.widget_type in {"checkboxselectmultiple", "selectmultiple"}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context, page) -> dict:
    """Page links for a ``Page`` of Django's paginator, keeping the rest of the query."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {"page": page, "numbers": numbers, "request": context["request"]}


@register.filter
def highlight(text: str, terms) -> SafeString:
    """Escape ``text`` and mark each of ``terms`` in it; overlapping ones make one mark."""
    return highlight_terms(str(text), [str(term).lower() for term in terms or ()])


@register.filter
def grouped(value):
    """Part the thousands of a number; text passes as it is."""
    return f"{value:,}" if isinstance(value, int) else value


@register.filter
def browser_name(user_agent: str) -> str:
    """Name the browser and the system of a user agent; an unknown one shows as it is."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return " · ".join(name for name in (browser, system) if name) or user_agent[:60]


@register.filter
def yes_no(value: bool) -> str:
    return pgettext("answer", "Yes") if value else pgettext("answer", "No")
