"""Stage: applause and laughter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stage import ChildStep, Stage
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.recording import RATE, Recording, time_of
from scenedex.analysis.stages.sound import SOUND_STAGE, main_sound
from scenedex.engines.engine import EngineChoice
from scenedex.engines.loader import open_engine
from scenedex.engines.sounds import SOUNDS, SoundKind
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.analysis.stage import Inputs, NotApplicable
    from scenedex.engines.sounds import SoundTagger
    from scenedex.index.records import AnalysisSetting
    from scenedex.media.opened import OpenedMedia

KINDS: Final = (SoundKind.APPLAUSE, SoundKind.LAUGHTER)

CELL: Final = RATE
"""Samples per cell of the grid on which events begin and end."""

CONTEXT: Final = RATE
"""Samples before and after a cell that the tagger gets with it, because one second is too little to classify."""

MAX_QUIET_LEVEL: Final = 32
"""Maximum level of a sample in a silent window, 60 dB below full scale. Coding leaves as much noise."""


class SoundsOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Engine of the stage. ``threads`` of 0 means one per core."""

    choice: EngineChoice
    threads: int = 0


class SoundEvent(msgspec.Struct, frozen=True):
    """Time span in which one kind of sound (the name of a `SoundKind`) is heard, with its mean confidence, 0 to 1."""

    kind: str
    span: Span
    confidence: float


class SoundsResult(msgspec.Struct, frozen=True):
    """Events in order of time. Events of one kind do not overlap, events of different kinds may."""

    events: tuple[SoundEvent, ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """Thresholds of a kind of sound.

    Attributes:
        begin: confidence that an event reaches at least once.
        hold: minimum confidence of a cell of an event.
        min_cells: minimum length of an event, in cells.
        max_gap: maximum number of cells below ``hold`` within an event.
    """

    begin: float
    hold: float
    min_cells: int
    max_gap: int


THRESHOLDS: Final[Mapping[SoundKind, Threshold]] = {
    SoundKind.APPLAUSE: Threshold(begin=0.5, hold=0.3, min_cells=1, max_gap=1),
    SoundKind.LAUGHTER: Threshold(begin=0.5, hold=0.3, min_cells=1, max_gap=1),
    # With the bundled engine, on mixes that were not used to set them: see docs/how-to/analyse-what.md.
    SoundKind.BACKGROUND_MUSIC: Threshold(begin=0.5, hold=0.4, min_cells=3, max_gap=2),
}


@dataclass(frozen=True, slots=True)
class CellRun:
    """Cells from ``start`` up to, not including, ``end`` in which one kind is heard."""

    start: int
    end: int
    confidence: float


@dataclass(slots=True)
class RunFinder:
    """Groups the cells of one kind into runs by its thresholds."""

    threshold: Threshold
    runs: list[CellRun] = field(default_factory=list[CellRun])
    _start: int = 0
    _end: int = -1
    _confidences: list[float] = field(default_factory=list[float])

    def feed(self, cell: int, confidence: float) -> None:
        """Process the next cell."""
        if confidence < self.threshold.hold:
            return
        if self._confidences and cell - self._end > self.threshold.max_gap:
            self._close()
        if not self._confidences:
            self._start = cell
        self._confidences.append(confidence)
        self._end = cell + 1

    def finish(self) -> list[CellRun]:
        """Return all runs after the last cell."""
        self._close()
        return self.runs

    def _close(self) -> None:
        confidences = self._confidences
        is_long_enough = self._end - self._start >= self.threshold.min_cells
        if confidences and max(confidences) >= self.threshold.begin and is_long_enough:
            self.runs.append(CellRun(self._start, self._end, sum(confidences) / len(confidences)))
        self._confidences = []


def run_sounds(opened: OpenedMedia, params: bytes) -> SoundsResult:
    """Detect sounds in the whole recording. Runs in the child process."""
    options = msgspec.json.decode(params, type=SoundsOptions)
    tagger = open_engine(SOUNDS, options.choice, threads=options.threads)
    return detect_sounds(Recording(opened.file), tagger, KINDS, opened.report)


def detect_sounds(
    recording: Recording, tagger: SoundTagger, kinds: Sequence[SoundKind], report: Callable[[float, int], None]
) -> SoundsResult:
    """Detect some kinds of sounds cell by cell.

    ``report`` is called after each cell with the share and the number done.
    """
    finders = {kind: RunFinder(THRESHOLDS[kind]) for kind in kinds}
    cells = -(-recording.samples // CELL)
    for cell in range(cells):
        window = recording.read(cell * CELL - CONTEXT, (cell + 1) * CELL + CONTEXT)
        if not _is_quiet(window):
            for kind, confidence in tagger.tag(window).items():
                if kind in finders:
                    finders[kind].feed(cell, confidence)
        report((cell + 1) / cells, cell + 1)
    return SoundsResult(tuple(_events(finders, recording.samples)))


def _is_quiet(window: NDArray[np.int16]) -> bool:
    return not len(window) or (int(window.max()) <= MAX_QUIET_LEVEL and int(window.min()) >= -MAX_QUIET_LEVEL)


def _events(finders: Mapping[SoundKind, RunFinder], samples: int) -> Iterable[SoundEvent]:
    found = [(run.start, kind.value, run) for kind, finder in finders.items() for run in finder.finish()]
    for _, kind, run in sorted(found, key=lambda event: event[:2]):
        start, end = Timecode(time_of(run.start * CELL)), Timecode(time_of(min(run.end * CELL, samples)))
        yield SoundEvent(kind, Span.of(TimeRange(start, end)), run.confidence)


def why_not_wanted(setting: AnalysisSetting) -> str | None:
    """Return the reason why a request does without sounds, or `None` if it asks for them."""
    return None if setting.detect_audio_effects else "Not asked for: detectAudioEffects is false."


def _options(inputs: Inputs) -> SoundsOptions | NotApplicable:
    refusal = main_sound(inputs)
    if refusal is not None:
        return refusal
    return SoundsOptions(choice=inputs.choice(SOUNDS), threads=inputs.scope.threads)


SOUNDS_STAGE: Final = Stage(
    name="sounds",
    version="2",
    result=SoundsResult,
    step=ChildStep(function=run_sounds, reads=SOUND_STAGE),
    options=_options,
    needs=(SOUND_STAGE,),
    ports=(SOUNDS,),
    share=3,
    is_listening=True,
    unwanted=why_not_wanted,
)
