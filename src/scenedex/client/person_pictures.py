"""Pictures of faces: uploaded to be looked at, then put on a person or compared with everybody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from scenedex.client.answers import UploadStatus
from scenedex.client.connection import Call, Connection
from scenedex.client.errors import UploadFailed, UploadInterrupted
from scenedex.client.person_answers import PictureAnswer, PictureTicket, Thumbnail, ThumbnailsOfPerson
from scenedex.client.targets import target
from scenedex.client.uploading import CHUNK_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class _NewPicture(msgspec.Struct, frozen=True, rename="camel"):
    thumbnail_file_name: str


class _CompletePicture(msgspec.Struct, frozen=True, rename="camel"):
    thumbnail_key: str


class UploadedThumbnail(msgspec.Struct, frozen=True, rename="camel"):
    """A picture that was uploaded, for a person to get."""

    thumbnail_key: str
    is_primary_thumbnail: bool


class _Added(msgspec.Struct, frozen=True):
    thumbnails: tuple[UploadedThumbnail, ...]


class _Removed(msgspec.Struct, frozen=True, rename="camel"):
    thumbnail_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PersonPictures:
    """The pictures of a workspace's persons; the methods raise NotFound when there is no such workspace or person."""

    connection: Connection
    workspace: str

    def upload(self, path: Path) -> str:
        """Sends a picture, waits until it was looked at, and answers with a key that is good for a day.

        A picture is a JPG, PNG or WebP of at most 5 MB and 256 pixels in each direction, with exactly one face.

        Raises:
            UploadFailed: the picture is of no use, and why.
            OSError: the file cannot be read.
        """
        ticket = self.connection.repeat(lambda: self._deliver(path), lambda error: isinstance(error, UploadInterrupted))
        # What was found is remembered, so that a question whose answer got lost or late may be asked again.
        complete = Call("POST", self._uploads("complete"), _CompletePicture(ticket.thumbnail_key))
        answer = self.connection.ask(complete, PictureAnswer)
        if answer.upload_status is not UploadStatus.COMPLETED:
            raise UploadFailed(f"{path.name}: {answer.upload_message or f'it ended with {answer.upload_status}'}")
        return ticket.thumbnail_key

    def add(self, person_id: int, pictures: Sequence[Path], *, is_primary: bool = False) -> tuple[Thumbnail, ...]:
        """Uploads further pictures of a person and answers with all it has then.

        Args:
            person_id: the person.
            pictures: files; none of them is added when one is of no use.
            is_primary: whether the first of them is shown from now on.

        Raises:
            InvalidRequest: the person would have more than 100.
            UploadFailed: a picture is of no use, and why.
            OSError: a file cannot be read.
        """
        uploaded = self.uploaded(pictures, is_primary=is_primary)
        adding = Call("POST", self._of(person_id), _Added(uploaded), is_repeatable=False)
        return self.connection.ask(adding, ThumbnailsOfPerson).thumbnail_list

    def remove(self, person_id: int, thumbnail_ids: Sequence[int]) -> tuple[Thumbnail, ...]:
        """Removes pictures of a person and answers with those that stay; those that are not there do not matter.

        Raises:
            InvalidRequest: none would stay.
        """
        removing = Call("POST", self._of(person_id, "remove"), _Removed(tuple(thumbnail_ids)))
        return self.connection.ask(removing, ThumbnailsOfPerson).thumbnail_list

    def uploaded(self, pictures: Sequence[Path], *, is_primary: bool) -> tuple[UploadedThumbnail, ...]:
        """Pictures after their upload, for a person to get.

        Raises:
            UploadFailed: a picture is of no use, and why.
            OSError: a file cannot be read.
        """
        return tuple(
            UploadedThumbnail(self.upload(path), is_primary and number == 0) for number, path in enumerate(pictures)
        )

    def _deliver(self, path: Path) -> PictureTicket:
        asking = Call("POST", self._uploads("presigned-url"), _NewPicture(path.name), is_repeatable=False)
        with path.open("rb") as file:
            ticket = self.connection.ask(asking, PictureTicket)
            chunks = iter(partial(file.read, CHUNK_BYTES), b"")
            self.connection.put(ticket.url, chunks, path.stat().st_size)
        return ticket

    def _uploads(self, verb: str) -> str:
        return target("api", "v1", "workspaces", self.workspace, "person-thumbnail", "uploads", verb)

    def _of(self, person_id: int, *verb: str) -> str:
        return target("api", "v1", "workspaces", self.workspace, "persons", person_id, "person-thumbnail", *verb)
