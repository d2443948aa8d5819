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
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import msgspec

from scenedex.media import errors
from scenedex.media.messages import HEAD_BYTES, Message, Order, Progressed, Refused, Succeeded, frame_length
from scenedex.media.ranges import serve_ranges
from scenedex.media.source import LocalFile, RangedObject

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Awaitable, Callable, Generator, Sequence
    from pathlib import Path

    from scenedex.media.source import MediaSource

    OnProgress = Callable[["Progress"], Awaitable[None]]

T = TypeVar("T")
_TAIL_OF_STDERR = 4096
_SECONDS_TO_DIE = 2
# The last two are said where a thread finds no room for its stack.
_NO_MEMORY = ("MemoryError", "bad_alloc", "allocate memory", "start new thread", "Resource temporarily unavailable")
# No settings, keys or paths of the parent; the rest keeps libraries from taking threads and address space in advance.
_ENVIRONMENT = {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a child may use, and who is told where it fails.

    Attributes:
        memory_bytes: address space.
        cpu_seconds: processor time over all threads.
        wall_seconds: time from start to result.
        stall_seconds: time without progress.
        file_size_bytes: size of one file that it writes.
        max_pixels: pixels of a picture; a header that promises more is refused before anything is decoded.
        on_failure: told the reason of a failure of the child: memory, disk, time, stall, crash or engine.
    """

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: float
    stall_seconds: float
    file_size_bytes: int
    max_pixels: int
    on_failure: Callable[[str], None] = field(default=lambda _reason: None, compare=False)


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
    on_progress: OnProgress | None = None,
    import_paths: Sequence[Path] = (),
    readable: Sequence[Path] = (),
) -> T:
    """Call ``module:function`` with the opened media and the parameters in a child process.

    Args:
        entry: the function, as ``package.module:name``; it takes an `OpenedMedia` and the encoded parameters.
        source: the media file.
        params: what the function is told.
        result_type: what it returns; what the child sends is checked against it.
        limits: what the child may use.
        work_dir: the only folder that the child may write to.
        on_progress: awaited now and then; an exception from it stops the child and is raised here.
        import_paths: folders with modules, besides the installed packages.
        readable: folders with weights that the function may read.

    Raises:
        MediaUnreadable: the file cannot be used; the message says why.
        ChildFailed: the child used too much of something, or died.
        FileNotFoundError: the local file is gone.
        Exception: whatever the ``read`` of a ranged object raises.
    """
    with _told(limits.on_failure), _media_descriptor(source) as (media_fd, our_end):
        order = Order(
            entry=entry,
            params=msgspec.Raw(msgspec.json.encode(params)),
            media_fd=media_fd,
            size_bytes=source.size_bytes if isinstance(source, RangedObject) else None,
            work_dir=None if work_dir is None else str(work_dir),
            memory_bytes=limits.memory_bytes,
            cpu_seconds=limits.cpu_seconds,
            file_size_bytes=limits.file_size_bytes,
            max_pixels=limits.max_pixels,
            parent_pid=os.getpid(),
            import_paths=tuple(str(path) for path in import_paths),
            readable=tuple(str(path) for path in readable),
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
            env=_ENVIRONMENT,
            start_new_session=True,
            limit=1024**2,
        )
        ranges: asyncio.Task[None] | None = None
        if our_end is not None and isinstance(source, RangedObject):
            ranges = asyncio.create_task(serve_ranges(our_end, source))
            # Without its media the child has nothing left to say.
            ranges.add_done_callback(lambda done: None if done.cancelled() or not done.exception() else _kill(process))
        try:
            last_word = await _converse(process, order, limits, on_progress)
        finally:
            _kill(process)
            await asyncio.shield(_bury(process, ranges))
        if ranges is not None and not ranges.cancelled() and (failure := ranges.exception()) is not None:
            raise failure
        if isinstance(last_word, errors.MediaError):
            raise last_word
        try:
            return msgspec.json.decode(last_word.result, type=result_type)
        except msgspec.MsgspecError as error:
            raise errors.ChildCrashed(f"The process gave an impossible answer: {error}") from error


@contextlib.contextmanager
def _told(on_failure: Callable[[str], None]) -> Generator[None]:
    try:
        yield
    except errors.ChildFailed as error:
        on_failure(error.reason)
        raise


@contextlib.contextmanager
def _media_descriptor(source: MediaSource) -> Generator[tuple[int, socket.socket | None]]:
    """The descriptor for the child, and our end of it where we read for the child."""
    if not isinstance(source, RangedObject):
        path = source.path if isinstance(source, LocalFile) else os.devnull
        # Not blocking: whoever puts a pipe in the place of a file must not hold us up.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            yield descriptor, None
        finally:
            os.close(descriptor)
        return
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        yield theirs.fileno(), ours


async def _converse(
    process: Process, order: Order, limits: ChildLimits, on_progress: OnProgress | None
) -> Succeeded | errors.MediaError:
    """Tell the child what to do and hear it out: its answer, its refusal, or what it died of."""
    complaints = asyncio.create_task(_tail(process))
    wall = asyncio.timeout(limits.wall_seconds)
    try:
        async with wall:
            _tell(process, order)
            message = await _last_word(process, limits, on_progress)
    except TimeoutError as error:
        if not wall.expired():
            raise
        raise errors.ChildTimedOut(f"The file could not be dealt with in {limits.wall_seconds:g} s.") from error
    else:
        match message:
            case Succeeded():
                return message
            case Refused(error=name, detail=detail):
                return errors.SAID_BY_CHILD.get(name, errors.ChildCrashed)(detail)
            case None:
                return await _cause_of_death(process, complaints)
    finally:
        complaints.cancel()
        await asyncio.gather(complaints, return_exceptions=True)


def _tell(process: Process, order: Order) -> None:
    assert process.stdin is not None  # noqa: S101  # it was asked for
    process.stdin.write(msgspec.json.encode(order))
    process.stdin.close()


async def _last_word(
    process: Process, limits: ChildLimits, on_progress: OnProgress | None
) -> Succeeded | Refused | None:
    """The last word of the child; None where it ended without one.

    Raises:
        ChildStalled: neither its place in the media nor its work grew for too long.
    """
    clock = asyncio.get_running_loop()
    stalls_at = clock.time() + limits.stall_seconds
    furthest, most_done = -1.0, 0
    while True:
        try:
            async with asyncio.timeout_at(stalls_at):
                message = await _message(process)
        except TimeoutError as error:
            raise errors.ChildStalled(
                f"The process made no progress for {limits.stall_seconds:g} s and was stopped."
            ) from error
        if not isinstance(message, Progressed):
            return message
        is_further = furthest < message.fraction <= 1
        if is_further:
            furthest = message.fraction
            if on_progress is not None:
                await on_progress(Progress(furthest))
        if is_further or message.done > most_done:
            most_done = max(most_done, message.done)
            stalls_at = clock.time() + limits.stall_seconds


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


async def _cause_of_death(process: Process, complaints: asyncio.Task[bytes]) -> errors.ChildFailed:
    """What a child died of that gave no answer."""
    try:
        async with asyncio.timeout(_SECONDS_TO_DIE):
            status = await process.wait()
            said = (await complaints).decode(errors="replace")
    except TimeoutError:
        return errors.ChildCrashed("The process stopped answering.")
    if status == -signal.SIGXCPU:
        return errors.ChildTimedOut("The file needs more processor time than a decoder may use.")
    if any(sign in said for sign in _NO_MEMORY):
        return errors.ChildOutOfMemory()
    if status == -signal.SIGKILL:
        # Nobody here sent it: it is how a system that runs out of memory helps itself.
        return errors.ChildOutOfMemory("The system stopped the process, most likely for its use of memory.")
    if status < 0:
        return errors.ChildCrashed(f"The process crashed on this file ({_name_of_signal(-status)}).")
    last_line = "".join(said.strip().splitlines()[-1:])
    return errors.ChildCrashed(f"The process failed on this file: {last_line or f'it ended with status {status}'}")


def _name_of_signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _kill(process: Process) -> None:
    """Kill the child and whatever it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


async def _bury(process: Process, ranges: asyncio.Task[None] | None) -> None:
    """Wait for the end of a killed child and close what led to it."""
    if ranges is not None:
        ranges.cancel()
        await asyncio.gather(ranges, return_exceptions=True)
    await process.wait()
    # Its pipes may hold words that nobody will read; asyncio closes them only when they were read.
    transport: asyncio.SubprocessTransport | None = getattr(process, "_transport", None)
    if transport is not None:
        transport.close()
