"""Words of the OpenAPI document, and the page that shows it. The page loads nothing from other hosts."""

from __future__ import annotations

import asyncio
import json
from html import escape
from pathlib import Path
from typing import Final

from litestar import MediaType, Response, get
from litestar.openapi.spec import SecurityScheme

from scenedex.auth.middleware import PUBLIC

INTRODUCTION = (
    "Registers videos and images in object storage as assets, and analyses their content.\n\n"
    "Every call is signed with three headers. Every answer has the header `x-ncp-trace-id`, and the same value as "
    "`x-ncp-request-id`. HEAD is answered wherever GET is. Answers to GET have an `ETag`, and `If-None-Match` saves "
    "their transfer. JSON from 1 kB is compressed with zstd or gzip for clients that accept it.\n\n"
    "A `null` for an optional field of a body equals its absence. Unknown fields are ignored."
)
_SIGNATURE = (
    "base64(HMAC-SHA256(secretKey, `{METHOD} {path?query}\\n{timestamp}\\n{accessKey}`)). Path and query are signed as "
    "sent, still percent-encoded. HEAD is signed as HEAD."
)
SECURITY_SCHEMES = {
    name: SecurityScheme(type="apiKey", security_scheme_in="header", name=header, description=description)
    for name, header, description in (
        ("timestamp", "x-ncp-apigw-timestamp", "Milliseconds since 1970-01-01 UTC, at most five minutes off."),
        ("accessKey", "x-ncp-iam-access-key", "Access key of the caller."),
        ("signature", "x-ncp-apigw-signature-v2", _SIGNATURE),
    )
}
"""Headers that a signed call has, all three of them."""
TAGS = {
    "workspaces": "Boundaries between tenants.",
    "projects": "Folders of assets in a workspace.",
    "assets": "Registered videos and images.",
    "index": "Analysis results of assets.",
    "summaries": "Text about the scenes of assets.",
    "persons": "People who appear in the assets of a workspace.",
    "search": "Scenes found by speech, text on screen, pictures, persons and meaning.",
    "ask": "Answers to questions about scenes, with citations.",
    "jobs": "Work that waits, runs or has failed.",
    "webhooks": "Events that are sent to receivers.",
    "audit": "Record of all changes.",
    "deprecated": "Older paths of current calls.",
}

# See NOTICE beside the file for its origin and licence, and CONTRIBUTING.md for its renewal.
_SCRIPT: Final = Path(__file__).parent / "reference_page" / "scalar.js.gz"
_SCRIPT_PATH: Final = "/docs/scalar-1.76.0.js"
_DAY_SECONDS: Final = 86_400
_CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "content-security-policy": _CONTENT_SECURITY_POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_CONFIGURATION: Final = {
    "url": "/schema",
    "theme": "default",
    "withDefaultFonts": False,
    "telemetry": False,
    "hideTestRequestButton": True,  # a call needs a signature, which the page cannot make
    "hideClientButton": True,
    "showDeveloperTools": "never",
    "agent": {"disabled": True},
    "mcp": {"disabled": True},
    "metaData": {"title": "Scenedex API"},
}
_PAGE: Final = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Scenedex API</title></head><body>'
    '<noscript>This page needs JavaScript. <a href="/schema">The OpenAPI document</a> has the same content.</noscript>'
    f'<script id="api-reference" data-configuration="{escape(json.dumps(_CONFIGURATION))}"></script>'
    f'<script src="{_SCRIPT_PATH}"></script></body></html>'
)


@get("/docs", include_in_schema=False, opt={PUBLIC: True}, sync_to_thread=False)
def docs_page() -> Response[str]:
    """Return the page that shows the OpenAPI document: calls by tag, with bodies, answers, examples and errors."""
    return Response(_PAGE, media_type=MediaType.HTML, headers=_HEADERS)


@get(_SCRIPT_PATH, include_in_schema=False, opt={PUBLIC: True})
async def docs_script() -> Response[bytes]:
    """Return the script of the page. It is stored compressed, and every browser decodes it."""
    headers = _HEADERS | {"cache-control": f"public, max-age={_DAY_SECONDS}", "content-encoding": "gzip"}
    script = await asyncio.to_thread(_SCRIPT.read_bytes)
    return Response(script, media_type="text/javascript", headers=headers)


routes = [docs_page, docs_script]
