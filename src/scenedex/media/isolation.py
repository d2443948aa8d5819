"""Sandbox of the child: resource limits, no privileges, no network, no other programs, few files.

Linux offers all of them. Other systems have the resource limits only. Sources: prctl(2), capabilities(7), getrlimit(2).
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
    from scenedex.media.messages import ChildRequest

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CAPABILITY_VERSION = 0x20080522
# The only privilege kept as root: libraries may be in folders that only their owner can search.
_CAP_DAC_READ_SEARCH = 1 << 2
_MAX_DESCRIPTORS = 256
# Delay between the signal at the limit of processor time and the one that cannot be caught.
_GRACE_SECONDS = 5
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


def isolate(request: ChildRequest) -> None:
    """Apply every restriction that this machine offers, after the imports and before opening the media."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, request.cpu_seconds, request.cpu_seconds + _GRACE_SECONDS)
    _limit(resource.RLIMIT_FSIZE, request.file_size_bytes)
    _limit(resource.RLIMIT_NOFILE, _MAX_DESCRIPTORS)
    _limit(resource.RLIMIT_AS, request.memory_bytes)
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != request.parent_pid:
        # The parent died before it could be watched.
        os._exit(1)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _drop_privileges(libc)
    readable = {sys.prefix, sys.base_prefix, *filter(None, sys.path), *_READABLE, *request.readable}
    restrict_files(libc, readable, request.work_dir)
    refuse_system_calls(libc)


def describe_isolation() -> tuple[str, ...]:
    """List the restrictions that this machine offers, for people."""
    restrictions = ["limits on memory, time and files"]
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        restrictions.append("ends with its parent, without privileges")
        if has_seccomp(libc):
            restrictions.append("no network and no programs (seccomp)")
        if landlock_version(libc) > 0:
            restrictions.append("no files but its own (Landlock)")
    return tuple(restrictions)


def _limit(kind: int, soft_limit: int, hard_limit: int | None = None) -> None:
    _soft, ceiling = resource.getrlimit(kind)
    soft, hard = (
        wanted if ceiling == resource.RLIM_INFINITY else min(wanted, ceiling)
        for wanted in (soft_limit, soft_limit if hard_limit is None else hard_limit)
    )
    try:
        resource.setrlimit(kind, (soft, hard))
    except (ValueError, OSError):
        # macOS has no limit on the address space.
        if sys.platform == "linux":
            raise


def _drop_privileges(libc: ctypes.CDLL) -> None:
    """Drop root's privileges except searching folders of libraries. No effect without privileges."""
    kept = _CAP_DAC_READ_SEARCH if os.geteuid() == 0 else 0
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    # Effective, permitted and inheritable, for the lower and the upper 32 capabilities.
    sets = (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)
    if libc.capset(ctypes.byref(header), ctypes.byref(sets)) != 0:
        # A container may lack even that privilege.
        libc.capset(ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))
