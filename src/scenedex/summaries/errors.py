"""Errors of requests about scene summaries."""

from scenedex.wire.errors import ServiceError


class SummaryLimitReached(ServiceError, code="40004"):
    """The scene summary would exceed a limit of the workspace for this month."""


class SummaryNotFound(ServiceError, code="40420"):
    """No scene summary of this asset has completed yet."""


class SummaryRunNotFound(ServiceError, code="40421"):
    """There is no scene summary of this id, or a later one has replaced it."""


class SummaryAlreadyRunning(ServiceError, code="40920"):
    """A scene summary of this asset waits or runs already. Cancel it or wait for its end."""


class SummaryNotComplete(ServiceError, code="40921"):
    """Scenes can be chosen only after all scenes have been summarised. Request the summary without sceneIds first."""


class SummaryNotRunning(ServiceError, code="40922"):
    """Cannot cancel scene summary in the current state."""
