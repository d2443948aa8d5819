"""Vectors of the words that labels are chosen from, worked out once in a worker's life and not once an analysis."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.analysis.stages.meaning import MeaningOptions, MeaningResult
from scenedex.engines.keywords import label_prompts, label_texts
from scenedex.media.child import run_in_child
from scenedex.media.source import LocalFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.engine import EngineChoice
    from scenedex.media.child import ChildLimits
    from scenedex.media.turns import Turns


class LabelVectors:
    """The vectors of one vocabulary.

    Args:
        vocabulary: the words.
        limits: of the process that reads them.
        turns: waited for before it begins.
        threads: of the engine; 0: as many as there are cores.
    """

    def __init__(self, vocabulary: Sequence[str], *, limits: ChildLimits, turns: Turns, threads: int) -> None:
        self._vocabulary = tuple(vocabulary)
        self._limits = limits
        self._turns = turns
        self._threads = threads
        self._known: dict[str | None, tuple[bytes, ...]] = {}
        self._reading = asyncio.Lock()

    async def of(self, labels: EngineChoice) -> tuple[bytes, ...]:
        """What each word means to the engine of labels, as little-endian float32.

        Raises:
            ChildFailed: the engine failed.
        """
        async with self._reading:
            if labels.folder not in self._known:
                self._known[labels.folder] = await self._read(labels)
            return self._known[labels.folder]

    async def _read(self, labels: EngineChoice) -> tuple[bytes, ...]:
        prompts = tuple(label_prompts(self._vocabulary))
        with tempfile.TemporaryDirectory(prefix="scenedex-labels-") as folder:
            # The stage looks at no file, but a child process always has one.
            nothing = Path(folder) / "nothing"
            nothing.touch()
            async with self._turns.turn("labels", self._limits.memory_bytes):
                result = await run_in_child(
                    "scenedex.analysis.stages.meaning:run_meaning",
                    LocalFile(nothing),
                    MeaningOptions(choice=label_texts(labels), texts=prompts, threads=self._threads),
                    MeaningResult,
                    limits=self._limits,
                    work_dir=Path(folder),
                    readable=[] if labels.folder is None else [Path(labels.folder)],
                )
        return result.vectors
