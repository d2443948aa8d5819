"""Download of one file over HTTP. It resumes after an interruption and keeps only the published content."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from typing import TYPE_CHECKING, Final

import httpx2

from scenedex.engines.catalog.checking import CHUNK_BYTES
from scenedex.engines.catalog.entries import Content, WeightsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

    from scenedex.engines.catalog.entries import WeightFile

TRIES: Final = 4
FIRST_PAUSE_S: Final = 1.0
_WHOLE: Final = 200
_REST: Final = 206
_NO_SUCH_RANGE: Final = 416
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_NO_CONNECTION: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError, httpx2.UnsupportedProtocol)
_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class _Interrupted(Exception):
    """The transfer was interrupted for a temporary reason."""


class _WrongContent(Exception):
    """The content is not the published one."""


class _Part:
    """Received part of a file, and its checksum so far."""

    def __init__(self, stream: BinaryIO, file: WeightFile, on_bytes: Callable[[int], None]) -> None:
        """Read the part that an earlier download left in the stream."""
        self._stream = stream
        self._digest = hashlib.sha256()
        self._on_bytes = on_bytes
        self._limit = file.size_bytes
        self.size_bytes = 0
        while chunk := stream.read(CHUNK_BYTES):
            self._count(chunk)
        if self.size_bytes > self._limit:
            self.clear()

    def append(self, chunk: bytes) -> None:
        if self.size_bytes + len(chunk) > self._limit:
            raise _WrongContent
        self._stream.write(chunk)
        self._count(chunk)

    def clear(self) -> None:
        self._stream.seek(0)
        self._stream.truncate()
        self._on_bytes(-self.size_bytes)
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    def keep(self) -> Content:
        self._stream.flush()
        os.fsync(self._stream.fileno())
        return Content(self.size_bytes, self._digest.hexdigest())

    def _count(self, chunk: bytes) -> None:
        self._digest.update(chunk)
        self.size_bytes += len(chunk)
        self._on_bytes(len(chunk))


def download(
    file: WeightFile,
    url: str,
    folder: Path,
    http: httpx2.Client,
    *,
    on_bytes: Callable[[int], None],
    pause: Callable[[float], None],
) -> Content:
    """Download a file into a folder. Its name ends in ``.part`` until it is complete and correct.

    Args:
        file: description of the expected file.
        url: its address.
        folder: target folder. No other process may download the same file into it.
        http: client that follows redirects.
        on_bytes: called with the number of bytes received since the last call, negative after a restart from zero.
        pause: sleeps for a number of seconds between attempts.

    Raises:
        WeightsError: there is no connection. The source has no such file, or one of another size. It was interrupted
            repeatedly, or the disk is full, and the received part is kept for the next call. The content is not the
            published one, and nothing is kept.
        OSError: the folder cannot be written.
    """
    part = folder / f"{file.name}.part"
    part.touch()
    try:
        with part.open("r+b") as stream:
            found = _whole(_Part(stream, file, on_bytes), file, url, http, pause)
    except _WrongContent:
        part.unlink()
        raise WeightsError(f"{url} is not the published file. The download was removed") from None
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise WeightsError(f"the disk is full: no room for the rest of {file.name} in {folder}") from error
        raise
    finally:
        if part.exists() and part.stat().st_size == 0 < file.size_bytes:
            part.unlink()
    part.replace(folder / file.name)
    return found


def _whole(part: _Part, file: WeightFile, url: str, http: httpx2.Client, pause: Callable[[float], None]) -> Content:
    """Request until the file is complete. Only attempts without progress count against the limit."""
    tries, furthest = 0, part.size_bytes
    while part.size_bytes < file.size_bytes:
        try:
            _transfer(part, file, url, http)
        except (httpx2.RequestError, _Interrupted) as error:
            if tries == 0 and isinstance(error, _NO_CONNECTION):
                raise WeightsError(
                    f"no connection to {url} ({error}). Check the internet connection and the proxy, or name a mirror "
                    "with SCENEDEX_ENGINES_WEIGHTS_MIRROR (docs/how-to/weights.md)"
                ) from error
            if tries == TRIES:
                raise WeightsError(
                    f"the download of {url} was interrupted ({str(error) or type(error).__name__}) after "
                    f"{part.size_bytes} of {file.size_bytes} bytes. Run the same command again to resume it"
                ) from error
        if part.size_bytes > furthest:
            tries, furthest = 0, part.size_bytes
        if part.size_bytes < file.size_bytes:
            pause(FIRST_PAUSE_S * 2**tries)
            tries += 1
    found = part.keep()
    if file.sha256 not in {None, found.sha256}:
        raise _WrongContent
    return found


def _transfer(part: _Part, file: WeightFile, url: str, http: httpx2.Client) -> None:
    """Send one request for the missing part."""
    headers = {"Accept-Encoding": "identity"}
    if part.size_bytes:
        headers["Range"] = f"bytes={part.size_bytes}-"
    with http.stream("GET", url, headers=headers) as answer:
        if answer.status_code in _PASSING:
            raise _Interrupted(f"it answered {answer.status_code}")
        if answer.status_code == _NO_SUCH_RANGE and part.size_bytes:
            part.clear()
            raise _Interrupted("it does not have the requested range")
        if answer.status_code not in {_WHOLE, _REST}:
            raise WeightsError(f"{url}: answered {answer.status_code} {answer.reason_phrase}")
        if answer.status_code == _WHOLE:
            part.clear()
        _check_announced(answer, part.size_bytes, file, url)
        for chunk in answer.iter_raw():  # of no fixed size, so that an interruption loses no buffered bytes
            part.append(chunk)
    if part.size_bytes < file.size_bytes:
        raise _Interrupted("it ended early")


def _check_announced(answer: httpx2.Response, have: int, file: WeightFile, url: str) -> None:
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and have + int(length) != file.size_bytes:
        raise WeightsError(f"{url} has {have + int(length)} bytes instead of the published {file.size_bytes}")
    if answer.status_code == _REST:
        given = _RANGE.fullmatch(answer.headers.get("content-range", ""))
        if given is None or int(given[1]) != have:
            raise WeightsError(f"{url} answered with another range than requested")
