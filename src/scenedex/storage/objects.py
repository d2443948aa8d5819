"""What the storage says of an object."""

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
        etag: opaque; it differs between any two versions of the content under one key.
        modified: when this version was written, in UTC.
    """

    size_bytes: int
    etag: str
    modified: datetime

    def is_same_version(self, other: ObjectInfo) -> bool:
        """Whether both describe the same content; clocks and their resolution play no part."""
        return (self.size_bytes, self.etag) == (other.size_bytes, other.etag)


@dataclass(frozen=True, slots=True)
class ListedObject:
    """One line of a listing."""

    key: str
    size_bytes: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class UnfinishedWrite:
    """A write that has begun and not ended.

    Attributes:
        key: of the object that it would make; ``None`` where the store does not know.
        token: opaque; what the store knows the write by.
        begun: when it began, or in local folders when it last got bytes, in UTC.
    """

    key: str | None
    token: str
    begun: datetime
