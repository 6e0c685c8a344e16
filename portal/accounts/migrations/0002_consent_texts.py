"""The first texts that people are asked to agree to, one for each purpose."""

from django.db import migrations

TEXTS = {
    "TERMS": (
        "我已阅读并同意使用条款和隐私告知。",
        "I have read and accept the terms of use and the privacy notice.",
    ),
    "SHOW_NAME": (
        "我同意在成果、专利和专家页面公开显示我的姓名和职务，可随时撤回。",
        "I agree that my name and post are shown publicly on achievement, patent and expert pages. I may withdraw at any time.",
    ),
    "SHOW_CONTACT": (
        "我同意向已认证机构的登录成员显示我的联系方式，可随时撤回。",
        "I agree that signed-in members of verified organizations see my contact data. I may withdraw at any time.",
    ),
    "SHARE_CONTACT": (
        "我同意在对接达成意向后，将我的联系方式提供给页面上写明的机构，逐次确认。",
        "I agree that my contact data is given to the organization named on the page once we have agreed to talk, each time anew.",
    ),
    "NEWSLETTER": (
        "我愿意通过邮件接收平台资讯，可随时退订。",
        "I wish to receive news by mail. I may unsubscribe at any time.",
    ),
    "FAIR_ORGANIZER": (
        "我同意将本次报名填写的姓名、联系方式、单位、职务和报名信息提供给页面上写明的主办单位，仅用于办理本次活动。",
        "I agree that the name, contact data, organization, post and answers of this registration are given to the organizer named on the page, to run this fair and for nothing else.",
    ),
    "FAIR_PEERS": (
        "我同意在本次活动的参会名单中，向已通过审核的参会人显示我的姓名、职务和简介，可随时撤回。",
        "I agree that my name, post and profile are shown to the admitted participants of this fair. I may withdraw at any time.",
    ),
    "FAIR_PUBLIC": (
        "我同意在本次活动的公开页面显示我的姓名、职务和简介，可随时撤回。",
        "I agree that my name, post and profile are shown on the public page of this fair. I may withdraw at any time.",
    ),
}


def load(apps, schema_editor):
    model = apps.get_model("accounts", "ConsentText")
    for purpose, (text, text_en) in TEXTS.items():
        model.objects.create(purpose=purpose, version=1, text=text, text_en=text_en)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
