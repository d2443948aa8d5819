"""Landlock: restriction of a process to named files. Source: landlock(7)."""

from __future__ import annotations

import ctypes
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_CREATE_RULESET = 444
_ADD_RULE = 445
_RESTRICT_SELF = 446
_ASK_VERSION = 1
_PATH_BENEATH = 1

_WRITE_FILE, _READ_FILE, _READ_DIR, _MAKE_REGULAR = 1 << 1, 1 << 2, 1 << 3, 1 << 8
_TRUNCATE = 1 << 14
_FILE_ONLY_RIGHTS = _WRITE_FILE | _READ_FILE | _TRUNCATE
_READ = _READ_FILE | _READ_DIR
# Files are not removed: bytes of an open file without a name could not be counted.
_WRITE = _READ | _WRITE_FILE | _MAKE_REGULAR | _TRUNCATE

# Number of file rights by version: 13 at first, then moving between folders, truncation, device commands.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_MAX_FILE_RIGHTS = 16
_VERSION_WITH_NETWORK, _TCP = 4, 3
_VERSION_WITH_SCOPES, _SOCKETS_AND_SIGNALS = 6, 3


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def landlock_version(libc: ctypes.CDLL) -> int:
    """Return the version that this kernel supports, or at most 0 if none."""
    return libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)


def restrict_files(libc: ctypes.CDLL, readable: Iterable[str], writable: str | None) -> int:
    """Allow this process only to read ``readable`` and write ``writable``, without TCP or signals to other processes.

    Permanent. Does nothing if the kernel has no Landlock. Ignores paths that do not exist.

    Returns:
        The version in force, 0 if none.

    Raises:
        OSError: the kernel has Landlock and refuses this use of it.
    """
    version = landlock_version(libc)
    if version < 1:
        return 0
    handled = (1 << _FILE_RIGHTS.get(version, _MAX_FILE_RIGHTS)) - 1
    rules = _Ruleset(
        handled,
        _TCP if version >= _VERSION_WITH_NETWORK else 0,
        _SOCKETS_AND_SIGNALS if version >= _VERSION_WITH_SCOPES else 0,
    )
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(ctypes.sizeof(rules)), 0)
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "Landlock refuses the rules")
    try:
        for path in readable:
            _allow(libc, ruleset, path, _READ & handled)
        if writable is not None:
            _allow(libc, ruleset, writable, _WRITE & handled)
        if libc.syscall(_RESTRICT_SELF, ruleset, 0) != 0:
            raise OSError(ctypes.get_errno(), "Landlock refuses to start")
    finally:
        os.close(ruleset)
    return version


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _FILE_ONLY_RIGHTS
        rule = _PathBeneath(rights, descriptor)
        if libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0) != 0:
            raise OSError(ctypes.get_errno(), "Landlock refuses a path", path)
    finally:
        os.close(descriptor)
