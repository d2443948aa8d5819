"""What the child process runs: put up the walls, open the media, call the function, say what came of it."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any, BinaryIO

import msgspec

from scenedex.media.errors import ChildOutOfMemory, MediaError, MediaUnreadable
from scenedex.media.isolation import isolate
from scenedex.media.messages import Message, Order, Progressed, Refused, Succeeded, frame
from scenedex.media.opened import OpenedMedia
from scenedex.media.remote import RemoteFile


def main() -> None:
    """Carry out the order on standard input; the answer goes to what was standard output."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    # Libraries that print must not garble what we say.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    module, name = order.entry.split(":")
    function: Any = getattr(importlib.import_module(module), name)
    file: BinaryIO = (
        open(order.media_fd, "rb", buffering=0)  # noqa: SIM115, PTH123  # open to the end of the process
        if order.size_bytes is None
        else RemoteFile(order.media_fd, order.size_bytes)
    )

    def say(message: Message) -> None:
        answers.write(frame(message))

    isolate(order)
    opened = OpenedMedia(
        file, order.work_dir, max_pixels=order.max_pixels, report=lambda fraction: say(Progressed(fraction))
    )
    try:
        result = function(opened, order.params)
        say(Succeeded(msgspec.Raw(msgspec.json.encode(result))))
    except MediaError as error:
        say(Refused(type(error).__name__, str(error)))
    except MemoryError:
        say(Refused(ChildOutOfMemory.__name__, ""))
    except (ValueError, OSError, EOFError) as error:
        # What the libraries raise on bytes that they cannot make sense of.
        kind = ChildOutOfMemory if "Cannot allocate memory" in str(error) else MediaUnreadable
        say(Refused(kind.__name__, f"The file cannot be read: {error}"))
    # Threads of decoders may hang on broken files; nothing here needs an orderly end.
    os._exit(0)


if __name__ == "__main__":
    main()
