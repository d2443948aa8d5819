"""Download of the weights of an entry."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

import httpx2

from scenedex.engines.catalog.checking import Receipt, read_receipt, soundness, write_receipt
from scenedex.engines.catalog.downloading import download
from scenedex.engines.catalog.entries import WeightsError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from scenedex.engines.catalog.entries import Content, Entry, WeightFile


PROBE_S: Final = 5.0
"""Maximum time of a request that finds out whether a server has a file, in seconds."""


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _ignore(words: str) -> None:
    del words


class WeightSource(Protocol):
    """Source of weights."""

    @property
    def title(self) -> str:
        """Name of the source in messages."""
        ...

    def has(self, entry: Entry) -> bool:
        """Return whether the source is known to have an entry."""
        ...

    def address(self, entry: Entry) -> str:
        """Return the place of an entry at the source, in words."""
        ...

    def is_available(self, entry: Entry) -> bool:
        """Return whether an entry can probably be fetched from here, after a short request if necessary."""
        ...

    def needed_bytes(self, files: Sequence[WeightFile], folder: Path) -> int:
        """Return the space that it takes to fetch files into the folder."""
        ...

    def fetch(
        self,
        entry: Entry,
        files: Sequence[WeightFile],
        folder: Path,
        on_bytes: Callable[[int], None],
        on_file: Callable[[WeightFile, Content], None],
    ) -> None:
        """Put files of an entry into its folder, each as a whole and only if it is the published one.

        ``on_bytes`` is called with the number of bytes received since the last call, negative after a restart.
        ``on_file`` is called with each complete file.

        Raises:
            WeightsError: not all files are available. Those for which ``on_file`` was called are complete.
            OSError: the folder cannot be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class HttpSource:
    """Source of weights on an HTTP server.

    Attributes:
        http: client that follows redirects. Its creator closes it.
        mirror: base URL of a mirror with each file at ``MIRROR/ID/NAME``, `None` for the publishers.
        pause: sleeps for a number of seconds between attempts.
        unreachable: hosts without a connection so far, which are not asked again whether they have an entry.
    """

    http: httpx2.Client
    mirror: str | None = None
    pause: Callable[[float], None] = time.sleep
    unreachable: set[str] = field(default_factory=set[str], compare=False)

    @property
    def title(self) -> str:
        """Name of the source in messages."""
        return "the publisher" if self.mirror is None else "the mirror"

    def has(self, entry: Entry) -> bool:
        """Return `True`: a server is asked for every entry."""
        del entry
        return True

    def address(self, entry: Entry) -> str:
        """Return the page of an entry, or its address on the mirror."""
        return entry.page if self.mirror is None else f"the mirror {self.mirror.rstrip('/')}/{entry.id}"

    def is_available(self, entry: Entry) -> bool:
        """Return whether the server begins to send the first file."""
        url = httpx2.URL(self._url(entry, entry.files[0]))
        if url.host in self.unreachable:
            return False
        try:
            with self.http.stream("GET", url, timeout=PROBE_S) as answer:
                return answer.is_success
        except httpx2.HTTPError:
            self.unreachable.add(url.host)
            return False

    def needed_bytes(self, files: Sequence[WeightFile], folder: Path) -> int:
        """Return the size of files, without the parts that an interrupted download left."""
        parts = (folder / f"{file.name}.part" for file in files)
        left = sum(part.stat().st_size for part in parts if part.exists())
        return sum(file.size_bytes for file in files) - left

    def fetch(
        self,
        entry: Entry,
        files: Sequence[WeightFile],
        folder: Path,
        on_bytes: Callable[[int], None],
        on_file: Callable[[WeightFile, Content], None],
    ) -> None:
        """Download files. Parts are kept after an interruption, and the next call resumes from them.

        Raises:
            WeightsError: see `downloading.download`.
            OSError: the folder cannot be written.
        """
        for file in files:
            url = self._url(entry, file)
            counted = _Counted(on_bytes)
            try:
                content = download(file, url, folder, self.http, on_bytes=counted, pause=self.pause)
            except WeightsError:
                on_bytes(-counted.size_bytes)
                raise
            on_file(file, content)

    def _url(self, entry: Entry, file: WeightFile) -> str:
        return file.url if self.mirror is None else f"{self.mirror.rstrip('/')}/{entry.id}/{file.name}"


def pull(
    entry: Entry,
    weights: Path,
    sources: Sequence[WeightSource],
    on_bytes: Callable[[int], None],
    *,
    on_source: Callable[[str], None] = _ignore,
    on_failure: Callable[[str], None] = _ignore,
    free_bytes: Callable[[Path], int] = _free_bytes,
) -> Path:
    """Download the missing and damaged files of an entry into its folder in the weights folder.

    Intact files are kept. After a failure the folder has complete files, and parts from which the next pull resumes. It
    is removed if it has neither.

    Args:
        entry: the weights.
        weights: the weights folder.
        sources: sources to try in this order. A file that the first does not have may come from the next.
        on_bytes: called with the number of bytes received or found since the last call, negative after a restart from
            zero. They add up to the size of the entry.
        on_source: called with the address of each source before it is tried.
        on_failure: called with the failure of a source if another one is tried.
        free_bytes: returns the free space on the disk of a folder, in bytes.

    Returns:
        The folder.

    Raises:
        WeightsError: no source has the files, the disk has too little room, or another process is pulling the same
            entry.
        OSError: the folder cannot be written.
    """
    able = [source for source in sources if source.has(entry)]
    if not able:
        raise WeightsError(f"{entry.id} is not in {' or '.join(source.title for source in sources)}")
    with _alone(weights / entry.id, entry) as folder:
        pulled = dict(read_receipt(folder, entry.id).files)
        missing = [file for file in entry.files if not _is_sound(folder, file, pulled.get(file.name), on_bytes)]

        def complete(file: WeightFile, content: Content) -> None:
            pulled[file.name] = content
            missing.remove(file)
            write_receipt(folder, Receipt(id=entry.id, files=pulled))
            _make_lasting(folder)

        failures: list[str] = []
        for source in able:
            if not missing:
                break
            if failures:
                on_failure(failures[-1])
            on_source(source.address(entry))
            try:
                _require_room(source.needed_bytes(missing, folder), free_bytes(folder), folder)
                source.fetch(entry, tuple(missing), folder, on_bytes, complete)
            except WeightsError as error:
                failures.append(f"{source.title}: {error}" if len(able) > 1 else str(error))
        if missing:
            raise WeightsError(". ".join(failures))
    return folder


class _Counted:
    """Number of bytes of one file, passed on."""

    def __init__(self, on_bytes: Callable[[int], None]) -> None:
        self._on_bytes = on_bytes
        self.size_bytes = 0

    def __call__(self, size_bytes: int) -> None:
        self.size_bytes += size_bytes
        self._on_bytes(size_bytes)


@contextmanager
def _alone(folder: Path, entry: Entry) -> Generator[Path]:
    """Make the folder of an entry and lock it. Remove it at the end if nothing is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / ".lock"
    with place.open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WeightsError(f"another process is pulling {entry.id}") from error
        try:
            yield folder
        finally:
            if all(path == place for path in folder.iterdir()):
                place.unlink()
                folder.rmdir()


def _is_sound(folder: Path, file: WeightFile, pulled: Content | None, on_bytes: Callable[[int], None]) -> bool:
    read = 0

    def count(size_bytes: int) -> None:
        nonlocal read
        read += size_bytes
        on_bytes(size_bytes)

    is_sound = not soundness(folder / file.name, file, pulled, count).is_fault
    on_bytes(file.size_bytes - read if is_sound else -read)
    return is_sound


def _require_room(needed_bytes: int, free_bytes: int, folder: Path) -> None:
    if needed_bytes > free_bytes:
        raise WeightsError(f"it takes {needed_bytes} bytes, but the disk of {folder} has room for {free_bytes}")


def _make_lasting(folder: Path) -> None:
    """Flush the directory entries to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
