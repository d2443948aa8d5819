"""Errors of requests about assets."""

from typing import Final

from scenedex.projects.errors import ProjectNotFound
from scenedex.wire.errors import ServiceError
from scenedex.workspaces.errors import WorkspaceNotFound


class AssetNotFound(ServiceError, code="40403"):
    """There is no asset of this id in the project."""


OF_ASSET: Final = (WorkspaceNotFound, ProjectNotFound, AssetNotFound)
"""Errors of a path to an asset."""


class KeyIsFolder(ServiceError, code="10016"):
    """Select the bucket to integrate (folder selection not available)."""


class BucketUnknown(ServiceError, code="40414"):
    """There is no such bucket, or no permission to read it."""


class AssetBusy(ServiceError, code="40906"):
    """An analysis of this asset is running. Cancel it or wait for its end."""


class UploadNotFound(ServiceError, code="40404"):
    """There is no upload of this key in the project, or its time is over."""


class UploadSpent(ServiceError, code="40907"):
    """This upload has been used already. Request another URL."""


class UploadLinkInvalid(ServiceError, code="40301"):
    """This link is not valid, or has expired."""


class ObjectGone(ServiceError, code="40406"):
    """The object no longer exists."""


class UploadTooLarge(ServiceError, code="41301"):
    """The file is larger than allowed."""
