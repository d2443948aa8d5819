"""Port of keyframe choice, and its engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from scenedex.engines.engine import Engine
from scenedex.engines.port import InputRefused, OpenedEngine, Port
from scenedex.engines.spec import EngineSpec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scenedex.timeline import Frame, Timecode, TimeRange


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """Frame that represents a stretch of a shot.

    Attributes:
        frame: the chosen frame. It holds the decoder's buffer, so take its pixels soon and release it.
        quality: sharpness, detail, exposure and rest of the frame, 0-1.
        looks: ``(n, k)`` colour layouts of one to three moments of the stretch, for comparing shots.
    """

    frame: Frame
    quality: float
    looks: NDArray[np.float32]


class NoFrameToChoose(InputRefused):
    """No frame was fed since the last stretch ended."""


class KeyframeChooser(OpenedEngine, Protocol):
    """Picks stills in one pass. The number of held frames does not grow with the length of the asset."""

    def feed(self, frame: Frame) -> None:
        """Add the next frame."""
        ...

    def choose(self, until: Timecode | None, transition: TimeRange | None = None) -> Still:
        """End a stretch before the frame at ``until``, or after the last frame for `None`, and return its still.

        ``transition`` is the time of the gradual transition in which the stretch ends, `None` for a cut. Neither this
        still nor the next is taken from it if there is another frame.

        A stretch begins at the end of the one before, the first at the first frame. ``until`` is the time of one of
        the latest frames, because boundaries are late by a limited number of frames. The still is a frame of the
        stretch: at or after its beginning, before ``until``.

        Raises:
            NoFrameToChoose: no frame has been fed since the stretch began, or the stretch would be empty. The
                chooser is unchanged.
        """
        ...


KEYFRAMES: Final[Port[KeyframeChooser]] = Port("keyframes", "keyframes", has_choice=False, is_extensible=False)

CLEAREST_FRAME: Final = Engine("clearest-frame", "4")

SPECS: Final = (EngineSpec(port=KEYFRAMES, engine=CLEAREST_FRAME),)
