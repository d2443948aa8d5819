from __future__ import annotations

import errno
import os

import pytest

from scenedex.db.embedded.errors import (
    ClusterDamaged,
    ClusterNotMade,
    DiskFull,
    EmbeddedPostgresError,
    FolderIsFile,
    FolderReadOnly,
    MemoryShort,
    PostgresDidNotStart,
    error_named,
    from_log,
    from_os,
)


def test_a_message_says_what_where_what_to_do_and_what_the_server_said() -> None:
    error = ClusterDamaged("/data", ["PANIC:  no"])

    assert str(error) == (
        "The database files are damaged: /data (keep a copy of the folder, then restore a backup)\n  PANIC:  no"
    )


@pytest.mark.parametrize("kind", EmbeddedPostgresError.__subclasses__(), ids=lambda kind: kind.__name__)
def test_every_fact_has_a_message_and_advice_and_is_found_by_name(kind: type[EmbeddedPostgresError]) -> None:
    assert kind.__doc__
    assert kind.__doc__.splitlines()[0].endswith(".")
    assert kind.advice
    assert error_named(kind.__name__) is kind


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EROFS, FolderReadOnly),
        (errno.EACCES, FolderReadOnly),
        (errno.ENOTDIR, FolderIsFile),
        (errno.EEXIST, FolderIsFile),
        (errno.EIO, PostgresDidNotStart),
    ],
)
def test_a_failed_file_operation_is_named(code: int, kind: type[EmbeddedPostgresError]) -> None:
    error = from_os(OSError(code, os.strerror(code), "/data/postgres"))

    assert type(error) is kind
    assert "/data/postgres" in str(error)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("FATAL:  could not write lock file: No space left on device", DiskFull),
        ("FATAL:  could not open file: Read-only file system", FolderReadOnly),
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", MemoryShort),
        ("PANIC:  could not locate a valid checkpoint record at 0/0", ClusterDamaged),
        ("FATAL:  something else", PostgresDidNotStart),
    ],
)
def test_the_log_tells_why_a_server_did_not_start(line: str, kind: type[EmbeddedPostgresError]) -> None:
    error = from_log(PostgresDidNotStart, "", ["LOG:  starting", line])

    assert type(error) is kind
    assert error.log[-1] == line


def test_a_cluster_that_could_not_be_made_is_not_called_damaged() -> None:
    error = from_log(ClusterNotMade, "", ["FATAL:  could not open file"])

    assert type(error) is ClusterNotMade
