"""What the register of achievements knows of each, and a few test reports as files."""

import random
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from achievements.enums import (
    ApplicationState,
    EvaluationMethod,
    Level,
    NotAppliedReason,
    Stage,
    TaskSource,
)
from achievements.models import AchievementPage
from achievements.services import attach_files
from portal.accounts.models import User

REGISTER_PREFIX = "990"  # no department has it: the numbers are made up
WITH_REPORT = ("new_materials-ach-01", "equipment-ach-01", "food-ach-01")
STATES_BY_STAGE = {
    Stage.EARLY: (ApplicationState.NOT_APPLIED,),
    Stage.MIDDLE: (ApplicationState.TRIAL, ApplicationState.SMALL_BATCH, ApplicationState.TRIAL),
    Stage.MATURE: (
        ApplicationState.STABLE,
        ApplicationState.SMALL_BATCH,
        ApplicationState.SCALED,
        ApplicationState.STOPPED,
    ),
}
PLANS = {
    TaskSource.NATIONAL: "GJ",
    TaskSource.PROVINCIAL: "SJ",
    TaskSource.MUNICIPAL: "SH",
    TaskSource.ENTERPRISE: "",
    TaskSource.SELF: "",
}
EVALUATIONS = (EvaluationMethod.ACCEPTANCE, EvaluationMethod.REVIEW, EvaluationMethod.AGENCY)


def fill_register(page: AchievementPage, row: dict) -> None:
    """Fill in where the achievement came from, how far it is used and how it was evaluated.

    Two in three have been registered; an evaluated level has an evaluation behind it.
    """
    chance = random.Random(row["key"])  # noqa: S311  the same city every time
    ended = timezone.localdate() - timedelta(days=row["days_ago"] + chance.randrange(90, 400))
    source = chance.choice(list(PLANS))
    page.research_ended = ended
    page.research_started = ended - timedelta(days=chance.randrange(700, 1300))
    page.task_source = source
    if PLANS[source]:
        serial = chance.randrange(1, 999)
        page.project_number = f"{PLANS[source]}{page.research_started.year}-{serial:03d}"
    page.application_state = chance.choice(STATES_BY_STAGE[Stage(row["stage"])])
    if page.application_state == ApplicationState.NOT_APPLIED:
        page.not_applied_reason = chance.choice([NotAppliedReason.FUNDS, NotAppliedReason.MARKET])
    if row["level"] != Level.NOT_EVALUATED:
        page.evaluation_method = chance.choice(EVALUATIONS)
    elif row["patents"]:
        page.evaluation_method = EvaluationMethod.IP_GRANT
    if page.evaluation_method and chance.random() < 0.8:
        serial = chance.randrange(1, 9999)
        page.registration_number = f"{REGISTER_PREFIX}{ended.year}Y{serial:04d}"


def attach_report(page: AchievementPage, row: dict, author: User) -> None:
    """Hang a one-page test report with the achievement's indicators on the draft."""
    lines = [
        "演示文件，机构与数据均为虚构",
        f"样品：{row['title']}",
        *(
            f"{each['name']}：{each['value']} {each.get('unit') or ''}（{each.get('condition')}）"
            for each in row["indicators"]
        ),
    ]
    attach_files(
        page=page,
        actor=author,
        attachment=ContentFile(draw_pdf("检测报告", lines), name=f"{page.code}.pdf"),
        attachment_title="检测报告（演示）",
    )


def draw_pdf(title: str, lines: list[str]) -> bytes:
    """Return a PDF of one page; the reader's own Song typeface draws the Chinese."""
    rows = [(20, 780, title), *((11, 740 - 22 * i, line) for i, line in enumerate(lines))]
    text = "".join(
        f"BT /F1 {size} Tf 60 {height} Td <{line.encode('utf-16-be').hex()}> Tj ET\n"
        for size, height, line in rows
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            " /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        f"<< /Length {len(text)} >>\nstream\n{text}endstream",
        (
            "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
            " /DescendantFonts [6 0 R] >>"
        ),
        (
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R"
            " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
        ),
        (
            "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /ItalicAngle 0"
            " /FontBBox [-25 -254 1000 880] /Ascent 752 /Descent -271 /CapHeight 737 /StemV 58 >>"
        ),
    ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    return (
        f"{body}xref\n0 {count}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    ).encode("ascii")
