"""Probing of media files in a child process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from scenedex.media.child import run_in_child
from scenedex.media.probe_entry import Probe

if TYPE_CHECKING:
    from scenedex.media.child import ChildLimits
    from scenedex.media.source import MediaSource

ENTRY = "scenedex.media.probe_entry:measure"


class _NoParams(msgspec.Struct, frozen=True):
    pass


async def probe(source: MediaSource, limits: ChildLimits) -> Probe:
    """Open a file in a child process, decode its first picture, and measure it.

    Raises:
        MediaUnreadable: it is no supported video or image, or it is broken or incomplete.
        DimensionsTooLarge: its header claims more pixels than allowed. Nothing was decoded.
        ChildFailed: the child exceeded a limit, or died.
    """
    return await run_in_child(ENTRY, source, _NoParams(), Probe, limits=limits)
