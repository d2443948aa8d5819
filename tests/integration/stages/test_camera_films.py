"""Cuts, times and stills of films as cameras and phones make them."""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import msgspec
import numpy as np
import pytest
from PIL import Image

from colour_films import (
    BT2020,
    HLG,
    PATCHES,
    PQ,
    ColourForm,
    colour_film,
    columns_of,
    hlg_codes,
    ipt_codes,
    nits_of,
    pq_codes,
    tags_of,
)
from hdr_signals import with_dolby_vision, with_hdr10_plus
from scenedex.analysis.stages.visual import PACK, VisualOptions, VisualResult, run_visual
from scenedex.media.opened import OpenedMedia
from scenedex.media.probe_entry import measure
from scenedex.media.samples import SampleFormat, Take, drifting, write_video
from scenedex.media.stills import StillPack

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def opened(data: bytes, folder: Path | None = None) -> OpenedMedia:
    return OpenedMedia(
        io.BytesIO(data),
        None if folder is None else str(folder),
        max_pixels=8192 * 4320,
        report=lambda _fraction, _done: None,
    )


def analysed(data: bytes, folder: Path) -> VisualResult:
    return run_visual(opened(data, folder), msgspec.json.encode(VisualOptions(threads=1)))


def cuts_of(found: VisualResult) -> list[Fraction]:
    return [shot.span.range().start.seconds for shot in found.shots][1:]


def two_shots(frames: int, **form: object) -> bytes:
    """A film of two textures with a cut in the middle."""
    made = SampleFormat(**{"container": "mp4", **form})  # pyright: ignore[reportArgumentType]  # tests name them right
    takes = [Take(frames // 2, drifting(seed, made.width, made.height)) for seed in (1, 2)]
    out = io.BytesIO()
    write_video(out, takes, made)
    return out.getvalue()


RATES = [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(50), Fraction(60000, 1001), Fraction(120)]


@pytest.mark.parametrize("rate", RATES, ids=[f"{float(rate):.6g} fps" for rate in RATES])
def test_cuts_are_exact_at_any_rate(tmp_path: Path, rate: Fraction) -> None:
    frames = 4 * round(rate)
    found = analysed(two_shots(frames, rate=rate), tmp_path)
    assert cuts_of(found) == [frames // 2 / rate]


def test_cuts_of_a_variable_rate_are_at_their_times(tmp_path: Path) -> None:
    steps = [20, 20, 60, 33, 120, 17] * 20
    times = tuple(int(sum(steps[:number])) for number in range(100))
    found = analysed(two_shots(100, times_ms=times, container="matroska"), tmp_path)
    assert cuts_of(found) == [Fraction(times[50], 1000)]


@pytest.mark.parametrize(
    ("width", "height"), [(3840, 2160), (2160, 3840), (7680, 4320)], ids=["4k", "portrait 4k", "8k"]
)
def test_large_pictures_have_stills_of_the_usual_size(tmp_path: Path, width: int, height: int) -> None:
    data = two_shots(4, width=width, height=height, codec="libx264", codec_options={"preset": "ultrafast", "crf": "30"})
    probed = measure(opened(data), b"")
    found = analysed(data, tmp_path)
    with (tmp_path / PACK).open("rb") as file:
        pack = StillPack(file)
        still = pack.rgb(pack.stills[0])
    assert (probed.width, probed.height) == (width, height)
    assert still.shape[0] == 720
    with Image.open(tmp_path / found.files[0]) as keyframe:
        assert keyframe.size == (round(480 * width / height), 480)


@pytest.mark.parametrize(
    ("codec", "pixel_format", "container"),
    [
        ("libx264", "yuv420p10le", "mp4"),
        ("libx264", "yuv422p10le", "mov"),
        ("libx265", "yuv420p10le", "mp4"),
        ("libx265", "yuv422p10le", "matroska"),
        ("prores_ks", "yuv422p10le", "mov"),
        ("libx264", "yuv444p", "mp4"),
    ],
)
def test_cuts_of_deep_and_fine_colours_are_exact(tmp_path: Path, codec: str, pixel_format: str, container: str) -> None:
    options = {"preset": "ultrafast", "x265-params": "log-level=none"} if codec.startswith("lib") else {}
    found = analysed(
        two_shots(60, codec=codec, pixel_format=pixel_format, container=container, codec_options=options), tmp_path
    )
    assert cuts_of(found) == [Fraction(30, 25)]


def test_keyframes_of_interlaced_films_have_no_combs(tmp_path: Path) -> None:
    found = analysed(interlaced(), tmp_path)
    assert cuts_of(found) == [1]
    picture = keyframe(tmp_path, found, 1)
    up, down = np.diff(picture[:-1], axis=0), np.diff(picture[1:], axis=0)
    assert float(np.where(up * down < 0, np.minimum(np.abs(up), np.abs(down)), 0).mean()) < 1


def interlaced() -> bytes:
    """Two shots of textures that move between the fields."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as target:
        options = {"preset": "ultrafast", "crf": "10", "flags": "+ildct+ilme", "x264-params": "tff=1"}
        stream = target.add_stream("libx264", rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        for number in range(50):
            paint = drifting(number // 25, 640, 480)
            picture = paint(2 * number).copy()
            picture[1::2] = paint(2 * number + 1)[1::2]
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return out.getvalue()


def keyframe(folder: Path, found: VisualResult, shot: int) -> NDArray[np.float64]:
    with Image.open(folder / found.shots[shot].stills[0].file) as image:
        return np.asarray(image.convert("L"), np.float64)


def dolby_vision_5() -> bytes:
    form = ColourForm(
        container="mov",
        codec="libx265",
        pixel_format="yuv420p10le",
        tags={"color_range": 2},
        are_planes=True,
        height=256,
        frames=10,
    )
    return colour_film(ipt_codes(nits_of(PATCHES)), form).replace(b"hev1", b"dvhe").replace(b"hvc1", b"dvh1")


SIGNALS = {
    "PQ": lambda: hdr(PQ),
    "HLG": lambda: hdr(HLG),
    "HDR10+": lambda: with_hdr10_plus(hdr(PQ)),
    "Dolby Vision 8.1": lambda: with_dolby_vision(hdr(PQ), compatibility=1),
    "Dolby Vision 8.4": lambda: with_dolby_vision(hdr(HLG), compatibility=4),
    "Dolby Vision 5": dolby_vision_5,
}


def hdr(transfer: int) -> bytes:
    form = ColourForm(
        container="mov",
        codec="libx265",
        pixel_format="yuv420p10le",
        matrix=9,
        tags=tags_of(BT2020, BT2020, transfer),
        height=256,
        frames=10,
    )
    return colour_film((pq_codes if transfer == PQ else hlg_codes)(nits_of(PATCHES)), form)


def test_an_import_says_that_colours_are_approximate() -> None:
    assert measure(opened(dolby_vision_5()), b"").is_dolby_vision_5
    assert not measure(opened(hdr(PQ)), b"").is_dolby_vision_5


@pytest.mark.parametrize("signal", SIGNALS)
def test_keyframes_and_stills_of_hdr_are_sdr(tmp_path: Path, signal: str) -> None:
    found = analysed(SIGNALS[signal](), tmp_path)
    with Image.open(tmp_path / found.files[0]) as image:
        colours = columns_of(np.asarray(image.convert("RGB")), len(PATCHES))
    with (tmp_path / PACK).open("rb") as file:
        pack = StillPack(file)
        still = columns_of(pack.rgb(pack.stills[0]), len(PATCHES))
    assert np.abs(colours - PATCHES).max() <= 10
    assert np.abs(still - PATCHES).max() <= 10
