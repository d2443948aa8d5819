"""Folders of this machine that the stages of an analysis write to."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Generator


class WorkFolders:
    """Folders of analyses below one folder.

    Args:
        parent: the folder. It is created on first use.
    """

    def __init__(self, parent: Path) -> None:
        self.parent = parent

    @contextlib.contextmanager
    def folder(self, index_id: int) -> Generator[Path]:
        """Open an empty folder for an attempt at an analysis. Folders of earlier attempts are removed."""
        self._remove(index_id)
        self.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f"analysis-{index_id}-", dir=self.parent, ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder)

    def index_ids(self) -> set[int]:
        """Return the analyses that have a folder, whether they run or were interrupted."""
        numbers = (folder.name.split("-")[1] for folder in self.parent.glob("analysis-*-*"))
        return {int(number) for number in numbers if number.isdecimal()}

    def remove(self, index_ids: Collection[int]) -> None:
        """Remove the folders of these analyses."""
        for index_id in index_ids:
            self._remove(index_id)

    def _remove(self, index_id: int) -> None:
        for folder in self.parent.glob(f"analysis-{index_id}-*"):
            shutil.rmtree(folder, ignore_errors=True)
