"""Processes of the system and their relations, read from /proc while they start and end."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

# The last is what reading raises if the process ends between the opening of the file and the reading.
_ENDED = (FileNotFoundError, ProcessLookupError)


def command_of(pid: int) -> str:
    """Return the command line with spaces between the words, or an empty text if the process has ended."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def fields_of(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on, or an empty list if the process has ended."""
    with contextlib.suppress(*_ENDED):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []


def is_running(pid: int) -> bool:
    return fields_of(pid)[:1] not in ([], ["Z"])


def parent_of(pid: int) -> int:
    """Return the id of the parent, or 0 if the process has ended."""
    return int((fields_of(pid) or ["", "0"])[1])


def children_of(pid: int) -> set[int]:
    """Return the children of all threads of a process."""
    found: set[int] = set()
    with contextlib.suppress(*_ENDED):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(*_ENDED):
                found |= {int(child) for child in (thread / "children").read_text().split()}
    return found


def without_forks(pids: Collection[int]) -> list[int]:
    """Return the processes that are no child of another one: a fork has the command line of its parent at first."""
    return [pid for pid in pids if parent_of(pid) not in pids]
