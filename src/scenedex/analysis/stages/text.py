"""Stage: text on screen, read on stills whose writing changed and followed over time.

Needs: the pack of stills. Makes: a `TextResult`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stage import ChildStep, Stage
from scenedex.analysis.stages.moments import Moment, Place, Span
from scenedex.analysis.stages.text_choice import is_passed_over, is_text, without_parts
from scenedex.analysis.stages.text_regions import LineFollower
from scenedex.analysis.stages.text_strokes import Sketch
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
"""Pixels of the longer side at which stills are looked at; closely for keyframes and pictures."""

SHORTEST: Final = Fraction(1)
"""Seconds between two looks in a picture that moves; what is written for so long is found."""

_ROUNDING: Final = Fraction(1, 20)
_LINES_AT_ONCE: Final = 16
"""Lines that are read before it is said that the work goes on: a page of small print takes long."""


class TextOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What reads, and the frame of time that it needs.

    Attributes:
        choice: the reader.
        korean: what reads Korean for it, if anything does.
        duration: the end of the asset; 0 for a picture.
        cuts: where shots begin, in order: what is written comes and goes with them.
        threads: that the reader computes with; 0 means as many as there are processors.
    """

    choice: EngineChoice
    duration: Moment
    korean: EngineChoice | None = None
    cuts: tuple[Moment, ...] = ()
    threads: int = 0


class TextRegion(msgspec.Struct, frozen=True):
    """A line that is written at one place, or moves, for some time.

    Attributes:
        text: what it says, in its best reading.
        place: where that reading was.
        confidence: of that reading, 0 to 1.
        span: when it is shown; empty in a picture.
    """

    text: str
    place: Place
    confidence: float
    span: Span


class TextResult(msgspec.Struct, frozen=True):
    """What is written in an asset.

    Attributes:
        regions: in order of their start, those that begin together in reading order.
        unread: lines in a script that the reader does not know.
        stills_read: how many stills were searched for text.
    """

    regions: tuple[TextRegion, ...]
    unread: int
    stills_read: int


def run_text(opened: OpenedMedia, params: bytes) -> TextResult:
    """Reads the text on the stills; called in the child process.

    Raises:
        MediaUnreadable: the file is no complete pack of stills.
        EngineUnavailable: the reader cannot be loaded.
    """
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
    """Reads the text on stills.

    Args:
        pack: the stills.
        reader: finds and reads lines.
        duration: the end of the asset; 0 for a picture.
        cuts: where shots begin, in order.
        report: told the share of the stills that is done, 0 to 1, and a number that grows with the work.
    """
    follower = LineFollower()
    pace = _Pace(is_picture=duration.seconds == 0)
    stills_read = done = 0
    for number, still in enumerate(pack.stills, 1):
        rgb = pack.rgb(still)
        sketch = Sketch.of(rgb)
        follower.hold(still.time, sketch)
        following = pack.stills[number].time if number < len(pack.stills) else None
        side = pace.side(still.time, sketch, following, is_keyframe=still.is_keyframe)
        if side is not None:
            stills_read += 1
            boxes = follower.unexplained(reader.find(rgb, longest_side=side), sketch)
            lines: list[TextLine] = []
            for begin in range(0, len(boxes), _LINES_AT_ONCE):
                lines += reader.read_at(rgb, boxes[begin : begin + _LINES_AT_ONCE])
                done += 1
                report((number - 1) / len(pack.stills), done)
            follower.take(still.time, sketch, lines)
        follower.remember(still.time, sketch)
        done += 1
        report(number / len(pack.stills), done)
    follower.finish()
    spans = [(line, line.span(duration, cuts)) for line in follower.closed]
    shown = [(line, span) for line, span in spans if is_text(line, span)]
    return TextResult(
        tuple(
            TextRegion(line.text, Place.of(line.place), round(line.confidence, 4), Span.of(span))
            for line, span in without_parts(shown)
        ),
        sum(is_passed_over(line, span) for line, span in spans),
        stills_read,
    )


class _Pace:
    """Decides which stills are searched, and how closely: those whose writing changed, about one a second."""

    def __init__(self, *, is_picture: bool) -> None:
        self._is_picture = is_picture
        self._looked: Timecode | None = None
        self._usual: Sketch | None = None
        self._close: Sketch | None = None

    def side(self, time: Timecode, sketch: Sketch, following: Timecode | None, *, is_keyframe: bool) -> int | None:
        """Pixels of the longer side at which a still is to be searched; None where it is not."""
        if (is_keyframe or self._is_picture) and sketch.differs_from(self._close):
            self._looked, self._usual, self._close = time, sketch, sketch
            return CLOSE_SIDE
        if not sketch.differs_from(self._usual):
            return None
        # A still may be passed over only where the next one comes in time.
        limit = SHORTEST + _ROUNDING
        if self._looked is not None and following is not None and following - self._looked <= limit:
            return None
        self._looked, self._usual = time, sketch
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
