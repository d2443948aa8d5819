"""All options, and their sources."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self, get_origin

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from scenedex.settings.group import Group, SettingsInvalid
from scenedex.settings.imports import ImportSettings
from scenedex.settings.oidc import OidcSettings
from scenedex.settings.problems import in_words
from scenedex.settings.server import (
    AuditSettings,
    AuthSettings,
    DatabaseSettings,
    LimitSettings,
    LogSettings,
    RateSettings,
    SecretSettings,
    ServerSettings,
    StorageSettings,
)
from scenedex.settings.summaries import SummarySettings
from scenedex.settings.webhooks import WebhookSettings
from scenedex.settings.worker import EngineSettings, MediaSettings, PlaybackSettings, SearchSettings, WorkerSettings


class Settings(BaseSettings):
    """All options in force for one process."""

    model_config = SettingsConfigDict(
        env_prefix="SCENEDEX_", env_nested_delimiter="_", env_nested_max_split=1, frozen=True, extra="forbid"
    )

    data_dir: Path = Field(
        default=Path("scenedex-data"), description="Folder for everything that is kept on this machine."
    )
    weights: Path | None = Field(
        default=None,
        description="Folder with downloaded weights. If unset, DATA/weights, or `scenedex-weights` beside DATA if only "
        "that exists.",
    )
    server: ServerSettings = ServerSettings()
    database: DatabaseSettings = DatabaseSettings()
    storage: StorageSettings = StorageSettings()
    workers: WorkerSettings = WorkerSettings()
    limits: LimitSettings = LimitSettings()
    rates: RateSettings = RateSettings()
    imports: ImportSettings = ImportSettings()
    media: MediaSettings = MediaSettings()
    playback: PlaybackSettings = PlaybackSettings()
    engines: EngineSettings = EngineSettings()
    search: SearchSettings = SearchSettings()
    summaries: SummarySettings = SummarySettings()
    webhooks: WebhookSettings = WebhookSettings()
    secrets: SecretSettings = SecretSettings()
    auth: AuthSettings = AuthSettings()
    oidc: OidcSettings = OidcSettings()
    audit: AuditSettings = AuditSettings()
    log: LogSettings = LogSettings()

    @model_validator(mode="after")
    def _public_address(self) -> Self:
        if self.oidc.issuer is not None and self.server.public_url is None:
            raise ValueError("oidc.issuer needs server.public_url, to which the provider sends its users back")
        return self

    @property
    def weights_folder(self) -> Path:
        """Folder of downloaded weights, which need not exist."""
        if self.weights is not None:
            return self.weights.expanduser().absolute()
        inside, beside = self.data_dir.expanduser().absolute() / "weights", self.weights_beside
        return beside if beside.is_dir() and not inside.is_dir() else inside

    @property
    def weights_beside(self) -> Path:
        """Folder beside the data folder, for weights that are downloaded before the first start of a server."""
        return self.data_dir.expanduser().absolute().with_name("scenedex-weights")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources: arguments first, then the environment, then the TOML file."""
        del dotenv_settings, file_secret_settings
        return (
            init_settings,
            env_settings,
            TomlConfigSettingsSource(settings_cls, settings_cls.model_config.get("toml_file")),
        )


def load_settings(data_dir: Path | None = None) -> Settings:
    """Read the options in force.

    Args:
        data_dir: data folder of the command line, which wins over variable and file.

    Raises:
        SettingsInvalid: an option is unknown or its value cannot be used. The message names it.
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
        raise SettingsInvalid("; ".join(in_words(problem, Settings) for problem in error.errors())) from error
    except SettingsError as error:
        raise SettingsInvalid(_unread_variable(error)) from error
    except ValueError as error:  # not TOML
        raise SettingsInvalid(f"{file}: {error}") from error
    return _with_secrets_of_files(found).model_copy(update={"data_dir": found.data_dir.expanduser().absolute()})


def _unread_variable(error: SettingsError) -> str:
    """Return the message for a variable that is not valid JSON."""
    for group, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Group):
            if (whole := f"SCENEDEX_{group}".upper()) in os.environ:
                return f"{group}: {whole} is no table in JSON. Each option has a variable, such as {whole}_NAME"
            for option, inner in kind.model_fields.items():
                variable = f"SCENEDEX_{group}_{option}".upper()
                if get_origin(inner.annotation) is dict and variable in os.environ:
                    example = (inner.examples or ["{}"])[0]
                    return f"{group}.{option}: {variable} is no table in JSON, such as {example}"
    return str(error)


def _with_secrets_of_files(settings: Settings) -> Settings:
    """Return the settings with the values that are read from files.

    Raises:
        SettingsInvalid: a file cannot be read or is empty, or the option is set as well.
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
            raise SettingsInvalid(f"{name}.{option} and {name}.{option}_file are both set. Remove one")
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
