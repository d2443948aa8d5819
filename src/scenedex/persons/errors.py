"""Errors of requests about persons."""

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


class SplitNameTaken(ServiceError):
    """Another person has the name of the person to split off. Rename that one first."""

    code = "40912"


class PersonNotMerged(ServiceError):
    """That person is not merged into this one."""

    code = "40913"


class SeenThereAlready(ServiceError):
    """That person is seen in the same scene at the same time already."""

    code = "40914"
