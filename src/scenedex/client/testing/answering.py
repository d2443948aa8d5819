"""How the fake service reads requests and words its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import httpx2
import msgspec

from scenedex.client.errors import Detail
from scenedex.client.index_answers import ExportFormat
from scenedex.client.paging import Page
from scenedex.client.testing.catalogue import refuse
from scenedex.client.testing.indexing import fake_export

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.client.errors import Refusal
    from scenedex.client.index_answers import Index

T = TypeVar("T")
B = TypeVar("B")


class Body(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """All that the simple bodies may hold."""

    name: str | None = None
    workspace_name: str | None = None
    bucket_name: str | None = None
    key: str | None = None
    asset_file_name: str | None = None
    asset_key: str | None = None


def page(request: httpx2.Request, items: Sequence[T], kind: type[T]) -> Page[T]:
    """One page of a list, as the query of the request asks for it."""
    number = positive(request.url.params.get("pageNum", ""), "pageNum")
    size = positive(request.url.params.get("pageSize", "1000"), "pageSize")
    return page_of(items, kind, number, size)


def page_of(items: Sequence[T], kind: type[T], number: int, size: int) -> Page[T]:
    """The page of a number, counted from 1."""
    content = tuple(items[(number - 1) * size : number * size])
    total_page = -(-len(items) // size)
    return Page[kind](content=content, total_count=len(items), total_page=total_page, page_no=number, page_size=size)


def positive(text: str, name: str = "id") -> int:
    """A positive integer out of a path or query."""
    if not text.isdecimal() or int(text) < 1:
        refuse(400, "10001", "Invalid Request.", Detail(name, "must be a positive integer"))
    return int(text)


def read(body: bytes, kind: type[B]) -> B:
    """The body of a request."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        refuse(400, "10001", "Invalid Request.", Detail(None, str(error)))


def needed(value: str | None) -> str:
    """A value that the request must hold."""
    if value is None:
        refuse(400, "10001", "Invalid Request.", Detail("name", "is required"))
    return value


def success(result: object = None) -> httpx2.Response:
    """The envelope of an answer; without a result when there is none."""
    envelope: dict[str, object] = {"code": "0", "message": "success"}
    return _json(200, envelope if result is None else envelope | {"result": result})


def attached(index: Index, form: str) -> httpx2.Response:
    """An index as a file."""
    if form not in set(ExportFormat):
        refuse(400, "10001", "Invalid Request.", Detail("format", "is not a format"))
    return attachment(f"index.{form}", fake_export(index, form))


def attachment(name: str, content: bytes) -> httpx2.Response:
    """A file."""
    headers = {"content-disposition": f'attachment; filename="{name}"', "x-ncp-trace-id": "0123456789abcdef"}
    return httpx2.Response(200, headers=headers, content=content)


def gateway_refusal(status: int, code: str, message: str, details: str) -> httpx2.Response:
    """The envelope of a refusal before the service."""
    return _json(status, {"error": {"errorCode": code, "message": message, "details": details}})


def no_such_route() -> httpx2.Response:
    """The refusal of an operation that does not exist."""
    return gateway_refusal(404, "300", "Not Found Exception", "No such route.")


def service_refusal(refusal: Refusal) -> httpx2.Response:
    """The envelope of a refusal by the service."""
    details = [{"field": detail.field, "reason": detail.reason} for detail in refusal.details]
    said = {"code": refusal.code, "message": refusal.message}
    return _json(refusal.status, {**said, "responseError": {**said, "details": details}})


def _json(status: int, document: object) -> httpx2.Response:
    headers = {"content-type": "application/json", "x-ncp-trace-id": "0123456789abcdef"}
    return httpx2.Response(status, headers=headers, content=msgspec.json.encode(document))
