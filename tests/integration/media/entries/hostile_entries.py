"""Acts of a decoder that a crafted file has taken over. Runs in the media child only."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import msgspec

from scenedex.media.errors import MediaUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenedex.media.opened import OpenedMedia


class Attempt(msgspec.Struct, frozen=True):
    """Act to try, and its target."""

    what: str = ""
    where: str = ""


def tell_size(opened: OpenedMedia, _params: bytes) -> int:
    return opened.file.seek(0, os.SEEK_END)


def tell_and_read_one_byte(opened: OpenedMedia, _params: bytes) -> int:
    opened.file.seek(0)
    opened.file.read(1)
    time.sleep(0.3)
    return opened.file.seek(0, os.SEEK_END)


def read_it_all(opened: OpenedMedia, _params: bytes) -> int:
    opened.file.seek(0)
    total = 0
    while part := opened.file.read(100_000):
        total += sum(part[:: len(part)])
    return total


def count_frames(opened: OpenedMedia, _params: bytes) -> list[int]:
    """Return the number of frames and the sides of the last luma sample, slowly enough for progress reports."""
    frames, luma = 0, (0, 0)
    with opened.video() as video:
        for frame in video.frames():
            frames += 1
            luma = frame.sampled_planes()[0].shape
            time.sleep(0.01)
    return [frames, *luma]


def count_frames_with_many_threads(opened: OpenedMedia, _params: bytes) -> int:
    """Count frames with many threads, each of which needs some megabytes for its stack."""
    with opened.video(threads=16) as video:
        return sum(1 for _ in video.frames())


def find_the_disk_full(_opened: OpenedMedia, _params: bytes) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def loaded_by_a_probe(opened: OpenedMedia, params: bytes) -> list[str]:
    """Return the costly modules that a probe has loaded."""
    from scenedex.media.probe_entry import measure  # noqa: PLC0415  # only what a probe loads

    measure(opened, params)
    return [name for name in ("asyncio", "ssl", "numpy", "PIL", "pillow_heif") if name in sys.modules]


def grow(_opened: OpenedMedia, _params: bytes) -> NoReturn:
    kept: list[bytes] = []
    while True:
        kept.append(bytes(16 * 1024**2))


def map_without_end(_opened: OpenedMedia, _params: bytes) -> NoReturn:
    kept: list[mmap.mmap] = []
    while True:
        kept.append(mmap.mmap(-1, 64 * 1024**2))


def spin(_opened: OpenedMedia, _params: bytes) -> NoReturn:
    while True:
        pass


def spin_without_signals(_opened: OpenedMedia, _params: bytes) -> NoReturn:
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.Signals)
    while True:
        pass


def sleep(_opened: OpenedMedia, _params: bytes) -> None:
    time.sleep(60)


def claim_the_same_progress(opened: OpenedMedia, _params: bytes) -> NoReturn:
    while True:
        opened.report(0.5, 7)
        time.sleep(0.02)


def go_on_slowly(opened: OpenedMedia, _params: bytes) -> str:
    for step in range(25):
        opened.report(0.0, step)
        time.sleep(0.1)
    return "arrived"


def report_without_end(opened: OpenedMedia, _params: bytes) -> NoReturn:
    done = 0
    while True:
        done += 1
        opened.report(0.5, done)
        os.write(2, b"x" * 100)


def wander(opened: OpenedMedia, _params: bytes) -> str:
    for fraction in (0.2, 0.1, 0.6, 7.0, -1.0, 0.4, 0.9):
        opened.report(fraction, 0)
    return "arrived"


def crash(_opened: OpenedMedia, _params: bytes) -> None:
    ctypes.string_at(0)


def fail(_opened: OpenedMedia, _params: bytes) -> None:
    raise KeyError("a mistake of ours")


def leave(_opened: OpenedMedia, _params: bytes) -> NoReturn:
    os._exit(3)


def babble(_opened: OpenedMedia, _params: bytes) -> NoReturn:
    for descriptor in range(1, 64):
        try:
            os.write(descriptor, b"\x00\x00\x00\x05nonsense" * 1000)
        except OSError:
            continue
    time.sleep(60)
    os._exit(0)


def complain_at_length(_opened: OpenedMedia, _params: bytes) -> str:
    for _ in range(1000):
        sys.stderr.write("x" * 1000)
        print("and on standard output")  # noqa: T201  # a library that prints
    return "said"


def refuse_in_strange_words(_opened: OpenedMedia, _params: bytes) -> NoReturn:
    raise MediaUnreadable("\x00\x1b[2J\udc80" + "x" * 10_000_000)


def list_the_environment(_opened: OpenedMedia, _params: bytes) -> list[str]:
    return sorted(os.environ)


def start_a_thread(_opened: OpenedMedia, _params: bytes) -> str:
    heard: list[str] = []
    thread = threading.Thread(target=lambda: heard.append("from a thread"))
    thread.start()
    thread.join()
    return heard[0]


def write_in_work_dir(opened: OpenedMedia, params: bytes) -> str:
    size = int(msgspec.json.decode(params, type=Attempt).what)
    try:
        (opened.work_dir / "made").write_bytes(bytes(size))
    except OSError as error:
        return type(error).__name__
    return "done"


def attempt(_opened: OpenedMedia, params: bytes) -> str:
    """Try one act and return its outcome."""
    order = msgspec.json.decode(params, type=Attempt)
    try:
        _ATTEMPTS[order.what](order.where)
    except OSError as error:
        return type(error).__name__
    return "done"


def _system_call(number: int, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(ctypes.c_long(number), *(ctypes.c_long(argument) for argument in arguments)) < 0:
        raise OSError(ctypes.get_errno(), "refused")


_ATTEMPTS: dict[str, Callable[[str], object]] = {
    "connect": lambda _: socket.create_connection(("127.0.0.1", 9)),
    "unix socket": lambda _: socket.socket(socket.AF_UNIX),
    "fork": lambda _: os.fork(),
    "execute": lambda _: os.execv("/bin/true", ["true"]),  # noqa: S606  # that is the attempt
    "signal the parent": lambda where: os.kill(int(where), 0),
    "signal a thread of the parent": lambda where: _system_call(234, int(where), int(where), 0),
    "limits of the parent": lambda where: _system_call(302, int(where), 7, 0, 0),
    "trace the parent": lambda where: _system_call(101, 16, int(where), 0, 0),
    "shared memory": lambda _: _system_call(29, 0, 4096, 0o1600),
    "another interface of the kernel": lambda _: _system_call(0x40000000 + 39),
    "read": lambda where: Path(where).read_bytes(),
    "list": os.listdir,
    "read memory of the parent": lambda where: Path(f"/proc/{where}/environ").read_bytes(),
    "write": lambda where: Path(where).write_text("mine"),
    "truncate": lambda where: os.truncate(where, 0),
    "remove": os.remove,
    "permit": lambda where: Path(where).chmod(0o777),
    "make a folder": os.mkdir,
    "change times": lambda where: os.utime(where, (0, 0)),
    "watch": lambda _: _system_call(294, 0),
}
