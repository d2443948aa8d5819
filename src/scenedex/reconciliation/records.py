"""Kinds of findings, and the report of a reconciliation."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

MAX_EXAMPLES: Final = 5
"""Maximum number of examples of a kind in a report."""


class FindingKind(Enum):
    """Kind of a finding: its title, and advice on findings that are not repaired."""

    ORPHANED_OBJECT = "objects without a row", "scenedex reconcile --repair has them erased"
    FOREIGN_OBJECT = (
        "objects that Scenedex did not write",
        "They are never touched. Move them elsewhere, or set storage.managed_prefix",
    )
    MISSING_COPY = "assets whose copy is missing or has another size", "Delete the asset and import it again"
    ALTERED_COPY = "assets whose copy has other bytes than were analysed", "Delete the asset and import it again"
    MISSING_KEYFRAME = (
        "keyframes that are missing",
        "Analyse the asset again. With --repair, the analysis makes them again",
    )
    MISSING_THUMBNAIL = "thumbnails of persons that are missing", "Give the person another and remove this one"
    MISSING_PICTURE = (
        "uploaded pictures that are missing",
        "scenedex reconcile --repair removes their rows. Upload them again",
    )
    MISSING_PROXY = (
        "proxies whose file is missing",
        "scenedex reconcile --repair marks them as failed. Request them again",
    )
    MISSING_OUTPUT = (
        "files of stages that are missing",
        "scenedex reconcile --repair removes their rows. The next analysis makes them again",
    )
    LEFT_OUTPUT = "outputs of stages that no asset has", "scenedex reconcile --repair removes them"
    STUCK_ERASURE = "folders to be erased without a job", "A worker erases them within a minute"
    IMPORT_WITHOUT_JOB = "imports without a job", "A worker gives them another within a minute"
    ANALYSIS_WITHOUT_JOB = "analyses without a job", "A worker gives them another within a minute"
    PICTURE_WITHOUT_JOB = "checks of pictures without a job", "A worker gives them another within a minute"
    PROXY_WITHOUT_JOB = "proxies without a job", "A worker gives them another within a minute"
    SEARCH_WITHOUT_JOB = "searches without a job", "A worker gives them another within a minute"
    QUESTION_WITHOUT_JOB = "questions without a job", "A worker gives them another within a minute"
    REINDEXING_WITHOUT_JOB = "reindexings without a job", "A worker gives them another within a minute"
    JOB_WITHOUT_ROW = "waiting jobs that no row needs", "scenedex reconcile --repair cancels them"
    JOB_OF_DEAD_WORKER = "running jobs of dead workers", "Another worker takes them over. Is one running?"
    SCENE_WITHOUT_WORDS = "scenes without words", "scenedex search reindex writes them"
    STRAY_VECTOR = "vectors of scenes that do not exist", "scenedex reconcile --repair removes them"
    MISCOUNTED_WORD = "words counted wrongly", "scenedex reconcile --repair counts them again"
    UNFINISHED_WRITE = "unfinished writes of dead processes", "scenedex reconcile --repair removes them"
    LEFT_FOLDER = "leftover work folders on this machine", "scenedex reconcile --repair removes them"
    LEFT_PROCESS = "media processes without a worker on this machine", "End them: kill PID"

    @property
    def title(self) -> str:
        """Title in the plural."""
        return self.value[0]

    @property
    def advice(self) -> str:
        """Advice on findings that are not repaired."""
        return self.value[1]


@dataclass(slots=True)
class Tally:
    """Number of findings of a kind, found and repaired, and the first of them."""

    found: int = 0
    repaired: int = 0
    examples: list[str] = field(default_factory=list[str])

    def add(self, example: str, *, repaired: bool = False) -> None:
        """Count one more."""
        self.found += 1
        self.repaired += repaired
        if len(self.examples) < MAX_EXAMPLES:
            self.examples.append(example)

    @property
    def left(self) -> int:
        """Number of findings that are not repaired."""
        return self.found - self.repaired


@dataclass(slots=True)
class PendingErasures:
    """Objects in folders that are noted for erasure, some of which a row may still claim."""

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
    """Number and size of the objects, and findings by kind."""

    objects: int = 0
    size_bytes: int = 0
    pending: PendingErasures = field(default_factory=PendingErasures)
    tallies: dict[FindingKind, Tally] = field(default_factory=lambda: {kind: Tally() for kind in FindingKind})

    @property
    def left(self) -> int:
        """Number of all findings that are not repaired."""
        return sum(tally.left for tally in self.tallies.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileOptions:
    """Scope of a reconciliation.

    Attributes:
        repair: whether findings are repaired.
        has_objects: whether managed storage is compared with the rows.
        is_deep: whether every copy is read and compared with the hash of the analysed bytes.
        cutoff: time since which rows, jobs and objects may belong to running work.
    """

    repair: bool
    has_objects: bool
    is_deep: bool
    cutoff: datetime
