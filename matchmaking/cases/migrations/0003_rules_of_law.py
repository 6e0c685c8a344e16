"""Load the rules of law that cases follow; staff change them when the law does."""

from datetime import date

from django.db import migrations

TRANSFORMATION_LAW = date(2015, 10, 1)
ZHEJIANG = date(2017, 5, 1)
PATENT_LAW = date(2021, 6, 1)
CIVIL_CODE = date(2021, 1, 1)
RULES = [
    (
        "PRICE_PUBLICITY",
        "NATION",
        TRANSFORMATION_LAW,
        {"days": 15, "unit": "calendar", "venues": 1, "on_objection": "stop"},
        "《促进科技成果转化法》第十八条；国发〔2016〕16号",
        "Law on Promoting the Transformation of Scientific Achievements, art. 18",
        "法律未写明天数，十五日出自国务院文件。",
    ),
    (
        "PRICE_PUBLICITY",
        "PROVINCE",
        ZHEJIANG,
        {"days": 15, "unit": "calendar", "venues": 2, "on_objection": "stop"},
        "《浙江省促进科技成果转化条例》第十七条",
        "Zhejiang regulation on promoting the transformation of achievements, art. 17",
        "在本单位和技术市场同时公示，写明名称、简介、转化方式和拟交易价格。",
    ),
    (
        "FIRST_REFUSAL",
        "NATION",
        CIVIL_CODE,
        {"answer_days": 15},
        "《民法典》第八百四十七条",
        "Civil Code, art. 847",
        "法律未写明答复期限，此处为平台默认值。",
    ),
    (
        "LICENCE_FILING",
        "NATION",
        PATENT_LAW,
        {"months": 3},
        "《专利法实施细则》第十五条",
        "Rules for implementing the Patent Law, art. 15",
        "自许可合同生效之日起三个月内备案。",
    ),
    (
        "CO_OWNERS",
        "NATION",
        PATENT_LAW,
        {},
        "《专利法》第十四条",
        "Patent Law, art. 14",
        "除普通许可外，行使共有权利须经全体共有人同意。",
    ),
    (
        "DEFAULT_OWNERSHIP",
        "NATION",
        TRANSFORMATION_LAW,
        {},
        "《促进科技成果转化法》第四十条；《民法典》第八百五十九条、第八百六十条",
        "Law on Promoting the Transformation, art. 40; Civil Code, art. 859–860",
        "合同未约定时：无新发明的归完成单位，有新发明的归合作各方共有；"
        "委托开发归受托方，合作开发归各方共有。",
    ),
    (
        "DORMANT",
        "PROVINCE",
        ZHEJIANG,
        {"months": 12},
        "《浙江省促进科技成果转化条例》第三十八条",
        "Zhejiang regulation, art. 38",
        "授权或登记满一年未转化又未签协议的，完成人可自行实施。",
    ),
    (
        "REWARD",
        "NATION",
        TRANSFORMATION_LAW,
        {
            "pool": "0.50",
            "main": "0",
            "staff": "0",
            "publicity_days": 15,
            "unit": "calendar",
            "pay_months": 6,
        },
        "《促进科技成果转化法》第四十五条",
        "Law on Promoting the Transformation, art. 45",
        "",
    ),
    (
        "REWARD",
        "PROVINCE",
        ZHEJIANG,
        {
            "pool": "0.70",
            "main": "0.70",
            "staff": "0.05",
            "publicity_days": 15,
            "unit": "calendar",
            "pay_months": 6,
        },
        "《浙江省促进科技成果转化条例》第三十七条、第三十九条、第四十条",
        "Zhejiang regulation, art. 37, 39, 40",
        "净收入的百分之七十以上奖励；其中主要贡献人员不低于百分之七十，"
        "转化服务和管理人员不低于百分之五。",
    ),
    (
        "ANNUAL_REPORT",
        "PROVINCE",
        ZHEJIANG,
        {"month": 3, "day": 30},
        "《浙江省促进科技成果转化条例》第二十八条",
        "Zhejiang regulation, art. 28",
        "",
    ),
]


def load(apps, schema_editor):
    rule = apps.get_model("cases", "LawRule")
    names = ("code", "jurisdiction", "valid_from", "parameters", "source", "source_en", "note")
    rule.objects.bulk_create([rule(**dict(zip(names, row, strict=True))) for row in RULES])


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_append_only")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
