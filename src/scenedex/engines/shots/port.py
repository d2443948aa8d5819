"""Port of shot detection, and its engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.engine import Engine
from scenedex.engines.port import InputRefused, OpenedEngine, Port
from scenedex.engines.spec import EngineSpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.timeline import Frame, Timecode, TimeRange


class Transition(Enum):
    """Kind of change from one shot to the next."""

    CUT = "cut"
    DISSOLVE = "dissolve"
    FADE = "fade"
    WIPE = "wipe"


@dataclass(frozen=True, slots=True)
class Boundary:
    """First frame of a shot other than the first shot.

    A cut is at the first frame of the new shot. A gradual transition is one boundary in its middle: of a dissolve at
    equal shares of both pictures, of a fade through black or white in the middle of the plain frames, of a wipe, push
    or zoom midway between its first and last frame.

    Attributes:
        index: index of the frame.
        time: time of the frame.
        transition: kind of the change.
        extent: time of a gradual transition, from its first mixed or plain frame to the first frame of the following
            shot alone. `None` for a cut.
    """

    index: int
    time: Timecode
    transition: Transition
    extent: TimeRange | None = None


class FrameOutOfOrder(InputRefused):
    """Frames must be fed in presentation order, with later times."""


class ShotDetector(OpenedEngine, Protocol):
    """Finds boundaries in one pass over the frames of one asset, in memory that does not grow with its length."""

    @property
    def delay(self) -> int:
        """Maximum delay: a boundary at frame ``i`` is returned by the feed of frame ``i + delay`` or before."""
        ...

    def feed(self, frame: Frame) -> Sequence[Boundary]:
        """Add the next frame and return the boundaries that it settles, in order, each once.

        Raises:
            FrameOutOfOrder: the frame's index or time is not after its predecessor's. The detector is unchanged.
        """
        ...

    def finish(self) -> Sequence[Boundary]:
        """Return the remaining boundaries after the last frame. The detector accepts no further frame."""
        ...


SHOTS: Final[Port[ShotDetector]] = Port("shots", "shots", has_choice=False, is_extensible=False)

PLANE_LAYOUT: Final = Engine("plane-layout", "3")

SPECS: Final = (EngineSpec(port=SHOTS, engine=PLANE_LAYOUT),)
