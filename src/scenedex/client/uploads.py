"""Direct uploads: request a URL, send the bytes, report that they are complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.client.answers import UploadStatus, UploadTicket
from scenedex.client.connection import Call, Connection
from scenedex.client.errors import UploadFailed, UploadInterrupted
from scenedex.client.person_answers import PictureAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

CHUNK_BYTES: Final = 1 << 18


def upload_picture(
    connection: Connection,
    uploads: str,
    path: Path,
    new: Mapping[str, object],
    ticket: type[UploadTicket],
    key_name: str,
    on_remark: Callable[[str], None] | None = None,
) -> str:
    """Upload a picture, wait for its check, and return its key.

    ``new`` is the body of the request of an upload, and ``ticket`` the shape of the answer. ``key_name`` is the name of
    the key in the report that the bytes are complete. ``on_remark`` is called with a remark about a usable picture.

    Raises:
        UploadFailed: the picture is refused.
        OSError: the file cannot be read.
    """
    key = send_file(connection, uploads, path, new, ticket)
    # The service keeps the result of the check, so the request is repeated if its answer is lost or late.
    answer = connection.result(Call("POST", f"{uploads}/complete", {key_name: key}), PictureAnswer)
    if answer.upload_status is not UploadStatus.COMPLETED:
        raise UploadFailed(f"{path.name}: {answer.upload_message or f'the upload ended with {answer.upload_status}'}")
    if answer.upload_message and on_remark is not None:
        on_remark(f"{path.name}: {answer.upload_message}")
    return key


def send_file(
    connection: Connection,
    uploads: str,
    path: Path,
    new: Mapping[str, object],
    ticket: type[UploadTicket],
    on_progress: Callable[[int, int], None] | None = None,
) -> str:
    """Send a file and return the key of the upload.

    A URL is valid for one attempt, so an interrupted upload starts again with another URL.

    Raises:
        UploadFailed: the store refuses the bytes.
        OSError: the file cannot be read.
    """
    opening = Call("POST", f"{uploads}/presigned-url", new, is_repeatable=False)

    def attempt() -> str:
        with path.open("rb") as file:
            place = connection.result(opening, ticket)
            size_bytes = path.stat().st_size
            connection.put(place.url, _chunks(file, size_bytes, on_progress), size_bytes)
        return place.key

    return connection.repeat(attempt, lambda error: isinstance(error, UploadInterrupted))


def _chunks(file: BinaryIO, size_bytes: int, on_progress: Callable[[int, int], None] | None) -> Iterator[bytes]:
    sent = 0
    while chunk := file.read(CHUNK_BYTES):
        yield chunk
        sent += len(chunk)
        if on_progress is not None:
            on_progress(sent, size_bytes)
