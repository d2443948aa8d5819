"""Errors of requests about indexes."""

from scenedex.wire.errors import ServiceError


class IndexNotReady(ServiceError):
    """No analysis of this asset has completed yet."""

    code = "40908"


class IndexNotFound(ServiceError):
    """This asset has no index."""

    code = "40405"


class SceneNotFound(ServiceError):
    """There is no scene of this id in the index."""

    code = "40410"


class ScriptNotFound(ServiceError):
    """There is no script of this id in the index."""

    code = "40411"


class SpeakerNotFound(ServiceError):
    """There is no speaker of this name in the index."""

    code = "40412"


class SpeakerNameTaken(ServiceError):
    """Another speaker of the index has this name."""

    code = "40916"
