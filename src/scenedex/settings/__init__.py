"""Every option of Scenedex, with its meaning, unit and default.

An option is set by an environment variable (``SCENEDEX_`` + group + ``_`` + name, for example
``SCENEDEX_SERVER_PORT``) or in a TOML file (``[server]`` / ``port = 8600``). The variable wins. The file is
``scenedex.toml`` in the data folder, or the one that ``SCENEDEX_CONFIG`` names. Nothing is read at import.
"""

from scenedex.settings.group import SettingsInvalid as SettingsInvalid
from scenedex.settings.loading import Settings as Settings
from scenedex.settings.loading import load_settings as load_settings
from scenedex.settings.serving import AuthSettings as AuthSettings
from scenedex.settings.serving import DatabaseSettings as DatabaseSettings
from scenedex.settings.serving import LimitSettings as LimitSettings
from scenedex.settings.serving import LogSettings as LogSettings
from scenedex.settings.serving import RateSettings as RateSettings
from scenedex.settings.serving import ServerSettings as ServerSettings
from scenedex.settings.serving import StorageSettings as StorageSettings
from scenedex.settings.working import EngineSettings as EngineSettings
from scenedex.settings.working import MediaSettings as MediaSettings
from scenedex.settings.working import SearchSettings as SearchSettings
from scenedex.settings.working import WorkerSettings as WorkerSettings
