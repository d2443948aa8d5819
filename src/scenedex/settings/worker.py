"""Options of workers, media, engines and search."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # pydantic reads the annotations
from typing import Final, Literal, Self

from pydantic import Field, PositiveInt, field_validator, model_validator

from scenedex.settings.group import Group

_MIN_STAGE_BYTES: Final = 1024**3


def _require_web_address(value: str) -> None:
    """Raise `ValueError` unless the value is a URL of HTTP."""
    if not value.startswith(("http://", "https://")):
        raise ValueError(f"{value!r} is no URL that starts with http:// or https://")


def _listed(levels: tuple[float, ...]) -> str:
    return ", ".join(f"{level:g}" for level in levels)


class WorkerSettings(Group):
    """Worker processes."""

    count: int = Field(default=1, ge=0, le=64, description="Worker processes that `scenedex serve` starts.")
    imports: int = Field(default=2, ge=1, le=64, description="Imports that one worker process runs at a time.")
    analyses: int = Field(
        default=0,
        ge=0,
        le=64,
        description="Analyses that one worker process runs at a time. 0: one for each four cores.",
    )
    memory_bytes: int = Field(
        default=0,
        ge=0,
        description="Maximum memory of the stages of all analyses of this machine together, in bytes. Those that do "
        "not fit wait. 0: four fifths of the memory of the machine or the container, else at least a GiB.",
    )
    stages_at_a_time: dict[str, PositiveInt] = Field(
        default={},
        description="Maximum number of a stage that run at a time on this machine, by its name, such as `speech = 1`, "
        'in the variable as `{"speech": 1}`.',
        examples=['{"speech": 1}'],
    )
    pictures: int = Field(
        default=1, ge=1, le=64, description="Uploaded pictures that one worker process checks at a time."
    )
    proxies: int = Field(default=1, ge=1, le=64, description="Proxies that one worker process makes at a time.")
    summaries: int = Field(
        default=2, ge=1, le=64, description="Scene summaries that one worker process makes at a time."
    )
    bulk_imports: int = Field(
        default=1, ge=1, le=64, description="Bulk imports that register objects in one worker process at a time."
    )
    watches: int = Field(default=2, ge=1, le=64, description="Watches that one worker process serves at a time.")
    searches: int = Field(default=4, ge=1, le=64, description="Searches that one worker process runs at a time.")
    questions: int = Field(default=2, ge=1, le=64, description="Questions that one worker process answers at a time.")
    free_disk_bytes: int = Field(
        default=256 * 1024**2,
        ge=0,
        description="Minimum free space of each disk that this machine writes to, in bytes. With less, its workers "
        "start no jobs that write.",
    )
    queues: str = Field(
        default="all",
        description="Kinds of jobs that a worker process runs, separated by commas, or `all`. Each has its own queue.",
    )
    imports_of_workspace: int = Field(
        default=0, ge=0, description="Imports of one workspace that run at a time on all machines. 0: no limit."
    )
    analyses_of_workspace: int = Field(
        default=0, ge=0, description="Analyses of one workspace that run at a time on all machines. 0: no limit."
    )
    summaries_of_workspace: int = Field(
        default=0, ge=0, description="Scene summaries of one workspace that run at a time on all machines. 0: no limit."
    )
    max_attempts: int = Field(
        default=10, ge=1, le=50, description="Attempts before a job is given up, two for a file that kills its decoder."
    )
    stalled_after_seconds: float = Field(
        default=15,
        gt=1,
        description="Seconds without a heartbeat after which a worker is considered dead and its jobs run elsewhere.",
    )
    shutdown_grace_seconds: float = Field(
        default=3, ge=0, description="Seconds for running jobs to finish at a stop before they return to the queue."
    )

    @field_validator("memory_bytes")
    @classmethod
    def _enough(cls, value: int) -> int:
        if 0 < value < _MIN_STAGE_BYTES:
            raise ValueError(f"{value} is less than a stage needs. It must be 0, or at least {_MIN_STAGE_BYTES}")
        return value


class MediaSettings(Group):
    """Limits of the child process that opens media files."""

    memory_bytes: int = Field(
        default=3 * 1024**3, ge=256 * 1024**2, description="Maximum address space of the child, in bytes."
    )
    max_pixels: int = Field(
        default=20_000_000, ge=1, description="Maximum number of pixels of a picture that is decoded."
    )
    probe_seconds: float = Field(default=60, gt=0, description="Maximum time of a probe of one file, in seconds.")
    stall_seconds: float = Field(
        default=120, gt=0, description="Seconds without progress after which an analysis is stopped."
    )
    analysis_seconds: float = Field(
        default=24 * 3600, gt=0, description="Maximum time of an analysis of one file, in seconds."
    )
    decode_threads: int = Field(default=0, ge=0, le=64, description="Decoder threads. 0: one per core.")
    isolation: Literal["required", "available"] = Field(
        default="available",
        description="required: a worker opens media only if every required wall is in force on its machine. "
        "available: it uses the walls that the machine has. `scenedex doctor` names those that are missing.",
    )
    first_user_id: int = Field(
        default=1_900_000_000,
        ge=0,
        le=4_290_000_000,
        description="First of 4 194 304 user ids of child processes if a worker runs as root. 0: keep the worker's.",
    )


class PlaybackSettings(Group):
    """Playback in browsers."""

    proxies: Literal["never", "needed", "always"] = Field(
        default="never",
        description="Proxies that are made at the end of an import. needed: of files that not every browser plays. "
        "always: of all videos. A proxy can be requested for any asset at any time.",
    )
    short_side: int = Field(
        default=360,
        ge=144,
        le=1080,
        description="Maximum of the shorter side of proxies in pixels, if their pictures are encoded.",
    )


class EngineSettings(Group):
    """Engines. `auto` selects an engine whose weights are downloaded, else the bundled one.

    A named engine is never replaced by another. Without its weights the stage is not analysed.
    """

    faces: str = Field(default="auto", description="Engine of faces.")
    text: str = Field(default="auto", description="Engine of text on screen: English, Japanese, Chinese.")
    korean: str = Field(default="auto", description="Engine of Korean text on screen, used only if `text` is analysed.")
    speech: str = Field(
        default="auto", description="Engine of speech. The bundled one, pocketsphinx, knows English only."
    )
    speakers: str = Field(default="auto", description="Engine of speakers. one-speaker attributes all lines to one.")
    music: str = Field(default="auto", description="Engine of background music.")
    sounds: str = Field(default="auto", description="Engine of applause and laughter.")
    pictures: str = Field(default="auto", description="Engine of the vectors by which pictures are found.")
    labels: str = Field(default="auto", description="Engine of keywords of the vocabulary.")
    objects: str = Field(default="auto", description="Engine of keywords for everyday things.")
    meaning: str = Field(default="auto", description="Engine of the vectors by which words are found.")
    summaries: str = Field(
        default="auto", description="Engine of scene summaries. `composed` makes sentences of the index alone."
    )
    answers: str = Field(
        default="auto", description="Engine of answers to questions. `quoted` quotes the passages that answer."
    )
    addresses: dict[str, str] = Field(
        default={},
        description="Address of the service of each engine that calls one, by the name of the engine, such as "
        '`describer = "https://models.example/v1"`, in the variable as JSON.',
        examples=['{"describer": "https://models.example/v1"}'],
    )
    vocabulary: Path | None = Field(
        default=None, description="Text file of keywords to find in pictures, one a line, the built-in ones if unset."
    )
    confidence_low: float = Field(default=0.3, ge=0, le=1, description="Minimum confidence of the level LOW.")
    confidence_medium: float = Field(default=0.5, ge=0, le=1, description="Minimum confidence of the level MEDIUM.")
    confidence_high: float = Field(default=0.7, ge=0, le=1, description="Minimum confidence of the level HIGH.")
    threads: int = Field(default=0, ge=0, le=256, description="Threads of one engine. 0: one per core.")
    memory_bytes: int = Field(
        default=3 * 1024**3, ge=1024**3, description="Maximum address space of an engine's process, in bytes."
    )
    weights_mirror: str | None = Field(
        default=None,
        description="Base URL of a mirror of the weights, with each file at MIRROR/ID/NAME, the publishers if unset.",
    )

    @field_validator("weights_mirror")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None:
            _require_web_address(value)
        return value

    @field_validator("addresses")
    @classmethod
    def _web_addresses(cls, value: dict[str, str]) -> dict[str, str]:
        for address in value.values():
            _require_web_address(address)
        return value

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if not self.confidence_low <= self.confidence_medium <= self.confidence_high:
            levels = (self.confidence_low, self.confidence_medium, self.confidence_high)
            raise ValueError(f"confidence_low, confidence_medium and confidence_high must not fall: {_listed(levels)}")
        return self


class SearchSettings(Group):
    """Searches and their hits."""

    result_seconds: int = Field(
        default=24 * 3600, ge=60, description="Time that a search and its hits are kept, in seconds."
    )
    max_hits: int = Field(
        default=1000, ge=1, le=10_000, description="Maximum number of hits of one search, the best ones."
    )
    exact_scenes: int = Field(
        default=50_000,
        ge=0,
        description="Maximum number of vectors that are each compared with the query. If the conditions leave more, "
        "those with the nearest sign codes are compared.",
    )
    code_cache_mib: int = Field(
        default=512,
        ge=0,
        description="Memory of a worker process for sign codes of vectors, in MiB. A million vectors of the bundled "
        "engine of meaning need 103. Codes that do not fit are read from the database for each search.",
    )
    score_low: float = Field(default=30, ge=0, le=100, description="Minimum score of hits at the level LOW.")
    score_medium: float = Field(default=50, ge=0, le=100, description="Minimum score of hits at the level MEDIUM.")
    score_high: float = Field(default=75, ge=0, le=100, description="Minimum score of hits at the level HIGH.")

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if not self.score_low <= self.score_medium <= self.score_high:
            levels = (self.score_low, self.score_medium, self.score_high)
            raise ValueError(f"score_low, score_medium and score_high must not fall: {_listed(levels)}")
        return self
