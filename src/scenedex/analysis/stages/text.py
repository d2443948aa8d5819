"""Stage: text on screen, read on stills whose writing changed and tracked over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stage import ChildStep, Stage
from scenedex.analysis.stages.moments import Moment, Place, Span
from scenedex.analysis.stages.text_blocks import read_lines
from scenedex.analysis.stages.text_filter import drop_fragments, is_text, is_unread
from scenedex.analysis.stages.text_pieces import join_pieces
from scenedex.analysis.stages.text_stills import StillSelector
from scenedex.analysis.stages.text_strokes import SKETCH_SIDE, Sketch
from scenedex.analysis.stages.text_tracking import LineTracker
from scenedex.analysis.stages.text_units import join_units
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
    selector = StillSelector(is_picture=duration.seconds == 0)
    stills_read = done = 0
    sketch: Sketch | None = None
    sketched = -1
    for number, still in enumerate(pack.stills, 1):
        if sketch is None or still.offset != sketched:
            sketch, sketched = Sketch.of(pack.rgb(still, longest_side=SKETCH_SIDE)), still.offset
        tracker.match_strokes(still.time, sketch)
        following = pack.stills[number].time if number < len(pack.stills) else None
        search = selector.select(
            still.time,
            sketch,
            following,
            is_keyframe=still.is_keyframe,
            is_following=tracker.is_following(sketch),
            has_doubtful=tracker.has_doubtful(still.time),
        )
        if search is not None:
            stills_read += 1
            rgb = pack.rgb(still)
            found = reader.find(rgb, longest_side=search.longest_side, first_side=search.first_side)
            boxes = tracker.select_unread(found, sketch)
            lines: list[TextLine] = []
            for begin in range(0, len(boxes), _BATCH_LINES):
                lines += read_lines(reader, rgb, boxes[begin : begin + _BATCH_LINES])
                done += 1
                report((number - 1) / len(pack.stills), done)
            tracker.add_readings(still.time, sketch, lines)
        tracker.end_still(still.time, sketch)
        done += 1
        report(number / len(pack.stills), done)
    tracker.finish()
    shown = [one for line in tracker.closed for one in line.shown(duration, cuts)]
    return TextResult(
        tuple(
            TextRegion(line.text, Place.of(line.place), round(line.confidence, 4), Span.of(line.span))
            for line in drop_fragments(join_units(join_pieces([line for line in shown if is_text(line)])))
        ),
        sum(map(is_unread, shown)),
        stills_read,
    )


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
    version="5",
    result=TextResult,
    step=ChildStep(function=run_text, reads=VISUAL_STAGE),
    options=_options,
    needs=(VISUAL_STAGE,),
    ports=(TEXT, KOREAN),
    share=25,
)
