"""Errors of requests about persons."""

from scenedex.wire.errors import ServiceError


class PersonNotFound(ServiceError, code="40407"):
    """There is no person of this id in the workspace."""


class PersonTagNotFound(ServiceError, code="40408"):
    """There is no person tag of this id in the workspace."""


class SuggestionNotFound(ServiceError, code="40415"):
    """There is no open suggestion of this id in the workspace. Its persons may have been merged or rejected."""


class PersonNameTaken(ServiceError, code="40910"):
    """A person of this name exists already in the workspace."""


class PersonTagNameTaken(ServiceError, code="40911"):
    """A person tag of this name exists already in the workspace."""


class SplitNameTaken(ServiceError, code="40912"):
    """Another person has the name of the person to split off. Rename that one first."""


class PersonNotMerged(ServiceError, code="40913"):
    """That person is not merged into this one."""


class SeenThereAlready(ServiceError, code="40914"):
    """That person is seen in the same scene at the same time already."""
