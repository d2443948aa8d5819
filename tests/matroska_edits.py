"""Elements added to the headers of Matroska files that PyAV writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEGMENT: Final = 0x18538067
TRACKS: Final = 0x1654AE6B
TRACK_ENTRY: Final = 0xAE
VIDEO: Final = 0xE0
_UNKNOWN: Final = b"\x01\xff\xff\xff\xff\xff\xff\xff"


def element(kind: int, content: bytes) -> bytes:
    """An element with its length in eight bytes."""
    return kind.to_bytes((kind.bit_length() + 7) // 8, "big") + (1 << 56 | len(content)).to_bytes(8, "big") + content


def number(kind: int, value: int) -> bytes:
    """An element that holds a number."""
    return element(kind, value.to_bytes(2, "big"))


def with_elements(data: bytes, path: Sequence[int], added: bytes, removed: Sequence[int] = ()) -> bytes:
    """The file with elements added to the first master at a path, and those of some kinds removed from it."""
    if not path:
        kept = [data[begin:end] for kind, begin, _content, end in _children(data) if kind not in removed]
        return b"".join(kept) + added
    out: list[bytes] = []
    is_done = False
    for kind, begin, content, end in _children(data):
        if kind == path[0] and not is_done:
            out.append(element(kind, with_elements(data[content:end], path[1:], added, removed)))
            is_done = True
        else:
            out.append(data[begin:end])
    assert is_done, f"no element {path[0]:x}"
    return b"".join(out)


def _children(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Kind, start, start of the content and end of each element."""
    at = 0
    while at < len(data):
        begin = at
        width = 9 - data[at].bit_length()
        kind = int.from_bytes(data[at : at + width], "big")
        at += width
        wide = 9 - data[at].bit_length()
        size = int.from_bytes(data[at : at + wide], "big") & ((1 << 7 * wide) - 1)
        content = at + wide
        at = len(data) if data[at : at + wide] == _UNKNOWN else content + size
        yield kind, begin, content, at
