"""Stage: text on screen, read on stills whose writing changed and tracked over time."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stage import ChildStep, Stage
from scenedex.analysis.stages.moments import Moment, Place, Span
from scenedex.analysis.stages.text_filter import drop_fragments, is_text, is_unread
from scenedex.analysis.stages.text_strokes import Sketch
from scenedex.analysis.stages.text_tracking import LineTracker
from scenedex.analysis.stages.visual import VISUAL_STAGE
from scenedex.engines.engine import EngineChoice
from scenedex.engines.loader import open_engine
from scenedex.engines.text import KOREAN, TEXT
from scenedex.media.stills import StillPack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scenedex.analysis.stage import Inputs
    from scenedex.engines.text import TextLine, TextReader
    from scenedex.media.opened import OpenedMedia
    from scenedex.timeline import Timecode

USUAL_SIDE, CLOSE_SIDE = 640, 960
"""Longer side of stills as they are searched, in pixels. The larger one is for keyframes and pictures."""

READ_INTERVAL: Final = Fraction(1)
"""Seconds between two searched stills of a moving picture. Text shown for so long is found."""

_ROUNDING: Final = Fraction(1, 20)
_BATCH_LINES: Final = 16
"""Number of lines read between two progress reports, because a page of small print takes long."""


class TextOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Options of the stage.

    Attributes:
        choice: engine that reads.
        korean: engine that reads Korean for it, if there is one.
        duration: end of the asset. 0 for a picture.
        cuts: starts of the shots after the first, in order. Text appears and disappears with them.
        threads: threads of each engine. 0 means one per core.
    """

    choice: EngineChoice
    duration: Moment
    korean: EngineChoice | None = None
    cuts: tuple[Moment, ...] = ()
    threads: int = 0


class TextRegion(msgspec.Struct, frozen=True):
    """Line of text at one place, or moving, for some time.

    Attributes:
        text: best reading.
        place: place of that reading.
        confidence: confidence of that reading, 0 to 1.
        span: time in which it is shown. Empty in a picture.
    """

    text: str
    place: Place
    confidence: float
    span: Span


class TextResult(msgspec.Struct, frozen=True):
    """Text in an asset.

    Attributes:
        regions: regions in order of their start. Those that begin together are in reading order.
        unread: number of lines in a script that the reader does not know.
        stills_read: number of stills searched for text.
    """

    regions: tuple[TextRegion, ...]
    unread: int
    stills_read: int


def run_text(opened: OpenedMedia, params: bytes) -> TextResult:
    """Read the text on the stills. Runs in the child process."""
    options = msgspec.json.decode(params, type=TextOptions)
    reader = open_engine(TEXT, options.choice, threads=options.threads)
    if options.korean is not None:
        reader.use_korean(open_engine(KOREAN, options.korean, threads=options.threads))
    return read_text(
        StillPack(opened.file),
        reader,
        duration=options.duration.timecode(),
        cuts=[cut.timecode() for cut in options.cuts],
        report=opened.report,
    )


def read_text(
    pack: StillPack,
    reader: TextReader,
    *,
    duration: Timecode,
    cuts: Sequence[Timecode],
    report: Callable[[float, int], None],
) -> TextResult:
    """Read the text on stills.

    Args:
        pack: stills.
        reader: finder and reader of lines.
        duration: end of the asset. 0 for a picture.
        cuts: starts of the shots after the first, in order.
        report: called with the share of the stills that are done, 0 to 1, and a number that grows with the work.
    """
    tracker = LineTracker()
    selector = _StillSelector(is_picture=duration.seconds == 0)
    stills_read = done = 0
    for number, still in enumerate(pack.stills, 1):
        rgb = pack.rgb(still)
        sketch = Sketch.of(rgb)
        tracker.match_strokes(still.time, sketch)
        following = pack.stills[number].time if number < len(pack.stills) else None
        side = selector.side(still.time, sketch, following, is_keyframe=still.is_keyframe)
        if side is not None:
            stills_read += 1
            boxes = tracker.select_unread(reader.find(rgb, longest_side=side), sketch)
            lines: list[TextLine] = []
            for begin in range(0, len(boxes), _BATCH_LINES):
                lines += reader.read_at(rgb, boxes[begin : begin + _BATCH_LINES])
                done += 1
                report((number - 1) / len(pack.stills), done)
            tracker.add_readings(still.time, sketch, lines)
        tracker.end_still(still.time, sketch)
        done += 1
        report(number / len(pack.stills), done)
    tracker.finish()
    spans = [(line, line.span(duration, cuts)) for line in tracker.closed]
    shown = [(line, span) for line, span in spans if is_text(line, span)]
    return TextResult(
        tuple(
            TextRegion(line.text, Place.of(line.place), round(line.confidence, 4), Span.of(span))
            for line, span in drop_fragments(shown)
        ),
        sum(is_unread(line, span) for line, span in spans),
        stills_read,
    )


class _StillSelector:
    """Selects the stills to search: those whose writing changed, about one per second."""

    def __init__(self, *, is_picture: bool) -> None:
        self._is_picture = is_picture
        self._last_read: Timecode | None = None
        self._last_sketch: Sketch | None = None
        self._last_close_sketch: Sketch | None = None

    def side(self, time: Timecode, sketch: Sketch, following: Timecode | None, *, is_keyframe: bool) -> int | None:
        """Return the longer side at which to search a still, in pixels, or `None` to skip it."""
        if (is_keyframe or self._is_picture) and sketch.differs_from(self._last_close_sketch):
            self._last_read, self._last_sketch, self._last_close_sketch = time, sketch, sketch
            return CLOSE_SIDE
        if not sketch.differs_from(self._last_sketch):
            return None
        # A still may be skipped only if the next one comes in time.
        limit = READ_INTERVAL + _ROUNDING
        if self._last_read is not None and following is not None and following - self._last_read <= limit:
            return None
        self._last_read, self._last_sketch = time, sketch
        return USUAL_SIDE


def _options(inputs: Inputs) -> TextOptions:
    visual = inputs.of(VISUAL_STAGE)
    return TextOptions(
        choice=inputs.choice(TEXT),
        korean=inputs.find_choice(KOREAN),
        duration=visual.duration,
        cuts=tuple(shot.span.start for shot in visual.shots[1:]),
        threads=inputs.scope.threads,
    )


TEXT_STAGE: Final = Stage(
    name="text",
    version="1",
    result=TextResult,
    step=ChildStep(function=run_text, reads=VISUAL_STAGE),
    options=_options,
    needs=(VISUAL_STAGE,),
    ports=(TEXT, KOREAN),
    share=25,
)
