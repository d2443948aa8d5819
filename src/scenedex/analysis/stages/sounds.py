"""Stage: applause, laughter and background music.

Needs: the sound, as `recording` describes it. Makes: a `SoundsResult`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stage import ChildStep, Stage
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.recording import RATE, Recording, time_of
from scenedex.analysis.stages.sound import NO_SOUND, SOUND_STAGE
from scenedex.engines.engine import EngineChoice
from scenedex.engines.loader import open_engine
from scenedex.engines.sounds import SOUNDS, SoundKind
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.analysis.stage import Inputs, NotApplicable
    from scenedex.engines.sounds import SoundTagger
    from scenedex.media.opened import OpenedMedia

CELL: Final = RATE
"""Samples of the grid on which events begin and end."""

AROUND: Final = RATE
"""Samples before and after a cell that the tagger hears with it: a second alone says too little."""

QUIET: Final = 32
"""Largest sample of a window in which nothing can be heard: what coding leaves of silence, 60 dB below full scale."""


class SoundsOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What listens; ``threads`` of 0 means as many as there are processors."""

    choice: EngineChoice
    threads: int = 0


class SoundEvent(msgspec.Struct, frozen=True):
    """A stretch in which one kind of sound (the name of a `SoundKind`) is heard, and how surely on average, 0 to 1."""

    kind: str
    span: Span
    confidence: float


class SoundsResult(msgspec.Struct, frozen=True):
    """What was heard, in order of time; events of different kinds may overlap, those of one kind do not."""

    events: tuple[SoundEvent, ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """When a kind counts as heard.

    Attributes:
        begin: confidence that an event must reach once.
        hold: confidence that each of its cells has.
        shortest: cells of the shortest event.
        longest_gap: cells below ``hold`` that do not end an event.
    """

    begin: float
    hold: float
    shortest: int
    longest_gap: int


THRESHOLDS: Final[Mapping[SoundKind, Threshold]] = {
    SoundKind.APPLAUSE: Threshold(begin=0.5, hold=0.3, shortest=1, longest_gap=1),
    SoundKind.LAUGHTER: Threshold(begin=0.5, hold=0.3, shortest=1, longest_gap=1),
    SoundKind.BACKGROUND_MUSIC: Threshold(begin=0.5, hold=0.3, shortest=3, longest_gap=2),
}


@dataclass(frozen=True, slots=True)
class HeardRun:
    """Cells, from ``start`` to before ``end``, in which one kind is heard."""

    start: int
    end: int
    confidence: float


@dataclass(slots=True)
class RunFinder:
    """Gathers the cells of one kind into runs, as its threshold wants them."""

    threshold: Threshold
    runs: list[HeardRun] = field(default_factory=list[HeardRun])
    _start: int = 0
    _end: int = -1
    _heard: list[float] = field(default_factory=list[float])

    def feed(self, cell: int, confidence: float) -> None:
        """Takes the next cell."""
        if confidence < self.threshold.hold:
            return
        if self._heard and cell - self._end > self.threshold.longest_gap:
            self._close()
        if not self._heard:
            self._start = cell
        self._heard.append(confidence)
        self._end = cell + 1

    def finish(self) -> list[HeardRun]:
        """All runs; no cell may follow."""
        self._close()
        return self.runs

    def _close(self) -> None:
        heard, long_enough = self._heard, self._end - self._start >= self.threshold.shortest
        if heard and max(heard) >= self.threshold.begin and long_enough:
            self.runs.append(HeardRun(self._start, self._end, sum(heard) / len(heard)))
        self._heard = []


def run_sounds(opened: OpenedMedia, params: bytes) -> SoundsResult:
    """Listens to the whole sound; called in the child process.

    Raises:
        EngineUnavailable: the chosen engine cannot be loaded.
    """
    options = msgspec.json.decode(params, type=SoundsOptions)
    tagger = open_engine(SOUNDS, options.choice, threads=options.threads)
    return listen(Recording(opened.file), tagger, opened.report)


def listen(recording: Recording, tagger: SoundTagger, report: Callable[[float, int], None]) -> SoundsResult:
    """Hears the sound cell by cell, each with what lies around it; told how far it has come after each."""
    finders = {kind: RunFinder(threshold) for kind, threshold in THRESHOLDS.items()}
    cells = -(-recording.samples // CELL)
    for cell in range(cells):
        window = recording.read(cell * CELL - AROUND, (cell + 1) * CELL + AROUND)
        if not _is_quiet(window):
            for kind, confidence in tagger.tag(window).items():
                finders[kind].feed(cell, confidence)
        report((cell + 1) / cells, cell + 1)
    return SoundsResult(tuple(_events(finders, recording.samples)))


def _is_quiet(window: NDArray[np.int16]) -> bool:
    return not len(window) or (int(window.max()) <= QUIET and int(window.min()) >= -QUIET)


def _events(finders: Mapping[SoundKind, RunFinder], samples: int) -> Iterable[SoundEvent]:
    found = [(run.start, kind.value, run) for kind, finder in finders.items() for run in finder.finish()]
    for _, kind, run in sorted(found, key=lambda event: event[:2]):
        start, end = Timecode(time_of(run.start * CELL)), Timecode(time_of(min(run.end * CELL, samples)))
        yield SoundEvent(kind, Span.of(TimeRange(start, end)), run.confidence)


def _options(inputs: Inputs) -> SoundsOptions | NotApplicable:
    if not inputs.of(SOUND_STAGE).has_sound:
        return NO_SOUND
    return SoundsOptions(choice=inputs.choice(SOUNDS), threads=inputs.scope.threads)


SOUNDS_STAGE: Final = Stage(
    name="sounds",
    version="1",
    result=SoundsResult,
    step=ChildStep(function=run_sounds, reads=SOUND_STAGE),
    options=_options,
    needs=(SOUND_STAGE,),
    ports=(SOUNDS,),
    share=4,
    is_listening=True,
    unwanted=lambda setting: None if setting.detect_audio_effects else "Not asked for: detectAudioEffects is false.",
)
