"""The port of shot detection."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.port import Port

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.engine import Engine
    from scenedex.timeline import Frame, Timecode


class Transition(Enum):
    """How one shot gives way to the next."""

    CUT = "cut"
    DISSOLVE = "dissolve"
    FADE = "fade"


@dataclass(frozen=True, slots=True)
class Boundary:
    """The first frame of a shot other than the first.

    A cut lies at the first frame of the new shot. A gradual transition is one boundary in its middle: a dissolve where
    both pictures weigh the same, a fade through black or white in the middle of the plain frames.
    """

    index: int
    time: Timecode
    transition: Transition


class FrameOutOfOrder(ValueError):
    """Frames must be fed in presentation order, with later times."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class ShotDetector(Protocol):
    """Finds boundaries in one pass over the frames of one asset, with memory that does not grow with its length."""

    @property
    def engine(self) -> Engine:
        """What this detector is."""
        ...

    @property
    def delay(self) -> int:
        """A boundary at frame ``i`` is returned at the latest by the feed of frame ``i + delay``."""
        ...

    def feed(self, frame: Frame) -> Sequence[Boundary]:
        """Takes the next frame; returns the boundaries that are settled by it, in order, none twice.

        Raises:
            FrameOutOfOrder: the frame's index or time does not lie after its predecessor's; the detector is unchanged.
        """
        ...

    def finish(self) -> Sequence[Boundary]:
        """Returns the boundaries that waited for frames that will not come. The detector takes no further frame."""
        ...


SHOTS: Final[Port[ShotDetector]] = Port("shots", "shots", has_choice=False, is_extensible=False)
