"""Pinyin of titles, for suggestions while typing and for finding homophones."""

from dataclasses import dataclass
from functools import lru_cache

from .analysis import is_han, runs

UNITS = 8
STARTS = 40
LONGEST = 40


@dataclass(frozen=True)
class Unit:
    """One Han character, or one word of other letters."""

    text: str
    pinyin: str

    @property
    def initial(self) -> str:
        return self.pinyin[:1]


@lru_cache(4096)
def units(normalized: str) -> tuple[Unit, ...]:
    """The characters and words of a normalized text with how they sound."""
    from pypinyin import lazy_pinyin

    found: list[Unit] = []
    for run, han in runs(normalized):
        if han:
            sounds = lazy_pinyin(run, errors=list, v_to_u=False)  # type: ignore[arg-type]  # may give a list
            if len(sounds) != len(run):
                sounds = [lazy_pinyin(character)[0] for character in run]
            found += [Unit(c, s.lower()) for c, s in zip(run, sounds, strict=True)]
        else:
            found.append(Unit(run, run))
    return tuple(found)


def suggest_tokens(normalized: str) -> list[str]:
    """What a person may begin to type to mean some part of a title: characters, pinyin, initials.

    Each place of the title is a start, so that ``smx`` finds 石墨烯 in the middle of one.
    """
    parts = units(normalized)
    tokens: dict[str, None] = {}
    for start in range(min(len(parts), STARTS)):
        window = parts[start : start + UNITS]
        tokens["".join(u.text for u in window)[:LONGEST]] = None
        tokens["".join(u.pinyin for u in window)[:LONGEST]] = None
        if is_han(window[0].text):
            tokens["".join(u.initial for u in window)] = None
    return list(tokens)


def spellings(normalized: str) -> list[str]:
    """A whole word as it may be typed: in characters, in pinyin, by initials."""
    parts = units(normalized)
    spelled = ["".join(u.text for u in parts), "".join(u.pinyin for u in parts)]
    if parts and is_han(parts[0].text):
        spelled.append("".join(u.initial for u in parts))
    return list(dict.fromkeys(text[:LONGEST] for text in spelled))


def find_part(normalized: str, typed: str) -> str | None:
    """The part of a title that ``typed`` (characters, pinyin or initials) stands for."""
    parts = units(normalized)
    for spell in ("text", "pinyin", "initial"):
        for start in range(len(parts)):
            spelled = ""
            for end in range(start, min(start + UNITS, len(parts))):
                spelled += getattr(parts[end], spell)
                if spelled.startswith(typed):
                    return "".join(u.text for u in parts[start : end + 1])
                if not typed.startswith(spelled):
                    break
    return None


def sound(normalized: str) -> str:
    return "".join(unit.pinyin for unit in units(normalized))
