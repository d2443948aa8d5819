"""Namespaces of the media child. Sources: unshare(2), user_namespaces(7), pid_namespaces(7).

A worker of root gives its children namespaces of processes, network and queues. A worker of an ordinary user does so by
way of a user namespace. What the machine refuses is left out. Imports only what the process that waits needs.
"""

from __future__ import annotations

import ctypes
import os

_PR_SET_PDEATHSIG, _SIGABRT, _SIGKILL, _SIGXCPU = 1, 6, 9, 24
_NEW_USER, _NEW_PROCESSES = 0x10000000, 0x20000000
_NEW_NETWORK, _NEW_QUEUES, _NEW_NAMES = 0x40000000, 0x08000000, 0x04000000


class LaunchedProcess:
    """Process of the child before its isolation.

    Attributes:
        worker: process id of the worker.
        number: process id of the child outside of its namespaces, or of the process that waits for it.
        has_user_namespace: whether it has a user namespace.
        has_namespaces: whether it has namespaces of processes and network.
    """

    __slots__ = ("_waiting", "has_namespaces", "has_user_namespace", "number", "worker")

    def __init__(
        self, worker: int, number: int, *, has_user_namespace: bool, has_namespaces: bool, waiting: int | None
    ) -> None:
        self.worker = worker
        self.number = number
        self.has_user_namespace = has_user_namespace
        self.has_namespaces = has_namespaces
        self._waiting = waiting

    def is_orphan(self) -> bool:
        """Return whether the worker, or the process that waits for the child, has ended."""
        if self._waiting is None:
            return os.getppid() != self.worker
        os.set_blocking(self._waiting, False)
        try:
            # The other end is open, and silent, as long as that process lives.
            return os.read(self._waiting, 1) == b""
        except BlockingIOError:
            return False


def new_user_namespace(libc: ctypes.CDLL) -> bool:
    """Enter a user namespace in which this user has the same id as outside, and no other user has one."""
    user_id, group_id = os.geteuid(), os.getegid()
    if libc.unshare(_NEW_USER) != 0:
        return False
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user_id} {user_id} 1"),
        ("gid_map", f"{group_id} {group_id} 1"),
    ):
        try:
            descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            os.write(descriptor, text.encode())
        except OSError:
            # Some machines grant the namespace without any privilege in it.
            continue
        finally:
            os.close(descriptor)
    return True


def enter_namespaces(worker: int, media: int) -> LaunchedProcess:
    """Enter namespaces and return in the process that goes on as the child.

    Args:
        worker: process id of the worker.
        media: descriptor of the media, which only the child needs.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    number = os.getpid()
    has_user_namespace = os.geteuid() != 0 and new_user_namespace(libc)
    has_namespaces, waiting = False, None
    if os.geteuid() == 0 or has_user_namespace:
        libc.unshare(_NEW_QUEUES | _NEW_NAMES)
        has_namespaces = libc.unshare(_NEW_NETWORK | _NEW_PROCESSES) == 0
    if has_namespaces:
        waiting = _go_on_inside(libc, worker, media)
    return LaunchedProcess(
        worker, number, has_user_namespace=has_user_namespace, has_namespaces=has_namespaces, waiting=waiting
    )


def _go_on_inside(libc: ctypes.CDLL, worker: int, media: int) -> int:
    """Go on in a new process, the first of its namespace. This one waits for it, and ends as it did.

    Returns:
        A descriptor that ends with the process that waits.
    """
    libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    if os.getppid() != worker:
        os._exit(1)
    reading, writing = os.pipe()
    inside = os.fork()
    if inside:
        for descriptor in (0, 1, 2, media, reading):
            os.close(descriptor)
        _end_like(libc, os.waitpid(inside, 0)[1])
    os.close(writing)
    # The first process of a namespace ignores these signals unless it handles them.
    end = ctypes.cast(libc._exit, ctypes.c_void_p)  # noqa: SLF001  # a function of the C library
    libc.signal.argtypes, libc.signal.restype = (ctypes.c_int, ctypes.c_void_p), ctypes.c_void_p
    for signal in (_SIGXCPU, _SIGABRT):
        libc.signal(signal, end)
    return reading


def _end_like(libc: ctypes.CDLL, status: int) -> None:
    """End as the process with this status did."""
    if os.WIFSIGNALED(status):
        libc.prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: one core file is enough
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
