"""Many files in one child, one after the other: each opened, measured and read to its end. Runs in the child only."""

from __future__ import annotations

import contextlib
import io
import socket
import time
from typing import TYPE_CHECKING

import msgspec

from scenedex.media.errors import MediaUnreadable
from scenedex.media.images import read_still
from scenedex.media.opened import OpenedMedia
from scenedex.media.probe_entry import measure
from scenedex.media.sniffing import sniff_picture

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_NAME_OF_ERROR = 200


class Outcome(msgspec.Struct, frozen=True):
    """Result of decoding a file: its duration in seconds, and the class and text of the error, if any."""

    name: str
    seconds: float
    error: str = ""
    words: str = ""


def measure_each(opened: OpenedMedia, _params: bytes) -> list[Outcome]:
    return _each(opened, _measure)


def read_each(opened: OpenedMedia, _params: bytes) -> list[Outcome]:
    return _each(opened, _read)


def reach_out(_opened: OpenedMedia, _params: bytes) -> list[Outcome]:
    """Do what is forbidden to decoders, to show that the check notices it."""
    with contextlib.suppress(OSError):
        socket.socket()
    return []


def _each(opened: OpenedMedia, look: Callable[[OpenedMedia, str], None]) -> list[Outcome]:
    opened.file.seek(0)
    files = msgspec.msgpack.decode(opened.file.read(), type=list[tuple[str, bytes]])
    found: list[Outcome] = []
    for number, (name, data) in enumerate(files):
        opened.report(number / len(files), number)
        one = OpenedMedia(io.BytesIO(data), None, max_pixels=opened.max_pixels, report=lambda _fraction, _done: None)
        begun = time.monotonic()
        try:
            look(one, name)
        except Exception as error:  # noqa: BLE001  # the test judges which errors may be
            kind = "MediaUnreadable" if isinstance(error, MediaUnreadable) else type(error).__name__
            found.append(Outcome(name, time.monotonic() - begun, kind, str(error)[:_LONGEST_NAME_OF_ERROR]))
        else:
            found.append(Outcome(name, time.monotonic() - begun))
    return found


def _measure(one: OpenedMedia, name: str) -> None:
    if name.endswith(".webp"):
        read_still(one.file, sniff_picture(one.file), max_pixels=one.max_pixels)
    else:
        measure(one, b"{}")


def _read(one: OpenedMedia, name: str) -> None:
    _measure(one, name)
    if name.endswith(".webp"):
        return
    if one.is_image:
        one.image()
        return
    with one.video() as video:
        for frame in video.frames():
            frame.sampled_planes()
            frame.rgb(90)
    with one.sound_tracks() as sound:
        for _chunk in sound.chunks([number for number, track in enumerate(sound.tracks) if track.is_decodable]):
            pass
