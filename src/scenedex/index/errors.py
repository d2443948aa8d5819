"""What can be wrong with a request about indexes."""

from scenedex.wire.errors import ServiceError


class IndexNotReady(ServiceError):
    """No analysis of this asset has completed yet."""

    code = "40908"


class IndexNotFound(ServiceError):
    """This asset has no index."""

    code = "40405"
