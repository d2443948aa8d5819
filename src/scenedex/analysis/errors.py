"""Errors of requests about analyses."""

from scenedex.wire.errors import ServiceError


class AssetNotReady(ServiceError):
    """Select the asset you want to analyze.

    Only an asset whose import has completed can be analysed.
    """

    code = "10014"


class AnalysisAlreadyRunning(ServiceError):
    """An analysis of this asset is in progress already."""

    code = "40901"


class AnalysisNotRunning(ServiceError):
    """Cannot cancel analysis in the current state."""

    code = "40909"
