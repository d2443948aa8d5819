"""Pictures to search with: uploaded, looked at, known by a key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from scenedex.client.answers import UploadAnswer, UploadStatus, UploadTicket
from scenedex.client.connection import Call, Connection
from scenedex.client.errors import UploadFailed, UploadInterrupted
from scenedex.client.search_answers import AssetType
from scenedex.client.targets import target
from scenedex.client.uploading import CHUNK_BYTES

if TYPE_CHECKING:
    from pathlib import Path


class _NewPicture(msgspec.Struct, frozen=True, rename="camel"):
    asset_type: AssetType
    asset_file_name: str


class _CompletePicture(msgspec.Struct, frozen=True, rename="camel"):
    asset_key: str


def upload_query_picture(connection: Connection, path: Path) -> str:
    """Sends a picture, waits until it was looked at, and answers with its key.

    Raises:
        UploadFailed: the picture is of no use, and why.
        OSError: the file cannot be read.
    """
    ticket = connection.repeat(lambda: _deliver(connection, path), lambda error: isinstance(error, UploadInterrupted))
    # What was found is remembered, so that a question whose answer got lost or late may be asked again.
    complete = Call("POST", _uploads("complete"), _CompletePicture(ticket.asset_file_key))
    answer = connection.ask(complete, UploadAnswer)
    if answer.upload_status is not UploadStatus.COMPLETED:
        raise UploadFailed(f"{path.name}: {answer.upload_message or f'it ended with {answer.upload_status}'}")
    return ticket.asset_file_key


def _deliver(connection: Connection, path: Path) -> UploadTicket:
    new = _NewPicture(AssetType.IMAGE, path.name)
    with path.open("rb") as file:
        ticket = connection.ask(Call("POST", _uploads("presigned-url"), new, is_repeatable=False), UploadTicket)
        chunks = iter(partial(file.read, CHUNK_BYTES), b"")
        connection.put(ticket.presigned_upload_url, chunks, path.stat().st_size)
    return ticket


def _uploads(verb: str) -> str:
    return target("api", "v1", "query-assets", "uploads", verb)
