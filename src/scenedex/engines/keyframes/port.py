"""The port of keyframe choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.port import Port

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine
    from scenedex.timeline import Frame, Timecode


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """The frame that stands for a stretch of a shot.

    Attributes:
        frame: the chosen frame; holds the decoder's buffer, so take its pixels soon and let it go.
        quality: 0-1, how well the frame shows something: sharp, well exposed, at rest.
        looks: ``(n, k)`` colour layouts of one to three moments of the stretch, for comparing shots.
    """

    frame: Frame
    quality: float
    looks: NDArray[np.float32]


class NoFrameToChoose(ValueError):
    """No frame was fed since the last stretch ended."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class KeyframeChooser(Protocol):
    """Picks stills in one pass, holding a number of frames that does not grow with the length of the asset."""

    @property
    def engine(self) -> Engine:
        """What this chooser is."""
        ...

    def feed(self, frame: Frame) -> None:
        """Takes the next frame."""
        ...

    def choose(self, until: Timecode | None) -> Still:
        """Ends a stretch before the frame at ``until`` and returns its still; with none, after the last frame fed.

        A stretch begins where the one before ended, the first at the first frame. ``until`` is the time of a frame
        among the latest: a chooser is made for boundaries that are late by a number of frames. The still is then a
        frame of the stretch: at or after its beginning, before ``until``.

        Raises:
            NoFrameToChoose: no frame has been fed since the stretch began, or it would end where it begins; nothing
                changes.
        """
        ...


KEYFRAMES: Final[Port[KeyframeChooser]] = Port("keyframes", "keyframes", has_choice=False, is_extensible=False)
