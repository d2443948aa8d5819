"""Log of the decoders, the only source of the size of a picture that they refuse as too large."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from av import logging

if TYPE_CHECKING:
    from collections.abc import Generator

_REFUSAL = re.compile(r"size (\d{1,9})x(\d{1,9}) exceeds")


class DecoderLog:
    """Captured messages of this thread's decoders."""

    def __init__(self, messages: list[tuple[int, str, str]]) -> None:
        self._messages = messages

    def latest_refused_size(self) -> tuple[int, int] | None:
        """Return width and height of the last picture refused since the last call, or `None`."""
        found = [size for _level, _decoder, text in self._messages if (size := _REFUSAL.search(text)) is not None]
        # Damaged films log a lot.
        self._messages.clear()
        return (int(found[-1][1]), int(found[-1][2])) if found else None


@contextmanager
def capture_decoder_log() -> Generator[DecoderLog]:
    """Capture the errors of the decoders for the block."""
    before, skips = logging.get_level(), logging.get_skip_repeated()
    logging.set_level(logging.ERROR)
    logging.set_skip_repeated(False)
    try:
        with logging.Capture() as messages:
            yield DecoderLog(messages)
    finally:
        logging.set_skip_repeated(skips)
        logging.set_level(before)
