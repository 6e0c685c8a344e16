"""Published figures to compare with, as their sources state them; nothing here is computed."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NATION, CITY = _("Nation"), _("City")
REPORT = _("Annual report on conversion 2023, universities and institutes")
CITY_NEWS = _("City's technology market, to mid-December 2023")
YI = 100_000_000


@dataclass(frozen=True)
class Published:
    """One published value; money in yuan (已公布数据)."""

    area: str | Promise
    year: int
    label: str | Promise
    source: str | Promise
    money: int | None = None
    count: int | None = None
    share: str = ""


PUBLISHED = (
    Published(NATION, 2023, _("Six modes: contracts"), REPORT, round(2054.4 * YI), 640_000),
    Published(NATION, 2023, _("Six modes: received in the year"), REPORT, round(1352.7 * YI)),
    Published(NATION, 2023, _("Three modes: contracts"), REPORT, round(241.3 * YI), 37_741),
    Published(NATION, 2023, _("Assignments"), REPORT, round(106.1 * YI), 23_006),
    Published(NATION, 2023, _("Licences"), REPORT, round(90.6 * YI), 14_263),
    Published(NATION, 2023, _("Contributions as equity"), REPORT, round(44.6 * YI), 472),
    Published(NATION, 2023, _("Three modes: mean contract"), REPORT, 639_000),
    Published(NATION, 2023, _("Three modes: converted in the own place"), REPORT, share="60%"),
    Published(CITY, 2023, _("Technology contracts"), CITY_NEWS, 1558 * YI, 38_000),
)
