"""Errors of requests about searches."""

from scenedex.wire.errors import ServiceError


class SearchNotFound(ServiceError):
    """There is no search of this id in the workspace, or its time is over."""

    code = "40413"


class SearchNotCompleted(ServiceError):
    """The search has not completed."""

    code = "40917"
