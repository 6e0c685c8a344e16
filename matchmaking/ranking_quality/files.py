"""The three files of a labelled collection."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LEVELS = range(1, 5)


class BadJudgements(Exception):
    """A file is missing or wrong; the message names the file, the line and what was expected."""


@dataclass(frozen=True)
class Judgements:
    """``needs``: id → (title, text); ``titles``: id → title; ``levels``: need → title id → 1–4."""

    needs: dict[str, tuple[str, str]]
    titles: dict[str, str]
    levels: dict[str, dict[str, int]]


def read_judgements(folder: Path) -> Judgements:
    """Read ``needs.jsonl``, ``achievements.jsonl`` and ``qrels_pool.tsv``.

    Copies of one achievement share a ``pool_id`` and count once; its title is the words joined by
    spaces. Raises ``BadJudgements``.
    """
    needs = {
        _text(row, "id", where): (_text(row, "title", where), _text(row, "content", where))
        for row, where in _rows(folder / "needs.jsonl")
    }
    titles: dict[str, str] = {}
    for row, where in _rows(folder / "achievements.jsonl"):
        words = row.get("title_tokens")
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise BadJudgements(f"{where}: “title_tokens” must be a list of words")
        titles.setdefault(_text(row, "pool_id", where), " ".join(words))
    return Judgements(needs, titles, _read_levels(folder / "qrels_pool.tsv", needs, titles))


def _read_levels(path: Path, needs, titles) -> dict[str, dict[str, int]]:
    levels: dict[str, dict[str, int]] = {}
    for line, where in _lines(path):
        match line.split("\t"):
            case [need, title, level] if level.isdecimal() and int(level) in LEVELS:
                pass
            case _:
                raise BadJudgements(f"{where}: expected need, pool id and level 1–4 between tabs")
        if need not in needs:
            raise BadJudgements(f"{where}: the need {need} is not in needs.jsonl")
        if title not in titles:
            raise BadJudgements(f"{where}: the pool id {title} is not in achievements.jsonl")
        levels.setdefault(need, {})[title] = int(level)
    if not levels:
        raise BadJudgements(f"{path.name}: no judgement in it")
    return levels


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadJudgements(f"{path.name} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadJudgements(f"{path.name} is not UTF-8 (byte {error.start})") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield line, f"{path.name}, line {number}"


def _rows(path: Path) -> Iterator[tuple[dict, str]]:
    for line, where in _lines(path):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadJudgements(f"{where}: not JSON ({error})") from error
        if not isinstance(row, dict):
            raise BadJudgements(f"{where}: expected an object")
        yield row, where


def _text(row: dict, name: str, where: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise BadJudgements(f"{where}: “{name}” is missing or no text")
    return value
