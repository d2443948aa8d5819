"""Answers with the bytes of a managed object, or the one range of them that is requested."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from litestar.response import Stream

from scenedex.assets.errors import ObjectGone
from scenedex.storage.errors import ObjectNotFound
from scenedex.wire.methods import sent_method
from scenedex.wire.routing import NO_SNIFFING
from scenedex.wire.validators import is_known

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from litestar import Request

    from scenedex.storage.store import ManagedStore

_ONE_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
_NOT_MODIFIED: Final = 304
_UNSATISFIABLE: Final = 416


async def ranged_answer(
    request: Request[Any, Any, Any],
    managed: ManagedStore,
    key: str,
    media_type: str,
    headers: Mapping[str, str] | None = None,
) -> Response[Any]:
    """Answer GET or HEAD with an object, or with the one range of it that is requested.

    A range of a version that the client does not have is ignored. Source: RFC 9110, section 13.1.5.

    Raises:
        ObjectGone: no object has this key.
    """
    try:
        found = await managed.head(key)
    except ObjectNotFound as error:
        raise ObjectGone from error
    size, tag = found.size_bytes, f'"{found.etag.strip(chr(34))}"'
    sent = {
        "accept-ranges": "bytes",
        "cache-control": "private, max-age=600",
        "etag": tag,
        **NO_SNIFFING,
        **(headers or {}),
    }
    if is_known(tag, request.headers.get("if-none-match", "")):
        return Response(b"", status_code=_NOT_MODIFIED, media_type=media_type, headers=sent)
    has_version = request.headers.get("if-range", tag) == tag
    span = _range(request.headers.get("range") if has_version else None, size)
    if span is None:
        return Response(b"", status_code=_UNSATISFIABLE, headers={**sent, "content-range": f"bytes */{size}"})
    start, end = span
    is_part = (start, end) != (0, size)
    if is_part:
        sent["content-range"] = f"bytes {start}-{end - 1}/{size}"
    sent["content-length"] = str(end - start)
    content = _nothing() if sent_method(request.scope) == "HEAD" else managed.stream(key, start, end)
    return Stream(content, status_code=206 if is_part else 200, media_type=media_type, headers=sent)


async def _nothing() -> AsyncGenerator[bytes]:
    """Yield no bytes."""
    for piece in ():
        yield piece


def _range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return the requested bytes as ``[start, end)``: all without a usable range, `None` for one past the end."""
    asked = _ONE_RANGE.fullmatch((header or "").replace(" ", ""))
    if asked is None or asked.groups() == ("", ""):
        return 0, size
    first, last = asked.groups()
    if first and last and int(last) < int(first):  # malformed, so it is ignored
        return 0, size
    if not first:
        start = max(0, size - int(last))
        return (start, size) if start < size else None
    start, end = int(first), min(int(last) + 1 if last else size, size)
    return (start, end) if start < end else None
