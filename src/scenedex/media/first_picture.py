"""First picture of a film that can be decoded."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from av import logging
from av.error import FFmpegError

from scenedex.media.containers import is_out_of_memory
from scenedex.media.errors import DimensionsTooLarge, MediaUnreadable

if TYPE_CHECKING:
    from collections.abc import Generator

    from av import VideoFrame

    from scenedex.media.containers import Film

_MAX_PACKETS: Final = 5000
# The log of the decoders is the only source of the size of a picture that they refuse as too large.
_REFUSAL: Final = re.compile(r"size (\d{1,9})x(\d{1,9}) exceeds")


def first_picture(film: Film) -> VideoFrame:
    """Return the first picture that can be decoded. The place in the film moves.

    Raises:
        MediaUnreadable: there is none.
        DimensionsTooLarge: the pictures have more pixels than allowed.
    """
    # More threads would only start decoding pictures that are not needed.
    film.decoder.thread_count = 1
    packets = film.container.demux(film.stream)
    too_large: tuple[int, int] | None = None
    with _decoder_log() as messages:
        for _ in range(_MAX_PACKETS):
            try:
                frames = film.decode(next(packets))
            except StopIteration:
                break
            except FFmpegError as error:
                if is_out_of_memory(error):
                    raise
                too_large = _latest_refused_size(messages) or too_large
                packets = film.container.demux(film.stream)
                continue
            if frames:
                return frames[0]
    if too_large is not None:
        width, height = too_large
        raise DimensionsTooLarge(f"The picture is {width}x{height}, whatever the header of the file says.")
    raise MediaUnreadable("Not one picture of the video can be decoded.")


@contextmanager
def _decoder_log() -> Generator[list[tuple[int, str, str]]]:
    """Capture the errors of this thread's decoders for the block."""
    before, skips = logging.get_level(), logging.get_skip_repeated()
    logging.set_level(logging.ERROR)
    logging.set_skip_repeated(False)
    try:
        with logging.Capture() as messages:
            yield messages
    finally:
        logging.set_skip_repeated(skips)
        logging.set_level(before)


def _latest_refused_size(messages: list[tuple[int, str, str]]) -> tuple[int, int] | None:
    """Return width and height of the last picture that was refused, and empty the log, as damaged films log a lot."""
    found = [size for _level, _decoder, text in messages if (size := _REFUSAL.search(text)) is not None]
    messages.clear()
    return (int(found[-1][1]), int(found[-1][2])) if found else None
