"""Execution of one analysis: each stage is taken from store, or runs and is stored."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import structlog

from scenedex.analysis.child_runner import choices_of
from scenedex.analysis.outputs import address
from scenedex.analysis.records import NewOutput
from scenedex.analysis.service_calls import call_service
from scenedex.analysis.stage import ChildStep, KnownResult, Made, NotApplicable, Source, Stage
from scenedex.assets.import_job import media_source
from scenedex.media.source import NO_MEDIA, LocalFile
from scenedex.metrics import timing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from scenedex.analysis.child_runner import ChildRunner
    from scenedex.analysis.outputs import StageOutputs
    from scenedex.analysis.records import AnalysisClaim
    from scenedex.analysis.stage import Inputs, StageServices
    from scenedex.media.source import MediaSource
    from scenedex.metrics import Outcome
    from scenedex.storage.store import ManagedStore

    OnProgress = Callable[[str, float], Awaitable[None]]

R = TypeVar("R")
_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.analyses")


@dataclass(frozen=True, slots=True)
class Execution:
    """Stages of one analysis.

    Attributes:
        claim: the analysis.
        outputs: store of the outputs of stages.
        managed: storage of the media and of the files of outputs.
        runner: runs child steps.
        services: parts of the worker that the preparation of a step may use.
        work: an empty folder. Each stage writes to a folder of its own below it.
        on_progress: awaited with a stage and its progress, 0 to 1.
    """

    claim: AnalysisClaim
    outputs: StageOutputs
    managed: ManagedStore
    runner: ChildRunner
    services: StageServices
    work: Path
    on_progress: OnProgress
    # Stages that read the same artefact begin together: one of them makes it if it is missing.
    _artefact_locks: defaultdict[Stage[Any], asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def make(self, stage: Stage[R], inputs: Inputs) -> Made[R] | NotApplicable:
        """Return the outcome of a stage, from store if it was made before.

        Raises:
            MediaUnreadable: the media cannot be used.
            StageFailed: the child process failed on this file.
        """
        options = stage.options(inputs)
        if isinstance(options, NotApplicable):
            return options
        if isinstance(options, KnownResult):
            made = Made(options.result)
        elif options is None:
            made = Made(await self._run_here(stage, inputs, options))
        else:
            made = await self._stored(stage, options, inputs)
        await self.on_progress(stage.name, 1.0)
        return made

    async def _stored(self, stage: Stage[R], options: msgspec.Struct, inputs: Inputs) -> Made[R]:
        where = address_of(stage, options, inputs)
        stored = await self.outputs.find(self.claim, self._of_content(where))
        if stored is None:
            files: dict[str, Path] = {}
            if isinstance(stage.step, ChildStep):
                result = await self._run_in_child(stage, options, inputs)
                if stage.step.files is not None:
                    files = {name: self._folder(stage) / name for name in dict.fromkeys(stage.step.files(result))}
            else:
                result = await self._run_here(stage, inputs, options)
            new = NewOutput(stage.name, msgspec.json.encode(result), files)
            stored = await self.outputs.keep(self.claim, self._of_content(where), new)
            await self._keep_artefact(stage, where)
        decoded = msgspec.json.decode(stored.result, type=stage.result)
        return Made(decoded, where, stored.output_id, stored.folder)

    async def _run_here(self, stage: Stage[R], inputs: Inputs, options: msgspec.Struct | None) -> R:
        assert not isinstance(stage.step, ChildStep)  # noqa: S101  # a child step always has options

        def note_time(outcome: Outcome, seconds: float) -> None:
            self.runner.metrics.note_stage(stage.name, outcome, seconds)
            _log.info("stage.ended", stage=stage.name, outcome=outcome.value, seconds=round(seconds, 3))

        report = partial(self.on_progress, stage.name)
        services = [] if options is None else [one.engine for one in choices_of(options) if one.address is not None]
        async with self.runner.turns.reserve(stage.name, 0):
            with timing(note_time):
                if not services:
                    return await stage.step.function(inputs, options, report)
                call = partial(stage.step.function, inputs, options)
                return await call_service(stage.name, services[0], call, report, self.runner.engine_limits)

    async def _run_in_child(self, stage: Stage[R], options: msgspec.Struct, inputs: Inputs) -> R:
        assert isinstance(stage.step, ChildStep)  # noqa: S101  # the caller asked
        if stage.step.prepare is not None:
            options = await stage.step.prepare(options, self.services)
        folder = self._folder(stage)
        folder.mkdir()
        return await self.runner.run(
            stage,
            options,
            await self._source(stage.step, inputs),
            folder=folder,
            opens_media=stage.step.reads is Source.MEDIA,
            seconds=self.claim.duration_ms / 1000,
            on_progress=partial(self.on_progress, stage.name),
        )

    async def _source(self, step: ChildStep[R], inputs: Inputs) -> MediaSource:
        match step.reads:
            case Source.MEDIA:
                return media_source(self.managed, self.claim.managed_key, self.claim.size_bytes)
            case Source.NOTHING:
                return NO_MEDIA
            case Stage() as maker:
                async with self._artefact_locks[maker]:
                    return await self._artefact(maker, inputs)

    async def _artefact(self, maker: Stage[Any], inputs: Inputs) -> MediaSource:
        """Return the artefact of a stage. It is made again if it is missing."""
        assert isinstance(maker.step, ChildStep)  # noqa: S101  # only child steps have artefacts
        assert maker.step.artefact is not None  # noqa: S101  # read only from stages that have one
        local = self._folder(maker) / maker.step.artefact
        if not local.exists():
            made = inputs.stored(maker)
            stored = await self.outputs.find_transient(self.claim, self._of_content(made.address))
            if stored is not None:
                key = f"{stored.folder}/{maker.step.artefact}"
                return media_source(self.managed, key, (await self.managed.head(key)).size_bytes)
            options = maker.options(inputs)
            assert isinstance(options, msgspec.Struct)  # noqa: S101  # it was made with options
            await self._run_in_child(maker, options, inputs)
            await self._keep_artefact(maker, made.address)
        return LocalFile(local)

    async def _keep_artefact(self, stage: Stage[Any], where: str) -> None:
        """Store the artefact, so that a later try of this analysis need not decode again."""
        if not isinstance(stage.step, ChildStep) or stage.step.artefact is None:
            return
        local = self._folder(stage) / stage.step.artefact
        if local.exists():
            new = NewOutput(stage.name, b"", {stage.step.artefact: local}, is_transient=True)
            await self.outputs.keep(self.claim, self._of_content(where), new)

    def _of_content(self, where: str) -> str:
        return f"{self.claim.content_hash}-{where}"

    def _folder(self, stage: Stage[Any]) -> Path:
        return self.work / stage.name


def address_of(stage: Stage[Any], options: msgspec.Struct, inputs: Inputs) -> str:
    """Return where the output of a stage is found, beside the hash of the media's bytes."""
    reads = stage.step.reads if isinstance(stage.step, ChildStep) else Source.NOTHING
    made_from = (inputs.stored(reads).address,) if isinstance(reads, Stage) else ()
    return address(stage.name, stage.version, options, made_from)
