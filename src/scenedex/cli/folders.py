"""The data folder of a command. Only `serve`, `demo` and the worker of an external database create one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.settings import Settings


@dataclass(frozen=True, slots=True)
class Absence:
    """The reason why there is no data folder, and what to do."""

    problem: str
    advice: str


class NoDataFolder(Exception):
    """There is no data folder of a server."""


def existing_settings(data_dir: Path | None) -> Settings:
    """Load the settings of a server that has been started before.

    Raises:
        SettingsInvalid: an option is unknown or its value cannot be used.
        NoDataFolder: the data folder that they name does not exist, or no server has used it.
    """
    from scenedex.settings import load_settings

    settings = load_settings(data_dir)
    require_data_folder(settings)
    return settings


def require_data_folder(settings: Settings) -> None:
    """Refuse a folder that a command would turn into a data folder.

    Raises:
        NoDataFolder: see `existing_settings`.
    """
    _refuse(absence_of(settings))


def require_weights_folder(settings: Settings) -> None:
    """Refuse to download weights into a data folder that does not exist.

    Raises:
        NoDataFolder: the settings name no folder of weights, and the data folder does not exist.
    """
    if settings.weights is None and not settings.data_dir.is_dir():
        _refuse(_absence(settings.data_dir))


def _refuse(absence: Absence | None) -> None:
    if absence is not None:
        raise NoDataFolder(f"{absence.problem}. {absence.advice}")


def absence_of(settings: Settings) -> Absence | None:
    """Return why there is no data folder, or `None` if there is one or none is needed."""
    folder = settings.data_dir
    if settings.database.url is None:
        if (folder / "postgres").is_dir():
            return None
    elif folder.is_dir() or (settings.secrets.key is not None and settings.storage.endpoint is not None):
        return None
    return _absence(folder)


def _absence(folder: Path) -> Absence:
    problem = "is no data folder of Scenedex" if folder.is_dir() else "does not exist"
    return Absence(
        f"The folder {folder} {problem}",
        "Name that of your server with --data-dir or SCENEDEX_DATA_DIR, or start a server there: scenedex serve",
    )
