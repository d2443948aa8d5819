"""Errors of requests about playback."""

from scenedex.wire.errors import ServiceError


class MediaNotStored(ServiceError, code="40416"):
    """There is no file to play: its import has not completed, or there is no proxy."""
