"""How the fake service takes pictures of persons, and shows and removes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx2
import msgspec

from scenedex.client.answers import UploadStatus
from scenedex.client.errors import Detail
from scenedex.client.person_answers import PictureAnswer, PictureTicket, ThumbnailsOfPerson
from scenedex.client.testing.answering import no_such_route, read, success
from scenedex.client.testing.catalogue import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.client.testing.catalogue import Catalogue
    from scenedex.client.testing.people import People, PersonState


class NewThumbnail(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """An uploaded picture that a person gets."""

    thumbnail_key: str
    is_primary_thumbnail: bool


class PictureKey(msgspec.Struct, frozen=True, rename="camel"):
    """An uploaded picture."""

    thumbnail_key: str


class _FileName(msgspec.Struct, frozen=True, rename="camel"):
    thumbnail_file_name: str


class _Thumbnails(msgspec.Struct, frozen=True):
    thumbnails: tuple[NewThumbnail, ...]


class _ThumbnailIds(msgspec.Struct, frozen=True, rename="camel"):
    thumbnail_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PictureRoutes:
    """The calls about the pictures of one workspace's persons."""

    catalogue: Catalogue
    people: People

    def upload(self, request: httpx2.Request, verb: Sequence[str], body: bytes) -> httpx2.Response:
        """The answer to a step of an upload."""
        match verb:
            case ["presigned-url"]:
                base_url = str(request.url.copy_with(raw_path=b"/")).rstrip("/")
                ticket = self.catalogue.upload_ticket(base_url, read(body, _FileName).thumbnail_file_name)
                url = ticket.presigned_upload_url
                return success(PictureTicket(thumbnail_key=ticket.asset_file_key, url=url, expiration_seconds=900))
            case ["complete"]:
                message = self._message(read(body, PictureKey).thumbnail_key)
                status = UploadStatus.FAILED if message else UploadStatus.COMPLETED
                return success(PictureAnswer(upload_status=status, upload_message=message))
            case _:
                return no_such_route()

    def change(self, state: PersonState, verb: Sequence[str], body: bytes) -> httpx2.Response:
        """The answer to adding pictures, or to removing some."""
        if verb:
            self._remove(state, set(read(body, _ThumbnailIds).thumbnail_ids))
        else:
            self.add(state, read(body, _Thumbnails).thumbnails)
        thumbnails = self.people.person(state).thumbnails
        return success(ThumbnailsOfPerson(person_id=state.person_id, thumbnail_list=thumbnails))

    def add(self, state: PersonState, thumbnails: Sequence[NewThumbnail]) -> None:
        """Gives a person pictures."""
        for thumbnail in thumbnails:
            self.check(thumbnail.thumbnail_key)
        for thumbnail in thumbnails:
            state.thumbnails.append(next(self.people.ids))
            if thumbnail.is_primary_thumbnail:
                state.primary_thumbnail_id = state.thumbnails[-1]

    def check(self, key: str) -> None:
        """Refuses what is not a usable picture."""
        if self._message(key):
            refuse(400, "10001", "Invalid Request.", Detail("thumbnailKey", "is not the key of a usable picture"))

    def _remove(self, state: PersonState, gone: set[int]) -> None:
        left = [picture.id for picture in self.people.person(state).thumbnails if picture.id not in gone]
        if not left:
            refuse(400, "10001", "Invalid Request.", Detail("thumbnailIds", "must leave one"))
        for member in self.people.family(state):
            member.thumbnails = [picture for picture in member.thumbnails if picture not in gone]
        if state.primary_thumbnail_id in gone:
            state.primary_thumbnail_id = min(left)

    def _message(self, key: str) -> str | None:
        content = self.catalogue.uploads.get(key)
        return "FILE_NOT_EXIST" if content is None else self.people.messages.get(content)
