"""Work of the child process: enter the sandbox, open the media, call the function, send its result."""

from __future__ import annotations

import errno
import gc
import importlib
import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import msgspec

from scenedex.media.errors import ChildOutOfDisk, ChildOutOfMemory, EngineNotReady, MediaError, MediaUnreadable
from scenedex.media.isolation import enter_quarters, isolate
from scenedex.media.messages import ChildRequest, Message, Progressed, Refused, Succeeded, encode_message
from scenedex.media.opened import OpenedMedia
from scenedex.media.remote import RemoteFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from scenedex.media.namespaces import LaunchedProcess


def main(origin: LaunchedProcess | None) -> None:
    """Execute the request on standard input, and write messages to the original standard output.

    Args:
        origin: this process, `None` on systems other than Linux.
    """
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=ChildRequest)
    sys.path.extend(request.import_paths)
    # Output of libraries must not mix with the messages.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    module, name = request.entry.split(":")
    function: Callable[[OpenedMedia, bytes], Any] = getattr(importlib.import_module(module), name)
    # After the imports, whose byte code only the worker's user may store.
    quarters = None if origin is None else enter_quarters(request, origin)
    file = _media(request)

    def send(message: Message) -> None:
        left = memoryview(encode_message(message))
        while left:
            left = left[answers.write(left) :]

    gc.freeze()
    gc.enable()
    walls = isolate(request, quarters)
    opened = OpenedMedia(
        file,
        request.work_dir,
        max_pixels=request.max_pixels,
        report=lambda fraction, done: send(Progressed(fraction, done)),
        walls=walls,
    )
    try:
        result = function(opened, bytes(request.params))
        send(Succeeded(msgspec.Raw(msgspec.json.encode(result))))
    except MediaError as error:
        send(Refused(type(error).__name__, str(error)))
    except Exception as error:  # noqa: BLE001  # the parent must learn of every error
        refusal = _refusal(error)
        if refusal is None:
            sys.excepthook(type(error), error, error.__traceback__)
            os._exit(1)
        send(refusal)
    # Threads of decoders may hang on broken files, so do not wait for them.
    os._exit(0)


def _media(request: ChildRequest) -> BinaryIO:
    if request.size_bytes is None:
        return cast("BinaryIO", open(request.media_fd, "rb", buffering=0))  # noqa: PTH123  # open to the end
    return cast("BinaryIO", RemoteFile(request.media_fd, request.size_bytes))


def _refusal(error: Exception) -> Refused | None:
    """Return a refusal for errors that concern the file, or `None` for errors in Scenedex's code."""
    # EAGAIN: a thread got no memory for its stack.
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in {errno.ENOMEM, errno.EAGAIN}):
        return Refused(ChildOutOfMemory.__name__, "")
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Refused(ChildOutOfDisk.__name__, "")
    # Compared by name: media must not import engines, and images need no video decoder.
    if any(kind.__name__ == "EngineUnavailable" for kind in type(error).__mro__):
        return Refused(EngineNotReady.__name__, str(error))
    if any(kind.__module__ == "av.error" for kind in type(error).__mro__):
        from scenedex.media.containers import describe_error  # noqa: PLC0415  # see above

        return Refused(MediaUnreadable.__name__, f"The file is broken: {describe_error(error)}")
    return None
