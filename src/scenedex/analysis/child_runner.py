"""Runs child steps: waits for a turn on the machine, starts the process, counts and times it.

Analyses, the vectors of a vocabulary and reindexing all run their steps here.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import msgspec
import structlog

from scenedex.analysis.stage import ChildStep
from scenedex.engines.engine import EngineChoice
from scenedex.media.child import run_in_child
from scenedex.media.errors import ChildFailed, ChildKilled
from scenedex.media.source import NO_MEDIA
from scenedex.metrics import timing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager

    from scenedex.analysis.stage import Stage
    from scenedex.media.child import ChildLimits
    from scenedex.media.source import MediaSource
    from scenedex.metrics import Metrics, Outcome

R = TypeVar("R")
_WHOLE_MACHINE: Final = sys.maxsize
_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.analyses")


class StageFailed(Exception):
    """A stage failed on this file.

    Attributes:
        failure: failure of its process.
    """

    def __init__(self, stage: str, failure: ChildFailed) -> None:
        super().__init__(f"{stage}: {failure}")
        self.failure = failure


class StageTurns(Protocol):
    """Turns that limit the stages that run on a machine at a time."""

    def reserve(self, stage: str, memory_bytes: int) -> AbstractAsyncContextManager[None]:
        """Wait until a stage may use so much memory, and hold it for the block."""
        ...


@dataclass(frozen=True, slots=True)
class ChildRunner:
    """Runs child steps of any stage.

    Attributes:
        limits: limits of a process that opens the media.
        engine_limits: limits of a process that runs an engine on what was made of the media, or on its options alone.
        turns: turns of this machine.
        metrics: records how long each run took.
        import_paths: folders with modules of stages, besides the installed packages.
    """

    limits: ChildLimits
    engine_limits: ChildLimits
    turns: StageTurns
    metrics: Metrics
    import_paths: tuple[Path, ...] = ()

    async def run(
        self,
        stage: Stage[R],
        options: msgspec.Struct,
        source: MediaSource = NO_MEDIA,
        *,
        folder: Path,
        opens_media: bool = False,
        seconds: float = 0.0,
        turn: str = "",
        on_progress: Callable[[float], Awaitable[None]] | None = None,
    ) -> R:
        """Run the child step of a stage. If the system kills the process, run it once more with no other beside it.

        Args:
            stage: the stage.
            options: its options. It may read the weights of every engine that they name.
            source: bytes that it reads.
            folder: the only folder that it may write to, if it writes.
            opens_media: whether the source is the media itself.
            seconds: duration of the asset.
            turn: name of the turn to wait for. That of the stage by default.
            on_progress: awaited with the progress, 0 to 1.

        Raises:
            MediaUnreadable: the media cannot be used.
            StageFailed: the child process failed on this file.
        """
        assert isinstance(stage.step, ChildStep)  # noqa: S101  # worker steps have no child
        step, limits = stage.step, self.limits if opens_media else self.engine_limits
        if step.writes is not None:
            limits = replace(limits, file_size_bytes=min(limits.file_size_bytes, step.writes.of(seconds)))
        seconds_taken = 0.0

        def note_time(outcome: Outcome, taken: float) -> None:
            nonlocal seconds_taken
            seconds_taken = taken
            self.metrics.note_stage(stage.name, outcome, taken)
            _log.info("stage.ended", stage=stage.name, outcome=outcome.value, seconds=round(taken, 3))

        async def attempt(memory_bytes: int) -> R:
            async with self.turns.reserve(turn or stage.name, memory_bytes):
                with timing(note_time):
                    return await run_in_child(
                        step.entry,
                        source,
                        options,
                        stage.result,
                        limits=limits,
                        work_dir=None if step.writes is None else folder,
                        on_progress=on_progress,
                        import_paths=self.import_paths,
                        readable=weights_of(options),
                    )

        try:
            try:
                result = await attempt(limits.memory_bytes)
            except ChildKilled as error:
                _log.warning("stage.killed", stage=stage.name, reason=str(error))
                if step.writes is not None:
                    _empty(folder)
                result = await attempt(_WHOLE_MACHINE)
        except ChildFailed as error:
            raise StageFailed(stage.name, error) from error
        self.metrics.note_decoding(seconds_taken, step.decoded_seconds(result))
        return result


def _empty(folder: Path) -> None:
    """Remove what a killed process wrote."""
    for path in folder.iterdir():
        path.unlink()


def choices_of(options: msgspec.Struct) -> list[EngineChoice]:
    """Return the engines that options name."""
    return [value for value in msgspec.structs.asdict(options).values() if isinstance(value, EngineChoice)]


def weights_of(options: msgspec.Struct) -> list[Path]:
    """Return the folders of weights of the engines that options name, each once."""
    folders = dict.fromkeys(choice.folder for choice in choices_of(options))
    return [Path(folder) for folder in folders if folder is not None]
