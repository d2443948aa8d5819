"""Folders of this machine in which the stages of an analysis write, and what a killed worker left in them."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Generator


class WorkFolders:
    """Folders below one that is ours.

    Args:
        parent: made when it is first needed.
    """

    def __init__(self, parent: Path) -> None:
        self.parent = parent

    @contextlib.contextmanager
    def folder(self, index_id: int) -> Generator[Path]:
        """An empty folder for a try of an analysis; it goes with the block, and those of broken-off tries before it."""
        self._remove(index_id)
        self.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f"analysis-{index_id}-", dir=self.parent, ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder)

    def index_ids(self) -> set[int]:
        """The analyses that have a folder, at work or left behind."""
        numbers = (folder.name.split("-")[1] for folder in self.parent.glob("analysis-*-*"))
        return {int(number) for number in numbers if number.isdecimal()}

    def remove(self, index_ids: Collection[int]) -> None:
        """Remove what is left of these analyses."""
        for index_id in index_ids:
            self._remove(index_id)

    def _remove(self, index_id: int) -> None:
        for folder in self.parent.glob(f"analysis-{index_id}-*"):
            shutil.rmtree(folder, ignore_errors=True)
