"""One step of an analysis: what a stage makes, taken from an earlier analysis or made in a child process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec
import structlog

from scenedex.analysis.outputs import address
from scenedex.analysis.records import NewOutput
from scenedex.assets.importing import media_source
from scenedex.media.child import run_in_child
from scenedex.media.errors import ChildFailed
from scenedex.media.source import LocalFile
from scenedex.metrics import timing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from scenedex.analysis.outputs import StageOutputs
    from scenedex.analysis.records import AnalysisClaim
    from scenedex.analysis.waits import Waits
    from scenedex.media.child import ChildLimits, Progress
    from scenedex.media.source import MediaSource
    from scenedex.metrics import Metrics, Outcome
    from scenedex.storage.store import ManagedStore

    OnProgress = Callable[[str, float], Awaitable[None]]

T = TypeVar("T")
_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.analyses")


class StageFailed(Exception):
    """A stage failed on this file.

    Attributes:
        failure: of its process.
    """

    def __init__(self, stage: str, failure: ChildFailed) -> None:
        super().__init__(f"{stage}: {failure}")
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    """What a stage is to be told.

    Attributes:
        stage: name of the stage.
        version: changes when what it makes does.
        entry: the function of the child process.
        params: what the function is told.
        result: what it returns.
        needs: addresses of the outputs that its source was made from.
        files: the files of its work folder that its result names.
        artefact: a file of its work folder that only further stages of the same analysis need.
        weights: folders that it may read.
        decoded: seconds of video that were decoded for what it returns.
    """

    stage: str
    version: str
    entry: str
    params: msgspec.Struct
    result: type[T]
    needs: tuple[str, ...] = ()
    files: Callable[[T], Sequence[str]] = lambda _result: ()
    artefact: str | None = None
    weights: tuple[str, ...] = ()
    decoded: Callable[[T], float] = lambda _result: 0

    @property
    def address(self) -> str:
        """Where its output is found, beside the hash of the media's bytes."""
        return address(self.stage, self.version, self.params, self.needs)


@dataclass(frozen=True, slots=True)
class Made(Generic[T]):
    """What a stage made, and where the files are that its result names."""

    result: T
    address: str
    output_id: int
    folder: str

    def key(self, file: str) -> str:
        """The object that is one of the files."""
        return f"{self.folder}/{file}"


class Steps:
    """The steps of one analysis.

    Args:
        claim: the analysis.
        outputs: what has been made before, and where to keep what is made.
        managed: where files are.
        work: an empty folder; each stage writes to one below it.
        limits: what a process may use that opens the media.
        engine_limits: what a process may use that runs an engine on what was made of the media.
        waits: turns that stages wait for before they begin.
        metrics: records how long each run of a stage took.
        on_progress: told how far a stage has come, 0 to 1.
    """

    def __init__(
        self,
        claim: AnalysisClaim,
        outputs: StageOutputs,
        managed: ManagedStore,
        *,
        work: Path,
        limits: ChildLimits,
        engine_limits: ChildLimits,
        waits: Waits,
        metrics: Metrics,
        on_progress: OnProgress,
    ) -> None:
        self._claim = claim
        self._outputs = outputs
        self._managed = managed
        self._work = work
        self._limits = limits
        self._engine_limits = engine_limits
        self._waits = waits
        self._metrics = metrics
        self._on_progress = on_progress

    @property
    def media(self) -> MediaSource:
        """The asset's file."""
        return media_source(self._managed, self._claim.managed_key, self._claim.size_bytes)

    async def has(self, step: Step[T]) -> bool:
        """Whether it has been made before."""
        return await self._outputs.find(self._claim, self._address(step)) is not None

    async def make(self, step: Step[T], source: Callable[[], Awaitable[MediaSource]] | None = None) -> Made[T]:
        """What the step makes of its source, the media unless another is given; from store where it has been made.

        Raises:
            MediaUnreadable: the media cannot be used.
            StageFailed: the child process failed on this file.
        """
        address_ = self._address(step)
        stored = await self._outputs.find(self._claim, address_)
        if stored is None:
            result, folder = await self._run(step, None if source is None else await source())
            made = NewOutput(
                step.stage,
                msgspec.json.encode(result),
                {name: folder / name for name in dict.fromkeys(step.files(result))},
            )
            stored = await self._outputs.keep(self._claim, address_, made)
            await self._keep_artefact(step, folder)
        await self._on_progress(step.stage, 1.0)
        result = msgspec.json.decode(stored.result, type=step.result)
        return Made(result, step.address, stored.output_id, stored.folder)

    async def artefact(self, step: Step[T]) -> MediaSource:
        """What a step made for further stages; made again where it is gone."""
        assert step.artefact is not None  # noqa: S101  # asked for only of steps that have one
        local = self._folder(step) / step.artefact
        if not local.exists():
            stored = await self._outputs.find_transient(self._claim, self._address(step))
            if stored is not None:
                key = f"{stored.folder}/{step.artefact}"
                return media_source(self._managed, key, (await self._managed.head(key)).size_bytes)
            _, folder = await self._run(step, None)
            await self._keep_artefact(step, folder)
        return LocalFile(local)

    async def _run(self, step: Step[T], source: MediaSource | None) -> tuple[T, Path]:
        """Run the stage on a source; None: on the media."""
        folder = self._folder(step)
        folder.mkdir()

        async def note(progress: Progress) -> None:
            await self._on_progress(step.stage, progress.fraction)

        seconds = 0.0

        def note_time(outcome: Outcome, taken: float) -> None:
            nonlocal seconds
            seconds = taken
            self._metrics.note_stage(step.stage, outcome, taken)
            _log.info("stage.ended", stage=step.stage, outcome=outcome.value, seconds=round(taken, 3))

        limits = self._limits if source is None else self._engine_limits
        try:
            async with self._waits.turn(step.stage, limits.memory_bytes):
                with timing(note_time):
                    result = await run_in_child(
                        step.entry,
                        source or self.media,
                        step.params,
                        step.result,
                        limits=limits,
                        work_dir=folder,
                        on_progress=note,
                        readable=[Path(weights) for weights in step.weights],
                    )
        except ChildFailed as error:
            raise StageFailed(step.stage, error) from error
        self._metrics.note_decoding(seconds, step.decoded(result))
        return result, folder

    async def _keep_artefact(self, step: Step[T], folder: Path) -> None:
        """So that whoever goes on after a crash need not decode again."""
        if step.artefact is not None and (folder / step.artefact).exists():
            made = NewOutput(step.stage, b"", {step.artefact: folder / step.artefact}, is_transient=True)
            await self._outputs.keep(self._claim, self._address(step), made)

    def _address(self, step: Step[T]) -> str:
        return f"{self._claim.content_hash}-{step.address}"

    def _folder(self, step: Step[T]) -> Path:
        return self._work / step.stage
