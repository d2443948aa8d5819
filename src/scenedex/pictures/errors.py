"""Errors of requests about uploaded pictures."""

from scenedex.wire.errors import ServiceError


class PictureNotFound(ServiceError, code="40409"):
    """There is no picture of this key for this call, or its time is over."""
