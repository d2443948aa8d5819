"""Errors of requests about questions."""

from scenedex.wire.errors import ServiceError


class QuestionNotFound(ServiceError, code="40423"):
    """There is no question of this id in the workspace, or its time is over."""
