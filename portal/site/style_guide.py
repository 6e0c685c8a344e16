"""Sample content for the style guide, the page on which every component can be seen and tried."""

import datetime as dt
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from achievements.forms import DayInput
from portal.accounts.enums import VerificationLevel

from .glyphs import INDUSTRY_CODES

COLOURS = (
    *("paper", "surface", "sunken", "ink", "muted", "line", "line-strong", "lake", "lake-soft"),
    *("band", "vermilion", "vermilion-soft", "amber", "amber-soft", "blue", "blue-soft"),
    *("red", "red-soft", "mark"),
)


class SampleForm(forms.Form):
    """One field of each kind that the portal uses."""

    title = forms.CharField(label=_("Title"), max_length=60, help_text=_("Say what it does."))
    problem = forms.CharField(
        label=_("Problem"), max_length=500, min_length=20, widget=forms.Textarea(attrs={"rows": 5})
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("RND", _("Solve a technical problem")), ("TALENT", _("Experts"))],
        widget=forms.RadioSelect,
    )
    modes = forms.MultipleChoiceField(
        label=_("Cooperation modes"),
        choices=[
            (str(n), name) for n, name in enumerate((_("Transfer"), _("Licence"), _("Equity")))
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    stage = forms.ChoiceField(
        label=_("Stage"), choices=[("", "–"), ("EARLY", _("Laboratory")), ("MIDDLE", _("Pilot"))]
    )
    deadline = forms.DateField(
        label=_("Deadline"),
        widget=DayInput(),
        required=False,
    )
    budget = forms.IntegerField(label=_("Budget"), min_value=0, help_text=_("In 10,000 yuan."))
    paper = forms.FileField(label=_("Paper"), required=False, help_text=_("PDF, at most 20 MB."))
    agreed = forms.BooleanField(label=_("The facts are true and may be published."))


def _organization(name: str, level: int) -> SimpleNamespace:
    class Sample(SimpleNamespace):
        def __str__(self):
            return self.name

    return Sample(
        name=name,
        short_name="",
        credit_code=name,
        logo=None,
        verification_level=level,
        verification_label=VerificationLevel(level).label,
    )


DISTRICTS = {
    "330102": "上城",
    "330105": "拱墅",
    "330106": "西湖",
    "330108": "滨江",
    "330109": "萧山",
    "330110": "余杭",
    "330111": "富阳",
    "330112": "临安",
    "330113": "临平",
    "330114": "钱塘",
    "330122": "桐庐",
    "330127": "淳安",
    "330182": "建德",
}


def style_guide_context() -> dict:
    """Build what ``site/style_guide.html`` shows; no database."""
    return {
        "colours": COLOURS,
        "industry_codes": INDUSTRY_CODES,
        "form": SampleForm(),
        "form_with_errors": SampleForm({"problem": "太短", "budget": "-3"}, prefix="wrong"),
        "crumbs": [{"label": _("Home"), "url": "/"}, {"label": _("Style guide")}],
        "organizations": [
            _organization("浙江之江新材料研究院", 2),
            _organization("钱塘精密机械有限公司", 1),
            _organization("West Lake Labs", 0),
        ],
        **_lists(),
        **_progress(),
        **_facts(),
        **_charts(),
    }


def _lists() -> dict:
    return {
        "page": Paginator(range(400), 20).page(7),
        "tabs": [
            {"label": _("Achievements"), "url": "#", "count": 128, "is_current": True},
            {"label": _("Needs"), "url": "#", "count": 46},
            {"label": _("Patents"), "url": "#", "count": 0},
        ],
        "chips": [
            {"facet": _("Industry"), "label": "新材料", "remove_url": "#"},
            {"facet": _("Stage"), "label": _("Pilot"), "remove_url": "#"},
        ],
        "facets": [
            {
                "label": _("Industry"),
                "name": "industry",
                "is_open": True,
                "options": [
                    {"label": "新材料", "value": "new_materials", "count": 41, "is_chosen": True},
                    {"label": "高端装备制造", "value": "equipment", "count": 27},
                    {"label": "生物", "value": "bio", "count": 0},
                ],
            }
        ],
    }


def _progress() -> dict:
    today = timezone.localdate()
    return {
        "steps": [
            {"label": _("Problem"), "state": "done", "url": "#"},
            {"label": _("Targets"), "state": "current"},
            {"label": _("Conditions"), "state": ""},
            {"label": _("Check"), "state": ""},
        ],
        "timeline": [
            {"title": _("Submitted"), "when": timezone.now(), "who": "王工", "state": "done"},
            {"title": _("With the platform"), "state": "current", "text": _("Due in two days.")},
            {"title": _("Published")},
        ],
        "summary_rows": [
            {"label": _("Stage"), "value": _("Pilot"), "action_url": "#"},
            {"label": _("Price"), "value": "120 – 180 万元"},
            {"label": _("Place"), "value": "滨江"},
        ],
        "tiles": [
            {
                "label": _("Achievements"),
                "value": "1,284",
                "url": "#",
                "definition": _("live today"),
            },
            {"label": _("Needs"), "value": "316", "url": "#", "definition": _("open today")},
            {"label": _("Waiting"), "value": "5", "url": "#", "is_urgent": True},
        ],
        "tasks": [
            {
                "title": "石墨烯散热膜：确认是否仍有效",
                "url": "#",
                "due_date": today - dt.timedelta(2),
            },
            {"title": "回复滨江智驾的合作意向", "url": "#", "due_date": today + dt.timedelta(3)},
            {"title": "补充检测报告", "url": "#", "due_date": today + dt.timedelta(30)},
        ],
    }


def _facts() -> dict:
    return {
        "checks": [
            {"label": _("A quantified target"), "passed": True, "points": 25},
            {
                "label": _("Budget"),
                "passed": False,
                "points": 15,
                "advice": _("Give a range, even a rough one."),
            },
        ],
        "indicators": [
            {"name": "导热系数", "value": "≥ 1500", "unit": "W/(m·K)", "condition": "25 ℃"},
            {"name": "厚度", "value": "12 – 100", "unit": "μm", "tested_by": "省质检院"},
        ],
        "diff_rows": [
            {"label": _("Problem"), "before": "散热不好", "after": "功率 30 W 时结温高于 95 ℃"}
        ],
        "job": SimpleNamespace(
            pk=1,
            title="导入成果 500 条",
            percent=64,
            done=320,
            total=500,
            state="RUNNING",
            message="",
            is_finished=True,
            get_state_display=_("Running"),
        ),
    }


def _charts() -> dict:
    labels = [_("Published"), _("Matched"), _("Interest"), _("Meeting"), _("Contract")]
    return {
        "bars": [
            {"label": name, "value": value, "url": "#"}
            for name, value in (("新材料", 128), ("高端装备制造", 96), ("生物", 61.5), ("环保", 12))
        ],
        "funnel": [
            {"label": label, "value": value}
            for label, value in zip(labels, (1284, 860, 242, 96, 31), strict=True)
        ],
        "stack_series": [_("Strong"), _("Good"), _("Fair")],
        "stack": [
            {"label": "1 – 3", "values": [42, 31, 12]},
            {"label": "4 – 10", "values": [18, 36, 44]},
        ],
        "months": ["5 月", "6 月", "7 月", "8 月", "9 月", "10 月"],
        "lines": [
            {"label": _("Shown"), "values": [120, 180, 210, 190, 260, 310]},
            {"label": _("Accepted"), "values": [22, 41, 60, None, 88, 120]},
        ],
        "heat_columns": ["9:00", "9:30", "10:00", "10:30"],
        "heat": [
            {"label": "A 桌", "values": [1, 3, 4, 0]},
            {"label": "B 桌", "values": [2, 5, None, 1]},
        ],
        "districts": [
            {"code": code, "label": name, "value": (place * 37) % 90, "url": "#"}
            for place, (code, name) in enumerate(DISTRICTS.items())
        ],
        "parts": [
            {"label": _("Title"), "value": 0.42},
            {"label": _("Text"), "value": 0.31},
            {"label": _("Industry"), "value": 0.12},
            {"label": _("Stage"), "value": 0.08},
            {"label": _("District"), "value": 0.07},
        ],
        "terms": ["石墨烯", "散热", "导热膜"],
    }
