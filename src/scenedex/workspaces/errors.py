"""Errors of requests about workspaces."""

from scenedex.wire.errors import ServiceError


class WorkspaceNotFound(ServiceError, code="40401"):
    """There is no workspace of this name."""


class WorkspaceNameTaken(ServiceError, code="40902"):
    """A workspace of this name exists already."""


class TooManyWorkspaces(ServiceError, code="40002"):
    """The limit of workspaces is reached."""


class WorkspaceBusy(ServiceError, code="40903"):
    """An analysis is running in this workspace. Cancel it or wait for its end."""
