from __future__ import annotations

import errno

import pytest

from scenedex.storage.errors import (
    AccessDenied,
    ManagedKeyTaken,
    ObjectNotFound,
    StorageError,
    StorageFull,
    StorageUnavailable,
)
from scenedex.storage.folder import storage_error


def test_the_docstring_is_the_message() -> None:
    assert str(ObjectNotFound()) == "There is no such object."
    assert str(ObjectNotFound("a.mp4")) == "There is no such object: a.mp4"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOENT, ObjectNotFound),
        (errno.ENOTDIR, ObjectNotFound),
        (errno.ELOOP, ObjectNotFound),
        (errno.ENAMETOOLONG, ObjectNotFound),
        (errno.EACCES, AccessDenied),
        (errno.EROFS, AccessDenied),
        (errno.ENOSPC, StorageFull),
        (errno.EISDIR, ManagedKeyTaken),
        (errno.EIO, StorageUnavailable),
        (errno.ESTALE, StorageUnavailable),
    ],
    ids=lambda value: errno.errorcode[value] if isinstance(value, int) else "",
)
def test_errors_of_the_disk(number: int, kind: type[StorageError]) -> None:
    assert type(storage_error(OSError(number, "text"), "a.mp4")) is kind
