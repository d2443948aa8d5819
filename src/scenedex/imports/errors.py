"""Errors of requests about bulk imports."""

from scenedex.wire.errors import ServiceError


class BulkImportNotFound(ServiceError, code="40440"):
    """There is no bulk import of this id in the project."""


class BulkImportEnded(ServiceError, code="40940"):
    """The bulk import has ended, or is in a state that does not permit this. Request it again."""
