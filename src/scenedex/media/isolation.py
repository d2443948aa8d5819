"""Sandbox of the child: limits, no privileges, no network, no other programs or processes, few files.

Linux offers all of them. Other systems have the resource limits only. Sources: prctl(2), capabilities(7), getrlimit(2).
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from typing import TYPE_CHECKING

import msgspec

from scenedex.media.landlock import restrict_files
from scenedex.media.quarters import CAP_DAC_READ_SEARCH, Quarters, settle
from scenedex.media.seccomp import refuse_system_calls
from scenedex.media.wall_names import WallName

if TYPE_CHECKING:
    from scenedex.media.messages import ChildRequest
    from scenedex.media.namespaces import LaunchedProcess

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_CAPABILITY_VERSION = 0x20080522
_MAX_DESCRIPTORS = 256
_LANDLOCK_WITH_SIGNALS = 6
# Delay between the signal at the limit of processor time and the one that cannot be caught.
_GRACE_SECONDS = 5
_READABLE = (
    "/usr",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/dev/urandom",
    "/dev/null",
    # Not all of /proc/self, which shows the connections of the machine.
    *(
        f"/proc/self/{name}"
        for name in ("auxv", "cgroup", "cmdline", "environ", "fd", "maps", "stat", "statm", "status")
    ),
    "/sys/devices/system/cpu",
)


def enter_quarters(request: ChildRequest, origin: LaunchedProcess) -> Quarters:
    """Change to the user id of the child."""
    return settle(
        ctypes.CDLL(None, use_errno=True),
        origin,
        first_user_id=request.first_user_id,
        # One file stands for the modes of each tree of libraries.
        libraries=(*_libraries(), __file__, *filter(None, (os.__file__, msgspec.__file__))),
        weights=request.readable,
        work_dir=request.work_dir,
    )


def isolate(request: ChildRequest, quarters: Quarters | None) -> frozenset[WallName]:
    """Apply every restriction that this machine offers, after the imports and before opening the media.

    Args:
        request: the request.
        quarters: identity of this process, `None` on systems other than Linux.

    Returns:
        The walls that are in force.
    """
    # With 1 instead of 0, the system starts no program that takes the memory of a crash either: see core(5).
    _limit(resource.RLIMIT_CORE, 1)
    _limit(resource.RLIMIT_CPU, request.cpu_seconds, request.cpu_seconds + _GRACE_SECONDS)
    _limit(resource.RLIMIT_FSIZE, request.file_size_bytes if request.work_dir is not None else 0)
    _limit(resource.RLIMIT_NOFILE, _MAX_DESCRIPTORS)
    walls = {WallName.LIMITS} if _limit(resource.RLIMIT_AS, request.memory_bytes) else set[WallName]()
    if quarters is None:
        return frozenset(walls)
    libc = ctypes.CDLL(None, use_errno=True)
    # A change of the user id resets the signal, so this comes after it.
    libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if quarters.origin.is_orphan():
        # The parent died before it could be watched.
        os._exit(1)
    if quarters.counts_threads:
        _limit(resource.RLIMIT_NPROC, request.max_threads)
        walls.add(WallName.THREADS)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _drop_privileges(libc, keeps_search=quarters.needs_search)
    version = restrict_files(libc, {*_libraries(), *_READABLE, *request.readable}, request.work_dir)
    walls |= {
        name
        for name, is_there in (
            (WallName.DEATH, True),
            (WallName.USER, quarters.has_own_user),
            (WallName.NAMESPACES, quarters.origin.has_namespaces),
            (WallName.FILES, version > 0),
            (WallName.SIGNALS, version >= _LANDLOCK_WITH_SIGNALS),
            (WallName.CALLS, refuse_system_calls(libc)),
        )
        if is_there
    }
    return frozenset(walls)


def _libraries() -> set[str]:
    return {sys.prefix, sys.base_prefix, *filter(None, sys.path)}


def _limit(kind: int, soft_limit: int, hard_limit: int | None = None) -> bool:
    """Set a limit and return whether this system has it."""
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
        return False
    return True


def _drop_privileges(libc: ctypes.CDLL, *, keeps_search: bool) -> None:
    """Drop all privileges, or all but searching folders. No effect without privileges."""
    kept = CAP_DAC_READ_SEARCH if keeps_search else 0
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    # Effective, permitted and inheritable, for the lower and the upper 32 capabilities.
    sets = (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)
    if libc.capset(ctypes.byref(header), ctypes.byref(sets)) != 0:
        # A container may lack even that privilege.
        libc.capset(ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))
