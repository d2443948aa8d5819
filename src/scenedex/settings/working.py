"""Options of what works: workers, media, engines, search."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # pydantic reads the annotations
from typing import Final, Literal, Self

from pydantic import (
    Field,
    PositiveInt,
    field_validator,
    model_validator,
)

from scenedex.settings.group import Group

Stage = Literal[
    "visual", "sound", "faces", "text", "pictures", "sounds", "voice", "speech", "speakers", "meaning", "labels"
]
"""What has a process of its own in an analysis."""


_LEAST_FOR_STAGES: Final = 1024**3


class WorkerSettings(Group):
    """Worker processes."""

    count: int = Field(default=1, ge=0, le=64, description="Worker processes that `scenedex serve` starts.")
    imports: int = Field(default=2, ge=1, le=64, description="Imports that one worker process runs at a time.")
    analyses: int = Field(
        default=0,
        ge=0,
        le=64,
        description="Analyses that one worker process runs at a time; 0: one for each four cores.",
    )
    memory_bytes: int = Field(
        default=0,
        ge=0,
        description="Most memory that the stages of all analyses of this machine may use together, in bytes; those "
        "that do not fit wait. 0: four fifths of what the machine or the container has; else at least a GiB.",
    )
    stages_at_a_time: dict[Stage, PositiveInt] = Field(
        default={},
        description="How many of a stage may run at a time on this machine, by its name, such as `speech = 1`; in the "
        'variable as `{"speech": 1}`.',
    )
    pictures: int = Field(
        default=1, ge=1, le=64, description="Uploaded pictures that one worker process checks at a time."
    )
    searches: int = Field(default=4, ge=1, le=64, description="Searches that one worker process runs at a time.")
    free_disk_bytes: int = Field(
        default=256 * 1024**2,
        ge=0,
        description="Room that a disk which this machine writes to needs, in bytes; with less, its workers take no "
        "jobs that write.",
    )
    queues: str = Field(
        default="import,analysis,erasure,picture,search,reindexing",
        description="Kinds of jobs that a worker process runs, with commas between; each has a queue of its own.",
    )
    imports_of_workspace: int = Field(
        default=0, ge=0, description="Imports of one workspace that run at a time on all machines; 0: no limit."
    )
    analyses_of_workspace: int = Field(
        default=0, ge=0, description="Analyses of one workspace that run at a time on all machines; 0: no limit."
    )
    max_attempts: int = Field(
        default=10,
        ge=1,
        le=50,
        description="Tries before a job that keeps breaking off is given up; two for a file that kills its decoder.",
    )
    stalled_after_seconds: float = Field(
        default=15,
        gt=1,
        description="A worker without a heartbeat for this long is taken for dead, its jobs are run by others.",
    )
    shutdown_grace_seconds: float = Field(
        default=3,
        ge=0,
        description="Time that running jobs get to finish at a stop before they are put back into the queue.",
    )

    @field_validator("memory_bytes")
    @classmethod
    def _enough(cls, value: int) -> int:
        if 0 < value < _LEAST_FOR_STAGES:
            raise ValueError(f"is less than a stage needs: 0, or at least {_LEAST_FOR_STAGES}")
        return value

    @field_validator("queues")
    @classmethod
    def _known_queues(cls, value: str) -> str:
        known = tuple(cls.model_fields["queues"].default.split(","))
        asked = [name.strip() for name in value.split(",")]
        unknown = [name for name in asked if name not in known]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no kind of job; there are {', '.join(known)}")
        return ",".join(dict.fromkeys(asked))


class MediaSettings(Group):
    """Limits of the child process that opens media files."""

    memory_bytes: int = Field(
        default=3 * 1024**3, ge=256 * 1024**2, description="Most address space of the child, in bytes."
    )
    max_pixels: int = Field(default=20_000_000, ge=1, description="Most pixels of a picture that is decoded at all.")
    probe_seconds: float = Field(default=60, gt=0, description="Longest probe of one file, in seconds.")
    stall_seconds: float = Field(
        default=120, gt=0, description="An analysis without progress for this long is stopped."
    )
    analysis_seconds: float = Field(default=24 * 3600, gt=0, description="Longest analysis of one file, in seconds.")
    decode_threads: int = Field(default=0, ge=0, le=64, description="Decoder threads; 0: as many as there are cores.")


class EngineSettings(Group):
    """What looks, reads and listens. `auto` takes downloaded weights that are there, else the engine that is bundled.

    An engine that is named here is never replaced by another: without its weights the stage is not analysed.
    """

    faces: str = Field(default="auto", description="Engine of faces.")
    text: str = Field(default="auto", description="Engine of text on screen: English, Japanese, Chinese.")
    korean: str = Field(
        default="auto", description="Engine of Korean text on screen; takes part only where `text` is analysed."
    )
    speech: str = Field(
        default="auto", description="Engine of speech; the bundled one, pocketsphinx, knows English only."
    )
    speakers: str = Field(default="auto", description="Engine of speakers; one-speaker gives all lines to one.")
    sounds: str = Field(default="auto", description="Engine of applause, laughter and background music.")
    pictures: str = Field(default="auto", description="Engine of the vectors by which pictures are found.")
    labels: str = Field(default="auto", description="Engine of keywords of the vocabulary.")
    objects: str = Field(default="auto", description="Engine of keywords for everyday things.")
    meaning: str = Field(default="auto", description="Engine of the vectors by which words are found.")
    vocabulary: Path | None = Field(
        default=None, description="Text file of keywords, one a line, to look for in pictures; our own if unset."
    )
    confidence_low: float = Field(default=0.3, ge=0, le=1, description="Least confidence of the level LOW.")
    confidence_medium: float = Field(default=0.5, ge=0, le=1, description="Least confidence of the level MEDIUM.")
    confidence_high: float = Field(default=0.7, ge=0, le=1, description="Least confidence of the level HIGH.")
    threads: int = Field(default=0, ge=0, le=256, description="Threads of one engine; 0: as many as there are cores.")
    memory_bytes: int = Field(
        default=3 * 1024**3, ge=1024**3, description="Most address space of an engine's process, in bytes."
    )
    weights_mirror: str | None = Field(
        default=None,
        description="Base URL of a mirror of the weights, with each file at MIRROR/ID/NAME; the publishers if unset.",
    )

    @field_validator("weights_mirror")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError(f"{value!r} is no URL that starts with http:// or https://")
        return value

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if not self.confidence_low <= self.confidence_medium <= self.confidence_high:
            raise ValueError("confidence_low, confidence_medium and confidence_high must not fall")
        return self


class SearchSettings(Group):
    """Searches and their hits."""

    result_seconds: int = Field(
        default=24 * 3600, ge=60, description="Time that a search and its hits are kept, in seconds."
    )
    max_hits: int = Field(default=1000, ge=1, le=10_000, description="Hits of one search at most, the best ones.")
    exact_scenes: int = Field(
        default=50_000,
        ge=0,
        description="Where conditions leave no more scenes than this, each is compared with the query; of more, "
        "the database index of vectors is asked.",
    )
    score_low: float = Field(default=30, ge=0, le=100, description="Least score of hits at the level LOW.")
    score_medium: float = Field(default=50, ge=0, le=100, description="Least score of hits at the level MEDIUM.")
    score_high: float = Field(default=75, ge=0, le=100, description="Least score of hits at the level HIGH.")

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if not self.score_low <= self.score_medium <= self.score_high:
            raise ValueError("score_low, score_medium and score_high must not fall")
        return self
