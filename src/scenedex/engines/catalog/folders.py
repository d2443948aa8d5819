"""Where weights lie on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scenedex.engines.catalog.entries import Entry


def find(weights: Path, entry: Entry) -> Path | None:
    """The folder in which all files of the entry lie, each of a right size; None where there is none.

    Nothing is read of the files: `checking.check` does.

    Args:
        weights: the weights folder; need not exist.
        entry: what is looked for.
    """
    for folder in places(weights, entry):
        if all(_size_bytes(folder / file.name) in file.sizes for file in entry.files):
            return folder
    return None


def begun(weights: Path, entry: Entry) -> Path | None:
    """The folder in which at least one file of the entry lies, whatever its size."""
    for folder in places(weights, entry):
        if any(_size_bytes(folder / file.name) is not None for file in entry.files):
            return folder
    return None


def places(weights: Path, entry: Entry) -> Sequence[Path]:
    """The folders in which the entry may lie; the first one is that of its id."""
    return [weights / entry.id, *(weights / other for other in entry.other_folders)]


def _size_bytes(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None
