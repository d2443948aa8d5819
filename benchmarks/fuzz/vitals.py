"""Vital signs of the processes of a server: lifetime, memory, descriptors, threads and children."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from benchmarks.api.running import children, memory_mib

_START_TIME = 19


@dataclass(frozen=True, slots=True)
class Vitals:
    """One process at one moment.

    Attributes:
        name: its role.
        pid: its number.
        started: time of its start, in ticks since the machine started. With the number, it identifies the process.
        memory_mib: resident memory.
        descriptors: number of open descriptors.
        threads: number of threads.
        children: processes that it has started.
    """

    name: str
    pid: int
    started: int
    memory_mib: float
    descriptors: int
    threads: int
    children: int

    @property
    def identity(self) -> tuple[str, int, int]:
        """The same as long as the process is."""
        return self.name, self.pid, self.started


def vitals_of(server: int) -> list[Vitals]:
    """Return the vital signs of the API process and of its workers."""
    workers = [pid for pid in children(server) if _is_worker(pid)]
    return [_look("API", server), *(_look("worker", pid) for pid in workers)]


def table(before: list[Vitals], after: list[Vitals]) -> str:
    """Before and after, side by side."""
    lines = [
        "| process | MiB before | after | descriptors before | after | threads before | after | children after |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in before:
        then = next((later for later in after if later.identity == one.identity), None)
        if then is None:
            lines.append(f"| {one.name} | {one.memory_mib:.0f} | **gone** | | | | | |")
            continue
        lines.append(
            f"| {one.name} | {one.memory_mib:.0f} | {then.memory_mib:.0f} | {one.descriptors} | {then.descriptors}"
            f" | {one.threads} | {then.threads} | {then.children} |"
        )
    return "\n".join(lines)


def _look(name: str, pid: int) -> Vitals:
    process = Path(f"/proc/{pid}")
    fields = (process / "stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return Vitals(
        name,
        pid,
        int(fields[_START_TIME]),
        memory_mib(pid),
        len(list((process / "fd").iterdir())),
        len(list((process / "task").iterdir())),
        len(children(pid)),
    )


def _is_worker(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return False
