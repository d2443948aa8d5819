"""Request targets: path and query, percent-encoded once, in the form that is signed and sent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Sequence


def target(*segments: str | int, query: Sequence[tuple[str, str | int]] = ()) -> str:
    """``/a/b?c=d`` from path segments and query pairs, each percent-encoded on its own.

    Raises:
        ValueError: a segment is empty and would change what the path means, or a text has no UTF-8 form.
    """
    path = "".join(f"/{_segment(str(segment))}" for segment in segments)
    pairs = "&".join(f"{_encoded(name)}={_encoded(str(value))}" for name, value in query)
    return f"{path}?{pairs}" if pairs else path


def _segment(text: str) -> str:
    if not text:
        raise ValueError("a name in the path of a request must not be empty")
    # Dot segments would be resolved on the way, so that the service would see another path than the signed one.
    return text.replace(".", "%2E") if text in {".", ".."} else _encoded(text)


def _encoded(text: str) -> str:
    return quote(text, safe="")
