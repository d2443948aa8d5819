"""Proxies: versions of a file that browsers play. Made in the child process.

No encoder of FFmpeg under the GPL is used: those of `ENCODERS` are under the LGPL or BSD terms. They are named
themselves, since the name of a codec selects any encoder of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec

from scenedex.media.child import run_in_child
from scenedex.media.probe_entry import MAX_TRACKS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from scenedex.media.child import ChildLimits
    from scenedex.media.source import MediaSource

ENTRY: Final = "scenedex.media.proxy_entry:make_proxy"
ENCODERS: Final = ("libvpx-vp9", "libopus", "aac")
"""FFmpeg's names of all encoders of proxies."""

ProxyEffort = Literal["container", "sound", "picture"]
"""Part of a file that is made anew, from the least to the most work. Each includes those before it."""

CONTAINER_OPTIONS: Final = {"mp4": {"movflags": "+faststart", "strict": "experimental"}, "webm": {"cues_to_front": "1"}}
"""Options of FFmpeg's containers. The index comes first, so that a player can seek after its first request."""

_TrackNumber = Annotated[int, msgspec.Meta(ge=1)]
_Side = Annotated[int, msgspec.Meta(ge=1, le=65_535)]


class ProxyOptions(msgspec.Struct, frozen=True):
    """Options of a proxy.

    Attributes:
        effort: part to make anew. More is made if it turns out to be needed.
        short_side: maximum of the shorter side of an encoded picture in pixels.
        threads: threads of the decoder. 0: one per core.
        sound_tracks: numbers of the sound tracks to hear, from 1, or none for the one that the headers prefer.
    """

    effort: ProxyEffort
    short_side: int
    threads: int = 0
    sound_tracks: tuple[int, ...] = ()


class MadeProxy(msgspec.Struct, frozen=True):
    """A proxy in the work folder.

    Attributes:
        file: name of the file.
        content_type: its media type.
        effort: part that was made anew.
        width: width of the upright picture in pixels, or `None` if it is that of the file.
        height: height of the upright picture in pixels, or `None` if it is that of the file.
        sound_tracks: numbers of the sound tracks that it plays, from 1. Empty without sound.
        damaged_packets: number of packets that could not be decoded.
    """

    file: Literal["proxy.mp4", "proxy.webm", "proxy.jpg"]
    content_type: Literal["video/mp4", "video/webm", "image/jpeg"]
    effort: ProxyEffort
    width: _Side | None = None
    height: _Side | None = None
    sound_tracks: Annotated[tuple[_TrackNumber, ...], msgspec.Meta(max_length=MAX_TRACKS)] = ()
    damaged_packets: int = 0


async def make_proxy(
    source: MediaSource,
    options: ProxyOptions,
    *,
    limits: ChildLimits,
    folder: Path,
    on_progress: Callable[[float], Awaitable[None]],
) -> MadeProxy:
    """Write a proxy of a file to a folder, in a child process.

    Raises:
        MediaUnreadable: the file cannot be used.
        DimensionsTooLarge: its header claims more pixels than allowed.
        ChildFailed: the child exceeded a limit, or died.
    """
    return await run_in_child(
        ENTRY, source, options, MadeProxy, limits=limits, work_dir=folder, on_progress=on_progress
    )
