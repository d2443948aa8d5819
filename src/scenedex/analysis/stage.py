"""Declaration of a stage: everything that plan, walk, progress and the index need to know of it.

Each module of `stages` declares its stage once, and `all_stages` lists them. A stage runs as one of two kinds of step.
A `ChildStep` opens bytes of users, or runs an engine on what was made of them, in a limited child process without
network. A `WorkerStep` runs in the worker, sees no bytes of users, and may call the address of its engine's settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    import msgspec

    from scenedex.engines.engine import Engine, EngineChoice
    from scenedex.engines.port import Port
    from scenedex.engines.selection import Selection
    from scenedex.index.records import AnalysisSetting
    from scenedex.media.opened import OpenedMedia

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class AnalysisScope:
    """Everything that is known of an analysis before its first stage runs.

    Attributes:
        setting: the request.
        engines: the engine of each port.
        is_picture: whether the asset is a still picture.
        decode_threads: threads of the decoder. 0: one per core.
        threads: threads of each engine. 0: one per core.
        vocabulary: words that labels are chosen from.
    """

    setting: AnalysisSetting
    engines: Selection
    is_picture: bool
    decode_threads: int = 0
    threads: int = 0
    vocabulary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """Outcome of a stage that does not apply to the asset, with the reason for the index."""

    reason: str


@dataclass(frozen=True, slots=True)
class KnownResult(Generic[R]):
    """Result that follows from the inputs of a stage. The stage starts no process, and its outcome is a `Made`."""

    result: R


@dataclass(frozen=True, slots=True)
class Made(Generic[R]):
    """Result of a stage, and where it is stored.

    Attributes:
        result: the result.
        address: where the output is found beside the hash of the media's bytes. Empty if it is not stored.
        output_id: row of the output. 0 if it is not stored.
        folder: folder of managed storage with the files that the result names.
    """

    result: R
    address: str = ""
    output_id: int = 0
    folder: str = ""

    def key(self, file: str) -> str:
        """Return the object key of one of the files."""
        return f"{self.folder}/{file}"


StageOutcome: TypeAlias = Made[Any] | NotApplicable


@dataclass(frozen=True, slots=True)
class Inputs:
    """Scope of an analysis, and outcomes of stages that have ended.

    Attributes:
        scope: the analysis.
        outcomes: those of the stages that the caller needs and uses.
    """

    scope: AnalysisScope
    outcomes: Mapping[Stage[Any], StageOutcome]

    def made(self, stage: Stage[R]) -> Made[R] | None:
        """Return what a stage made, or `None` if it did not run."""
        outcome = self.outcomes.get(stage)
        return outcome if isinstance(outcome, Made) else None

    def find(self, stage: Stage[R]) -> R | None:
        """Return the result of a stage, or `None` if it did not run."""
        made = self.made(stage)
        return None if made is None else made.result

    def of(self, stage: Stage[R]) -> R:
        """Return the result of a stage that is among the needs of the caller."""
        return self.stored(stage).result

    def stored(self, stage: Stage[R]) -> Made[R]:
        """Return the result of a stage that is among the needs of the caller, and where it is stored."""
        return cast("Made[R]", self.outcomes[stage])

    def choice(self, port: Port[Any]) -> EngineChoice:
        """Return the engine of a port that the calling stage requires."""
        choice = self.find_choice(port)
        assert choice is not None  # noqa: S101  # the plan leaves a stage out whose engine is missing
        return choice

    def find_choice(self, port: Port[Any]) -> EngineChoice | None:
        """Return the engine of a port, or `None` if no engine can run."""
        return self.scope.engines.choice(port.name)


class Source(Enum):
    """Bytes that a child step reads, other than the artefact of another stage."""

    MEDIA = "media"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class DiskUse:
    """Maximum of what a step writes to disk.

    Attributes:
        base_bytes: bytes for any asset.
        bytes_per_second: further bytes for each second of the asset.
    """

    base_bytes: int
    bytes_per_second: int = 0

    def of(self, seconds: float) -> int:
        """Return the maximum for an asset of this duration, in bytes."""
        return self.base_bytes + int(self.bytes_per_second * seconds)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ChildStep(Generic[R]):
    """Work in a limited child process.

    Attributes:
        function: called in the child with the opened source and the encoded options. A module-level function.
        reads: its source: the media, the artefact of another stage, or nothing.
        files: returns the names of files in its work folder that belong to the result. `None`: it has no files.
        artefact: file in its work folder that further stages of the same analysis read. The stage has no needs then, so
            that the file can be made again at any time.
        decoded_seconds: seconds of video that were decoded for the result.
        prepare: completes the options before the step runs. What it adds must not change the result.
        writes: maximum of what it writes to its work folder. `None`: it writes nothing and has no work folder.
    """

    function: Callable[[OpenedMedia, bytes], R]
    reads: Stage[Any] | Source
    files: Callable[[R], Sequence[str]] | None = None
    artefact: str | None = None
    decoded_seconds: Callable[[R], float] = lambda _result: 0.0
    prepare: Callable[[Any, StageServices], Awaitable[msgspec.Struct]] | None = None
    writes: DiskUse | None = None

    @property
    def entry(self) -> str:
        """The function by name, as the child process imports it."""
        return f"{self.function.__module__}:{self.function.__qualname__}"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class WorkerStep(Generic[R]):
    """Work in the worker itself. Its result is stored if it has options, and made each time otherwise.

    If its options name an engine that calls a service, the limits `media.stall_seconds` between two reports of progress
    and `media.analysis_seconds` hold for it as for a child. It reports progress after each call.

    Attributes:
        function: awaited with the inputs, the options and a callback for progress, 0 to 1.
    """

    function: Callable[[Inputs, Any, Callable[[float], Awaitable[None]]], Awaitable[R]]


@dataclass(frozen=True, slots=True)
class StageServices:
    """Parts of the worker that the preparation of a step may use.

    Attributes:
        label_vectors: vectors of the vocabulary by the engine of labels, each as little-endian float32.
    """

    label_vectors: Callable[[EngineChoice], Awaitable[tuple[bytes, ...]]]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Stage(Generic[R]):
    """Declaration of a stage.

    Attributes:
        name: stable identifier in outputs, metrics and settings.
        version: changes when its output does.
        result: type of the result.
        step: what runs.
        options: makes the options of the step from the inputs. They decide the address of the output.
        needs: stages without which this one does not run. They end before it begins.
        uses: stages whose results it reads if they ran. They end before it begins.
        ports: ports of its engines. The first is required, the others are optional.
        share: rough share of the time of an analysis in which all stages run. See benchmarks/analysis.
        is_listening: whether it needs sound, so that a still picture does without it.
        is_auxiliary: whether it runs only for the stages that need it.
        unwanted: reason why a request does without it, or `None` if it is asked for.
        produced_by: engines outside of any port that made parts of the result, by the name of the part.
        note: remark on the result for the index, or `None`, given the outcomes of all stages. It stands beside the
            engine of the first port.
    """

    name: str
    version: str
    result: type[R]
    step: ChildStep[R] | WorkerStep[R]
    options: Callable[[Inputs], msgspec.Struct | NotApplicable | KnownResult[R] | None]
    needs: tuple[Stage[Any], ...] = ()
    uses: tuple[Stage[Any], ...] = ()
    ports: tuple[Port[Any], ...] = ()
    share: int = 0
    is_listening: bool = False
    is_auxiliary: bool = False
    unwanted: Callable[[AnalysisSetting], str | None] = lambda _setting: None
    produced_by: Callable[[R], Sequence[tuple[str, Engine]]] = lambda _result: ()
    note: Callable[[R, Inputs], str | None] = lambda _result, _inputs: None
