"""Errors of requests about projects."""

from scenedex.wire.errors import ServiceError


class ProjectNotFound(ServiceError):
    """There is no project of this id in the workspace."""

    code = "40402"


class BaseProjectFixed(ServiceError):
    """The base project cannot be edited or deleted."""

    code = "10027"


class ProjectNameTaken(ServiceError):
    """A project of this name exists already in the workspace."""

    code = "40904"


class ProjectBusy(ServiceError):
    """An analysis is running in this project. Cancel it or wait for its end."""

    code = "40905"


class TooManyProjects(ServiceError):
    """The limit of projects of this workspace is reached."""

    code = "40003"
