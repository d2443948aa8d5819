"""The parent's side: running one function on one media file in a child process with limits.

Whatever happens (a result, an error, a limit, a cancel), the child and all it started are dead and reaped and every
descriptor is closed when `run_in_child` returns.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import msgspec

from scenedex.media import errors
from scenedex.media.messages import (
    HEAD_BYTES,
    LONGEST_RANGE,
    RANGE,
    Message,
    Order,
    Progressed,
    Refused,
    Succeeded,
    frame_length,
)
from scenedex.media.source import LocalFile

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from scenedex.media.source import MediaSource, RangedObject

T = TypeVar("T")
_TAIL_OF_STDERR = 4096


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a child may use.

    Attributes:
        memory_bytes: address space.
        cpu_seconds: processor time over all threads.
        wall_seconds: time from start to result.
        stall_seconds: time without progress.
        file_size_bytes: size of one file that it writes.
        max_pixels: pixels of a picture; a header that promises more is refused before anything is decoded.
    """

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: float
    stall_seconds: float
    file_size_bytes: int
    max_pixels: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the child has come through the media, 0 to 1; never less than before."""

    fraction: float


async def run_in_child(
    entry: str,
    source: MediaSource,
    params: msgspec.Struct,
    result_type: type[T],
    *,
    limits: ChildLimits,
    work_dir: Path | None = None,
    on_progress: Callable[[Progress], Awaitable[None]] | None = None,
) -> T:
    """Call ``module:function`` with the opened media and the parameters in a child process.

    Args:
        entry: the function, as ``package.module:name``; it takes an `OpenedMedia` and the parameters.
        source: the media file.
        params: what the function is told.
        result_type: what it returns; what the child sends is checked against it.
        limits: what the child may use.
        work_dir: the only folder that the child may write to.
        on_progress: awaited now and then; an exception from it stops the child and is raised here.

    Raises:
        MediaUnreadable: the file cannot be used; the message says why.
        ChildFailed: the child used too much of something, or died.
        FileNotFoundError: the local file is gone.
    """
    with _media_descriptor(source) as (media_fd, parent_end):
        order = Order(
            entry=entry,
            params=msgspec.Raw(msgspec.json.encode(params)),
            media_fd=media_fd,
            size_bytes=None if isinstance(source, LocalFile) else source.size_bytes,
            work_dir=None if work_dir is None else str(work_dir),
            memory_bytes=limits.memory_bytes,
            cpu_seconds=limits.cpu_seconds,
            file_size_bytes=limits.file_size_bytes,
            max_pixels=limits.max_pixels,
            parent_pid=os.getpid(),
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-m",
            "scenedex.media.bootstrap",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            pass_fds=(media_fd,),
            env={"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            start_new_session=True,
            limit=1024**2,
        )
        server = None if parent_end is None or isinstance(source, LocalFile) else _serve_ranges(parent_end, source)
        try:
            return await _converse(process, order, result_type, limits, on_progress, server)
        finally:
            await asyncio.shield(_end(process))


@contextlib.contextmanager
def _media_descriptor(source: MediaSource) -> Iterator[tuple[int, socket.socket | None]]:
    """The descriptor for the child, and our end of it where we read for the child."""
    if isinstance(source, LocalFile):
        descriptor = os.open(source.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            yield descriptor, None
        finally:
            os.close(descriptor)
        return
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)  # noqa: FBT003
        yield theirs.fileno(), ours


async def _converse(
    process: Process,
    order: Order,
    result_type: type[T],
    limits: ChildLimits,
    on_progress: Callable[[Progress], Awaitable[None]] | None,
    server: Awaitable[None] | None,
) -> T:
    """Tell the child what to do and hear it out."""
    ranges = None if server is None else asyncio.ensure_future(server)
    complaints = asyncio.ensure_future(_tail(process))
    try:
        async with asyncio.timeout(limits.wall_seconds):
            message = await _hear_out(process, order, limits, on_progress, ranges)
    except TimeoutError as error:
        raise errors.ChildTimedOut(f"The file could not be dealt with in {limits.wall_seconds:g} s.") from error
    finally:
        if ranges is not None:
            ranges.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await ranges
        if process.returncode is None:
            complaints.cancel()
    match message:
        case Succeeded(result=result):
            return msgspec.json.decode(result, type=result_type)
        case Refused(error=name, detail=detail):
            kind = getattr(errors, name, errors.ChildCrashed)
            raise kind(detail)
        case None:
            raise await _death_of(process, complaints)


async def _hear_out(
    process: Process,
    order: Order,
    limits: ChildLimits,
    on_progress: Callable[[Progress], Awaitable[None]] | None,
    ranges: asyncio.Future[None] | None,
) -> Succeeded | Refused | None:
    """The last word of the child; None where it died without one."""
    assert process.stdin is not None  # noqa: S101  # it was asked for
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(msgspec.json.encode(order))
        process.stdin.close()
    furthest = -1.0
    while True:
        heard = asyncio.ensure_future(_message(process))
        waited_for = {heard} if ranges is None else {heard, ranges}
        done, _pending = await asyncio.wait(
            waited_for, timeout=limits.stall_seconds, return_when=asyncio.FIRST_COMPLETED
        )
        if not done:
            heard.cancel()
            raise errors.ChildStalled(f"The decoder made no progress for {limits.stall_seconds:g} s and was stopped.")
        if ranges is not None and ranges in done:
            failure = ranges.exception()
            if failure is not None:
                heard.cancel()
                raise failure
            ranges = None
        if heard not in done:
            # The child closed its end of the media; its last word is still to come.
            message = await heard
        else:
            message = heard.result()
        if not isinstance(message, Progressed):
            return message
        if on_progress is not None and 1 >= message.fraction > furthest:
            furthest = message.fraction
            await on_progress(Progress(message.fraction))


async def _message(process: Process) -> Message | None:
    assert process.stdout is not None  # noqa: S101  # it was asked for
    try:
        length = frame_length(await process.stdout.readexactly(HEAD_BYTES))
        return msgspec.json.decode(await process.stdout.readexactly(length), type=Message)
    except (asyncio.IncompleteReadError, ValueError):
        return None


async def _tail(process: Process) -> bytes:
    """The last words on standard error, however much is written."""
    assert process.stderr is not None  # noqa: S101  # it was asked for
    tail = b""
    while chunk := await process.stderr.read(_TAIL_OF_STDERR):
        tail = (tail + chunk)[-_TAIL_OF_STDERR:]
    return tail


async def _death_of(process: Process, complaints: asyncio.Future[bytes]) -> errors.ChildFailed:
    """What a child died of that said nothing."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(2):
            status = await process.wait()
            said = (await complaints).decode(errors="replace")
            if status == -signal.SIGXCPU or (status == -signal.SIGKILL and "MemoryError" not in said):
                return errors.ChildTimedOut("The file needs more processor time than a decoder may use.")
            if "MemoryError" in said or "bad_alloc" in said or "Cannot allocate memory" in said:
                return errors.ChildOutOfMemory()
            if status < 0:
                return errors.ChildCrashed(f"The decoder crashed on this file ({signal.Signals(-status).name}).")
            return errors.ChildCrashed(f"The decoder failed on this file: {said.strip().splitlines()[-1:]}")
    return errors.ChildCrashed()


async def _end(process: Process) -> None:
    """Kill the child and whatever it started, and wait for its end."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
    for pipe in (process.stdin,):
        if pipe is not None:
            pipe.close()
    transport = getattr(process, "_transport", None)
    if transport is not None:
        transport.close()


async def _serve_ranges(connection: socket.socket, source: RangedObject) -> None:
    """Read for the child until it closes its end."""
    loop = asyncio.get_running_loop()
    while True:
        head = b""
        while len(head) < RANGE.size:
            received = await loop.sock_recv(connection, RANGE.size - len(head))
            if not received:
                return
            head += received
        offset, length = RANGE.unpack(head)
        if length > LONGEST_RANGE or offset > source.size_bytes:
            return
        data = await source.read(offset, min(length, source.size_bytes - offset)) if length else b""
        await loop.sock_sendall(connection, len(data).to_bytes(4, "big") + data)


