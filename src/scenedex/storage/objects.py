"""Facts that the storage reports about objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """One version of an object.

    Attributes:
        size_bytes: length of its content.
        etag: opaque text that differs between any two versions of the content under one key.
        modified: time at which this version was written, in UTC.
    """

    size_bytes: int
    etag: str
    modified: datetime

    def is_same_version(self, other: ObjectInfo) -> bool:
        """Return whether both describe the same content. Clocks do not matter."""
        return (self.size_bytes, self.etag) == (other.size_bytes, other.etag)


@dataclass(frozen=True, slots=True)
class ListedObject:
    """One object of a listing. Its ``etag`` is that of `ObjectInfo`, with or without quotes."""

    key: str
    size_bytes: int
    modified: datetime
    etag: str = ""


@dataclass(frozen=True, slots=True)
class UnfinishedWrite:
    """A write that started and has not ended.

    Attributes:
        key: key of the object that it writes, or `None` if the store does not know.
        token: opaque id of the write within the store.
        started: time of its start, or in local folders of the last bytes, in UTC.
    """

    key: str | None
    token: str
    started: datetime
