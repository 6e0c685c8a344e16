import io
import json
from dataclasses import replace

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from wagtail.models import Page

from achievements.enums import Stage
from achievements.imports import UnableToRead, find_importer, read_table
from achievements.imports.importers import UnableToImport
from achievements.imports.templates import csv_template, xlsx_template
from achievements.models import AchievementPage
from achievements.services import submit_listing
from ip.identifiers import compute_check_character
from ip.models import Patent
from matchmaking.models import Need
from portal.audit.models import AuditEvent
from tests.factories.listings import Institute
from tests.factories.needs import Company

pytestmark = [pytest.mark.django_db, pytest.mark.database]

HEADINGS = [
    *["来源编号", "成果名称", "一句话简介", "成果介绍", "成果形式", "所处阶段"],
    *["行业", "技术领域", "合作方式", "意向价格下限", "意向价格上限"],
]
FIRST = [
    *[
        "A-1",
        "石墨烯导热膜连续制备",
        "面内导热1500 W/(m·K)",
        "卷对卷连续还原。",
        "TECHNOLOGY",
        "MIDDLE",
    ],
    *["new_materials", "MATERIALS", "LICENCE", "30万", "80 万元"],
]
SECOND = ["A-2", "茶叶连续杀青设备", "节能三成", "电磁加热。", "EQUIPMENT", "MATURE", *[""] * 5]


@pytest.fixture
def institute():
    return Institute()


def as_csv(*rows, encoding="utf-8", headings=HEADINGS):
    return "\n".join(",".join(row) for row in [headings, *rows]).encode(encoding)


def check(institute, content, kind="achievements", name="file.csv"):
    return find_importer(kind).check(read_table(content, name), institute.organization)


def write(institute, content, kind="achievements"):
    report = check(institute, content, kind)
    organization = institute.organization
    return find_importer(kind).write(report, organization=organization, actor=institute.owner)


def test_rows_become_drafts_that_pass_the_ordinary_review(institute):
    assert write(institute, as_csv(FIRST, SECOND)) == {"new": 2, "changed": 0, "unchanged": 0}

    first, second = AchievementPage.objects.order_by("code")
    assert (first.title, first.live, first.owner) == (FIRST[1], False, institute.owner)
    assert (first.price_min, first.price_max) == (300_000, 800_000)
    assert [term.code for term in first.industries.all()] == ["new_materials"]
    assert first.get_latest_revision_as_object().industries.get().code == "new_materials"
    assert second.get_parent().pk == institute.page.pk
    assert Page.find_problems() == ([], [], [], [], [])
    submit_listing(page=first, actor=institute.owner)


def test_the_same_file_again_changes_nothing_and_a_changed_row_changes_one(institute):
    write(institute, as_csv(FIRST, SECOND))
    assert write(institute, as_csv(FIRST, SECOND))["unchanged"] == 2
    other = [*FIRST[:2], "面内导热1800 W/(m·K)", *FIRST[3:]]

    assert write(institute, as_csv(other, SECOND)) == {"new": 0, "changed": 1, "unchanged": 1}

    page = AchievementPage.objects.get(source_id="A-1").get_latest_revision_as_object()
    assert page.summary == "面内导热1800 W/(m·K)"
    assert AchievementPage.objects.count() == 2


def test_later_pages_stand_beside_the_imported_ones(institute):
    before = institute.draft()
    write(institute, as_csv(FIRST))
    after = institute.draft(title="导热硅脂")

    paths = [AchievementPage.objects.get(pk=page.pk).path for page in (before, after)]
    assert paths[0] < AchievementPage.objects.get(source_id="A-1").path < paths[1]
    assert Page.find_problems() == ([], [], [], [], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_encodings(institute, encoding):
    assert [row.errors for row in check(institute, as_csv(FIRST, encoding=encoding)).rows] == [{}]


def test_english_headings_and_labels(institute):
    headings = ["Source ID", "Title", "Summary", "Description", "Form", "Stage", "Colour"]
    row = ["A-9", "Film", "Thin", "Reduced.", "Technology", "middle", "red"]

    report = check(institute, as_csv(row, headings=headings))

    assert (report.rows[0].errors, report.ignored_headings) == ({}, ["Colour"])


def test_excel_tables(institute):
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in (HEADINGS, FIRST):
        book.active.append(row)
    book.active["J2"] = 300000.0
    book.save(content)

    report = check(institute, content.getvalue(), name="成果.xlsx")

    assert (report.rows[0].errors, report.rows[0].values["price_min"]) == ({}, 300_000)


@pytest.mark.parametrize(
    ("position", "text", "heading"),
    [
        (0, "", "来源编号"),
        (1, "", "成果名称"),
        (4, "魔法", "成果形式"),
        (6, "占星", "所属行业"),
        (9, "很多", "意向价格下限（元）"),
        (10, "1万", "意向价格上限（元）"),
        (2, "长" * 121, "一句话简介"),
    ],
)
def test_each_wrong_cell_is_named_and_nothing_is_written(institute, position, text, heading):
    wrong = [*FIRST[:position], text, *FIRST[position + 1 :]]

    report = check(institute, as_csv(wrong, SECOND))

    assert {row.number: list(row.errors) for row in report.refused} == {2: [heading]}
    with pytest.raises(UnableToImport):
        find_importer("achievements").write(
            report, organization=institute.organization, actor=institute.owner
        )
    assert AchievementPage.objects.count() == 0


def test_a_classified_result_is_refused(institute):
    row = ["A-1", "某材料", "简介", "介绍", "TECHNOLOGY", "MIDDLE", "SECRET"]

    report = check(institute, as_csv(row, headings=[*HEADINGS[:6], "密级"]))

    assert list(report.rows[0].errors) == ["密级"]


def test_a_row_that_stands_twice_is_named(institute):
    report = check(institute, as_csv(FIRST, SECOND, FIRST))

    assert {row.number: list(row.errors) for row in report.refused} == {4: ["来源编号"]}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "file.csv"),
        (b"a,b", "file.pdf"),
        (b"\xff\xfe\x81", "file.csv"),
        (b"no zip", "file.xlsx"),
        ("来源编号,成果名称\nA,B".encode(), "file.csv"),
    ],
    ids=["empty", "kind", "encoding", "damaged", "columns"],
)
def test_a_file_that_cannot_be_read_says_why(institute, content, name):
    with pytest.raises(UnableToRead):
        check(institute, content, name=name)


def test_only_the_own_office_imports(institute):
    report = check(institute, as_csv(FIRST))
    for stranger in (institute.researcher, Institute("滨江力学研究所").owner):
        with pytest.raises(UnableToImport):
            find_importer("achievements").write(
                report, organization=institute.organization, actor=stranger
            )
    assert AchievementPage.objects.count() == 0


def test_patents_are_recorded_once_with_their_holder(institute):
    number = "202010000001" + compute_check_character("202010000001")
    headings = ["申请号", "专利类型", "专利名称", "申请日", "授权公告日", "法律状态", "发明人"]
    row = [
        f"ZL{number[:-1]}.{number[-1]}",
        "INVENTION",
        "一种膜",
        "2020/3/2",
        "2023年5月1日",
        "GRANTED",
    ]
    content = as_csv([*row, "王一、李二"], headings=headings)

    assert write(institute, content, "patents")["new"] == 1
    assert write(institute, content, "patents")["unchanged"] == 1

    patent = Patent.objects.get()
    assert (patent.application_number, str(patent.expires_on)) == (number, "2040-03-02")
    assert patent.holders.get().organization == institute.organization
    assert [each.name for each in patent.inventors.order_by("sort_order")] == ["王一", "李二"]

    wrong = as_csv([row[0][:-1] + "?", *row[1:], ""], headings=headings)
    assert list(check(institute, wrong, "patents").rows[0].errors) == ["申请号"]


def test_needs_become_drafts_with_their_targets():
    company = Company()
    headings = ["来源编号", "需求名称", "技术问题", "技术指标", "预算上限", "完成期限"]
    row = ["N-1", "高盐水回用", "通量衰减快。", "脱盐率≥98%；厚度<=0.1 mm", "60万", "2027-06-30"]

    assert write(company, as_csv(row, headings=headings), "needs")["new"] == 1
    assert write(company, as_csv(row, headings=headings), "needs")["unchanged"] == 1

    need = Need.objects.get()
    targets = [(each.metric, each.operator, each.value, each.unit) for each in need.targets.all()]
    assert (need.state, need.budget_max) == ("DRAFT", 600_000)
    assert targets == [("脱盐率", "GE", "98", "%"), ("厚度", "LE", "0.1", "mm")]

    sent = [*row[:2], "另一个问题。", *row[3:]]
    Need.objects.update(state="PUBLISHED")
    report = check(company, as_csv(sent, headings=headings), "needs")
    assert list(report.rows[0].errors) == ["来源编号"]


def test_the_command_checks_first_and_writes_when_told_to(institute, tmp_path, capsys):
    path = tmp_path / "成果.csv"
    path.write_bytes(as_csv(FIRST, SECOND))
    options = {"kind": "achievements", "organization": institute.organization.credit_code}

    call_command("import_listings", path, json=True, **options)
    assert json.loads(capsys.readouterr().out)["new"] == 2
    assert AchievementPage.objects.count() == 0

    call_command("import_listings", path, commit=True, **options)
    assert AchievementPage.objects.count() == 2
    event = AuditEvent.objects.order_by("-pk").first()
    assert (event.action, event.payload["new"]) == ("achievements.import_listings", 2)

    with pytest.raises(CommandError, match="No organization"):
        call_command("import_listings", path, kind="achievements", organization="X")


def test_many_rows_take_a_constant_number_of_queries(institute, django_assert_max_num_queries):
    rows = [[f"B-{number}", *FIRST[1:]] for number in range(300)]
    report = check(institute, as_csv(*rows))

    with django_assert_max_num_queries(60):
        find_importer("achievements").write(
            report, organization=institute.organization, actor=institute.owner
        )

    assert AchievementPage.objects.count() == 300


@pytest.mark.parametrize(
    ("heading", "written", "code"),
    [
        ("所处阶段", "初期", "EARLY"),
        ("所处阶段", "中试", "MIDDLE"),
        ("所处阶段", "成熟应用阶段", "MATURE"),
        ("成果形式", "新装备", "EQUIPMENT"),
        ("成果形式", "农业、生物新品种", "VARIETY"),
        ("成果形式", "其它应用技术", "OTHER_APPLIED"),
        ("成果类别", "应用技术类", "APPLIED"),
        ("成果类别", "基础理论类", "BASIC"),
        ("创新类型", "原始性创新", "ORIGINAL"),
        ("创新类型", "国外引进消化吸收创新", "REINNOVATION"),
        ("技术水平", "国内领先 水平", "DOMESTIC_LEADING"),
        ("密级", "公开", "NONE"),
    ],
)
def test_the_words_of_the_national_form_are_understood(institute, heading, written, code):
    importer = find_importer("achievements")
    column = next(each for each in importer.columns if each.headings[0] == heading)

    assert column.parse(written) == code


@pytest.mark.parametrize(
    ("heading", "cell", "amount"),
    [
        ("意向价格下限", "300000", 300_000),
        ("意向价格下限（元）", "300000", 300_000),
        ("意向价格下限(万元)", "30", 300_000),
        ("意向价格下限（万元）*", "30.5", 305_000),
        ("意向价格下限（万元）", "30万", 300_000),
        ("意向价格下限（万元）", "300000元", 300_000),
        ("意向价格下限（万元）", "面议", None),
        ("price from (CNY)", "300000", 300_000),
    ],
)
def test_the_unit_of_an_amount_stands_in_the_heading(institute, heading, cell, amount):
    headings, row = [*HEADINGS[:6], heading], [*SECOND[:6], cell]

    (read,) = check(institute, as_csv(row, headings=headings)).rows

    assert (read.errors, read.values["price_min"], read.warnings) == ({}, amount, {})


def test_an_amount_below_a_thousand_is_doubted(institute):
    row = [*FIRST[:9], "30", "80"]

    (read,) = check(institute, as_csv(row)).rows

    assert (read.errors, read.values["price_min"]) == ({}, 30)
    assert list(read.warnings) == ["意向价格下限（元）", "意向价格上限（元）"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", ["achievements", "patents", "needs"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_template_reads_back_without_its_example(institute, kind, suffix, language):
    importer = find_importer(kind)
    with translation.override(language):
        make = {"csv": csv_template, "xlsx": xlsx_template}[suffix]
        table = read_table(make(importer), f"a.{suffix}")

        report = importer.check(table, institute.organization)

    assert len(table.rows) == 1
    assert (report.rows, report.ignored_headings) == ([], [])


@pytest.mark.parametrize("kind", ["achievements", "patents", "needs"])
def test_the_example_of_a_template_would_be_right(institute, kind):
    importer = find_importer(kind)
    table = read_table(csv_template(importer), "a.csv")
    ((number, cells),) = table.rows
    kept = replace(table, rows=[(number, [cells[0].split(" ", 1)[1], *cells[1:]])])

    (row,) = importer.check(kept, institute.organization).rows

    assert (row.errors, row.warnings) == ({}, {})


def test_an_excel_template_offers_the_choices():
    book = openpyxl.load_workbook(io.BytesIO(xlsx_template(find_importer("achievements"))))
    sheet, explained, choices = book.worksheets
    place = [cell.value for cell in sheet[1]].index("所处阶段*") + 1
    letter = openpyxl.utils.get_column_letter(place)
    (validation,) = [
        each
        for each in sheet.data_validations.dataValidation
        if str(each.sqref).startswith(f"{letter}2")
    ]

    labels = [choices.cell(row, place).value for row in range(1, 4)]
    assert labels == [str(label) for label in Stage.labels]
    assert validation.formula1 == f"'{choices.title}'!${letter}$1:${letter}$3"
    assert [cell.value for cell in explained["A"]][1:4] == ["来源编号", "成果名称", "英文名称"]
