"""Errors of requests about indexes."""

from scenedex.wire.errors import ServiceError


class IndexNotReady(ServiceError, code="40908"):
    """No analysis of this asset has completed yet."""


class IndexBeingSummarised(ServiceError, code="40919"):
    """A scene summary of this index waits or runs. Persons, scripts and speakers can be edited when it has ended."""


class IndexNotFound(ServiceError, code="40405"):
    """This asset has no index."""


class SceneNotFound(ServiceError, code="40410"):
    """There is no scene of this id in the index."""


class ScriptNotFound(ServiceError, code="40411"):
    """There is no script of this id in the index."""


class SpeakerNotFound(ServiceError, code="40412"):
    """There is no speaker of this name in the index."""


class SpeakerNameTaken(ServiceError, code="40916"):
    """Another speaker of the index has this name."""
