"""Cut Chinese text into words, to show them to people; searching itself uses character pairs."""

import re
from collections.abc import Container, Iterator

from .analysis import analyse

# Parts of speech that say something by themselves: nouns, verbs of more than one character,
# abbreviations, idioms, foreign words; single characters count only beside a neighbour.
TELLING = ("n", "v", "j", "l", "i", "eng")
LONGEST_WORD = 12
UNITS = re.compile(r"^(?:[kcmμun]?m[²³23]?|[km]?g|[km]?w|[km]?v|[mk]?l|s|h|t|a|ms|mpa|kpa|hz|db)$")
EMPTY_WORDS = frozenset(
    """
    希望 需要 没有 可以 能够 要求 达到 成为 超过 不能 不要
    使用 采用 进行 出现 提供 影响 导致 增加 减少 下来 起来
    出来 上来 下去 过来 客户 公司 企业 单位 我厂 厂里 我们
    问题 情况 办法 方法 时候 时间 原因 结果 部分 方面 目前
    现有 现在 接受 支持 承担 配合 改变 选择 确定 考虑 试过
    想找 可能 应该 必须 愿意 去年 今年 每年 左右 以上 以下
    以内 之间 其中 同时 主要 元 万元 平均 每天 每月 工作 员工
    师傅 人员
    """.split()  # noqa: SIM905  a list of words reads better than a list of strings
)


def telling_words(text: str, terms: Container[str], *, joined: bool = True) -> list[str]:
    """Return the words of the text all of whose character pairs are among ``terms``, each once.

    Where ``joined``, neighbouring words grow together when the pair across their border is among
    them too: 石墨 and 烯 become 石墨烯. A word that tells nothing, such as 和, always parts.
    """
    found: dict[str, None] = {}
    word = ""
    for token, tells in _tokens(text):
        if not tells or not _holds(token, terms):
            _keep(word, found)
            word = ""
        elif joined and word and _grows(word, token, terms):
            word += token
        else:
            _keep(word, found)
            word = token
    _keep(word, found)
    return list(found)


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    import rjieba  # its dictionary takes 34 MB, and beat and most requests show no words

    for token, tag in rjieba.tag(text):
        is_unit = UNITS.match(token.lower()) is not None
        is_known = tag.startswith(TELLING) or (tag == "x" and token.isalpha())
        yield token, is_known and not is_unit and token not in EMPTY_WORDS


def _grows(word: str, token: str, terms: Container[str]) -> bool:
    return len(word + token) <= LONGEST_WORD and _holds(word[-1] + token[0], terms)


def _holds(piece: str, terms: Container[str]) -> bool:
    """Whether every pair (or Latin word) of the piece is among the terms; a character alone is."""
    pairs = [term for term in analyse(piece) if len(term) > 1]
    return all(term in terms for term in pairs)


def _keep(word: str, found: dict[str, None]) -> None:
    if len(word) > 1 and any(len(term) > 1 for term in analyse(word)):
        found[word] = None
