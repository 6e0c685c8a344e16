"""Opens a file with a fair, whichever of the two forms it has."""

from dataclasses import replace
from pathlib import Path

from .dzn import read_dzn
from .fair_file import read_fair
from .instance import BadInstance, Instance


def read_instance(path: Path, fairness: int | None = None) -> Instance:
    """The fair in a ``.dzn`` or JSON file, with another bound on fairness where one is given.

    Raises ``BadInstance``, also where the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInstance(f"expected a readable UTF-8 file, {error}") from error
    read = read_dzn if path.suffix == ".dzn" else read_fair
    instance = read(text, path.stem)
    return instance if fairness is None else replace(instance, fairness=fairness)
