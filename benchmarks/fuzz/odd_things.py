"""Contents of a bucket besides whole files: links, pipes, devices, odd names, and files that change meanwhile."""

from __future__ import annotations

import itertools
import os
import socket
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_ODD_NAMES: Final = (
    "with spaces.mp4",
    "-rf.mp4",
    "naïve ☃ 영상.mp4",
    "quote'\"`$(id).mp4",
    "%2e%2e%2fetc.mp4",
    "x" * 250 + ".mp4",
)


def odd_things(folder: Path, film: bytes) -> dict[str, Callable[[], None]]:
    """Put things that are not objects into the folder of a bucket. Return a call for each name that ends its use."""
    made: dict[str, Callable[[], None]] = {}

    def keep(name: str, end: Callable[[], None] = lambda: None) -> Path:
        made[name] = end
        return folder / name

    for name, target in (
        ("link-to-users.mp4", "/etc/passwd"),
        ("link-to-zeros.mp4", "/dev/zero"),
        ("loop.mp4", "loop.mp4"),
    ):
        keep(name).symlink_to(target)
    keep("folder.mp4").mkdir()
    os.mkfifo(keep("pipe.mp4"))
    (folder / "linked").symlink_to("/etc")
    made["linked/passwd"] = lambda: None
    with socket.socket(socket.AF_UNIX) as listening:
        place = keep("socket.mp4")
        # The name of a socket has to be short.
        here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            listening.bind(f"/proc/self/fd/{here}/{place.name}")
        finally:
            os.close(here)
    for name in (
        "name with spaces.mp4",
        "-rf.mp4",
        "naïve ☃ 영상.mp4",
        "quote'\"`$(id).mp4",
        "%2e%2e%2fetc.mp4",
        "x" * 250 + ".mp4",
    ):
        keep(name).write_bytes(film)
    for name, change in (("grows.mp4", _grow), ("shrinks.mp4", _shrink), ("changes.mp4", _replace)):
        stop = threading.Event()
        path = keep(name, stop.set)
        path.write_bytes(film)
        threading.Thread(target=_go_on, args=(path, film, change, stop), daemon=True).start()
    return made


def _go_on(path: Path, film: bytes, change: Callable[[Path, bytes, int], None], stop: threading.Event) -> None:
    for number in itertools.count():
        if stop.wait(0.1):
            return
        change(path, film, number)


def _grow(path: Path, film: bytes, _number: int) -> None:
    with path.open("ab") as file:
        file.write(film[:1000])


def _shrink(path: Path, film: bytes, number: int) -> None:
    os.truncate(path, max(1, len(film) - 100 * (number % 400)))


def _replace(path: Path, film: bytes, number: int) -> None:
    path.write_bytes(film[number % 1000 :] + film[: number % 1000])
