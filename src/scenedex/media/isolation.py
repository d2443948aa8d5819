"""The walls around the child: limits of the system, no privileges, no network, no further programs, few files.

Linux offers all of them; elsewhere the resource limits remain. Sources: prctl(2), landlock(7), seccomp(2).
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.media.seccomp import refuse_system_calls

if TYPE_CHECKING:
    from scenedex.media.messages import Order

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_ADD_RULE = 445
_LANDLOCK_RESTRICT_SELF = 446
_LANDLOCK_VERSION = 1
_RULE_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
# Rights of the first version of Landlock: those four and making or removing each kind of file.
_ALL_RIGHTS = (1 << 13) - 1
_READ = _READ_FILE | _READ_DIR
_WRITE = _READ | _WRITE_FILE | 1 << 5 | 1 << 8  # and removing and making regular files
_READABLE = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/urandom", "/dev/null", "/proc/self", "/sys/devices/system/cpu")


def isolate(order: Order) -> None:
    """Put up every wall that this machine offers; called once, after the imports and before the media is opened."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, order.cpu_seconds)
    _limit(resource.RLIMIT_FSIZE, order.file_size_bytes)
    _limit(resource.RLIMIT_NOFILE, 256)
    _limit(resource.RLIMIT_AS, order.memory_bytes)
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != order.parent_pid:
        # The parent died before it could be watched.
        os._exit(1)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _restrict_files(libc, order.work_dir)
    refuse_system_calls(libc)


def describe_isolation() -> tuple[str, ...]:
    """The walls that this machine offers, for people."""
    walls = ["limits on memory, time and files"]
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        walls.append("no network and no programs (seccomp)")
        if _landlock_version(libc) > 0:
            walls.append("no files but its own (Landlock)")
    return tuple(walls)


def _limit(kind: int, most: int) -> None:
    _soft, hard = resource.getrlimit(kind)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(kind, (wanted, wanted))
    except (ValueError, OSError):
        # macOS does not let the address space be limited.
        if sys.platform == "linux":
            raise


def _landlock_version(libc: ctypes.CDLL) -> int:
    return libc.syscall(_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_VERSION)


def _restrict_files(libc: ctypes.CDLL, work_dir: str | None) -> None:
    """From here on only libraries can be opened for reading, and only the work folder for writing."""
    if _landlock_version(libc) < 1:
        return
    rights = ctypes.c_uint64(_ALL_RIGHTS)
    ruleset = libc.syscall(_LANDLOCK_CREATE_RULESET, ctypes.byref(rights), 8, 0)
    if ruleset < 0:
        return
    libraries = {sys.prefix, sys.base_prefix, str(Path(__file__).parents[2]), *_READABLE}
    for path in sorted(libraries):
        _allow(libc, ruleset, path, _READ)
    if work_dir is not None:
        _allow(libc, ruleset, work_dir, _WRITE)
    if libc.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0) != 0:
        raise OSError(ctypes.get_errno(), "Landlock")
    os.close(ruleset)


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not Path(path).is_dir():
        rights &= _READ_FILE | _WRITE_FILE
    rule = _PathBeneath(rights, descriptor)
    libc.syscall(_LANDLOCK_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    os.close(descriptor)
