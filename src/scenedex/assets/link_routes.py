"""Routes behind the signed URLs of this server: read managed objects, and write uploads to local folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from litestar import MediaType, Request, Response, get, put
from litestar.params import FromPath, FromQuery

from scenedex.assets.errors import UploadLinkInvalid, UploadTooLarge
from scenedex.assets.links import OBJECTS, Links
from scenedex.assets.object_answers import ranged_answer
from scenedex.assets.records import upload_object
from scenedex.assets.uploads import Uploads
from scenedex.auth.middleware import PUBLIC
from scenedex.storage.errors import ObjectTooLarge, SignatureExpired, SignatureInvalid
from scenedex.storage.store import ManagedStore
from scenedex.wire.errors import FieldProblem
from scenedex.wire.routing import ANY_CONTENT, Injected

if TYPE_CHECKING:
    from scenedex.storage.signing import Method

_CONTENT_TYPES = {".jpg": "image/jpeg", ".json": "application/json"}


class Receiver(Protocol):
    """Uploads that wait for their bytes."""

    max_bytes: int

    async def begin_receiving(self, key: str, /) -> None:
        """Claim the only use of an upload."""
        ...

    async def end_receiving(self, key: str, /, *, well: bool) -> None:
        """Mark the upload as received, or reopen it after a broken transfer."""
        ...


@get(OBJECTS + "/{key:path}", include_in_schema=False, opt={PUBLIC: True})
async def read_object(
    request: Request[Any, Any, Any],
    managed: Injected[ManagedStore],
    links: Injected[Links],
    key: FromPath[str],
    expires: FromQuery[int],
    signature: FromQuery[str],
    token: FromQuery[str] = "",
) -> Response[Any]:
    """Read a managed object, or the one range of it that is requested."""
    name = key.lstrip("/")
    check_link(links, "GET", name, expires, token, signature)
    media_type = _CONTENT_TYPES.get(name[name.rfind(".") :], "application/octet-stream")
    return await ranged_answer(request, managed, name, media_type)


@put(
    OBJECTS + "/uploads/{asset_key:str}/data",
    include_in_schema=False,
    opt={PUBLIC: True, ANY_CONTENT: True},
    request_max_body_size=None,
)
async def write_upload(
    request: Request[Any, Any, Any],
    managed: Injected[ManagedStore],
    links: Injected[Links],
    uploads: Injected[Uploads],
    asset_key: FromPath[str],
    expires: FromQuery[int],
    signature: FromQuery[str],
    token: FromQuery[str] = "",
) -> Response[bytes]:
    """Stream the bytes of a direct upload into managed storage, once."""
    name = upload_object(asset_key)
    check_link(links, "PUT", name, expires, token, signature)
    return await receive_once(request, managed, uploads, asset_key, name)


async def receive_once(
    request: Request[Any, Any, Any], managed: Injected[ManagedStore], receiver: Receiver, key: str, name: str
) -> Response[bytes]:
    """Stream the body into the managed object of that name. This is the only use of the key."""
    too_large = UploadTooLarge(FieldProblem("body", f"must be at most {receiver.max_bytes} bytes long"))
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > receiver.max_bytes:
        raise too_large
    await receiver.begin_receiving(key)
    is_received = False
    try:
        await managed.receive(name, request.stream(), max_bytes=receiver.max_bytes)
        is_received = True
    except ObjectTooLarge as error:
        raise too_large from error
    finally:
        await receiver.end_receiving(key, well=is_received)
    return Response(b"", status_code=200, media_type=MediaType.TEXT)


def check_link(links: Injected[Links], method: Method, key: str, expires: int, token: str, signature: str) -> None:
    """Refuse a URL that this server did not sign, or that has expired."""
    try:
        links.require_valid(method, key, expires=expires, token=token, signature=signature)
    except (SignatureInvalid, SignatureExpired) as error:
        raise UploadLinkInvalid from error


routes = [read_object, write_upload]
