"""OpenAPI document, and a page for people made from it. Both load nothing from the internet."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from litestar import MediaType, Request, Response, get

from scenedex.auth.middleware import PUBLIC

INTRODUCTION = (
    "Registers videos and images in object storage as assets, and analyses their content. "
    "Every call is signed. Every answer carries the header `x-ncp-trace-id`."
)
SIGNATURE = (
    "base64(HMAC-SHA256(secretKey, `{METHOD} {path?query}\\n{timestamp}\\n{accessKey}`)), sent with "
    "`x-ncp-apigw-timestamp` (milliseconds since the epoch) and `x-ncp-iam-access-key`."
)
TAGS = {
    "workspaces": "Boundaries between tenants.",
    "projects": "Folders of assets in a workspace.",
    "assets": "Registered videos and images.",
    "index": "Analysis results of assets.",
    "persons": "People who appear in the assets of a workspace.",
    "search": "Scenes found by speech, text on screen, pictures, persons and meaning.",
    "audit": "Record of all changes.",
    "deprecated": "Older paths of current calls.",
}


@get("/docs", include_in_schema=False, opt={PUBLIC: True}, sync_to_thread=False)
def docs_page(request: Request[Any, Any, Any]) -> Response[str]:
    """Return the OpenAPI document as a page for people."""
    return Response(_page(request.app.openapi_schema.to_schema()), media_type=MediaType.HTML)


def _page(schema: dict[str, Any]) -> str:
    operations = [
        _operation(method, path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in _METHODS
    ]
    shapes = [
        f"<details><summary><code>{escape(name)}</code></summary>{_json(shape)}</details>"
        for name, shape in schema.get("components", {}).get("schemas", {}).items()
    ]
    info = schema["info"]
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{escape(info['title'])} API</title><style>{_STYLE}</style>"
        f"<h1>{escape(info['title'])} API <small>{escape(info['version'])}</small></h1>"
        f"<p>{escape(info['description'])}</p><p>{escape(SIGNATURE)}</p>"
        "<p><a href='/schema'>OpenAPI document</a></p>"
        f"<h2>Calls</h2>{''.join(operations)}<h2>Shapes</h2>{''.join(shapes)}</html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<tr><td><code>{escape(entry['name'])}</code><td>{escape(entry['in'])}"
        f"<td>{'required' if entry.get('required') else 'optional'}<td>{escape(entry.get('description', ''))}</tr>"
        for entry in operation.get("parameters", [])
    )
    answers = "".join(
        f"<tr><td>{escape(status)}<td>{escape(answer.get('description', ''))}</tr>"
        for status, answer in operation["responses"].items()
    )
    body = operation.get("requestBody", {}).get("content", {})
    return (
        f"<details id='{escape(operation['operationId'])}'><summary><b>{escape(method.upper())}</b> "
        f"<code>{escape(path)}</code> {escape(operation.get('summary') or '')}"
        f"{' <i>deprecated</i>' if operation.get('deprecated') else ''}</summary>"
        f"<p>{escape(operation.get('description', ''))}</p>"
        f"<table>{parameters}</table>{_json(body) if body else ''}<table>{answers}</table></details>"
    )


def _json(value: object) -> str:
    return f"<pre>{escape(json.dumps(value, indent=2, ensure_ascii=False))}</pre>"


_METHODS = ("get", "put", "post", "delete", "patch")
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "details{border:1px solid #ccc;border-radius:6px;margin:.5rem 0;padding:.5rem 1rem}"
    "summary{cursor:pointer}td{padding:.1rem .8rem .1rem 0;vertical-align:top}pre{overflow:auto;background:#f6f6f6}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}pre{background:#222}a{color:#8cf}}"
)

routes = [docs_page]
