"""Control group of a media child: the kernel bounds its memory and processes in total. Source: cgroup-v2(7).

Used where a service manager has delegated a part of the tree to the worker, as systemd does with ``Delegate=`` and
``DelegateSubgroup=``: the worker is in one group of that part, and each child gets another beside it. Elsewhere
`totals` measures and ends, which it also does here.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scenedex.media.totals import family

if TYPE_CHECKING:
    from scenedex.media.limits import ChildLimits

_CONTROLLERS: Final = ("memory", "pids")
_MARKS: Final = ("user.delegate", "trusted.delegate")
# The process that waits for a child, and what the kernel keeps for both.
_OWN_PROCESSES: Final = 8
_OWN_MEMORY_BYTES: Final = 64 * 1024**2


def delegated_folder() -> Path | None:
    """Return the folder of the delegated part of the tree, or `None` if nothing is delegated to this process."""
    if sys.platform != "linux":
        return None
    try:
        own = _own_folder()
        if own is None:
            return None
        marks = set(os.listxattr(own.parent))
        if not marks & set(_MARKS) or (own.parent / "cgroup.procs").read_text(encoding="ascii").strip():
            return None
        _enable(own.parent)
    except OSError:
        return None
    return own.parent


def enclose(pid: int, limits: ChildLimits) -> Path | None:
    """Move a process and its children into a group of their own with these limits.

    Returns:
        The folder of the group, for `remove_group`. `None` if nothing is delegated to this process.
    """
    if (parent := delegated_folder()) is None:
        return None
    group = parent / f"media-{pid}"
    try:
        group.mkdir(exist_ok=True)
        (group / "memory.max").write_text(str(limits.memory_bytes + _OWN_MEMORY_BYTES), encoding="ascii")
        with suppress(OSError):
            # A kernel without swap has no such file.
            (group / "memory.swap.max").write_text("0", encoding="ascii")
        (group / "memory.oom.group").write_text("1", encoding="ascii")
        (group / "pids.max").write_text(str(limits.max_threads + _OWN_PROCESSES), encoding="ascii")
        # The process first: what it starts from then on is in its group.
        (group / "cgroup.procs").write_text(str(pid), encoding="ascii")
        for started in family(pid)[1:]:
            with suppress(ProcessLookupError):
                (group / "cgroup.procs").write_text(str(started), encoding="ascii")
    except OSError:
        remove_group(group)
        return None
    return group


def remove_group(group: Path) -> None:
    """Kill what is left in a group and remove it. The kernel refuses until its processes have ended."""
    with suppress(OSError):
        (group / "cgroup.kill").write_text("1", encoding="ascii")
    with suppress(OSError):
        group.rmdir()


def _own_folder() -> Path | None:
    """Return the folder of this process's group, unless it is the root of the tree."""
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    roots = [line.split(" ")[1] for line in mounts if line.split(" ")[2] == "cgroup2"]
    lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    paths = [line.removeprefix("0::") for line in lines if line.startswith("0::")]
    if not roots or not paths or paths[0] == "/":
        return None
    return Path(roots[0]) / paths[0].lstrip("/")


def _enable(folder: Path) -> None:
    """Let the groups of a folder have limits of memory and processes."""
    present = (folder / "cgroup.subtree_control").read_text(encoding="ascii").split()
    missing = [f"+{name}" for name in _CONTROLLERS if name not in present]
    if missing:
        (folder / "cgroup.subtree_control").write_text(" ".join(missing), encoding="ascii")
