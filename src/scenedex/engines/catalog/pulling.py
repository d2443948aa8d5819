"""Download of the weights of an entry."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.engines.catalog.checking import Receipt, read_receipt, soundness, write_receipt
from scenedex.engines.catalog.downloading import download
from scenedex.engines.catalog.entries import WeightsError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    import httpx2

    from scenedex.engines.catalog.entries import Content, Entry, WeightFile


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class WeightSource:
    """Source of weights.

    Attributes:
        http: client that follows redirects. Its creator closes it.
        mirror: base URL of a mirror with each file at ``MIRROR/ID/NAME``, `None` for the publishers.
        pause: sleeps for a number of seconds between attempts.
        free_bytes: returns the free space on the disk of a folder, in bytes.
    """

    http: httpx2.Client
    mirror: str | None = None
    pause: Callable[[float], None] = time.sleep
    free_bytes: Callable[[Path], int] = _free_bytes

    def url(self, entry: Entry, file: WeightFile) -> str:
        """Return the address of a file."""
        return file.url if self.mirror is None else f"{self.mirror.rstrip('/')}/{entry.id}/{file.name}"


def pull(entry: Entry, weights: Path, source: WeightSource, on_bytes: Callable[[int], None]) -> Path:
    """Download the missing and damaged files of an entry into its folder in the weights folder.

    Intact files are kept. After a failure the folder has complete files, and parts from which the next pull resumes.
    ``on_bytes`` is called with the number of bytes received or found since the last call, negative after a restart from
    zero. They add up to the size of the entry. Return the folder.

    Raises:
        WeightsError: they are not available, see `downloading.download`, or another process is pulling the same entry.
        OSError: the folder cannot be written.
    """
    folder = weights / entry.id
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder, entry):
        pulled = dict(read_receipt(folder, entry.id).files)
        missing = [file for file in entry.files if not _is_sound(folder, file, pulled.get(file.name), on_bytes)]
        _require_room(missing, folder, source)
        for file in missing:
            url = source.url(entry, file)
            pulled[file.name] = download(file, url, folder, source.http, on_bytes=on_bytes, pause=source.pause)
            write_receipt(folder, Receipt(id=entry.id, files=pulled))
            _make_lasting(folder)
    return folder


@contextmanager
def _alone(folder: Path, entry: Entry) -> Generator[None]:
    with (folder / ".lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WeightsError(f"another process is pulling {entry.id}") from error
        yield


def _is_sound(folder: Path, file: WeightFile, pulled: Content | None, on_bytes: Callable[[int], None]) -> bool:
    read = 0

    def count(size_bytes: int) -> None:
        nonlocal read
        read += size_bytes
        on_bytes(size_bytes)

    is_sound = not soundness(folder / file.name, file, pulled, count).is_fault
    on_bytes(file.size_bytes - read if is_sound else -read)
    return is_sound


def _require_room(files: list[WeightFile], folder: Path, source: WeightSource) -> None:
    parts = (folder / f"{file.name}.part" for file in files)
    needed = sum(file.size_bytes for file in files) - sum(part.stat().st_size for part in parts if part.exists())
    free = source.free_bytes(folder)
    if needed > free:
        raise WeightsError(f"{needed} bytes are still to come, but the disk of {folder} has room for {free}")


def _make_lasting(folder: Path) -> None:
    """Flush the directory entries to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
