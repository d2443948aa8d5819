"""Options that operators' commands share."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from scenedex.settings import Settings

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        envvar="SCENEDEX_DATA_DIR",
        help="Folder for everything kept on this machine.",
        show_default="./scenedex-data",
        file_okay=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def operator() -> str:
    """Return the system's name of the user who runs the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user of a container may have no name
        return f"uid {os.getuid()}"


def settings_with_engines(data_dir: Path | None) -> Settings:
    """Load the settings, and check that the engines, stages and kinds of jobs that they name exist.

    Raises:
        SettingsInvalid: an option is unknown or its value cannot be used.
    """
    from scenedex.engines.registry import EngineRegistry
    from scenedex.engines.selection import require_known_engines
    from scenedex.settings import load_settings

    settings = load_settings(data_dir)
    require_known_engines(settings.engines, EngineRegistry.installed())
    workers = settings.workers
    if workers.stages_at_a_time or workers.queues != "all":
        # Loads the stages with their decoders, which a server does without.
        from scenedex.worker.options import require_known_names

        require_known_names(workers)
    return settings
