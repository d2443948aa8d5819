"""Files that a command names, and those in the folders that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.cli.user.bucket_keys import is_accepted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ChosenFiles:
    """Files to upload.

    Attributes:
        files: named files, and the videos and images in named folders.
        skipped: other files in these folders.
    """

    files: Sequence[Path]
    skipped: Sequence[Path]


def choose_files(paths: Sequence[Path]) -> ChosenFiles:
    """Return the files of paths. Folders are searched with their folders, without links and hidden files.

    Raises:
        OSError: a folder cannot be read.
    """
    files: list[Path] = []
    skipped: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        for file in _files_in(path):
            (files if is_accepted(file.name) else skipped).append(file)
    return ChosenFiles(list(dict.fromkeys(files)), skipped)


def _files_in(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _files_in(entry)
        elif entry.is_file():
            yield entry
