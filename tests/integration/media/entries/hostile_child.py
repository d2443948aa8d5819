"""A decoder that a crafted file has taken over: tries every way out, and says which it found open."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import struct
import threading
from typing import TYPE_CHECKING, Any

import msgspec
from hostile_ways import BY_LIBRARY, Targets, at_process, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenedex.media.opened import OpenedMedia

# A file that the child cannot see is as good as refused.
_REFUSED = {errno.EPERM, errno.EACCES, errno.ENOSYS, errno.ENOENT}
_MACHINE = ("x86_64", "aarch64").index(platform.machine()) if platform.machine() in {"x86_64", "aarch64"} else None
_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_VM = 0x10000000, 0x40000000, 0x100
_NOBODY_ELSE = 999_999


def try_everything(opened: OpenedMedia, params: bytes) -> dict[str, str]:
    """Return the attempts that were not refused, each with what came of it."""
    targets = msgspec.json.decode(params, type=Targets)
    open_ways: dict[str, str] = {}
    for name, attempt in {"inherited descriptors": _descriptors, **_BY_CALL, **BY_LIBRARY}.items():
        try:
            found = attempt(opened, targets)
        except ValueError as error:
            # Python's word for a limit that may not be raised.
            if "not allowed to raise" not in str(error):
                open_ways[name] = str(error)
        except OSError as error:
            if error.errno not in _REFUSED:
                open_ways[name] = f"{type(error).__name__}: {error}"
        else:
            if found is not None:
                open_ways[name] = str(found)
    return open_ways


def call_everything(_opened: OpenedMedia, params: bytes) -> list[int]:
    """Make each of these calls without sensible arguments, and return those that reached the kernel."""
    return [number for number in msgspec.json.decode(params, type=Calls).numbers if not _is_refused(number)]


class Calls(msgspec.Struct, frozen=True):
    """Numbers of system calls."""

    numbers: tuple[int, ...]


def _is_refused(number: int) -> bool:
    ctypes.set_errno(0)
    return _LIBC.syscall(*(ctypes.c_long(value) for value in (number, *[-1] * 6))) == -1 and (
        ctypes.get_errno() in _REFUSED
    )


def _call(x86_64: int | None, aarch64: int | None, *arguments: int | bytes | ctypes.Array[Any]) -> int:
    number = (x86_64, aarch64)[_MACHINE or 0]
    if number is None:
        raise OSError(errno.ENOSYS, "no such call on this machine")
    passed = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    found = _LIBC.syscall(ctypes.c_long(number), *passed)
    if found < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return found


def _prctl(option: int, *arguments: int) -> str:
    if _LIBC.prctl(option, *(ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4])) < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return "done"


def _descriptors(opened: OpenedMedia, _targets: Targets) -> str | None:
    """Look for descriptors that are neither a pipe, the media, nor memory of this process."""
    expected = {opened.file.fileno()}
    strange = [
        f"{number} {os.readlink(f'/proc/self/fd/{number}')}"
        for number in map(int, os.listdir("/proc/self/fd"))
        if number not in expected and not _is_pipe(number)
    ]
    return ", ".join(strange) or None


def _is_pipe(descriptor: int) -> bool:
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}").startswith(("pipe:", "/proc/"))
    except OSError:
        return True


_WORD = struct.pack("ii", 1, 0)
_BY_CALL: dict[str, Callable[[OpenedMedia, Targets], object]] = {
    "clear PDEATHSIG": plain(lambda: _prctl(1, 0)),
    "set PDEATHSIG": plain(lambda: _prctl(1, signal.SIGUSR1)),
    "become traceable": plain(lambda: _prctl(4, 1)),
    "adopt orphans": plain(lambda: _prctl(36, 1)),
    "choose a tracer": plain(lambda: _prctl(0x59616D61, -1)),
    "relax the machine": plain(lambda: _prctl(53, 0, 1)),
    "keep privileges": plain(lambda: _prctl(8, 1)),
    "own session": plain(os.setsid),
    "own process group": plain(lambda: os.setpgid(0, 0)),
    "send a signal": at_process(lambda pid: os.kill(pid, 0)),
    "send a signal to all": plain(lambda: os.kill(-1, 0)),
    "send a signal to the group": plain(lambda: os.kill(0, 0)),
    "send a signal to a thread": at_process(lambda pid: _call(234, 131, pid, pid, 0)),
    "end as if the system killed it": plain(lambda: _call(234, 131, os.getpid(), threading.get_native_id(), 9)),
    "send a signal to any thread": at_process(lambda pid: _call(200, 130, pid, 0)),
    "queue a signal": at_process(lambda pid: _call(129, 138, pid, 0, bytes(128))),
    "queue a signal to a thread": at_process(lambda pid: _call(297, 240, pid, pid, 0, bytes(128))),
    "hold a process": at_process(lambda pid: _call(434, 434, pid, 0)),
    "signal by descriptor": plain(lambda: _call(424, 424, 0, 0, 0, 0)),
    "timer for a thread": plain(lambda: _call(222, 107, 1, bytes(64), bytes(8))),
    "interval timer": plain(lambda: _call(38, 103, 0, bytes(32), 0)),
    "wake at an alarm": plain(lambda: _call(37, None, 1)),
    "clone a process": plain(lambda: _call(56, 220, signal.SIGCHLD, 0, 0, 0, 0) or os._exit(0)),
    "clone a process that shares memory": plain(lambda: _call(56, 220, _CLONE_NEWUSER, 0, 0, 0, 0) or os._exit(0)),
    "clone3": plain(lambda: _call(435, 435, bytes(88), 88)),
    "trace": at_process(lambda pid: _call(101, 117, 16, pid, 0, 0)),
    "read memory of a process": at_process(lambda pid: _call(310, 270, pid, 0, 0, 0, 0, 0)),
    "write memory of a process": at_process(lambda pid: _call(311, 271, pid, 0, 0, 0, 0, 0)),
    "compare with a process": at_process(lambda pid: _call(312, 272, pid, pid, 0, 0, 0)),
    "limits of a process": at_process(lambda pid: _call(302, 261, pid, 7, 0, bytes(16))),
    "priority of a process": at_process(lambda pid: os.setpriority(os.PRIO_PROCESS, pid, 19)),
    "schedule of a process": at_process(lambda pid: os.sched_setaffinity(pid, {0})),
    "names of processes": at_process(os.getpgid),
    "shared memory of System V": plain(lambda: _call(29, 194, 0, 4096, 0o1600)),
    "semaphores": plain(lambda: _call(64, 190, 0, 1, 0o1600)),
    "message queues": plain(lambda: _call(68, 186, 0, 0o1600)),
    "message queues of POSIX": plain(lambda: _call(240, 180, b"/q", 0o102, 0o600, 0)),
    "notice by message queue": plain(lambda: _call(244, 184, 0, 0)),
    "secret memory": plain(lambda: _call(447, 447, 0)),
    "locked memory": plain(lambda: _call(149, 228, 0, 0)),
    "ring of system calls": plain(lambda: _call(425, 425, 1, bytes(120))),
    "asynchronous reads": plain(lambda: _call(206, 0, 1, bytes(8))),
    "page faults of one's own": plain(lambda: _call(323, 282, 1)),
    "kernel programs": plain(lambda: _call(321, 280, 0, bytes(64), 64)),
    "performance counters": plain(lambda: _call(298, 241, bytes(128), 0, -1, -1, 0)),
    "keyrings": plain(lambda: _call(250, 219, 0, -3, 0)),
    "keys": plain(lambda: _call(248, 217, b"user", b"k", b"v", 1, -3)),
    "new namespaces": plain(lambda: _call(272, 97, _CLONE_NEWUSER | _CLONE_NEWNET)),
    "namespaces of others": plain(lambda: _call(308, 268, 0, 0)),
    "mounts": plain(lambda: _call(165, 40, b"none", b"/tmp", b"tmpfs", 0, 0)),
    "new mounts": plain(lambda: _call(430, 430, b"tmpfs", 0)),
    "another root": plain(lambda: _call(161, 51, b"/tmp")),
    "files by handle": plain(lambda: _call(304, 265, -100, bytes(64), 0)),
    "handles of files": plain(lambda: _call(303, 264, -100, b"/usr", bytes(136), bytes(8), 0)),
    "another interface of the kernel": plain(lambda: _call(0x40000000 + 39, None)),
    "another personality": plain(lambda: _call(135, 92, 0x0040000)),
    "segments": plain(lambda: _call(154, None, 0, 0, 0)),
    "ports of the machine": plain(lambda: _call(172, None, 3)),
    "a filter of its own": plain(lambda: _call(317, 277, 1, 8, 0)),
    "another user": plain(lambda: _call(105, 146, 0)),
    "other groups": plain(lambda: _call(116, 159, 0, 0)),
    "privileges": plain(lambda: _call(126, 91, struct.pack("II", 0x20080522, 0), bytes(24))),
    "watch files": plain(lambda: _call(294, 26, 0)),
    "watch all files": plain(lambda: _call(300, 262, 0, 0)),
    "signals as a file": plain(lambda: _call(289, 74, -1, bytes(8), 8, 0)),
    "write out all disks": plain(lambda: _call(162, 81)),
    "splice": plain(lambda: _call(278, 75, 0, 0, 0, 0)),
    "the clock": plain(lambda: _call(227, 112, 0, bytes(16))),
    "name of the machine": plain(lambda: _call(170, 161, b"x", 1)),
    "log of the kernel": plain(lambda: _call(103, 116, 3, bytes(64), 64)),
    "Landlock of its own": plain(lambda: _call(444, 444, 0, 0, 1)),
}
