"""Small films of known colours, with the tags and encodings of cameras and phones.

The transfer functions are written here as ITU-R BT.2100 has them, apart from the product's own.
"""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import io
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, cast

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from av.video.stream import VideoStream
    from numpy.typing import NDArray

PQ: Final = 16
HLG: Final = 18
BT709: Final = 1
BT2020: Final = 9
P3: Final = 12
UNSPECIFIED: Final = 2

PATCHES: Final = np.array(
    [
        [203, 60, 30],
        [40, 150, 60],
        [30, 60, 200],
        [230, 200, 40],
        [128, 128, 128],
        [220, 170, 140],
        [90, 60, 50],
        [60, 190, 200],
    ]
)
"""SDR colours of BT.709: a red, a green, a blue, a yellow, grey, two tones of skin, and cyan."""

_TO_2020: Final = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
_TO_P3: Final = np.array([[0.8225, 0.1774, 0.0], [0.0332, 0.9669, 0.0], [0.0171, 0.0724, 0.9108]])
_2020_TO_XYZ: Final = np.array([[0.6370, 0.1446, 0.1689], [0.2627, 0.6780, 0.0593], [0.0, 0.0281, 1.0610]])
_XYZ_TO_CONES: Final = np.array([[0.4002, 0.7076, -0.0808], [-0.2263, 1.1653, 0.0457], [0.0, 0.0, 0.9182]])
_CONES_TO_IPT: Final = np.array([[0.4, 0.4, 0.2], [4.455, -4.851, 0.396], [0.8056, 0.3572, -1.1628]])
_WHITE_NITS: Final = 203
_PATCH: Final = 32
# Weights of red and blue in luma, by FFmpeg's numbers of matrices.
_WEIGHTS: Final = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 6: (0.299, 0.114), 9: (0.2627, 0.0593)}


def nits_of(sdr: NDArray[np.int_]) -> NDArray[np.float64]:
    """Light of SDR colours on a display whose white is that of SDR in HDR."""
    return _WHITE_NITS * (sdr / 255) ** 2.4


def pq_codes(nits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Codes of PQ, from 0 to 1, with the primaries of BT.2020, of colours of BT.709."""
    return _pq(np.maximum(nits @ _TO_2020.T, 0))


def _pq(nits: NDArray[np.float64]) -> NDArray[np.float64]:
    power = (nits / 10_000) ** (2610 / 16384)
    return ((3424 / 4096 + 2413 / 128 * power) / (1 + 2392 / 128 * power)) ** (2523 / 32)


def ipt_codes(nits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Codes of I, P and T of Dolby Vision 5, from 0 to 1, of colours of BT.709. Source: IPT of Ebner and Fairchild."""
    xyz = nits @ _TO_2020.T @ _2020_TO_XYZ.T
    cones = np.maximum(xyz @ _XYZ_TO_CONES.T @ (0.94 * np.eye(3) + 0.02).T, 0)
    return _pq(cones) @ _CONES_TO_IPT.T + [0, 0.5, 0.5]


def hlg_codes(nits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Codes of HLG, from 0 to 1, for a display of 1000 cd/m2."""
    shown = np.maximum(nits @ _TO_2020.T, 0) / 1000
    luminance = np.maximum(shown @ [0.2627, 0.6780, 0.0593], 1e-9)
    scene = shown * (luminance ** (1 / 1.2 - 1))[..., None]
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), a * np.log(np.maximum(12 * scene - b, 1e-9)) + c)


def wide_codes(sdr: NDArray[np.int_], primaries: Literal[9, 12]) -> NDArray[np.float64]:
    """Codes of SDR, from 0 to 1, with the primaries of BT.2020 or P3, of colours of BT.709."""
    light = (sdr / 255) ** 2.4 @ (_TO_2020 if primaries == BT2020 else _TO_P3).T
    return np.maximum(light, 0) ** (1 / 2.4)


@dataclass(frozen=True, kw_only=True)
class ColourForm:
    """Encoding of a film of colours.

    Attributes:
        container: FFmpeg's name of the container.
        codec: encoder of the pictures.
        pixel_format: planar format of the pictures, in Y, U and V or in G, B and R.
        matrix: matrix of the values, by FFmpeg's numbers.
        tags: colour tags of the stream and its pictures: matrix, primaries, transfer and range.
        is_full_range: whether the values use the full range.
        are_planes: whether the codes are those of the planes, from 0 to 1 in full range.
        options: options of the encoder.
        frames: number of pictures.
        rate: pictures a second.
        rotation: counter-clockwise rotation by players, in degrees.
        width: width of the pictures, which the colours share, or 0 for 32 pixels for each.
        height: height of the pictures.
    """

    container: str = "mp4"
    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    matrix: int = 1
    tags: Mapping[str, int] = field(default_factory=dict[str, int])
    is_full_range: bool = False
    are_planes: bool = False
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    frames: int = 3
    rate: int = 25
    rotation: int = 0
    width: int = 0
    height: int = 64


def tags_of(matrix: int, primaries: int, transfer: int, colour_range: int = 1) -> dict[str, int]:
    """Tags by FFmpeg's numbers. ``colour_range`` is 1 for limited and 2 for full range."""
    return {"colorspace": matrix, "color_primaries": primaries, "color_trc": transfer, "color_range": colour_range}


def colour_frame(codes: NDArray[np.float64], form: ColourForm) -> av.VideoFrame:
    """A picture of columns of these colours, whose values are computed here, not by the scaler of the product."""
    kind = av.VideoFormat(form.pixel_format)
    bits = kind.components[0].bits
    width = form.width or len(codes) * _PATCH
    columns = np.arange(width) * len(codes) // width
    planes = _values(codes, form, bits)
    frame = av.VideoFrame(width, form.height, form.pixel_format)
    for values, plane in zip(planes, frame.planes, strict=True):
        row = values[columns[:: width // plane.width]][: plane.width]
        dtype = np.uint8 if bits == 8 else np.uint16
        rows = np.zeros((plane.height, plane.line_size // np.dtype(dtype).itemsize), dtype)
        rows[:, : plane.width] = row
        plane.update(rows.tobytes())
    for name, value in form.tags.items():
        setattr(frame, name, value)
    return frame


def colour_film(codes: NDArray[np.float64], form: ColourForm) -> bytes:
    """A film of columns of these colours."""
    frame = colour_frame(codes, form)
    return film_of([frame] * form.frames, form)


def film_of(frames: Sequence[av.VideoFrame], form: ColourForm) -> bytes:
    """A film of these pictures."""
    out = io.BytesIO()
    options = dict(form.options)
    if form.codec in ("libx264", "libx264rgb", "libx265"):
        options = {"preset": "ultrafast", "crf": "8", "x265-params": "log-level=none", **options}
    if form.codec in ("libvpx", "libvpx-vp9"):
        options = {"deadline": "realtime", "cpu-used": "8", "crf": "10", "b": "0", **options}
    with av.open(out, "w", format=form.container) as target:
        video = cast("VideoStream", target.add_stream(form.codec, rate=form.rate, options=options))
        video.width, video.height, video.pix_fmt = frames[0].width, frames[0].height, form.pixel_format
        for name, value in form.tags.items():
            setattr(video.codec_context, name, value)
        if form.rotation:
            video.set_display_rotation(form.rotation)
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base = number, Fraction(1, form.rate)
            target.mux(video.encode(frame))
        target.mux(video.encode(None))
    return out.getvalue()


def columns_of(rgb: NDArray[np.uint8], count: int) -> NDArray[np.float64]:
    """Mean colours of the middles of so many columns of an upright picture."""
    height, width = rgb.shape[:2]
    step = width / count
    middles = [
        rgb[height // 4 : -height // 4, round((number + 0.35) * step) : round((number + 0.65) * step)]
        for number in range(count)
    ]
    return np.array([middle.reshape(-1, 3).mean(axis=0) for middle in middles])


def _values(codes: NDArray[np.float64], form: ColourForm, bits: int) -> list[NDArray[np.float64]]:
    """Values of the planes of each colour."""
    top, step = 2**bits - 1, 2 ** (bits - 8)
    red, green, blue = codes.T
    if form.are_planes:
        return [np.round(plane * top) for plane in codes.T]
    if form.pixel_format.startswith("gbr"):
        return [np.round(plane * top) for plane in (green, blue, red)]
    of_red, of_blue = _WEIGHTS[form.matrix]
    luma = of_red * red + (1 - of_red - of_blue) * green + of_blue * blue
    chroma = [(blue - luma) / (2 - 2 * of_blue), (red - luma) / (2 - 2 * of_red)]
    if form.is_full_range:
        return [np.round(luma * top), *(np.round(plane * top + 2 ** (bits - 1)).clip(0, top) for plane in chroma)]
    return [np.round(luma * 219 * step + 16 * step), *(np.round(plane * 224 * step + 128 * step) for plane in chroma)]
