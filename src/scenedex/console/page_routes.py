"""Routes of the page of the console and of its files. They need no signature, as they hold no data."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Final

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from scenedex.auth.middleware import PUBLIC
from scenedex.console.pages import CONSOLE, INDEX, ConsolePage
from scenedex.wire.answers import unknown_route
from scenedex.wire.routing import NO_SNIFFING, Injected

# Neither a folder, nor a hidden file, nor anything that leads out of the folder.
_FILE: Final = re.compile(r"(?:assets/)?[A-Za-z0-9_-][A-Za-z0-9._-]*\.[a-z0-9]+", re.ASCII)
_CONTENT_TYPES: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
# Their names have a hash of their content.
_ASSETS: Final = "assets/"
_FOREVER: Final = "public, max-age=31536000, immutable"


@get(CONSOLE, include_in_schema=False, opt={PUBLIC: True})
async def start_page(request: Request[Any, Any, Any], console: Injected[ConsolePage]) -> Response[Any]:
    """Return the page, after a redirect to the address with a slash at its end."""
    if not request.scope["raw_path"].endswith(b"/"):
        return Redirect(console.path)
    return await _file(console, INDEX)


@get(CONSOLE + "/{below:path}", include_in_schema=False, opt={PUBLIC: True})
async def page_or_file(below: FromPath[str], console: Injected[ConsolePage]) -> Response[Any]:
    """Return a file of the page, or the page itself for each of its addresses."""
    name = below.lstrip("/")
    if "." not in name.rpartition("/")[2] and not name.startswith(_ASSETS):
        return await _file(console, INDEX)
    return await _file(console, name) if _FILE.fullmatch(name) else unknown_route()


async def _file(console: ConsolePage, name: str) -> Response[Any]:
    content = await asyncio.to_thread(console.read, name)
    if content is None:
        return unknown_route()
    headers = {
        "cache-control": _FOREVER if name.startswith(_ASSETS) else "no-cache",
        "content-security-policy": console.policy,
        "referrer-policy": "same-origin",
        **NO_SNIFFING,
    }
    kind = _CONTENT_TYPES.get(name[name.rindex(".") :], "application/octet-stream")
    return Response(content, media_type=kind, headers=headers)


routes = [start_page, page_or_file]
