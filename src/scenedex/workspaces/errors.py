"""Errors of requests about workspaces."""

from scenedex.wire.errors import ServiceError


class WorkspaceNotFound(ServiceError):
    """There is no workspace of this name."""

    code = "40401"


class WorkspaceNameTaken(ServiceError):
    """A workspace of this name exists already."""

    code = "40902"


class TooManyWorkspaces(ServiceError):
    """The limit of workspaces is reached."""

    code = "40002"


class WorkspaceBusy(ServiceError):
    """An analysis is running in this workspace. Cancel it or wait for its end."""

    code = "40903"
