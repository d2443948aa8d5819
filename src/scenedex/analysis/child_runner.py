"""Runs child steps: waits for a turn on the machine, starts the process, counts and times it.

Analyses, the vectors of a vocabulary and reindexing all run their steps here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec
import structlog

from scenedex.analysis.stage import ChildStep
from scenedex.engines.engine import EngineChoice
from scenedex.media.child import run_in_child
from scenedex.media.errors import ChildFailed
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
        turn: str = "",
        on_progress: Callable[[float], Awaitable[None]] | None = None,
    ) -> R:
        """Run the child step of a stage.

        Args:
            stage: the stage.
            options: its options. It may read the weights of every engine that they name.
            source: bytes that it reads.
            folder: the only folder that it may write to.
            opens_media: whether the source is the media itself.
            turn: name of the turn to wait for. That of the stage by default.
            on_progress: awaited with the progress, 0 to 1.

        Raises:
            MediaUnreadable: the media cannot be used.
            StageFailed: the child process failed on this file.
        """
        assert isinstance(stage.step, ChildStep)  # noqa: S101  # worker steps have no child
        step, limits = stage.step, self.limits if opens_media else self.engine_limits
        seconds = 0.0

        def note_time(outcome: Outcome, taken: float) -> None:
            nonlocal seconds
            seconds = taken
            self.metrics.note_stage(stage.name, outcome, taken)
            _log.info("stage.ended", stage=stage.name, outcome=outcome.value, seconds=round(taken, 3))

        try:
            async with self.turns.reserve(turn or stage.name, limits.memory_bytes):
                with timing(note_time):
                    result = await run_in_child(
                        step.entry,
                        source,
                        options,
                        stage.result,
                        limits=limits,
                        work_dir=folder,
                        on_progress=on_progress,
                        import_paths=self.import_paths,
                        readable=weights_of(options),
                    )
        except ChildFailed as error:
            raise StageFailed(stage.name, error) from error
        self.metrics.note_decoding(seconds, step.decoded_seconds(result))
        return result


def weights_of(options: msgspec.Struct) -> list[Path]:
    """Return the folders of weights of the engines that options name, each once."""
    choices = [value for value in msgspec.structs.asdict(options).values() if isinstance(value, EngineChoice)]
    return [Path(folder) for folder in dict.fromkeys(choice.folder for choice in choices) if folder is not None]
