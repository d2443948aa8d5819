"""Where the bytes of a media file come from, as the parent process sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ReadRange = Callable[[int, int], Awaitable[bytes]]
"""Offset and length to bytes; fewer than asked for only at the end."""


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of this machine; the child gets it opened, read-only."""

    path: Path


@dataclass(frozen=True, slots=True)
class RangedObject:
    """An object elsewhere; the parent reads for the child, which has no network."""

    size_bytes: int
    read: ReadRange


@dataclass(frozen=True, slots=True)
class NoMedia:
    """No bytes: the child works on its parameters alone."""


NO_MEDIA = NoMedia()

MediaSource = LocalFile | RangedObject | NoMedia
