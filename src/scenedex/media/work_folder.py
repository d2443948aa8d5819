"""Temporary folders of jobs, and the removal of those that killed workers left behind."""

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
_ABANDONED_AFTER_SECONDS: Final = 3600


@contextlib.contextmanager
def work_folder(work: Path, name: str) -> Generator[Path]:
    """Create an empty folder below ``work`` for the block."""
    work.mkdir(parents=True, exist_ok=True)
    prefix = f"{_PREFIX}{name}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=work, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def remove_abandoned_folders(work: Path) -> None:
    """Remove the folders of killed workers. Folders of running jobs are younger than an hour."""
    for folder in abandoned_folders(work):
        shutil.rmtree(folder, ignore_errors=True)


def abandoned_folders(work: Path) -> list[Path]:
    """Return the folders of killed workers."""
    found: list[Path] = []
    for folder in work.glob(f"{_PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):
            if folder.stat().st_mtime < time.time() - _ABANDONED_AFTER_SECONDS:
                found.append(folder)
    return found
