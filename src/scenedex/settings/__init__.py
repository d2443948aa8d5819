"""Every option of Scenedex, with its meaning, unit and default.

An option is set by an environment variable (``SCENEDEX_`` + group + ``_`` + name, for example
``SCENEDEX_SERVER_PORT``) or in a TOML file (``[server]`` / ``port = 8600``). The variable wins. The file is
``scenedex.toml`` in the data folder, or the one that ``SCENEDEX_CONFIG`` names. Nothing is read at import.
"""

from scenedex.settings.group import Group, SettingsInvalid
from scenedex.settings.loading import Settings, load_settings
from scenedex.settings.serving import (
    AuditSettings,
    DatabaseSettings,
    LimitSettings,
    LogSettings,
    RateSettings,
    SecretSettings,
    ServerSettings,
    StorageSettings,
)
from scenedex.settings.working import EngineSettings, MediaSettings, SearchSettings, WorkerSettings

__all__ = [
    "AuditSettings",
    "DatabaseSettings",
    "EngineSettings",
    "Group",
    "LimitSettings",
    "LogSettings",
    "MediaSettings",
    "RateSettings",
    "SearchSettings",
    "SecretSettings",
    "ServerSettings",
    "Settings",
    "SettingsInvalid",
    "StorageSettings",
    "WorkerSettings",
    "load_settings",
]
