"""One decode pass for every stage that looks at frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.timeline import Frame, Timecode


class FrameSubscriber(Protocol):
    """Something that wants to see every frame of an asset once."""

    def feed(self, frame: Frame) -> None:
        """Takes the next frame, in presentation order."""
        ...

    def finish(self, end: Timecode) -> None:
        """Takes notice that the asset ends at ``end``, at or after the last frame."""
        ...


class FrameSource(Protocol):
    """A decode pass, to be walked through once."""

    def frames(self) -> Iterable[Frame]:
        """The frames in presentation order."""
        ...

    @property
    def end(self) -> Timecode:
        """When the last frame stops being shown; known after the last frame."""
        ...


def show_frames(source: FrameSource, subscribers: Sequence[FrameSubscriber]) -> Timecode:
    """Shows every frame to every subscriber in turn; returns the end of the asset.

    An error of the source or of a subscriber ends the pass.
    """
    for frame in source.frames():
        for subscriber in subscribers:
            subscriber.feed(frame)
    for subscriber in subscribers:
        subscriber.finish(source.end)
    return source.end
