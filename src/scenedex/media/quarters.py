"""User id and work folder of the media child. Sources: credentials(7), user_namespaces(7).

Each child of a worker of root has a user id of its own: the first one of the setting, plus its process id.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.media.namespaces import LaunchedProcess, new_user_namespace
from scenedex.media.reachability import make_reachable

if TYPE_CHECKING:
    import ctypes
    from collections.abc import Sequence
    from pathlib import Path

_PR_SET_DUMPABLE, _PR_SET_KEEPCAPS = 4, 8
# Threads are counted by user id and user namespace since this version of Linux, and by user id alone before.
_COUNTS_BY_NAMESPACE: Final = (5, 14)
_POSSIBLE_IDS: Final = 1 << 22
CAP_DAC_READ_SEARCH: Final = 1 << 2
"""Bit of the only privilege that a child ever keeps: its files may be in folders that only root can search."""


class Quarters(msgspec.Struct, frozen=True):
    """Identity of a child.

    Attributes:
        origin: its process.
        has_own_user: whether its user id is that of no other process.
        needs_search: whether it must keep the privilege to search folders, since its files are in private ones.
        counts_threads: whether the system counts its threads apart from those of other processes.
    """

    origin: LaunchedProcess
    has_own_user: bool
    needs_search: bool
    counts_threads: bool


def settle(
    libc: ctypes.CDLL,
    origin: LaunchedProcess,
    *,
    first_user_id: int | None,
    libraries: Sequence[str],
    weights: Sequence[str],
    work_dir: str | None,
) -> Quarters:
    """Change to the child's own user id, if this process is root's and the machine allows it.

    Args:
        libc: the C library.
        origin: this process.
        first_user_id: user id of the process 0. `None`: keep the worker's.
        libraries: folders and files of libraries.
        weights: folders of weights.
        work_dir: folder that the child writes to, which the new user gets.
    """
    is_root = os.geteuid() == 0
    if not is_root or first_user_id is None:
        counts = origin.has_user_namespace and _kernel() >= _COUNTS_BY_NAMESPACE
        return Quarters(origin, has_own_user=False, needs_search=is_root, counts_threads=counts)
    user_id = first_user_id + origin.number % _POSSIBLE_IDS
    needs_search = not make_reachable(libc, user_id, libraries, weights, work_dir)
    if needs_search and not _may_search():
        return Quarters(origin, has_own_user=False, needs_search=True, counts_threads=False)
    if not _become(libc, user_id, work_dir, keeps_search=needs_search):
        return Quarters(origin, has_own_user=False, needs_search=True, counts_threads=False)
    if not needs_search:
        # A privilege of this namespace would be none outside of another one.
        libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
        new_user_namespace(libc)
    return Quarters(origin, has_own_user=True, needs_search=needs_search, counts_threads=True)


def take_back(work_dir: Path) -> None:
    """Give a work folder and its files back to the user of this process, where a child had a user id of its own."""
    user_id, group_id = os.geteuid(), os.getegid()
    with suppress(OSError):
        if user_id != 0 or work_dir.lstat().st_uid == user_id:
            return
        os.chown(work_dir, user_id, group_id)
        with os.scandir(work_dir) as entries:
            for entry in entries:
                os.chown(entry.path, user_id, group_id, follow_symlinks=False)


def _become(libc: ctypes.CDLL, user_id: int, work_dir: str | None, *, keeps_search: bool) -> bool:
    try:
        if work_dir is not None:
            os.chown(work_dir, user_id, user_id)
        if keeps_search:
            libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setgroups([])
        os.setresgid(user_id, user_id, user_id)
        os.setresuid(user_id, user_id, user_id)
    except OSError:
        if work_dir is not None:
            with suppress(OSError):
                os.chown(work_dir, os.geteuid(), os.getegid())
        return False
    return True


def _may_search() -> bool:
    """Return whether this process has the privilege to search folders, which containers of root may lack."""
    with open("/proc/self/status", encoding="utf-8") as status:  # noqa: PTH123  # read line by line
        permitted = next((line.split()[1] for line in status if line.startswith("CapPrm:")), "0")
    return bool(int(permitted, 16) & CAP_DAC_READ_SEARCH)


def _kernel() -> tuple[int, int]:
    major, minor = os.uname().release.split(".")[:2]
    return int(major), int("".join(char for char in minor if char.isdecimal()) or 0)
