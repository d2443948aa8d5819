"""What can be wrong, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

SHOWN: Final = 5
"""Examples of a kind that are kept."""


class Kind(Enum):
    """What can be wrong: in a few words, and what to do where it is not repaired."""

    ORPHANED_OBJECT = "objects without a row", "scenedex reconcile --repair has them erased"
    FOREIGN_OBJECT = (
        "objects that are not of Scenedex",
        "They are never touched; move them elsewhere, or set storage.managed_prefix",
    )
    MISSING_COPY = "assets whose copy is missing or has another size", "Delete the asset and import it again"
    ALTERED_COPY = "assets whose copy has other bytes than were analysed", "Delete the asset and import it again"
    MISSING_KEYFRAME = "keyframes that are missing", "Analyse the asset again; with --repair they are made anew then"
    MISSING_THUMBNAIL = "thumbnails of persons that are missing", "Give the person another and remove this one"
    MISSING_PICTURE = (
        "uploaded pictures that are missing",
        "scenedex reconcile --repair forgets them; upload them again",
    )
    MISSING_OUTPUT = (
        "files of stages that are missing",
        "scenedex reconcile --repair forgets the outputs; the next analysis makes them again",
    )
    LEFT_OUTPUT = "outputs of stages that no asset has", "scenedex reconcile --repair removes them"
    STUCK_ERASURE = "folders to be erased although no job is at it", "A worker sees to it within a minute"
    IMPORT_WITHOUT_JOB = "imports without a job", "A worker gives them another within a minute"
    ANALYSIS_WITHOUT_JOB = "analyses without a job", "A worker gives them another within a minute"
    PICTURE_WITHOUT_JOB = "checks of pictures without a job", "A worker gives them another within a minute"
    SEARCH_WITHOUT_JOB = "searches without a job", "A worker gives them another within a minute"
    REINDEXING_WITHOUT_JOB = "reindexings without a job", "A worker gives them another within a minute"
    JOB_WITHOUT_ROW = "waiting jobs that no row needs", "scenedex reconcile --repair cancels them"
    JOB_OF_DEAD_WORKER = "running jobs whose worker is gone", "Another worker takes them over; is one running?"
    SCENE_WITHOUT_WORDS = "scenes without words", "scenedex search reindex writes them"
    STRAY_VECTOR = "vectors of scenes that do not exist", "scenedex reconcile --repair removes them"
    MISCOUNTED_WORD = "words counted wrongly", "scenedex reconcile --repair counts them again"
    UNFINISHED_WRITE = "unfinished writes of dead processes", "scenedex reconcile --repair removes them"
    LEFT_FOLDER = "work folders of nobody on this machine", "scenedex reconcile --repair removes them"
    LEFT_PROCESS = "media processes without a worker on this machine", "End them: kill PID"

    @property
    def title(self) -> str:
        """In a few words, in the plural."""
        return self.value[0]

    @property
    def advice(self) -> str:
        """What to do where it is not repaired."""
        return self.value[1]


@dataclass(slots=True)
class Tally:
    """How many of a kind were found and repaired, and the first of them."""

    found: int = 0
    repaired: int = 0
    examples: list[str] = field(default_factory=list[str])

    def add(self, example: str, *, repaired: bool = False) -> None:
        """Count one more."""
        self.found += 1
        self.repaired += repaired
        if len(self.examples) < SHOWN:
            self.examples.append(example)

    @property
    def left(self) -> int:
        """How many are still so."""
        return self.found - self.repaired


@dataclass(slots=True)
class Going:
    """Objects that wait for their erasure, or for the row that they are written ahead of."""

    objects: int = 0
    size_bytes: int = 0
    oldest: datetime | None = None

    def add(self, size_bytes: int, since: datetime) -> None:
        """Count one more."""
        self.objects += 1
        self.size_bytes += size_bytes
        self.oldest = since if self.oldest is None else min(self.oldest, since)


@dataclass(slots=True)
class Report:
    """What was looked at, and what was found of each kind."""

    objects: int = 0
    size_bytes: int = 0
    going: Going = field(default_factory=Going)
    tallies: dict[Kind, Tally] = field(default_factory=lambda: {kind: Tally() for kind in Kind})

    @property
    def left(self) -> int:
        """How many findings remain."""
        return sum(tally.left for tally in self.tallies.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to look.

    Attributes:
        repair: whether to mend what can be mended.
        has_objects: whether managed storage is compared with the rows.
        is_deep: whether every copy is read and compared with the hash of what was analysed.
        cutoff: what was written since may belong to work that goes on.
    """

    repair: bool
    has_objects: bool
    is_deep: bool
    cutoff: datetime
