"""Pictures that a decoder refuses for their size: only its messages tell the size that the bytes promise."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from av import logging

if TYPE_CHECKING:
    from collections.abc import Generator

_REFUSAL = re.compile(r"size (\d{1,9})x(\d{1,9}) exceeds")


class Refusals:
    """Listens to the decoders of this thread."""

    def __init__(self, said: list[tuple[int, str, str]]) -> None:
        self._said = said

    def latest(self) -> tuple[int, int] | None:
        """Width and height of a picture that was refused since the last call; None where none was."""
        found = [size for _level, _decoder, text in self._said if (size := _REFUSAL.search(text)) is not None]
        # Damaged films have much to say.
        self._said.clear()
        return (int(found[-1][1]), int(found[-1][2])) if found else None


@contextmanager
def refusals() -> Generator[Refusals]:
    """Listen to the errors of the decoders; they are silent again afterwards."""
    before, skips = logging.get_level(), logging.get_skip_repeated()
    logging.set_level(logging.ERROR)
    logging.set_skip_repeated(False)
    try:
        with logging.Capture() as said:
            yield Refusals(said)
    finally:
        logging.set_skip_repeated(skips)
        logging.set_level(before)
