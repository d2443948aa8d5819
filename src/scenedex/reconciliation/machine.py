"""Leftovers of killed workers on this machine: folders and processes. All functions block."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scenedex.analysis.work_folders import WorkFolders
from scenedex.media.work_folder import abandoned_folders, remove_abandoned_folders

if TYPE_CHECKING:
    from collections.abc import Collection

_PROCESSES: Final = Path("/proc")
_CHILD: Final = b"scenedex.media.launch"
_SECONDS_TO_END: Final = 60
_PARENT, _STARTED = 1, 19  # positions in /proc/PID/stat after the name


def left_folders(work: Path, over: Collection[int]) -> list[Path]:
    """Return the folders of ended analyses, and of short work that was killed."""
    return [
        *(folder for index_id in sorted(over) for folder in work.glob(f"analysis-{index_id}-*")),
        *abandoned_folders(work),
    ]


def remove_folders(work: Path, over: Collection[int]) -> None:
    """Remove the folders of ended analyses, and of short work that was killed."""
    WorkFolders(work).remove(over)
    remove_abandoned_folders(work)


def left_processes(older_than_seconds: float = _SECONDS_TO_END) -> list[str]:
    """Return processes that decode media or run an engine without a worker. Always empty except on Linux."""
    found: list[str] = []
    for entry in _PROCESSES.glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            if _CHILD in (entry / "cmdline").read_bytes().split(b"\0") and _has_lost_worker(entry, older_than_seconds):
                found.append(f"process {entry.name}")
    return found


def _has_lost_worker(entry: Path, older_than_seconds: float) -> bool:
    facts = (entry / "stat").read_text().rpartition(")")[2].split()
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - int(facts[_STARTED]) / os.sysconf("SC_CLK_TCK")
    # In a container the worker may be the first process.
    is_of_init = facts[_PARENT] == "1" and b"scenedex" not in (_PROCESSES / "1" / "cmdline").read_bytes()
    return is_of_init and age > older_than_seconds
