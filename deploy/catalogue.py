"""Keep the message catalogues: ``catalogue.py compile | update | check``, without gettext.

``compile`` writes the ``.mo`` files (polib alone); ``update`` writes every message of the sources
into the Chinese catalogue, filled from ``locale/parts/*.json`` ({msgid: Chinese}); ``check`` lists
what is untranslated, has lost a placeholder or is said twice in the parts, and exits 1. English
needs no catalogue: the messages are English.

``foreign.json`` gives messages of Django, allauth and Wagtail our words: no source of ours holds
them, and our catalogue wins over theirs. Where a message has a plural, its value is
``[plural msgid, Chinese]``, else it would not be found.
"""

import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
CHINESE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PACKAGES = ("portal", "achievements", "matchmaking", "events", "ip", "search")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
FOREIGN = "foreign.json"
CODING = "# -*- coding: utf-8 -*-\n"  # Babel parses the first line, whatever it is
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|\{(\w*)[^}]*\}|%[sd]")
CHINESE_HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "Plural-Forms": "nplurals=1; plural=0;",
}

type_key = tuple[str | None, str, str]  # context, msgid, plural


def python_source(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines(keepends=True)


def template_source(path: Path) -> list[str]:
    """Reduce a template to its translation calls; indentation would not tokenize as Python."""
    from django.utils.translation.template import templatize

    text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return [line.strip() + "\n" for line in text.splitlines()]


def sources() -> Iterator[tuple[Path, list[str]]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, python_source(path)
    for folder in ("templates", *PACKAGES):
        for pattern in ("*.html", "*.txt"):
            for path in sorted((ROOT / folder).rglob(pattern)):
                yield path, template_source(path)


def messages() -> dict[type_key, list[tuple[str, int]]]:
    """Find every message of the sources with the places where it stands."""
    from babel.messages.extract import extract

    found: dict[type_key, list[tuple[str, int]]] = {}
    for path, lines in sources():
        stream = io.BytesIO("".join([CODING, *lines]).encode())
        for line, message, _comments, context in extract("python", stream, keywords=KEYWORDS):
            singular, plural = message if isinstance(message, tuple) else (message, "")
            if singular:
                place = (str(path.relative_to(ROOT)), line - 1)
                found.setdefault((context, singular, plural), []).append(place)
    return found


def translations() -> dict[str, str]:
    """What the parts say, and what the catalogue says already; the parts win."""
    known: dict[str, str] = {}
    if CHINESE.exists():
        for entry in polib.pofile(str(CHINESE)):
            known[entry.msgid] = entry.msgstr_plural.get(0, "") or entry.msgstr
    for name, part in parts():
        if name != FOREIGN:
            known |= part
    return known


def foreign_entries() -> Iterator[polib.POEntry]:
    for singular, said in dict(parts()).get(FOREIGN, {}).items():
        entry = polib.POEntry(
            msgid=singular,
            occurrences=[(f"locale/parts/{FOREIGN}", "")],
            flags=["python-format"] if "%" in singular else [],
        )
        if isinstance(said, list):
            entry.msgid_plural, text = said
            entry.msgstr_plural = {0: text}
        else:
            entry.msgstr = said
        yield entry


def parts() -> list[tuple[str, dict]]:
    return [
        (path.name, json.loads(path.read_text(encoding="utf-8")))
        for path in sorted((ROOT / "locale" / "parts").glob("*.json"))
    ]


def said_twice() -> list[str]:
    """Find messages in two parts: the later one would win wherever the first is meant."""
    first: dict[str, str] = {}
    found = []
    for name, part in parts():
        found += [f"{name}: also in {first[key]}: {key!r}" for key in part if key in first]
        first |= dict.fromkeys(part, name)
    return found


def update() -> None:
    """Write every message of the sources into the Chinese catalogue."""
    configure()
    known = translations()
    catalogue = polib.POFile()
    catalogue.metadata = CHINESE_HEADER
    for (context, singular, plural), places in sorted(
        messages().items(), key=lambda item: (item[0][1], item[0][0] or "")
    ):
        text = known.get(singular, "")
        entry = polib.POEntry(
            msgid=singular,
            msgctxt=context,
            occurrences=[(path, "") for path in sorted({path for path, _line in places})],
            flags=["python-format"] if "%(" in singular else [],
        )
        if plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = {0: text}
        else:
            entry.msgstr = text
        catalogue.append(entry)
    catalogue.extend(foreign_entries())
    CHINESE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CHINESE))


def placeholders(text: str) -> set[str]:
    return {match.group() for match in PLACEHOLDER.finditer(text) if match.group() != "%%"}


def problems() -> list[str]:
    """Say what is untranslated or has lost a placeholder."""
    configure()
    entries = {entry.msgid: entry for entry in polib.pofile(str(CHINESE))}
    own = messages()
    ours = {singular for _context, singular, _plural in own}
    found = []
    for entry in foreign_entries():
        kept, text = entries.get(entry.msgid), entry.msgstr or entry.msgstr_plural.get(0, "")
        if entry.msgid in ours:
            found.append(f"{FOREIGN}: a source of ours says it too: {entry.msgid!r}")
        elif kept is None or text != (kept.msgstr or kept.msgstr_plural.get(0, "")):
            found.append(f"{FOREIGN}: not in the catalogue, run update: {entry.msgid!r}")
        elif placeholders(text) - placeholders(entry.msgid) - placeholders(entry.msgid_plural):
            found.append(f"{FOREIGN}: other placeholders in: {text!r}")
    for (_context, singular, plural), places in own.items():
        entry = entries.get(singular)
        text = entry and (entry.msgstr_plural.get(0, "") if plural else entry.msgstr)
        if not text:
            found.append(f"{places[0][0]}:{places[0][1]}: not translated: {singular!r}")
        elif placeholders(text) - placeholders(singular) - placeholders(plural):
            found.append(f"{places[0][0]}:{places[0][1]}: other placeholders in: {text!r}")
    return found


def compile_all() -> None:
    for source in (ROOT / "locale").glob("*/LC_MESSAGES/*.po"):
        half_made = source.with_suffix(".mo.part")
        polib.pofile(str(source)).save_as_mofile(str(half_made))
        half_made.replace(source.with_suffix(".mo"))


def configure() -> None:
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()


def main(action: str) -> int:
    if action == "compile":
        compile_all()
    elif action == "update":
        update()
        compile_all()
    found = [*problems(), *said_twice()] if action in {"check", "update"} else []
    for line in found:
        print(line)
    return 1 if found and action == "check" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
