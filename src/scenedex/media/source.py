"""Sources of media bytes in the parent process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ReadRange = Callable[[int, int], Awaitable[bytes]]
"""Function from offset and length to bytes, which are fewer only at the end."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of this machine, which the child gets as a read-only descriptor."""

    path: Path


@dataclass(frozen=True, slots=True)
class RangedObject:
    """A remote object, which the parent reads for the child, since it has no network."""

    size_bytes: int
    read: ReadRange


@dataclass(frozen=True, slots=True)
class NoMedia:
    """No bytes: the child works on its parameters alone."""


NO_MEDIA = NoMedia()

MediaSource = LocalFile | RangedObject | NoMedia
