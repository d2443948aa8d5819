"""Kinds of jobs."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self


class JobKind(StrEnum):
    """Kind of a job. Its value is the name of its queue.

    Attributes:
        is_estimated: whether operators are shown when such a job will be done. Others take a moment.
        needs_storage: whether a worker starts such jobs only while its storage serves and its disks have room.
    """

    is_estimated: bool
    needs_storage: bool

    def __new__(cls, name: str, is_estimated: bool, needs_storage: bool) -> Self:  # noqa: FBT001  # a row of the table below
        """Make a kind out of its row."""
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.is_estimated, kind.needs_storage = is_estimated, needs_storage
        return kind

    IMPORT = "import", True, True
    ANALYSIS = "analysis", True, True
    ERASURE = "erasure", False, False
    PICTURE = "picture", False, True
    SEARCH = "search", False, False
    REINDEXING = "reindexing", True, True
    PROXY = "proxy", True, True
    SUMMARY = "summary", True, True
    QUESTION = "question", False, False
    BULK_IMPORT = "bulk-import", False, True
    WATCH = "watch", False, True

    @classmethod
    def named(cls, names: str) -> tuple[Self, ...]:
        """Return the kinds of these names, which are separated by commas. ``all``: every kind.

        Raises:
            ValueError: a name is unknown. The message lists the kinds.
        """
        if names.strip() == "all":
            return tuple(cls)
        wanted = [name.strip() for name in names.split(",")]
        known = {kind.value: kind for kind in cls}
        unknown = [name for name in wanted if name not in known]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no kind of job. The kinds are all, {', '.join(known)}")
        return tuple(dict.fromkeys(known[name] for name in wanted))
