"""Compare conversions of HDR to SDR: that of the product and those of FFmpeg's scaler.

Colours of SDR are put into PQ and HLG, with white at 203 cd/m2, and converted back. See README.md.
"""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import av
import av.filter
import numpy as np
from av.video.reformatter import ColorPrimaries, Colorspace, ColorTrc, VideoReformatter

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from colour_films import (  # after its folder is on the path
    BT2020,
    HLG,
    PATCHES,
    PQ,
    ColourForm,
    colour_frame,
    columns_of,
    hlg_codes,
    nits_of,
    pq_codes,
    tags_of,
)
from scenedex.media.colours import ColourTags
from scenedex.media.geometry import PictureHeaders, geometry_of
from scenedex.media.pictures import PictureReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Convert = Callable[[av.VideoFrame], NDArray[np.uint8]]

PRIMARIES: Final = np.array([[255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255]])
GREYS: Final = np.repeat(np.array([[100.0], [203.0], [400.0], [1000.0]]), 3, axis=1)
REPEATS: Final = 20


def scenedex(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """Convert as keyframes are."""
    return PictureReader(geometry_of(PictureHeaders(), frame), ColourTags()).rgb(frame, frame.height)


class Colorimetric:
    """Converts by the scaler's default intent. The scaler is prepared for the first picture of a size."""

    def __init__(self) -> None:
        self._scaler = VideoReformatter()

    def __call__(self, frame: av.VideoFrame) -> NDArray[np.uint8]:
        """Convert a frame."""
        made = self._scaler.reformat(
            frame,
            format="rgb24",
            dst_colorspace=Colorspace.ITU709,
            dst_color_trc=ColorTrc.BT709,
            dst_color_primaries=ColorPrimaries.BT709,
            threads=1,
        )
        return cast("NDArray[np.uint8]", made.to_ndarray())


def perceptual(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """Convert by the perceptual intent, which only the filter takes."""
    graph = av.filter.Graph()
    source = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1, 25))
    scale = graph.add(
        "scale", "out_color_matrix=bt709:out_range=full:out_transfer=bt709:out_primaries=bt709:intent=perceptual"
    )
    kind, sink = graph.add("format", "gbrp"), graph.add("buffersink")
    source.link_to(scale)
    scale.link_to(kind)
    kind.link_to(sink)
    graph.configure()
    frame.pts = 0
    graph.push(frame)
    return cast("NDArray[np.uint8]", cast("av.VideoFrame", graph.pull()).to_ndarray(format="rgb24"))


METHODS: Final[dict[str, Convert]] = {
    "scenedex": scenedex,
    "scaler, relative colorimetric": Colorimetric(),
    "scaler, perceptual": perceptual,
}


def main() -> None:
    """Print the errors and the processor time of each method."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    for transfer, codes in ((PQ, pq_codes), (HLG, hlg_codes)):
        form = ColourForm(pixel_format="yuv444p10le", matrix=9, tags=tags_of(BT2020, BT2020, transfer))
        for name, convert in METHODS.items():
            errors = [
                np.abs(columns_of(convert(colour_frame(codes(nits_of(sdr)), form)), len(sdr)) - sdr).max()
                for sdr in (PATCHES, PRIMARIES)
            ]
            greys = columns_of(convert(colour_frame(codes(GREYS), form)), len(GREYS))[:, 0]
            print(
                f"{'PQ' if transfer == PQ else 'HLG'}, {name}: largest error {errors[0]:.0f}, of white and primaries"
                f" {errors[1]:.0f}, greys of 100, 203, 400, 1000 cd/m2 {greys.round().astype(int).tolist()}"
            )
        for name, convert in [("scenedex", scenedex), ("scaler, relative colorimetric", Colorimetric())]:
            large = replace(form, pixel_format="yuv420p10le", width=1280, height=720)
            frame = colour_frame(codes(nits_of(PATCHES)), large)
            first = _processor_ms(convert, frame, 1)
            print(f"{name}: first picture {first:.0f} ms, others {_processor_ms(convert, frame, REPEATS):.1f} ms")


def _processor_ms(convert: Convert, frame: av.VideoFrame, repeats: int) -> float:
    begun = time.process_time()
    for _ in range(repeats):
        convert(frame)
    return 1000 * (time.process_time() - begun) / repeats


if __name__ == "__main__":
    main()
