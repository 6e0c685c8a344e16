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
}


def load(apps, schema_editor):
    model = apps.get_model("accounts", "ConsentText")
    for purpose, (text, text_en) in TEXTS.items():
        model.objects.create(purpose=purpose, version=1, text=text, text_en=text_en)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
