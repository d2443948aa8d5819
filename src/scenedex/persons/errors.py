"""What can be wrong with a request about persons."""

from scenedex.wire.errors import ServiceError


class PersonNotFound(ServiceError):
    """There is no person of this id in the workspace."""

    code = "40407"


class PersonTagNotFound(ServiceError):
    """There is no person tag of this id in the workspace."""

    code = "40408"


class PersonNameTaken(ServiceError):
    """A person of this name exists already in the workspace."""

    code = "40910"


class PersonTagNameTaken(ServiceError):
    """A person tag of this name exists already in the workspace."""

    code = "40911"
