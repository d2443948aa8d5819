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


def settings_for_weights(settings: Settings) -> Settings:
    """Return the settings with a folder to download weights into, which makes no data folder.

    Raises:
        NoDataFolder: the settings name no folder of weights, and not even the parent of the data folder exists.
    """
    if settings.weights is not None or settings.data_dir.is_dir():
        return settings
    if not settings.data_dir.parent.is_dir():
        raise NoDataFolder(
            f"The folder {settings.data_dir.parent} does not exist. Correct --data-dir or SCENEDEX_DATA_DIR, or name a "
            "folder for weights with SCENEDEX_WEIGHTS"
        )
    return settings.model_copy(update={"weights": settings.weights_beside})


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
