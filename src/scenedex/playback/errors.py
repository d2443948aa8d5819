"""Errors of requests about playback."""

from scenedex.wire.errors import ServiceError


class ProxyNotFound(ServiceError, code="40422"):
    """The asset has no proxy."""


class MediaNotStored(ServiceError, code="40416"):
    """There is no file to play: its import has not completed, or there is no proxy."""
