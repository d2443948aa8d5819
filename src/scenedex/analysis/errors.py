"""Errors of requests about analyses."""

from scenedex.wire.errors import ServiceError


class AssetNotReady(ServiceError, code="10014"):
    """Select the asset you want to analyze.

    Only an asset whose import has completed can be analysed.
    """


class AnalysisAlreadyRunning(ServiceError, code="40901"):
    """An analysis of this asset is in progress already."""


class AnalysisNotRunning(ServiceError, code="40909"):
    """Cannot cancel analysis in the current state."""

    has_full_stop = False
