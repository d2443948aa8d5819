"""Errors of requests about searches."""

from scenedex.wire.errors import ServiceError


class SearchNotFound(ServiceError, code="40413"):
    """There is no search of this id in the workspace, or its time is over."""


class SearchNotCompleted(ServiceError, code="40917"):
    """The search has not completed."""
