"""What the child process runs: put up the walls, open the media, call the function, say what came of it."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import msgspec

from scenedex.media.errors import ChildOutOfDisk, ChildOutOfMemory, EngineNotReady, MediaError, MediaUnreadable
from scenedex.media.isolation import isolate
from scenedex.media.messages import Message, Order, Progressed, Refused, Succeeded, frame
from scenedex.media.opened import OpenedMedia
from scenedex.media.remote import RemoteFile

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Carry out the order on standard input; the answer goes to what was standard output."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    # Libraries that print must not garble what we say.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    sys.path.extend(order.import_paths)
    module, name = order.entry.split(":")
    function: Callable[[OpenedMedia, bytes], Any] = getattr(importlib.import_module(module), name)
    file = _media(order)

    def say(message: Message) -> None:
        left = memoryview(frame(message))
        while left:
            left = left[answers.write(left) :]

    isolate(order)
    opened = OpenedMedia(
        file, order.work_dir, max_pixels=order.max_pixels, report=lambda fraction, done: say(Progressed(fraction, done))
    )
    try:
        result = function(opened, bytes(order.params))
        say(Succeeded(msgspec.Raw(msgspec.json.encode(result))))
    except MediaError as error:
        say(Refused(type(error).__name__, str(error)))
    except Exception as error:  # noqa: BLE001  # whatever it is, the parent hears of it
        refusal = _refusal(error)
        if refusal is None:
            sys.excepthook(type(error), error, error.__traceback__)
            os._exit(1)
        say(refusal)
    # Threads of decoders may hang on broken files; nothing here needs an orderly end.
    os._exit(0)


def _media(order: Order) -> BinaryIO:
    if order.size_bytes is None:
        return cast("BinaryIO", open(order.media_fd, "rb", buffering=0))  # noqa: PTH123  # open to the end
    return cast("BinaryIO", RemoteFile(order.media_fd, order.size_bytes))


def _refusal(error: Exception) -> Refused | None:
    """What an error of the libraries says about the file; None for errors that say something about our code."""
    # Where a thread finds no room for its stack, systems ask to try again.
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in {errno.ENOMEM, errno.EAGAIN}):
        return Refused(ChildOutOfMemory.__name__, "")
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Refused(ChildOutOfDisk.__name__, "")
    # Named, not imported: what opens media knows nothing of engines, and films' decoder is not loaded for pictures.
    if any(kind.__name__ == "EngineUnavailable" for kind in type(error).__mro__):
        return Refused(EngineNotReady.__name__, str(error))
    if any(kind.__module__ == "av.error" for kind in type(error).__mro__):
        from scenedex.media.containers import words  # noqa: PLC0415  # see above

        return Refused(MediaUnreadable.__name__, f"The file is broken: {words(error)}")
    return None


if __name__ == "__main__":
    main()
