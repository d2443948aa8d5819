"""Errors of requests about watches."""

from scenedex.wire.errors import ServiceError


class WatchNotFound(ServiceError, code="40441"):
    """There is no watch of this id in the project."""


class TooManyWatches(ServiceError, code="40042"):
    """The project has as many watches as the setting imports.max_watches allows. Delete one."""
