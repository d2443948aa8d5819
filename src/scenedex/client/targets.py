"""Request targets: path and query, percent-encoded once, as signed and sent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping


def target(*segments: str | int, query: Mapping[str, str | int | None] | None = None) -> str:
    """Build ``/api/v1/a/b?c=d`` from path segments and query values, each percent-encoded. None is left out.

    Raises:
        ValueError: a segment is empty, or a text has no UTF-8 form.
    """
    path = "".join(f"/{_segment(str(segment))}" for segment in ("api", "v1", *segments))
    given = {name: str(value) for name, value in (query or {}).items() if value is not None}
    pairs = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in given.items())
    return f"{path}?{pairs}" if pairs else path


def _segment(text: str) -> str:
    if not text:
        raise ValueError("a name in the path of a request must not be empty")
    # HTTP clients and proxies resolve dot segments, so that the service would see another path than the signed one.
    return text.replace(".", "%2E") if text in {".", ".."} else _encoded(text)


def _encoded(text: str) -> str:
    return quote(text, safe="")
