"""Totals of a running child: memory, threads and bytes on disk, which the worker measures and ends.

Limits of the system hold for each mapping and each file. These hold for all of them together.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scenedex.media import errors

if TYPE_CHECKING:
    from scenedex.media.limits import ChildLimits

_SECONDS_BETWEEN_LOOKS: Final = 0.1
# A look at many files takes at most this share of the time.
_SHARE_OF_TIME: Final = 0.05
# Positions in /proc/PID/stat after the name.
_USER_TICKS: Final = 11
_SYSTEM_TICKS: Final = 12
_GRACE_SECONDS: Final = 1
_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
_MEMORY_FIELDS: Final = frozenset({"RssAnon", "RssShmem", "VmSwap"})


@dataclass(frozen=True, slots=True)
class Written:
    """Files in a work folder: their number, and their bytes."""

    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Memory, threads and processor time of a process."""

    memory_bytes: int
    threads: int
    cpu_seconds: float


def family(pid: int) -> list[int]:
    """Return a process and its children."""
    found = [pid]
    with suppress(OSError, ValueError):
        found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split())
    return found


def can_be_watched() -> bool:
    """Return whether this machine shows the memory and threads of processes."""
    own = os.getpid()
    return sys.platform == "linux" and _taken(own).threads > 0 and Path(f"/proc/{own}/task/{own}/children").exists()


async def exceeded_total(pid: int, limits: ChildLimits, work_dir: Path | None) -> errors.ChildFailed:
    """Return once a child exceeds a total. Runs until cancelled if it never does.

    Args:
        pid: the child, or the process that waits for it.
        limits: its limits.
        work_dir: the folder that it writes to.
    """
    in_memory = work_dir is not None and _is_in_memory(work_dir)
    pause = _SECONDS_BETWEEN_LOOKS
    while True:
        await asyncio.sleep(pause)
        started = time.monotonic()
        written = Written(0, 0) if work_dir is None else await asyncio.to_thread(measure_folder, work_dir)
        taken = [_taken(one) for one in family(pid)]
        memory_bytes = sum(one.memory_bytes for one in taken) + (written.size_bytes if in_memory else 0)
        if memory_bytes > limits.memory_bytes:
            return errors.ChildOutOfMemory(
                f"The process took {memory_bytes >> 20} MiB of memory and may take {limits.memory_bytes >> 20} MiB."
            )
        # A child can block the signal at this limit, and would pass for killed by the system at the next one.
        if any(one.cpu_seconds > limits.cpu_seconds + _GRACE_SECONDS for one in taken):
            return errors.ChildTimedOut("The file needs more processor time than a decoder may use.")
        if any(one.threads > limits.max_threads for one in taken):
            return errors.ChildCrashed(f"The process started more than {limits.max_threads} threads and was stopped.")
        if (excess := excess_on_disk(written, limits)) is not None:
            return excess
        pause = max(_SECONDS_BETWEEN_LOOKS, (time.monotonic() - started) / _SHARE_OF_TIME)


def excess_on_disk(written: Written, limits: ChildLimits) -> errors.ChildFailed | None:
    """Return the error of a child that wrote more than it may, or `None`."""
    if written.size_bytes > limits.file_size_bytes:
        return errors.ChildWroteTooMuch(
            f"The process wrote more than the {limits.file_size_bytes >> 20} MiB that it may write and was stopped."
        )
    if written.files > limits.max_files:
        return errors.ChildWroteTooMuch(f"The process made more than {limits.max_files} files and was stopped.")
    return None


def measure_folder(folder: Path) -> Written:
    """Measure the files that are directly in a folder. A child makes no folders."""
    files = size_bytes = 0
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                found = entry.stat(follow_symlinks=False)
                files += 1
                size_bytes += found.st_size
    return Written(files, size_bytes)


def _taken(pid: int) -> Taken:
    memory = threads = ticks = 0
    with suppress(OSError, ValueError):
        facts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        ticks = int(facts[_USER_TICKS]) + int(facts[_SYSTEM_TICKS])
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name in _MEMORY_FIELDS:
                memory += int(value.split()[0]) * 1024
            elif name == "Threads":
                threads = int(value)
    return Taken(memory, threads, ticks / os.sysconf("SC_CLK_TCK"))


def _is_in_memory(folder: Path) -> bool:
    """Return whether files of a folder are kept in memory."""
    place, kind = "", ""
    resolved = str(folder.resolve())
    with suppress(OSError):
        for line in Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines():
            _device, mounted, found, *_rest = line.split(" ")
            is_above = mounted in {"/", resolved} or resolved.startswith(f"{mounted}/")
            if is_above and len(mounted) >= len(place):
                place, kind = mounted, found
    return kind in _IN_MEMORY
