"""Walls around a media child: what each keeps in, and what is open on a machine without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scenedex.media.wall_names import WallName


@dataclass(frozen=True, slots=True)
class Wall:
    """Declaration of a wall.

    Attributes:
        name: its name.
        means: how the machine builds it.
        open_without: what a taken-over decoder can do where it is missing.
        is_required: whether `media.isolation = required` asks for it. The others stand behind one that is required.
        remedy: what the operator can do.
    """

    name: WallName
    means: str
    open_without: str
    is_required: bool
    remedy: str


WALLS: Final = (
    Wall(
        WallName.LIMITS,
        "limits on memory, processor time and files",
        "a child can take all memory of the machine",
        True,
        "Run workers on Linux",
    ),
    Wall(
        WallName.CALLS,
        "an allow-list of system calls (seccomp)",
        "a child can use the network, start programs, and stop or read other processes of its user",
        True,
        "Run workers on Linux, x86_64 or aarch64, in a container that allows seccomp filters",
    ),
    Wall(
        WallName.FILES,
        "only its own files (Landlock)",
        "a child can read and change every file that the worker's user can",
        True,
        "Run workers on Linux 5.13 or later that starts Landlock, in a container that allows it",
    ),
    Wall(
        WallName.DEATH,
        "its end with the worker (PDEATHSIG)",
        "a child can run on after its worker was killed",
        True,
        "Run workers on Linux",
    ),
    Wall(
        WallName.TOTALS,
        "totals of memory, threads and bytes on disk",
        "a child can take any number of threads, and fill the disk with many files",
        True,
        "Run workers on Linux with /proc",
    ),
    Wall(
        WallName.GROUP,
        "totals of memory and threads that the system keeps (control group)",
        "a child can exceed its totals for some tenths of a second, until the worker stops it",
        False,
        "Run workers by systemd with Delegate= and DelegateSubgroup=, as deploy/systemd does",
    ),
    Wall(
        WallName.THREADS,
        "a number of threads that the system counts",
        "a child can start some thousand threads before the worker stops it",
        False,
        "Run workers as root, or allow user namespaces, with Linux 5.14 or later",
    ),
    Wall(
        WallName.SIGNALS,
        "no signals, a second time (Landlock)",
        "only the allow-list of system calls keeps signals from other processes of the user",
        False,
        "Run workers on Linux 6.12 or later",
    ),
    Wall(
        WallName.USER,
        "a user id of its own",
        "only the other walls keep a child from what belongs to the worker's user",
        False,
        "Run workers as root, or rely on the other walls",
    ),
    Wall(
        WallName.NAMESPACES,
        "namespaces of processes and network",
        "only the allow-list of system calls keeps the network and other processes from a child",
        False,
        "Run workers as root, or allow user namespaces to the worker's user",
    ),
)
