"""The budgets that keep every file readable; data and migrations have none."""

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 400, 60
ENDINGS = {".py", ".html", ".css", ".js"}
OWN_RULE = re.compile(r"(?:^|[,{}])\s*\.([a-z][a-z_-]*)\s*(?=[,{])")
WITHOUT_BUDGET = {"migrations", "var", "content"}


def sources():
    """Every source file by its path from the root, as text."""
    for folder in sorted(ROOT.iterdir()):
        paths = folder.rglob("*") if folder.is_dir() else [folder]
        if folder.name.startswith("."):
            continue
        for path in sorted(paths):
            place = path.relative_to(ROOT)
            if path.suffix in ENDINGS and WITHOUT_BUDGET.isdisjoint(place.parts):
                yield place, path.read_text()


def test_no_file_is_too_long():
    lengths = {str(place): len(text.splitlines()) for place, text in sources()}

    assert len(lengths) > 400
    assert {place: n for place, n in lengths.items() if n > LINES_OF_A_FILE} == {}


def test_no_function_is_too_long():
    lengths = {
        f"{place}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for place, text in sources()
        if place.suffix == ".py"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert len(lengths) > 1500
    assert {name: n for name, n in lengths.items() if n > LINES_OF_A_FUNCTION} == {}


def test_a_class_is_styled_in_one_file():
    """Two components of one name would each be drawn with the other's rules."""
    files = defaultdict(set)
    for path in ROOT.glob("portal/site/static/site/css/components/*.css"):
        for name in OWN_RULE.findall(re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)):
            files[name].add(path.name)

    assert len(files) > 300
    assert {name: where for name, where in files.items() if len(where) > 1} == {}
