"""Errors of a media file or of the process that opens it. A docstring is the default message."""

from __future__ import annotations

from typing import ClassVar

_MAX_DETAIL = 300
_MAX_TRIES_OF_FILE = 2


class MediaError(Exception):
    """A media file could not be used.

    The file may control the child, so its messages are shortened and stripped of unprintable characters.
    """

    def __init__(self, detail: str = "") -> None:
        message = " ".join((type(self).__doc__ or "").split("\n\n")[0].split())
        detail = "".join(char if char.isprintable() else " " for char in detail[:_MAX_DETAIL])
        super().__init__(detail or message)


class MediaUnreadable(MediaError):
    """The file is not a video or image of a supported format."""


class DimensionsTooLarge(MediaUnreadable):
    """The picture has more pixels than may be decoded."""


class ChildFailed(MediaError):
    """The process that opened the file failed."""

    reason: ClassVar[str] = "crash"


class ChildTimedOut(ChildFailed):
    """The file could not be processed in the time allowed."""

    reason = "time"


class ChildStalled(ChildFailed):
    """The process made no progress and was stopped."""

    reason = "stall"


class ChildOutOfMemory(ChildFailed):
    """The process needs more memory than it may use."""

    reason = "memory"


class ChildOutOfDisk(ChildFailed):
    """The disk of this worker is full."""

    reason = "disk"


class ChildWroteTooMuch(ChildFailed):
    """The process wrote more than it may."""

    reason = "writes"


class ChildKilled(ChildFailed):
    """The system stopped the process, most likely for lack of memory on the machine."""

    reason = "killed"


class ChildCrashed(ChildFailed):
    """The process crashed on this file."""


class EngineNotReady(ChildFailed):
    """An engine could not be loaded."""

    reason = "engine"


def max_tries(failure: Exception) -> int | None:
    """Return the maximum number of tries after this failure, or `None` if it sets no limit.

    A file that crashes its process twice will do so again. A full disk and a kill by the system are no
    faults of the file: the disk may have room later, and the machine more memory.
    """
    is_of_file = isinstance(failure, ChildFailed) and not isinstance(failure, (ChildOutOfDisk, ChildKilled))
    return _MAX_TRIES_OF_FILE if is_of_file else None


# Errors that a child may report, by name. It is not trusted to choose any other class.
REPORTABLE_ERRORS: dict[str, type[MediaError]] = {
    kind.__name__: kind
    for kind in (MediaUnreadable, DimensionsTooLarge, ChildOutOfMemory, ChildOutOfDisk, EngineNotReady)
}
