"""Every option of Scenedex, with its meaning, unit and default.

An option is set by an environment variable (``SCENEDEX_`` + group + ``_`` + name, for example
``SCENEDEX_SERVER_PORT``) or in a TOML file (``[server]`` / ``port = 8600``); the variable wins. The file is
``scenedex.toml`` in the data folder, or the one that ``SCENEDEX_CONFIG`` names. Nothing is read at import.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


class SettingsInvalid(Exception):
    """A setting has a value that cannot be used."""


class Group(BaseModel):
    """Settings that belong together; unknown names are refused so that a misspelt option is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ServerSettings(Group):
    """The HTTP server."""

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8600, ge=0, le=65535, description="Port to listen on.")
    public_url: str | None = Field(
        default=None,
        description="Address under which clients reach this server, for URLs in answers; "
        "the request's own host if unset.",
    )
    time_zone: str = Field(default="UTC", description="Time zone in which times are written in answers (an IANA name).")
    max_body_bytes: int = Field(
        default=10 * 1024 * 1024, ge=1024, description="Largest request body (uploads apart), in bytes."
    )
    clock_tolerance_seconds: int = Field(
        default=300, ge=1, description="Largest difference between a request's timestamp and our clock, in seconds."
    )

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{value!r} is no IANA time zone, such as UTC or Asia/Seoul") from error
        return value


class DatabaseSettings(Group):
    """PostgreSQL: the embedded one unless a URL is given."""

    url: SecretStr | None = Field(
        default=None,
        description="URL of an external PostgreSQL 17+ with pgvector (postgresql://user:password@host/name); "
        "embedded in the data folder if unset.",
    )
    password: SecretStr | None = Field(
        default=None, description="Password of the URL's user, where the URL has none; what libpq finds if unset."
    )
    password_file: Path | None = Field(default=None, description="File with the password, one line.")
    pool_size: int = Field(default=10, ge=2, le=200, description="Most connections of one process.")


class StorageSettings(Group):
    """Object storage: folders in the data folder unless an endpoint is given."""

    endpoint: str | None = Field(default=None, description="URL of an S3 endpoint; local folders if unset.")
    region: str = Field(default="us-east-1", description="Region to sign for.")
    access_key: str | None = Field(default=None, description="Access key of the S3 endpoint.")
    access_key_file: Path | None = Field(default=None, description="File with the access key, one line.")
    secret_key: SecretStr | None = Field(default=None, description="Secret key of the S3 endpoint.")
    secret_key_file: Path | None = Field(default=None, description="File with the secret key, one line.")
    path_style: bool = Field(default=True, description="Address buckets by path (true) or by host name (false).")
    managed_bucket: str | None = Field(
        default=None,
        description="Bucket for our own copies, keyframes and stage outputs; must exist. Required with an endpoint.",
    )
    managed_prefix: str = Field(default="scenedex", description="Prefix of our own objects in the managed bucket.")


class WorkerSettings(Group):
    """Worker processes."""

    count: int = Field(default=1, ge=0, le=64, description="Worker processes that `scenedex serve` starts.")
    imports: int = Field(default=2, ge=1, le=64, description="Imports that one worker process runs at a time.")
    analyses: int = Field(default=1, ge=1, le=64, description="Analyses that one worker process runs at a time.")
    pictures: int = Field(
        default=1, ge=1, le=64, description="Uploaded pictures that one worker process checks at a time."
    )
    searches: int = Field(default=4, ge=1, le=64, description="Searches that one worker process runs at a time.")
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
        default=5,
        ge=1,
        le=20,
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

    @field_validator("queues")
    @classmethod
    def _known_queues(cls, value: str) -> str:
        known = tuple(cls.model_fields["queues"].default.split(","))
        asked = [name.strip() for name in value.split(",")]
        unknown = [name for name in asked if name not in known]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no kind of job; there are {', '.join(known)}")
        return ",".join(dict.fromkeys(asked))


class LimitSettings(Group):
    """What an import accepts, and how many of each thing there may be."""

    min_short_side: int = Field(default=360, ge=1, description="Smallest shorter side of a picture, in pixels.")
    max_short_side: int = Field(default=1080, ge=1, description="Largest shorter side of a picture, in pixels.")
    max_video_seconds: int = Field(default=6 * 3600, ge=1, description="Longest video, in seconds.")
    max_video_bytes: int = Field(default=10 * 1000**3, ge=1, description="Largest video file, in bytes.")
    max_image_bytes: int = Field(default=10 * 1000**2, ge=1, description="Largest image file, in bytes.")
    max_workspaces: int = Field(default=100, ge=1, description="Most workspaces.")
    max_projects: int = Field(default=1000, ge=1, description="Most projects of a workspace, the base project counted.")
    presigned_seconds: int = Field(default=900, ge=10, le=86400, description="Life of a presigned URL, in seconds.")
    max_picture_bytes: int = Field(
        default=5 * 1000**2, ge=1, description="Largest picture that is uploaded to be looked at, in bytes."
    )
    min_thumbnail_side: int = Field(
        default=256, ge=1, description="Smallest shorter side of a person's thumbnail, in pixels."
    )
    min_query_side: int = Field(
        default=224, ge=1, description="Smallest shorter side of a picture to search with, in pixels."
    )
    picture_seconds: int = Field(
        default=24 * 3600,
        ge=10,
        description="Time that an uploaded picture can be completed and used, in seconds; "
        "no shorter than the life of a presigned URL.",
    )
    picture_check_seconds: float = Field(
        default=20,
        gt=0,
        le=300,
        description="Longest time that the completion of a picture's upload waits for a worker, in seconds.",
    )

    @model_validator(mode="after")
    def _urls_end_first(self) -> Self:
        if self.picture_seconds < self.presigned_seconds:
            raise ValueError("picture_seconds must not be less than presigned_seconds")
        return self


class RateSettings(Group):
    """Calls that one access key may make on one API process; more are answered with 429."""

    presigned_per_second: int = Field(default=50, ge=1, description="Requests for presigned URLs per second.")
    complete_per_minute: int = Field(default=1000, ge=1, description="Calls of upload completion, per minute.")
    search_per_minute: int = Field(default=1000, ge=1, description="Searches asked for, per minute.")


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

    faces: Literal["auto", "off", "dlib", "yunet-sface"] = Field(default="auto", description="Engine of faces.")
    text: Literal["auto", "off", "rapidocr"] = Field(
        default="auto", description="Engine of text on screen: English, Japanese, Chinese."
    )
    korean: Literal["auto", "off", "ppocr-korean", "tesseract-korean"] = Field(
        default="auto", description="Engine of Korean text on screen; takes part only where `text` is analysed."
    )
    speech: Literal[
        "auto",
        "off",
        "pocketsphinx",
        "whisper-tiny",
        "whisper-base",
        "whisper-small",
        "whisper-medium",
        "whisper-large-v3-turbo",
    ] = Field(default="auto", description="Engine of speech; the bundled one, pocketsphinx, knows English only.")
    speakers: Literal["auto", "one-speaker", "wespeaker-resnet34"] = Field(
        default="auto", description="Engine of speakers; one-speaker gives all lines to one."
    )
    sounds: Literal["auto", "off", "ced-tiny"] = Field(
        default="auto", description="Engine of applause, laughter and background music."
    )
    pictures: Literal["auto", "mpeg7", "siglip2-base"] = Field(
        default="auto", description="Engine of the vectors by which pictures are found."
    )
    labels: Literal["auto", "off", "siglip2-base"] = Field(
        default="auto", description="Engine of keywords of the vocabulary."
    )
    objects: Literal["auto", "off", "fastestdet-coco80"] = Field(
        default="auto", description="Engine of keywords for everyday things."
    )
    meaning: Literal["auto", "off", "all-minilm-l6-v2", "multilingual-e5-small"] = Field(
        default="auto", description="Engine of the vectors by which words are found."
    )
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


class SecretSettings(Group):
    """Encryption of secrets at rest."""

    key: SecretStr | None = Field(
        default=None,
        description="Key that encrypts stored secrets (32 bytes, URL-safe base64); "
        "a key file of mode 600 in the data folder if unset.",
    )
    key_file: Path | None = Field(default=None, description="File with the key, one line.")


class AuditSettings(Group):
    """The audit log."""

    days: int = Field(default=400, ge=1, description="Time that audit events are kept, in days.")


class LogSettings(Group):
    """Logs."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe level that is written."
    )
    format: Literal["auto", "console", "json"] = Field(
        default="auto", description="For people or for programs; auto: console on a terminal, else JSON."
    )


class Settings(BaseSettings):
    """All options in force for one process."""

    model_config = SettingsConfigDict(
        env_prefix="SCENEDEX_",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        frozen=True,
        extra="forbid",
    )

    data_dir: Path = Field(
        default=Path("scenedex-data"), description="Folder for everything that is kept on this machine."
    )
    weights: Path | None = Field(default=None, description="Folder with downloaded weights; DATA/weights if unset.")
    server: ServerSettings = ServerSettings()
    database: DatabaseSettings = DatabaseSettings()
    storage: StorageSettings = StorageSettings()
    workers: WorkerSettings = WorkerSettings()
    limits: LimitSettings = LimitSettings()
    rates: RateSettings = RateSettings()
    media: MediaSettings = MediaSettings()
    engines: EngineSettings = EngineSettings()
    search: SearchSettings = SearchSettings()
    secrets: SecretSettings = SecretSettings()
    audit: AuditSettings = AuditSettings()
    log: LogSettings = LogSettings()

    @property
    def weights_folder(self) -> Path:
        """The folder in which downloaded weights are looked for; need not exist."""
        return (self.weights or self.data_dir / "weights").expanduser().absolute()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the TOML file."""
        del dotenv_settings, file_secret_settings
        return (
            init_settings,
            env_settings,
            TomlConfigSettingsSource(settings_cls, settings_cls.model_config.get("toml_file")),
        )


def load_settings(data_dir: Path | None = None) -> Settings:
    """Read the options in force.

    Args:
        data_dir: the data folder given on the command line; wins over variable and file.

    Raises:
        SettingsInvalid: an option is unknown or its value cannot be used; the message names it.
    """
    folder = data_dir or Path(os.environ.get("SCENEDEX_DATA_DIR", "scenedex-data"))
    named = os.environ.get("SCENEDEX_CONFIG")
    file = Path(named or folder / "scenedex.toml")
    if named and not file.is_file():
        raise SettingsInvalid(f"SCENEDEX_CONFIG names a file that is not there: {file}")

    class FileSettings(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    FileSettings.__name__ = Settings.__name__
    try:
        found = FileSettings() if data_dir is None else FileSettings(data_dir=data_dir)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}" for problem in error.errors()
        )
        raise SettingsInvalid(problems) from error
    except ValueError as error:  # not TOML
        raise SettingsInvalid(f"{file}: {error}") from error
    return _with_secrets_of_files(found).model_copy(update={"data_dir": found.data_dir.expanduser().absolute()})


def _with_secrets_of_files(settings: Settings) -> Settings:
    """The settings with the value of each option whose file is named, as read at this moment.

    Raises:
        SettingsInvalid: a file cannot be read or has nothing in it, or the option is set besides.
    """
    changed: dict[str, Group] = {}
    for name, group in settings:
        if isinstance(group, Group) and (read := _read_files(name, group)):
            changed[name] = group.model_copy(update=read)
    return settings.model_copy(update=changed) if changed else settings


def _read_files(name: str, group: Group) -> dict[str, object]:
    read: dict[str, object] = {}
    for option, field in type(group).model_fields.items():
        file: object = getattr(group, f"{option}_file", None)
        if not isinstance(file, Path):
            continue
        if getattr(group, option) is not None:
            raise SettingsInvalid(f"{name}.{option} and {name}.{option}_file are both set; keep one")
        value = _read_line(f"{name}.{option}_file", file.expanduser())
        read[option] = SecretStr(value) if field.annotation == SecretStr | None else value
    return read


def _read_line(option: str, file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise SettingsInvalid(f"{option}: {file} is no text in UTF-8") from error
    except OSError as error:
        raise SettingsInvalid(f"{option}: {file} cannot be read: {error.strerror}") from error
    if not text:
        raise SettingsInvalid(f"{option}: {file} is empty")
    if any(mark in text for mark in "\n\r\0"):
        raise SettingsInvalid(f"{option}: {file} has more than one line")
    return text
