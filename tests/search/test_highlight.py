import pytest

from search.highlight import excerpt, highlight, highlight_terms
from search.models import SynonymGroup

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("高导热石墨烯膜", "石墨烯", "高导热<mark>石墨烯</mark>膜"),
        ("高导热石墨烯膜", "石墨烯技术", "高导热<mark>石墨烯</mark>膜"),
        ("鋰電池回收", "锂电池", "<mark>鋰電池</mark>回收"),
        ("锂电池回收", "鋰電池", "<mark>锂电池</mark>回收"),
        ("<b>石墨</b>", "石墨", "&lt;b&gt;<mark>石墨</mark>&lt;/b&gt;"),
        ("PVDF膜与pvdfx", "pvdf", "<mark>PVDF</mark>膜与pvdfx"),
        ("ＰＶＤＦ", "pvdf", "<mark>ＰＶＤＦ</mark>"),
        ("面积5㎡地", "地", "面积5㎡<mark>地</mark>"),
        ("铝合金", "铝", "<mark>铝</mark>合金"),
        ("新技术", "技术", "新<mark>技术</mark>"),
        ("石墨烯", "smx", "<mark>石墨烯</mark>"),
        ("石墨烯", "", "石墨烯"),
        ("石墨烯", "😀", "石墨烯"),
    ],
)
def test_highlight(text, query, marked):
    assert highlight(text, query) == marked


def test_synonyms_are_marked():
    SynonymGroup.objects.create(words="催化剂\n触媒")

    assert highlight("铂催化剂", "触媒") == "铂<mark>催化剂</mark>"


def test_terms_of_a_match_are_marked():
    assert highlight_terms("高导热膜", ["导热", "膜"]) == "高<mark>导热膜</mark>"


def test_excerpt_goes_to_the_hit_and_stays_safe():
    text = "前" * 300 + "<i>石墨烯</i>" + "后" * 300

    cut = excerpt(text, "石墨烯", width=40)

    assert cut.startswith("…前")
    assert "&lt;i&gt;<mark>石墨烯</mark>&lt;/i&gt;" in cut
    assert cut.endswith("后…")
