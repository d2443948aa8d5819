"""Small media files in memory, made once for each run of the tests."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, cast

import pytest

from scenedex.media.opened import OpenedMedia
from scenedex.media.samples import SampleFormat, Take, drifting, write_video

if TYPE_CHECKING:
    from collections.abc import Callable

    MakeSample = Callable[..., bytes]
    OpenBytes = Callable[..., OpenedMedia]


@cache
def _sample(frames: int, form: SampleFormat) -> bytes:
    target = io.BytesIO()
    takes = [Take(frames // 2, drifting(1, form.width, form.height))]
    takes.append(Take(frames - frames // 2, drifting(2, form.width, form.height)))
    write_video(target, takes, form)
    return target.getvalue()


class _Options(dict[str, str]):
    """Encoder options that can be part of a key."""

    def __hash__(self) -> int:  # pyright: ignore[reportIncompatibleVariableOverride]  # never changed once made
        return hash(tuple(sorted(self.items())))


@pytest.fixture
def sample() -> MakeSample:
    """A video of two drifting textures with a cut in the middle: frames, container and what `SampleFormat` takes."""

    def make(frames: int = 20, container: str = "mp4", **changes: object) -> bytes:
        for name in ("codec_options", "container_options"):
            changes[name] = _Options(cast("dict[str, str]", changes.get(name, {})))
        if changes.get("codec") in ("libvpx", "libvpx-vp9"):
            changes["codec_options"] = _Options({"deadline": "realtime", "cpu-used": "8"})
        return _sample(frames, SampleFormat(container=container, **changes))  # pyright: ignore[reportArgumentType]  # tests name them right

    return make


@pytest.fixture
def opened() -> OpenBytes:
    """Factory for media of given bytes, as functions in the child get them. Progress reports are added to `reports`."""

    def make(data: bytes, max_pixels: int = 4096 * 4096, reports: list[tuple[float, int]] | None = None) -> OpenedMedia:
        heard = [] if reports is None else reports
        return OpenedMedia(
            io.BytesIO(data), None, max_pixels=max_pixels, report=lambda fraction, done: heard.append((fraction, done))
        )

    return make
