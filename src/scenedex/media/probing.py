"""What a file is and measures, found out by opening it in the child."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import msgspec

from scenedex.media.child import run_in_child
from scenedex.media.measuring import Measured
from scenedex.media.sniffing import MediaFormat

if TYPE_CHECKING:
    from scenedex.media.child import ChildLimits
    from scenedex.media.source import MediaSource

ENTRY = "scenedex.media.measuring:measure"


class Nothing(msgspec.Struct, frozen=True):
    """What the child is told beyond its limits."""


class Probe(msgspec.Struct, frozen=True):
    """What a file is: sides of the upright picture in pixels, exact duration in seconds (0 for images)."""

    format: MediaFormat
    kind: Literal["VIDEO", "IMAGE"]
    width: int
    height: int
    duration: Fraction
    has_audio: bool


async def probe(source: MediaSource, limits: ChildLimits) -> Probe:
    """Open a file in a child process, decode its first picture, and measure it.

    Raises:
        MediaUnreadable: it is no supported video or image, or it is broken or incomplete.
        DimensionsTooLarge: its header promises more pixels than allowed; nothing is decoded then.
        ChildFailed: the child used too much of something, or died.
    """
    found = await run_in_child(ENTRY, source, Nothing(), Measured, limits=limits)
    return Probe(found.format, found.kind, found.width, found.height, Fraction(*found.duration), found.has_audio)
