"""Direct uploads: request a URL, send the bytes, report that they are complete."""

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


class CompleteUpload(msgspec.Struct, frozen=True, rename="camel"):
    """Report that the bytes of an asset or of a picture to search with are complete."""

    asset_key: str


def upload_asset(
    connection: Connection, uploads: str, path: Path, on_progress: Callable[[int, int], None] | None
) -> Upload:
    """Upload a file to a project and return the registration of its asset.

    Args:
        connection: connection to the service.
        uploads: target of the uploads of the project.
        path: path of the file.
        on_progress: callback with the number of bytes sent and the size of the file. Each attempt starts from 0.

    Raises:
        UploadFailed: the upload was refused.
        OSError: the file cannot be read.
    """

    def open_upload() -> tuple[str, str]:
        call = Call("POST", f"{uploads}/presigned-url", _NewUpload(path.name), is_repeatable=False)
        ticket = connection.result(call, UploadTicket)
        return ticket.asset_file_key, ticket.presigned_upload_url

    key = send_file(connection, path, open_upload, on_progress)
    call = Call("POST", f"{uploads}/complete", CompleteUpload(key), is_repeatable=False)
    answer = connection.result(call, UploadAnswer)
    if answer.upload_status is not UploadStatus.COMPLETED or answer.asset_id is None:
        raise UploadFailed(answer.upload_message or f"the upload ended with {answer.upload_status}")
    return Upload(asset_id=answer.asset_id, asset_key=answer.asset_key)


def send_file(
    connection: Connection,
    path: Path,
    open_upload: Callable[[], tuple[str, str]],
    on_progress: Callable[[int, int], None] | None = None,
) -> str:
    """Send a file and return the key of the upload.

    A URL is valid for one attempt, so an interrupted upload starts again with another URL.

    Args:
        connection: connection to the service.
        path: path of the file.
        open_upload: requests an upload and returns its key and URL.
        on_progress: callback with the number of bytes sent and the size of the file.

    Raises:
        UploadFailed: the store refuses the bytes.
        OSError: the file cannot be read.
    """

    def attempt() -> str:
        with path.open("rb") as file:
            key, url = open_upload()
            size_bytes = path.stat().st_size
            connection.put(url, _chunks(file, size_bytes, on_progress), size_bytes)
        return key

    return connection.repeat(attempt, lambda error: isinstance(error, UploadInterrupted))


def check_picture(path: Path, status: UploadStatus, message: str | None) -> None:
    """Check the result of the upload of a picture.

    Raises:
        UploadFailed: the picture is refused.
    """
    if status is not UploadStatus.COMPLETED:
        raise UploadFailed(f"{path.name}: {message or f'the upload ended with {status}'}")


def _chunks(file: BinaryIO, size_bytes: int, on_progress: Callable[[int, int], None] | None) -> Iterator[bytes]:
    sent = 0
    while chunk := file.read(CHUNK_BYTES):
        yield chunk
        sent += len(chunk)
        if on_progress is not None:
            on_progress(sent, size_bytes)
