"""A taken-over decoder that takes as much memory, threads and bytes on disk as it can get."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from scenedex.media.opened import OpenedMedia

_CHUNK = 16 * 1024**2
_LIBC = ctypes.CDLL(None, use_errno=True)


class Flood(msgspec.Struct, frozen=True):
    """Amount that the child wants: bytes, threads or files."""

    wanted: int
    bytes_each: int = 0


def fill_hidden_files(_opened: OpenedMedia, params: bytes) -> int:
    """Return the bytes of memory that were taken through files without a name."""
    wanted, taken = msgspec.json.decode(params, type=Flood).wanted, 0
    while taken < wanted:
        try:
            descriptor = os.memfd_create("hidden")
            taken += os.write(descriptor, bytes(_CHUNK))
        except OSError:
            break
    return taken


def fill_memory(_opened: OpenedMedia, params: bytes) -> int:
    """Return the bytes of memory that were taken, private and shared."""
    wanted, kept = msgspec.json.decode(params, type=Flood).wanted, list[mmap.mmap]()
    try:
        while len(kept) * _CHUNK < wanted:
            kept.append(mmap.mmap(-1, _CHUNK))
            kept[-1].write(b"x" * _CHUNK)
    except (OSError, MemoryError, ValueError):
        pass
    return len(kept) * _CHUNK


def start_threads(_opened: OpenedMedia, params: bytes) -> int:
    """Return the number of threads that were started, after a time in which they are seen."""
    wanted, started = msgspec.json.decode(params, type=Flood).wanted, 0
    threading.stack_size(64 * 1024)
    end = threading.Event()
    for _ in range(wanted):
        try:
            threading.Thread(target=end.wait, daemon=True).start()
        except RuntimeError:
            break
        started += 1
    time.sleep(1)
    return started


def fill_the_disk(opened: OpenedMedia, params: bytes) -> int:
    """Return the bytes that were written to many files, after a time in which they are seen."""
    flood, written = msgspec.json.decode(params, type=Flood), 0
    for number in range(flood.wanted):
        try:
            (opened.work_dir / f"{number}").write_bytes(bytes(flood.bytes_each))
        except OSError:
            break
        written += flood.bytes_each
    time.sleep(1)
    return written


def fill_removed_files(opened: OpenedMedia, params: bytes) -> int:
    """Return the bytes that were written to files without a name in the work folder."""
    flood, kept, written = msgspec.json.decode(params, type=Flood), list[int](), 0
    for number in range(flood.wanted):
        path = opened.work_dir / f"{number}"
        try:
            kept.append(os.open(path, os.O_CREAT | os.O_WRONLY))
            path.unlink()
        except OSError:
            break
        written += os.write(kept[-1], bytes(flood.bytes_each))
    time.sleep(1)
    return written


def read_group(_opened: OpenedMedia, _params: bytes) -> str:
    """Return the control group of this process."""
    return Path("/proc/self/cgroup").read_text()


def outlive(opened: OpenedMedia, _params: bytes) -> None:
    """Try to live longer than the worker, and note in the work folder that it was tried."""
    _LIBC.prctl(1, 0, 0, 0, 0)
    for leave in (os.setsid, lambda: os.setpgid(0, 0)):
        try:
            leave()
        except OSError:
            continue
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGXCPU):
        signal.signal(number, signal.SIG_IGN)
    Path(opened.work_dir / "tried").write_text("tried")
    while True:
        time.sleep(1)
