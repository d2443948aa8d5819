from __future__ import annotations

import os
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

from scenedex.db.embedded.binaries import MAJOR_VERSION, copied_binaries, installed_binaries
from scenedex.db.embedded.locks import FileLock, is_locked
from scenedex.db.embedded.log import Log

if TYPE_CHECKING:
    from pathlib import Path


def test_copied_programs_run_without_the_wheel(tmp_path: Path) -> None:
    copy = copied_binaries(installed_binaries(), tmp_path)

    for program in (copy.postgres, copy.initdb):
        answer = subprocess.run([program, "--version"], capture_output=True, check=True, env={})
        assert f"(PostgreSQL) {MAJOR_VERSION}." in answer.stdout.decode()
    assert copy.vector_version() == installed_binaries().vector_version()
    assert (copy.prefix / "lib" / "postgresql" / "vector.so").is_file()
    assert copied_binaries(installed_binaries(), tmp_path) == copy
    assert all(path.stat().st_mode & 0o004 for path in tmp_path.rglob("*") if not path.is_symlink())


def test_a_shared_lock_keeps_out_only_who_wants_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with closing(FileLock.open(path)) as first, closing(FileLock.open(path)) as second:
        assert first.try_shared()
        assert second.try_shared()
        assert not first.try_exclusive()
        assert not is_locked(path)
        second.release()
        assert first.try_exclusive()
        assert is_locked(path)
        assert not second.try_shared()
    assert not is_locked(path)


def test_a_lock_stays_with_a_program_that_was_given_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock = FileLock.open(path)
    assert lock.try_exclusive()
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=(lock.descriptor,)):  # noqa: S607  # a plain tool
        lock.close()
        assert is_locked(path)
    assert not is_locked(path)


def test_no_other_program_inherits_a_lock(tmp_path: Path) -> None:
    lock = FileLock.open(tmp_path / "lock")
    assert lock.try_exclusive()
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, close_fds=False):  # noqa: S607  # a plain tool
        lock.close()
        assert not is_locked(tmp_path / "lock")


def test_a_log_keeps_its_end_and_its_writers(tmp_path: Path) -> None:
    with closing(Log.open(tmp_path / "log")) as opened:
        log = Log(opened.descriptor, max_bytes=1000, kept_bytes=100)
        for number in range(200):
            os.write(log.descriptor, f"line {number}\n".encode())
        start = log.size()
        log.trim()
        assert log.size() == 100
        os.write(log.descriptor, b"last\n")

        assert log.lines_since(0, max_lines=2) == ["line 199", "last"]
        assert log.lines_since(start)[-1] == "last"
        assert log.lines_since(log.size()) == []
