"""Direct upload: ask for an address, put the bytes there, report that they are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.client.answers import Upload, UploadAnswer, UploadStatus, UploadTicket
from scenedex.client.connection import Call, Connection
from scenedex.client.errors import UploadFailed, UploadInterrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

CHUNK_BYTES: Final = 1 << 18


class _NewUpload(msgspec.Struct, frozen=True, rename="camel"):
    asset_file_name: str


class _CompleteUpload(msgspec.Struct, frozen=True, rename="camel"):
    asset_key: str


def upload(
    connection: Connection,
    uploads: str,
    path: Path,
    on_progress: Callable[[int, int], None] | None,
) -> Upload:
    """Sends a file to a project and answers with the asset that was registered for it.

    An address is good for one attempt, so an interrupted one is repeated from the start with a fresh address.

    Args:
        connection: the service.
        uploads: target of the project's uploads.
        path: the file.
        on_progress: hears of bytes sent and bytes in all; starts anew with each attempt.

    Raises:
        UploadFailed: the bytes were not taken.
        OSError: the file cannot be read.
    """

    def deliver() -> UploadTicket:
        asking = Call("POST", f"{uploads}/presigned-url", _NewUpload(path.name), is_repeatable=False)
        ticket = connection.ask(asking, UploadTicket)
        with path.open("rb") as file:
            size_bytes = path.stat().st_size
            connection.put(ticket.presigned_upload_url, _chunks(file, size_bytes, on_progress), size_bytes)
        return ticket

    ticket = connection.repeat(deliver, lambda error: isinstance(error, UploadInterrupted))
    completing = Call("POST", f"{uploads}/complete", _CompleteUpload(ticket.asset_file_key), is_repeatable=False)
    answer = connection.ask(completing, UploadAnswer)
    if answer.upload_status is not UploadStatus.COMPLETED or answer.asset_id is None:
        raise UploadFailed(answer.upload_message or f"it ended with {answer.upload_status}")
    return Upload(asset_id=answer.asset_id, asset_key=answer.asset_key)


def _chunks(file: BinaryIO, size_bytes: int, on_progress: Callable[[int, int], None] | None) -> Iterator[bytes]:
    sent = 0
    while chunk := file.read(CHUNK_BYTES):
        yield chunk
        sent += len(chunk)
        if on_progress is not None:
            on_progress(sent, size_bytes)
