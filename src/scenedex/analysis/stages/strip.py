"""Stage: a strip of small stills in rows, for previews on a time axis, made of the pack of stills."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from scenedex.analysis.stage import ChildStep, DiskUse, NotApplicable, Stage
from scenedex.analysis.stages.moments import Moment
from scenedex.analysis.stages.visual import VISUAL_STAGE
from scenedex.media.images import encode_jpeg, resize
from scenedex.media.stills import StillPack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.stage import Inputs
    from scenedex.media.opened import OpenedMedia
    from scenedex.media.stills import PackedStill

FILE: Final = "strip.jpg"


class StripOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Options of the stage: maximum number of stills, stills in a row, width of a still in pixels, and JPEG quality."""

    max_stills: int = 120
    columns: int = 12
    width: int = 160
    quality: int = 75


class StripResult(msgspec.Struct, frozen=True):
    """A strip: stills in a row, rows, sides of a still in pixels, and the time of each still."""

    columns: int
    rows: int
    width: int
    height: int
    times: tuple[Moment, ...]


def run_strip(opened: OpenedMedia, params: bytes) -> StripResult:
    """Write the strip to the work folder. Runs in the child process."""
    options = msgspec.json.decode(params, type=StripOptions)
    pack = StillPack(opened.file)
    chosen = evenly(pack.stills, options.max_stills)
    columns = min(options.columns, len(chosen))
    rows = math.ceil(len(chosen) / columns)
    height, strip = 0, np.zeros((0, 0, 3), np.uint8)
    for number, still in enumerate(chosen):
        picture = pack.rgb(still, longest_side=options.width)
        if not height:
            height = max(1, round(picture.shape[0] * options.width / picture.shape[1]))
            strip = np.zeros((rows * height, columns * options.width, 3), np.uint8)
        top, left = (number // columns) * height, (number % columns) * options.width
        strip[top : top + height, left : left + options.width] = resize(picture, options.width, height)
        opened.report((number + 1) / len(chosen), number + 1)
    (opened.work_dir / FILE).write_bytes(encode_jpeg(strip, options.quality))
    return StripResult(columns, rows, options.width, height, tuple(Moment.of(still.time) for still in chosen))


def evenly(stills: Sequence[PackedStill], most: int) -> Sequence[PackedStill]:
    """Return at most so many stills at about equal distances, with the first."""
    step = max(1.0, len(stills) / most)
    return [stills[int(number * step)] for number in range(min(len(stills), most))]


def _options(inputs: Inputs) -> StripOptions | NotApplicable:
    return NotApplicable("A picture has no strip.") if inputs.scope.is_picture else StripOptions()


STRIP_STAGE: Final = Stage(
    name="strip",
    version="1",
    result=StripResult,
    step=ChildStep(
        function=run_strip, reads=VISUAL_STAGE, files=lambda _found: (FILE,), writes=DiskUse(base_bytes=32 * 1024**2)
    ),
    options=_options,
    needs=(VISUAL_STAGE,),
    share=1,
)
