"""Errors of requests about projects."""

from scenedex.wire.errors import ServiceError


class ProjectNotFound(ServiceError, code="40402"):
    """There is no project of this id in the workspace."""


class BaseProjectFixed(ServiceError, code="10027"):
    """The base project cannot be edited or deleted."""


class ProjectNameTaken(ServiceError, code="40904"):
    """A project of this name exists already in the workspace."""


class ProjectBusy(ServiceError, code="40905"):
    """An analysis is running in this project. Cancel it or wait for its end."""


class TooManyProjects(ServiceError, code="40003"):
    """The limit of projects of this workspace is reached."""
