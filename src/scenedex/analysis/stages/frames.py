"""One decode pass shared by all consumers of frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.timeline import Frame, Timecode


class FrameSubscriber(Protocol):
    """Consumer of every frame of an asset."""

    def feed(self, frame: Frame) -> None:
        """Process the next frame, in presentation order."""
        ...

    def finish(self, end: Timecode) -> None:
        """End the pass. The asset ends at ``end``, at or after the last frame."""
        ...


class FrameSource(Protocol):
    """Decode pass that is iterated once."""

    def frames(self) -> Iterable[Frame]:
        """Return the frames in presentation order."""
        ...

    @property
    def end(self) -> Timecode:
        """End of the last frame. Known after the last frame."""
        ...


def feed_frames(source: FrameSource, subscribers: Sequence[FrameSubscriber]) -> Timecode:
    """Feed every frame to every subscriber in turn. Return the end of the asset.

    An error of the source or of a subscriber ends the pass.
    """
    for frame in source.frames():
        for subscriber in subscribers:
            subscriber.feed(frame)
    for subscriber in subscribers:
        subscriber.finish(source.end)
    return source.end
