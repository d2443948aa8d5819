"""Folders for the files of one short piece of work, and the removal of those that killed workers left."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator

_PREFIX: Final = "job-"
_SECONDS_UNTIL_LEFT_BEHIND: Final = 3600


@contextlib.contextmanager
def work_folder(work: Path, name: str) -> Generator[Path]:
    """An empty folder below the one for work, which is made where it is missing; it goes with the block."""
    work.mkdir(parents=True, exist_ok=True)
    prefix = f"{_PREFIX}{name}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=work, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def remove_left_behind(work: Path) -> None:
    """Remove the folders that killed workers left; those of work that goes on are younger than an hour."""
    for folder in left_behind(work):
        shutil.rmtree(folder, ignore_errors=True)


def left_behind(work: Path) -> list[Path]:
    """The folders that killed workers left."""
    found: list[Path] = []
    for folder in work.glob(f"{_PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):
            if folder.stat().st_mtime < time.time() - _SECONDS_UNTIL_LEFT_BEHIND:
                found.append(folder)
    return found
