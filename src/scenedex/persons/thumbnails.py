"""Thumbnails of persons, made of uploaded pictures together with the faces in them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.assets import erasure
from scenedex.audit.service import record
from scenedex.persons import identity_queries, thumbnail_queries
from scenedex.persons.lookup import visible_person
from scenedex.persons.records import ThumbnailLocation
from scenedex.pictures.records import PicturePurpose
from scenedex.pictures.service import checked_pictures
from scenedex.storage.errors import ObjectNotFound
from scenedex.wire.errors import FieldProblem, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from scenedex.audit.actor import Actor
    from scenedex.db.database import Database, Transaction
    from scenedex.jobs.queue import JobQueue
    from scenedex.persons.directory import GivenThumbnail, Thumbnail
    from scenedex.persons.records import PersonId
    from scenedex.pictures.records import CheckedPicture
    from scenedex.storage.store import ManagedStore

MAX_THUMBNAILS = 100
_MAX_PICTURE_BYTES = 16 * 1024**2
_CONCURRENT_COPIES = 8


@dataclass(frozen=True, slots=True)
class Portrait:
    """An uploaded picture, the place of its copy, and the field of the request that names it."""

    picture: CheckedPicture
    place: ThumbnailLocation
    is_primary: bool
    field: str


class Portraits:
    """Copies uploaded pictures to the places of thumbnails, ahead of their rows.

    So an upload can be used for several persons, and a thumbnail outlives its upload.
    """

    def __init__(self, database: Database, managed: ManagedStore) -> None:
        self._database = database
        self._managed = managed

    async def announce(self, tx: Transaction, workspace_id: int, given: Sequence[GivenThumbnail]) -> list[Portrait]:
        """Announce the places of the copies, which `written` makes later.

        Raises:
            InvalidRequest: a picture cannot be used.
        """
        fields = [f"thumbnails[{number}].thumbnailKey" for number in range(len(given))]
        keys = {field: one.thumbnail_key for field, one in zip(fields, given, strict=True)}
        pictures = await checked_pictures(tx, workspace_id, keys, PicturePurpose.PERSON_THUMBNAIL)
        portraits = [
            Portrait(pictures[field], ThumbnailLocation.new(workspace_id), one.is_primary, field)
            for field, one in zip(fields, given, strict=True)
        ]
        await erasure.announce(tx, [portrait.place.folder for portrait in portraits])
        return portraits

    @asynccontextmanager
    async def written(self, portraits: Sequence[Portrait]) -> AsyncGenerator[None]:
        """Copy the pictures for the time of the block. An error in the block removes the copies.

        Raises:
            InvalidRequest: an upload has expired.
        """
        try:
            await self._copy_all(portraits)
            yield
        except BaseException:
            async with self._database.transaction() as tx:
                await erasure.abandon(tx, [portrait.place.folder for portrait in portraits])
            raise

    async def give(self, tx: Transaction, workspace_id: int, person: PersonId, portraits: Sequence[Portrait]) -> None:
        """Add the copies as thumbnails of a person, together with the faces in them.

        The primary one among them replaces the former one. A person without a primary one gets the first.
        """
        places = [portrait.place for portrait in portraits]
        ids = await thumbnail_queries.insert(tx, person, places, [portrait.picture.key for portrait in portraits])
        await erasure.claimed(tx, [place.folder for place in places])
        faces = [
            (thumbnail_id, face)
            for thumbnail_id, portrait in zip(ids, portraits, strict=True)
            for face in portrait.picture.faces
        ]
        await thumbnail_queries.insert_faces(tx, workspace_id, person, faces)
        primary = next((one for one, portrait in zip(ids, portraits, strict=True) if portrait.is_primary), None)
        await thumbnail_queries.set_primary(tx, person, primary, default=ids[0])

    async def _copy_all(self, portraits: Sequence[Portrait]) -> None:
        free = asyncio.Semaphore(_CONCURRENT_COPIES)
        try:
            async with asyncio.TaskGroup() as copies:
                for portrait in portraits:
                    copies.create_task(self._copy(portrait, free))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from errors

    async def _copy(self, portrait: Portrait, free: asyncio.Semaphore) -> None:
        async with free:
            try:
                picture = await self._managed.get(portrait.picture.object_key, max_bytes=_MAX_PICTURE_BYTES)
            except ObjectNotFound as error:
                raise InvalidRequest(FieldProblem(portrait.field, "this upload has expired")) from error
            await self._managed.put(portrait.place.key, picture, "image/jpeg")


class Thumbnails:
    """The thumbnails in the database.

    Calls raise `WorkspaceNotFound` if there is no such workspace that the caller may see, and `PersonNotFound` if the
    person that they name is not in it, or was deleted or merged into another.
    """

    def __init__(self, database: Database, queue: JobQueue, portraits: Portraits) -> None:
        self._database = database
        self._queue = queue
        self._portraits = portraits

    async def add(
        self, actor: Actor, workspace_name: str, person_id: int, given: Sequence[GivenThumbnail]
    ) -> tuple[PersonId, tuple[Thumbnail, ...]]:
        """Add thumbnails to a person. Return all its thumbnails, the primary first.

        Raises:
            InvalidRequest: a picture cannot be used, or the person would have too many.
        """
        async with self._database.transaction() as tx:
            workspace, person = await visible_person(tx, actor, workspace_name, person_id)
            await _require_room(tx, person, len(given))
            portraits = await self._portraits.announce(tx, workspace, given)
        async with self._portraits.written(portraits), self._database.transaction() as tx:
            workspace, person = await visible_person(tx, actor, workspace_name, person_id, alone=True)
            await _require_room(tx, person, len(given))
            await self._portraits.give(tx, workspace, person, portraits)
            await identity_queries.touch(tx, [person], actor.user_name)
            await record(tx, actor.entry)
            return person, await thumbnail_queries.all_of(tx, person)

    async def remove(
        self, actor: Actor, workspace_name: str, person_id: int, thumbnail_ids: Sequence[int]
    ) -> tuple[PersonId, tuple[Thumbnail, ...]]:
        """Remove thumbnails of a person with their faces. Return the remaining ones, the primary first.

        Raises:
            InvalidRequest: no thumbnail would be left.
        """
        async with self._database.transaction() as tx:
            _, person = await visible_person(tx, actor, workspace_name, person_id, alone=True)
            present = [thumbnail.thumbnail_id for thumbnail in await thumbnail_queries.all_of(tx, person)]
            removed = sorted(set(present) & set(thumbnail_ids))
            if removed:
                if len(removed) == len(present):
                    raise InvalidRequest(FieldProblem("thumbnailIds", "must leave the person a thumbnail"))
                await thumbnail_queries.remove(tx, person, removed)
                await identity_queries.touch(tx, [person], actor.user_name)
                await erasure.request_erasure(tx, self._queue)
                await record(tx, actor.entry)
            return person, await thumbnail_queries.all_of(tx, person)


async def _require_room(tx: Transaction, person: PersonId, number: int) -> None:
    present = await thumbnail_queries.count(tx, person)
    if present + number > MAX_THUMBNAILS:
        reason = f"must be at most {MAX_THUMBNAILS} with the {present} that the person has"
        raise InvalidRequest(FieldProblem("thumbnails", reason))
