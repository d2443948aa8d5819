"""Limits of a media child."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_USER_ID = 1_900_000_000
"""First of the user ids of children of a worker that runs as root. The last one is `LAST_USER_ID`."""
LAST_USER_ID = FIRST_USER_ID + (1 << 22) - 1


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Limits of a child process.

    Attributes:
        memory_bytes: address space, and all memory together.
        cpu_seconds: processor time over all threads.
        wall_seconds: time from start to result.
        stall_seconds: maximum time without progress.
        file_size_bytes: maximum size of all files that it writes together.
        max_pixels: maximum pixels of a picture. A header that claims more is refused before decoding.
        on_failure: called with the reason of a failure: memory, disk, time, stall, crash, engine, writes or killed.
        max_threads: maximum number of threads.
        max_files: maximum number of files that it writes.
        first_user_id: first user id of children if the worker runs as root. `None`: keep the worker's.
    """

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: float
    stall_seconds: float
    file_size_bytes: int
    max_pixels: int
    on_failure: Callable[[str], None] = field(default=lambda _reason: None, compare=False)
    max_threads: int = 256
    max_files: int = 100_000
    first_user_id: int | None = FIRST_USER_ID
