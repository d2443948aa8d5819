"""Every option of Scenedex, with its meaning, unit and default.

An option is set by an environment variable (``SCENEDEX_`` + group + ``_`` + name, for example
``SCENEDEX_SERVER_PORT``) or in a TOML file (``[server]`` / ``port = 8600``). The variable wins. The file is
``scenedex.toml`` in the data folder, or the one that ``SCENEDEX_CONFIG`` names. Nothing is read at import.
"""

from scenedex.settings.group import SettingsInvalid as SettingsInvalid
from scenedex.settings.imports import ImportSettings as ImportSettings
from scenedex.settings.loading import Settings as Settings
from scenedex.settings.loading import load_settings as load_settings
from scenedex.settings.oidc import OidcSettings as OidcSettings
from scenedex.settings.server import AuthSettings as AuthSettings
from scenedex.settings.server import DatabaseSettings as DatabaseSettings
from scenedex.settings.server import LimitSettings as LimitSettings
from scenedex.settings.server import LogSettings as LogSettings
from scenedex.settings.server import RateSettings as RateSettings
from scenedex.settings.server import ServerSettings as ServerSettings
from scenedex.settings.server import StorageSettings as StorageSettings
from scenedex.settings.summaries import SummarySettings as SummarySettings
from scenedex.settings.webhooks import WebhookSettings as WebhookSettings
from scenedex.settings.worker import EngineSettings as EngineSettings
from scenedex.settings.worker import MediaSettings as MediaSettings
from scenedex.settings.worker import PlaybackSettings as PlaybackSettings
from scenedex.settings.worker import SearchSettings as SearchSettings
from scenedex.settings.worker import WorkerSettings as WorkerSettings
