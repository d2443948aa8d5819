"""Text and times as files for other programs hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CHUNK_CHARACTERS: Final = 64 * 1024


def one_line(text: str) -> str:
    """Replace line breaks and other control characters by single spaces."""
    visible = text if text.isprintable() else "".join(it if it.isprintable() else " " for it in text)
    return " ".join(visible.split())


def clock(milliseconds: int, point: str) -> str:
    """Format a time as ``HH:MM:SS``, the decimal point, and thousandths."""
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}{point}{thousandths:03}"


def encoded(texts: Iterable[str]) -> Iterator[bytes]:
    """Join small pieces of text and encode them in chunks of about 64 Ki characters."""
    pending: list[str] = []
    size = 0
    for text in texts:
        pending.append(text)
        size += len(text)
        if size >= _CHUNK_CHARACTERS:
            yield "".join(pending).encode(errors="replace")
            pending.clear()
            size = 0
    yield "".join(pending).encode(errors="replace")
