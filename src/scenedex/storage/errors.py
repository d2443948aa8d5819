"""Errors of the object storage: one class per fact, with the message as its docstring."""

from __future__ import annotations

import inspect


class StorageError(Exception):
    """The object storage could not do what was asked."""

    def __init__(self, detail: str = "") -> None:
        message = inspect.cleandoc(type(self).__doc__ or "").partition("\n")[0]
        super().__init__(f"{message.removesuffix('.')}: {detail}" if detail else message)


class ObjectNotFound(StorageError):
    """There is no such object."""


class BucketNotFound(ObjectNotFound):
    """There is no such bucket."""


class AccessDenied(StorageError):
    """The storage refuses access with these keys or permissions."""


class KeysRefused(AccessDenied):
    """The storage does not accept the keys (see storage.access_key and storage.secret_key)."""


class StorageUnavailable(StorageError):
    """The storage does not answer properly at the moment."""


class RequestRefused(StorageUnavailable):
    """The storage does not accept the request."""


class ClockSkewed(RequestRefused):
    """The clock of this machine and that of the storage differ by more than the storage allows."""


class RegionWrong(RequestRefused):
    """The storage expects another region or endpoint (see storage.region)."""


class NoStorageService(RequestRefused):
    """The server that answers is no S3 service (see storage.endpoint)."""


class ManagedBucketMissing(RequestRefused):
    """The bucket of the managed store does not exist (see storage.managed_bucket)."""


class ManagedStoreReadOnly(RequestRefused):
    """The managed store cannot be written to with these keys or permissions."""


class StorageFull(StorageUnavailable):
    """The storage has no room left."""


class MultipartUploadNotFound(StorageUnavailable):
    """The multipart upload has ended or was aborted."""


class SourceChanged(StorageError):
    """The object was changed or replaced while it was being copied."""


class ObjectTooLarge(StorageError):
    """The object has more bytes than allowed."""


class RangePastEnd(StorageError):
    """The range starts after the end of the object."""


class ManagedKeyInvalid(StorageError):
    """A key of the managed store consists of names of letters, digits, '.', '_' and '-', separated by '/'."""


class ManagedKeyTaken(StorageError):
    """The name of this object is in use as a folder, or one of its folders is an object."""


class SignatureInvalid(StorageError):
    """The signature does not match this link."""


class SignatureExpired(StorageError):
    """This link has expired."""
