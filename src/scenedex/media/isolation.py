"""The walls around the child: limits of the system, no privileges, no network, no further programs, few files.

Linux offers all of them; elsewhere the resource limits remain. Sources: prctl(2), capabilities(7), getrlimit(2).
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from typing import TYPE_CHECKING

from scenedex.media.landlock import landlock_version, restrict_files
from scenedex.media.seccomp import has_seccomp, refuse_system_calls

if TYPE_CHECKING:
    from scenedex.media.messages import Order

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CAPABILITY_VERSION = 0x20080522
# The only privilege kept where we run as root: libraries may lie in folders that only their owner can search.
_CAP_DAC_READ_SEARCH = 1 << 2
_MOST_DESCRIPTORS = 256
# Between the signal that ends a child for its processor time and the one that cannot be caught.
_SECONDS_OF_GRACE = 5
_READABLE = (
    "/usr",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/dev/urandom",
    "/dev/null",
    "/proc/self",
    "/sys/devices/system/cpu",
)


def isolate(order: Order) -> None:
    """Put up every wall that this machine offers; called once, after the imports and before the media is opened."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, order.cpu_seconds, order.cpu_seconds + _SECONDS_OF_GRACE)
    _limit(resource.RLIMIT_FSIZE, order.file_size_bytes)
    _limit(resource.RLIMIT_NOFILE, _MOST_DESCRIPTORS)
    _limit(resource.RLIMIT_AS, order.memory_bytes)
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != order.parent_pid:
        # The parent died before it could be watched.
        os._exit(1)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _drop_privileges(libc)
    readable = {sys.prefix, sys.base_prefix, *filter(None, sys.path), *_READABLE, *order.readable}
    restrict_files(libc, readable, order.work_dir)
    refuse_system_calls(libc)


def describe_isolation() -> tuple[str, ...]:
    """The walls that this machine offers, for people."""
    walls = ["limits on memory, time and files"]
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        walls.append("ends with its parent, without privileges")
        if has_seccomp(libc):
            walls.append("no network and no programs (seccomp)")
        if landlock_version(libc) > 0:
            walls.append("no files but its own (Landlock)")
    return tuple(walls)


def _limit(kind: int, most: int, hardest: int | None = None) -> None:
    _soft, hard = resource.getrlimit(kind)
    soft, hardest = (
        wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        for wanted in (most, most if hardest is None else hardest)
    )
    try:
        resource.setrlimit(kind, (soft, hardest))
    except (ValueError, OSError):
        # macOS does not let the address space be limited.
        if sys.platform == "linux":
            raise


def _drop_privileges(libc: ctypes.CDLL) -> None:
    """Keep none of root's powers but to search for libraries; without powers this changes nothing."""
    kept = _CAP_DAC_READ_SEARCH if os.geteuid() == 0 else 0
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    # Effective, permitted and inheritable, for the lower and the upper 32 capabilities.
    sets = (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)
    if libc.capset(ctypes.byref(header), ctypes.byref(sets)) != 0:
        # A container may have taken that power too.
        libc.capset(ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))
