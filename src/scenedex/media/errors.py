"""What can go wrong with a file, or with the process that opens it; a docstring is the default message."""

from __future__ import annotations

from typing import ClassVar

_LONGEST_DETAIL = 300
_MAX_TRIES_OF_FILE = 2


class MediaError(Exception):
    """A media file could not be used.

    A child may have been taken over by the file, so its words are cut short, and hold nothing that cannot be shown.
    """

    def __init__(self, detail: str = "") -> None:
        said = " ".join((type(self).__doc__ or "").split("\n\n")[0].split())
        detail = "".join(sign if sign.isprintable() else " " for sign in detail[:_LONGEST_DETAIL])
        super().__init__(detail or said)


class MediaUnreadable(MediaError):
    """The file is not a video or image of a supported format."""


class DimensionsTooLarge(MediaUnreadable):
    """The picture has more pixels than may be decoded."""


class ChildFailed(MediaError):
    """The process that opened the file failed."""

    reason: ClassVar[str] = "crash"


class ChildTimedOut(ChildFailed):
    """The file could not be dealt with in the time allowed."""

    reason = "time"


class ChildStalled(ChildFailed):
    """The process made no progress and was stopped."""

    reason = "stall"


class ChildOutOfMemory(ChildFailed):
    """More memory is needed than the process may use."""

    reason = "memory"


class ChildOutOfDisk(ChildFailed):
    """There is no room left where this worker works."""

    reason = "disk"


class ChildCrashed(ChildFailed):
    """The process crashed on this file."""


class EngineNotReady(ChildFailed):
    """An engine could not be loaded."""

    reason = "engine"


def max_tries(failure: Exception) -> int | None:
    """Return how often to try what fails like this, or `None` for no limit of its own.

    A file that brings its process down twice will do so again. A disk that was full may have room again.
    """
    is_of_file = isinstance(failure, ChildFailed) and not isinstance(failure, ChildOutOfDisk)
    return _MAX_TRIES_OF_FILE if is_of_file else None


# What a child may say of itself, by name: it is not to be trusted with the choice of any other class.
SAID_BY_CHILD: dict[str, type[MediaError]] = {
    kind.__name__: kind
    for kind in (MediaUnreadable, DimensionsTooLarge, ChildOutOfMemory, ChildOutOfDisk, EngineNotReady)
}
