"""The words that our catalogue gives to messages of Django, allauth and Wagtail."""

import gettext
import json
import re
from pathlib import Path

import allauth
import django
import pytest
import wagtail
from django import forms
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    NumericPasswordValidator,
)
from django.core.exceptions import ValidationError
from django.utils import translation

ROOT = Path(__file__).parents[1]
FOREIGN = json.loads((ROOT / "locale" / "parts" / "foreign.json").read_text(encoding="utf-8"))


def library_messages() -> set:
    found = set()
    for package in (django, allauth, wagtail):
        for path in Path(package.__file__).parent.rglob("zh_Hans/LC_MESSAGES/django.mo"):
            with path.open("rb") as file:
                catalog = gettext.GNUTranslations(file)._catalog
            found |= {key[0] if isinstance(key, tuple) else key for key in catalog}
    return found


def test_each_is_a_message_that_a_library_has():
    """After an upgrade that words a message anew, ours would silently no longer be shown."""
    assert sorted(set(FOREIGN) - library_messages()) == []


def test_they_address_people_as_our_own_messages_do():
    texts = [text if isinstance(text, str) else text[1] for text in FOREIGN.values()]
    assert [
        text for text in texts if re.search("你|双因素|恢复代码|电子邮件|帐号|Email", text)
    ] == []


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (forms.CharField(), "", "请填写此项。"),
        (forms.CharField(max_length=3), "四个字符", "最多填写 3 字（现有 4 字）。"),
        (forms.CharField(min_length=3), "字", "至少填写 3 字（现有 1 字）。"),
        (forms.IntegerField(min_value=0), "-1", "请填写不小于 0 的数。"),
        (forms.DecimalField(decimal_places=2), "1.234", "最多保留 2 位小数。"),
        (forms.EmailField(), "abc", "请填写有效的邮箱地址。"),
        (forms.ChoiceField(choices=[("a", "甲")]), "b", "“b”不在可选项内，请重新选择。"),
    ],
)
def test_forms_say_them(field, value, said):
    with translation.override("zh-hans"), pytest.raises(ValidationError) as caught:
        field.clean(value)
    with translation.override("zh-hans"):
        assert list(caught.value) == [said]


def test_english_keeps_the_library_s_own_words():
    with translation.override("en"), pytest.raises(ValidationError) as caught:
        forms.CharField().clean("")
    with translation.override("en"):
        assert list(caught.value) == ["This field is required."]


@pytest.mark.parametrize(
    ("validator", "said"),
    [
        (CommonPasswordValidator(), "该密码过于常见，请更换。"),
        (NumericPasswordValidator(), "密码不能全部为数字。"),
    ],
)
def test_passwords_are_refused_in_them(validator, said):
    with translation.override("zh-hans"), pytest.raises(ValidationError) as caught:
        validator.validate("12345678")
    with translation.override("zh-hans"):
        assert list(caught.value) == [said]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]
)
def test_account_pages_say_them(client, address):
    main = client.get(address).content.decode().split("<main")[1].split("</main")[0]
    assert re.findall("电子邮件|你[^们]|帐号|Email", main) == []
