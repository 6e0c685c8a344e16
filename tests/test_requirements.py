from pathlib import Path

import pytest

REQUIREMENTS = sorted((Path(__file__).parents[1] / "requirements").glob("*.txt"))


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_pins_name_packages_only(path):
    """No address and no option may slip into the pins; ``--hash`` is part of a pin."""
    lines = path.read_text().splitlines()

    assert [line for line in lines if "://" in line] == []
    assert [line for line in lines if line.startswith("-")] == []
    assert [
        line for line in lines if line.startswith("    ") and "--hash=sha256:" not in line
    ] == []
