"""Bringing the weights of an entry to this machine."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.engines.catalog import receipts
from scenedex.engines.catalog.checking import soundness
from scenedex.engines.catalog.downloading import download
from scenedex.engines.catalog.errors import NoRoomForWeights, PullRunning

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    import httpx2

    from scenedex.engines.catalog.entries import Content, Entry, WeightFile


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class Source:
    """Where weights come from.

    Attributes:
        http: carries the requests; must follow redirects. Closed by whoever made it.
        mirror: base URL of a mirror, which has each file at ``MIRROR/ID/NAME``; None for the publishers themselves.
        pause: waits for so many seconds between tries.
        free_bytes: how much room a folder's disk has.
    """

    http: httpx2.Client
    mirror: str | None = None
    pause: Callable[[float], None] = time.sleep
    free_bytes: Callable[[Path], int] = _free_bytes

    def url(self, entry: Entry, file: WeightFile) -> str:
        """The address of a file."""
        return file.url if self.mirror is None else f"{self.mirror.rstrip('/')}/{entry.id}/{file.name}"


def pull(entry: Entry, weights: Path, source: Source, on_bytes: Callable[[int], None]) -> Path:
    """Bring what is missing of an entry, or damaged, into its folder in the weights folder.

    Files that are there and sound are kept. After a failure the folder holds whole files only, and parts from which
    the next pull goes on.

    Args:
        entry: what to bring.
        weights: the weights folder; made where it is missing.
        source: where it comes from.
        on_bytes: hears how many bytes have come or were found there since it was last called, fewer than 0 when a
            file starts anew; in all they add up to the size of the entry.

    Returns:
        The folder.

    Raises:
        WeightsError: they cannot be had; see `downloading.download`.
        PullRunning: another process is pulling the same entry.
        OSError: the folder cannot be written.
    """
    folder = weights / entry.id
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder, entry):
        pulled = dict(receipts.read(folder, entry.id).files)
        missing = [file for file in entry.files if not _is_sound(folder, file, pulled.get(file.name), on_bytes)]
        _require_room(missing, folder, source)
        for file in missing:
            url = source.url(entry, file)
            pulled[file.name] = download(file, url, folder, source.http, on_bytes=on_bytes, pause=source.pause)
            receipts.write(folder, receipts.Receipt(id=entry.id, files=pulled))
            _make_lasting(folder)
    return folder


@contextmanager
def _alone(folder: Path, entry: Entry) -> Generator[None]:
    with (folder / ".lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PullRunning(f"another process is pulling {entry.id}") from error
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


def _require_room(files: list[WeightFile], folder: Path, source: Source) -> None:
    parts = (folder / f"{file.name}.part" for file in files)
    needed = sum(file.size_bytes for file in files) - sum(part.stat().st_size for part in parts if part.exists())
    free = source.free_bytes(folder)
    if needed > free:
        raise NoRoomForWeights(f"{needed} bytes are still to come, but the disk of {folder} has room for {free}")


def _make_lasting(folder: Path) -> None:
    """Have the names in the folder written to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
