"""Whole files to break: every supported container and image format, and every codec that this PyAV can write.

H.264 and HEVC are written by encoders under the GPL from the wheel. They are used here and nowhere in the product.
"""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import io
import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import av
import numpy as np
import pillow_heif
from PIL import Image, ImageOps

from scenedex.media.samples import SOUND_RATE, SampleFormat, Take, drifting, write_video

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from benchmarks.fuzz.structure import Family

_EXACT: Final = {"fflags": "+bitexact"}
_VPX: Final = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "crf": "40", "b": "0"}
_X26X: Final = {"preset": "ultrafast", "crf": "34"}
_X265: Final = _X26X | {"x265-params": "log-level=none"}
_AV1: Final = {"preset": "12", "crf": "50", "svtav1-params": "lp=1"}
_IN_PIECES: Final = {"movflags": "frag_keyframe+empty_moov"}
_LIVE: Final = {"live": "1"}

_LARGE: Final = frozenset({"prores_ks", "mjpeg"})
_MP4, _MOV, _MKV, _WEBM = "mp4", "mov", "matroska", "webm"
_FILMS: Final[Sequence[tuple[str, str, str, str | None, dict[str, Any]]]] = (
    ("mp4-h264-aac", _MP4, "libx264", "aac", {"codec_options": _X26X}),
    ("mp4-h264-pieces", _MP4, "libx264", "libmp3lame", {"codec_options": _X26X, "container_options": _IN_PIECES}),
    ("mp4-hevc-ac3", _MP4, "libx265", "ac3", {"codec_options": _X265}),
    ("mp4-mpeg4-faststart", _MP4, "mpeg4", "libmp3lame", {"container_options": {"movflags": "+faststart"}}),
    ("mp4-vp9-flac", _MP4, "libvpx-vp9", "flac", {"codec_options": _VPX}),
    ("mp4-av1-opus", _MP4, "libsvtav1", "libopus", {"codec_options": _AV1}),
    ("mov-prores-pcm", _MOV, "prores_ks", "pcm_s16le", {"pixel_format": "yuv422p10le"}),
    ("mov-mjpeg-alac", _MOV, "mjpeg", "alac", {"pixel_format": "yuvj420p"}),
    ("mov-h264-turned", _MOV, "libx264", "eac3", {"codec_options": _X26X, "rotation": 90}),
    ("mkv-h264-eac3", _MKV, "libx264", "eac3", {"codec_options": _X26X}),
    ("mkv-hevc-flac", _MKV, "libx265", "flac", {"codec_options": _X265}),
    ("mkv-mpeg4-mp2", _MKV, "mpeg4", "mp2", {}),
    ("mkv-prores-pcm", _MKV, "prores_ks", "pcm_s16le", {"pixel_format": "yuv422p10le"}),
    ("mkv-mjpeg-live", _MKV, "mjpeg", None, {"pixel_format": "yuvj420p", "container_options": _LIVE}),
    ("webm-vp8-live", _WEBM, "libvpx", None, {"codec_options": _VPX, "container_options": _LIVE}),
    ("webm-vp9-opus", _WEBM, "libvpx-vp9", "libopus", {"codec_options": _VPX}),
    ("webm-av1-live", _WEBM, "libsvtav1", "libopus", {"codec_options": _AV1, "container_options": _LIVE}),
)
_FAMILIES: Final[dict[str, Family]] = {
    "mp4": "iso", "mov": "iso", "heic": "iso", "mkv": "ebml", "webm": "ebml", "png": "png", "jpg": "jpeg",
    "webp": "riff",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seed:
    """A whole file. Its name begins with its format, which is also the suffix of the files made from it."""

    name: str
    data: bytes

    @property
    def format(self) -> str:
        """The format, as a suffix."""
        return self.name.partition("-")[0]

    @property
    def family(self) -> Family:
        """Family of the format's structure."""
        return _FAMILIES[self.format]


def all_seeds(*, width: int = 640, height: int = 360, frames: int = 12) -> list[Seed]:
    """Return every seed. The same encoders always make the same bytes."""
    films = [_film(*film, (width, height), frames) for film in _FILMS]
    return [*films, _film_with_vorbis(width, height, frames), *_pictures(width, height)]


@contextmanager
def _own_scheduling() -> Generator[None]:
    """Restore the scheduling of this thread, which SVT-AV1 may set to real time. Other threads would starve later."""
    if not hasattr(os, "sched_setscheduler"):
        yield
        return
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, parameters)


def _film(
    name: str, container: str, codec: str, sound: str | None, more: dict[str, Any], size: tuple[int, int], frames: int
) -> Seed:
    width, height = size
    options = {key: value for key, value in more.items() if key != "container_options"}
    form = SampleFormat(
        width=width,
        height=height,
        codec=codec,
        container=container,
        sound=sound,
        container_options=_EXACT | more.get("container_options", {}),
        **options,
    )
    # Large pictures: a few of them do.
    frames = min(frames, 4) if codec in _LARGE else frames
    takes = [Take(frames // 2, drifting(1, width, height)), Take(frames - frames // 2, drifting(2, width, height))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        with _own_scheduling():
            write_video(path, takes, form)
        return Seed(name, path.read_bytes())


def _film_with_vorbis(width: int, height: int, frames: int) -> Seed:
    """FFmpeg's own encoder of Vorbis is an experiment that knows stereo only."""
    target, paint = io.BytesIO(), drifting(1, width, height)
    with av.open(target, mode="w", format=_WEBM, container_options=_EXACT) as out:
        video = out.add_stream("libvpx", rate=25, options=dict(_VPX))
        video.width, video.height = width, height
        sound = out.add_stream("vorbis", rate=SOUND_RATE, options={"strict": "-2"})
        sound.codec_context.layout = "stereo"
        for number in range(frames):
            out.mux(video.encode(av.VideoFrame.from_ndarray(paint(number), "rgb24")))
        for start in range(0, SOUND_RATE * frames // 25, 1024):
            block = av.AudioFrame.from_ndarray(np.full((2, 1024), 0.1, np.float32), "fltp", "stereo")
            block.sample_rate, block.pts = SOUND_RATE, start
            out.mux(sound.encode(block))
        out.mux(video.encode(None))
        out.mux(sound.encode(None))
    return Seed("webm-vp8-vorbis", target.getvalue())


def _pictures(width: int, height: int) -> list[Seed]:
    picture = Image.fromarray(drifting(3, width, height)(0))
    clear = picture.convert("RGBA")
    clear.putalpha(ImageOps.invert(picture.convert("L")))
    deep = Image.fromarray((np.asarray(picture.convert("L"), dtype=np.uint16) << 8).astype(np.uint16))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a maker"
    moving = [Image.fromarray(drifting(seed, width, height)(0)) for seed in (4, 5, 6)]
    text = {"pnginfo": _words()}
    return [
        _picture("png-rgb", picture, "PNG", compress_level=9, **text),
        _picture("png-palette", picture.quantize(32), "PNG", transparency=3),
        _picture("png-grey16", deep, "PNG"),
        _picture("png-animated", moving[0], "PNG", save_all=True, append_images=moving[1:]),
        _picture("jpg-baseline", picture, "JPEG", quality=70, exif=exif, icc_profile=bytes(600)),
        _picture("jpg-progressive", picture, "JPEG", quality=60, progressive=True, restart_marker_rows=4),
        _picture("jpg-cmyk", picture.convert("CMYK"), "JPEG", quality=60),
        _heic("heic-one", [picture], exif=exif.tobytes()),
        _heic("heic-clear", [clear]),
        _heic("heic-three", moving),
        _picture("webp-lossy", picture, "WEBP", quality=50, exif=exif),
        _picture("webp-lossless", clear, "WEBP", lossless=True),
        _picture("webp-moving", moving[0], "WEBP", save_all=True, append_images=moving[1:]),
    ]


def _words() -> Any:
    from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415  # for one picture

    words = PngInfo()
    words.add_text("Title", "drifting")
    words.add_itxt("Comment", "a text " * 40, zip=True)
    return words


def _picture(name: str, picture: Image.Image, kind: str, **options: Any) -> Seed:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return Seed(name, target.getvalue())


def _heic(name: str, pictures: list[Image.Image], **options: Any) -> Seed:
    target = io.BytesIO()
    file = pillow_heif.HeifFile()
    for picture in pictures:
        file.add_from_pillow(picture)
    file.save(target, quality=40, **options)
    return Seed(name, target.getvalue())
