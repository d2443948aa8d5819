from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from scenedex.analysis.stages.frames import feed_frames
from scenedex.engines.drawn import shown, still
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scenedex.timeline import Frame

END = Timecode(Fraction(3))


class ListedFrames:
    def __init__(self, frames: Sequence[Frame]) -> None:
        self._frames = frames

    def frames(self) -> Iterable[Frame]:
        return iter(self._frames)

    @property
    def end(self) -> Timecode:
        return END


class LoggingSubscriber:
    def __init__(self, log: list[tuple[str, int | Timecode]], name: str, *, fails_at: int | None = None) -> None:
        self._log = log
        self._name = name
        self._fails_at = fails_at

    def feed(self, frame: Frame) -> None:
        if frame.index == self._fails_at:
            raise RuntimeError("enough")
        self._log.append((self._name, frame.index))

    def finish(self, end: Timecode) -> None:
        self._log.append((self._name, end))


def test_every_subscriber_sees_every_frame_and_then_the_end() -> None:
    log: list[tuple[str, int | Timecode]] = []

    end = feed_frames(ListedFrames(shown(still(1, 2))), [LoggingSubscriber(log, "a"), LoggingSubscriber(log, "b")])

    assert end == END
    assert log == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", END), ("b", END)]


def test_an_error_of_a_subscriber_ends_the_pass() -> None:
    log: list[tuple[str, int | Timecode]] = []

    with pytest.raises(RuntimeError, match="enough"):
        feed_frames(
            ListedFrames(shown(still(1, 5))), [LoggingSubscriber(log, "a"), LoggingSubscriber(log, "b", fails_at=1)]
        )

    assert log == [("a", 0), ("b", 0), ("a", 1)]
