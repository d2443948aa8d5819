"""The kinds of jobs; each has the queue of its own name."""

from __future__ import annotations

from enum import StrEnum


class JobKind(StrEnum):
    """What a job does."""

    IMPORT = "import"
    ANALYSIS = "analysis"
    ERASURE = "erasure"
    PICTURE = "picture"
    SEARCH = "search"
    REINDEXING = "reindexing"
