"""Errors of requests about assets."""

from scenedex.wire.errors import ServiceError


class AssetNotFound(ServiceError):
    """There is no asset of this id in the project."""

    code = "40403"


class KeyIsFolder(ServiceError):
    """Select the bucket to integrate (folder selection not available)."""

    code = "10016"


class AssetBusy(ServiceError):
    """An analysis of this asset is running. Cancel it or wait for its end."""

    code = "40906"


class UploadNotFound(ServiceError):
    """There is no upload of this key in the project, or its time is over."""

    code = "40404"


class UploadSpent(ServiceError):
    """This upload has been used already. Request another URL."""

    code = "40907"


class UploadLinkInvalid(ServiceError):
    """This link is not valid, or has expired."""

    code = "40301"


class ObjectGone(ServiceError):
    """The object no longer exists."""

    code = "40406"


class UploadTooLarge(ServiceError):
    """The file is larger than allowed."""

    code = "41301"
