"""Folders of weights on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scenedex.engines.catalog.entries import Entry


def find(weights: Path, entry: Entry) -> Path | None:
    """Return the folder that has all files of the entry in an expected size, or `None`.

    The files are not read. `checking.check` does that.

    Args:
        weights: the weights folder, which need not exist.
        entry: the entry.
    """
    for folder in places(weights, entry):
        if all(_size_bytes(folder / file.name) in file.sizes for file in entry.files):
            return folder
    return None


def begun(weights: Path, entry: Entry) -> Path | None:
    """Return the folder that has at least one file of the entry, of any size, or `None`."""
    for folder in places(weights, entry):
        if any(_size_bytes(folder / file.name) is not None for file in entry.files):
            return folder
    return None


def places(weights: Path, entry: Entry) -> Sequence[Path]:
    """Return the folders that may have the entry, first the one of its id."""
    return [weights / entry.id, *(weights / other for other in entry.other_folders)]


def _size_bytes(path: Path) -> int | None:
    try:
        return path.stat().st_size if path.is_file() else None
    except OSError:
        return None
