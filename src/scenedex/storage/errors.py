"""What can go wrong with objects: one class per fact, its docstring is the message."""

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
    """The storage refuses access with the keys or permissions that we have."""


class KeysRefused(AccessDenied):
    """The storage does not accept our keys; see storage.access_key and storage.secret_key."""


class StorageUnavailable(StorageError):
    """The storage does not answer properly at the moment; the same request may succeed later."""


class RequestRefused(StorageUnavailable):
    """The storage does not accept what we ask for."""


class ClockSkewed(RequestRefused):
    """The clock of this machine and that of the storage differ by more than the storage allows; set them right."""


class RegionWrong(RequestRefused):
    """The storage wants to be asked in another region or at another endpoint; see storage.region."""


class NoStorageService(RequestRefused):
    """What answers there is no S3 service; see storage.endpoint."""


class ManagedBucketMissing(RequestRefused):
    """The bucket of the managed store is missing; see storage.managed_bucket."""


class ManagedStoreReadOnly(RequestRefused):
    """The managed store cannot be written to with our keys or permissions."""


class StorageFull(StorageUnavailable):
    """The storage has no room left."""


class UploadGone(StorageUnavailable):
    """The upload in parts has ended or was given up."""


class SourceChanged(StorageError):
    """The object was changed or replaced while it was being copied."""


class ObjectTooLarge(StorageError):
    """The object has more bytes than allowed."""


class RangePastEnd(StorageError):
    """The range lies behind the end of the object."""


class ManagedKeyInvalid(StorageError):
    """A key of the managed store consists of names of letters, digits, '.', '_' and '-', separated by '/'."""


class ManagedKeyTaken(StorageError):
    """The name of this object is in use as a folder, or one of its folders is an object."""


class SignatureInvalid(StorageError):
    """The signature of this link does not fit it."""


class SignatureExpired(StorageError):
    """This link is no longer valid."""
