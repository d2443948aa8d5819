"""Execution of one function on one media file in a child process with limits. Parent's side.

When `run_in_child` returns, for whatever reason, the child and its descendants are killed and reaped, and every
descriptor is closed.
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
from scenedex.media.messages import HEAD_BYTES, ChildRequest, Message, Progressed, Refused, Succeeded, message_length
from scenedex.media.source import LocalFile, RangedObject, serve_ranges

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Awaitable, Callable, Generator, Sequence
    from pathlib import Path

    from scenedex.media.source import MediaSource

    OnProgress = Callable[[float], Awaitable[None]]

T = TypeVar("T")
_STDERR_TAIL_BYTES = 4096
_EXIT_SECONDS = 2
# The last two appear if a thread gets no memory for its stack.
_NO_MEMORY = ("MemoryError", "bad_alloc", "allocate memory", "start new thread", "Resource temporarily unavailable")
# No settings, keys or paths of the parent. The variables keep libraries from reserving threads and address space.
_ENVIRONMENT = {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Limits of a child process.

    Attributes:
        memory_bytes: address space.
        cpu_seconds: processor time over all threads.
        wall_seconds: time from start to result.
        stall_seconds: maximum time without progress.
        file_size_bytes: maximum size of each file that it writes.
        max_pixels: maximum pixels of a picture. A header that claims more is refused before decoding.
        on_failure: called with the reason of a failure: memory, disk, time, stall, crash or engine.
    """

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: float
    stall_seconds: float
    file_size_bytes: int
    max_pixels: int
    on_failure: Callable[[str], None] = field(default=lambda _reason: None, compare=False)


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
        entry: function as ``package.module:name``, which takes an `OpenedMedia` and the encoded parameters.
        source: media file.
        params: parameters of the function.
        result_type: type of its result, which the child's answer is validated against.
        limits: limits of the child.
        work_dir: only folder that the child may write to.
        on_progress: awaited with the progress, 0 to 1, never decreasing. An exception from it stops the child and is
            raised.
        import_paths: folders with modules, besides the installed packages.
        readable: folders with weights that the function may read.

    Raises:
        MediaUnreadable: the file cannot be used, for the reason in the message.
        ChildFailed: the child exceeded a limit, or died.
        FileNotFoundError: the local file does not exist.
        Exception: raised by the ``read`` of a ranged object.
    """
    with _reporting_failures(limits.on_failure), _media_descriptor(source) as (media_fd, our_end):
        request = ChildRequest(
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
            # Without its media the child cannot produce a result.
            ranges.add_done_callback(lambda done: None if done.cancelled() or not done.exception() else _kill(process))
        try:
            outcome = await _exchange(process, request, limits, on_progress)
        finally:
            _kill(process)
            await asyncio.shield(_reap(process, ranges))
        if ranges is not None and not ranges.cancelled() and (failure := ranges.exception()) is not None:
            raise failure
        if isinstance(outcome, errors.MediaError):
            raise outcome
        try:
            return msgspec.json.decode(outcome.result, type=result_type)
        except msgspec.MsgspecError as error:
            raise errors.ChildCrashed(f"The process gave an impossible answer: {error}") from error


@contextlib.contextmanager
def _reporting_failures(on_failure: Callable[[str], None]) -> Generator[None]:
    try:
        yield
    except errors.ChildFailed as error:
        on_failure(error.reason)
        raise


@contextlib.contextmanager
def _media_descriptor(source: MediaSource) -> Generator[tuple[int, socket.socket | None]]:
    """Open the descriptor for the child, and the parent's end if the parent reads ranges for it."""
    if not isinstance(source, RangedObject):
        path = source.path if isinstance(source, LocalFile) else os.devnull
        # Non-blocking, so that a pipe in place of the file does not block the parent.
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


async def _exchange(
    process: Process, request: ChildRequest, limits: ChildLimits, on_progress: OnProgress | None
) -> Succeeded | errors.MediaError:
    """Send the request and return the child's result, refusal or cause of failure."""
    stderr_tail = asyncio.create_task(_tail(process))
    wall = asyncio.timeout(limits.wall_seconds)
    try:
        async with wall:
            assert process.stdin is not None  # noqa: S101  # it is a pipe
            process.stdin.write(msgspec.json.encode(request))
            process.stdin.close()
            message = await _read_outcome(process, limits, on_progress)
    except TimeoutError as error:
        if not wall.expired():
            raise
        raise errors.ChildTimedOut(f"The file could not be processed in {limits.wall_seconds:g} s.") from error
    else:
        match message:
            case Succeeded():
                return message
            case Refused(error=name, detail=detail):
                return errors.REPORTABLE_ERRORS.get(name, errors.ChildCrashed)(detail)
            case None:
                return await _diagnose(process, stderr_tail)
    finally:
        stderr_tail.cancel()
        await asyncio.gather(stderr_tail, return_exceptions=True)


async def _read_outcome(
    process: Process, limits: ChildLimits, on_progress: OnProgress | None
) -> Succeeded | Refused | None:
    """Return the final message of the child, or `None` if it ended without one.

    Raises:
        ChildStalled: neither its position in the media nor its work grew for too long.
    """
    clock = asyncio.get_running_loop()
    stalls_at = clock.time() + limits.stall_seconds
    max_fraction, max_done = -1.0, 0
    while True:
        try:
            async with asyncio.timeout_at(stalls_at):
                message = await _read_message(process)
        except TimeoutError as error:
            raise errors.ChildStalled(
                f"The process made no progress for {limits.stall_seconds:g} s and was stopped."
            ) from error
        if not isinstance(message, Progressed):
            return message
        is_further = max_fraction < message.fraction <= 1
        if is_further:
            max_fraction = message.fraction
            if on_progress is not None:
                await on_progress(max_fraction)
        if is_further or message.done > max_done:
            max_done = max(max_done, message.done)
            stalls_at = clock.time() + limits.stall_seconds


async def _read_message(process: Process) -> Message | None:
    assert process.stdout is not None  # noqa: S101  # it is a pipe
    try:
        length = message_length(await process.stdout.readexactly(HEAD_BYTES))
        return msgspec.json.decode(await process.stdout.readexactly(length), type=Message)
    except (asyncio.IncompleteReadError, ValueError):
        return None


async def _tail(process: Process) -> bytes:
    """Return the last bytes on standard error, reading all of it."""
    assert process.stderr is not None  # noqa: S101  # it is a pipe
    tail = b""
    while chunk := await process.stderr.read(_STDERR_TAIL_BYTES):
        tail = (tail + chunk)[-_STDERR_TAIL_BYTES:]
    return tail


async def _diagnose(process: Process, stderr_tail: asyncio.Task[bytes]) -> errors.ChildFailed:
    """Return the error of a child that ended without a final message."""
    try:
        async with asyncio.timeout(_EXIT_SECONDS):
            status = await process.wait()
            stderr = (await stderr_tail).decode(errors="replace")
    except TimeoutError:
        return errors.ChildCrashed("The process stopped answering.")
    if status == -signal.SIGXCPU:
        return errors.ChildTimedOut("The file needs more processor time than a decoder may use.")
    if any(sign in stderr for sign in _NO_MEMORY):
        return errors.ChildOutOfMemory()
    if status == -signal.SIGKILL:
        # The parent did not send it, so it comes from the system's out-of-memory killer.
        return errors.ChildOutOfMemory("The system stopped the process, most likely for its use of memory.")
    if status < 0:
        return errors.ChildCrashed(f"The process crashed on this file ({_signal_name(-status)}).")
    last_line = "".join(stderr.strip().splitlines()[-1:])
    return errors.ChildCrashed(f"The process failed on this file: {last_line or f'it ended with status {status}'}")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _kill(process: Process) -> None:
    """Kill the child and its descendants."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


async def _reap(process: Process, ranges: asyncio.Task[None] | None) -> None:
    """Wait for the end of a killed child, and close its pipes."""
    if ranges is not None:
        ranges.cancel()
        await asyncio.gather(ranges, return_exceptions=True)
    await process.wait()
    # asyncio closes pipes only after they have been read, and these may hold unread output.
    transport: asyncio.SubprocessTransport | None = getattr(process, "_transport", None)
    if transport is not None:
        transport.close()
