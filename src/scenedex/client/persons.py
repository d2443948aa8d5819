"""Persons of a workspace: list, search, create, name, delete, and the doors to their tags, pictures and identity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import UNSET, UnsetType

from scenedex.client.connection import Call, Connection
from scenedex.client.paging import LARGEST_PAGE, Page, every_item
from scenedex.client.person_answers import (
    Person,
    PersonErasure,
    PersonQuery,
    SimilarPerson,
    SimilarToPerson,
    SimilarToPicture,
)
from scenedex.client.person_identity import PersonIdentity
from scenedex.client.person_pictures import PersonPictures, UploadedThumbnail
from scenedex.client.person_tags import PersonTags
from scenedex.client.targets import target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LARGEST_SEARCH_PAGE: Final = 50


class _NewPerson(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    name: str | None = None
    description: str | None = None
    thumbnails: tuple[UploadedThumbnail, ...]


class _Changes(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    name: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    primary_thumbnail_id: int | UnsetType = UNSET


class _Search(PersonQuery, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    page_num: int
    page_size: int


class _LikePicture(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    thumbnail_key: str
    person_count: int | None = None
    score_threshold: int | None = None


@dataclass(frozen=True, slots=True)
class Persons:
    """The persons of one workspace; every method raises NotFound when there is no such workspace or person."""

    connection: Connection
    workspace: str

    @property
    def tags(self) -> PersonTags:
        """The tags that persons bear."""
        return PersonTags(self.connection, self.workspace)

    @property
    def pictures(self) -> PersonPictures:
        """The pictures of persons."""
        return PersonPictures(self.connection, self.workspace)

    @property
    def identity(self) -> PersonIdentity:
        """Who is who: merge, split, reject, and what was done."""
        return PersonIdentity(self.connection, self.workspace)

    def list(
        self, *, name: str | None = None, tag_ids: Sequence[int] = (), page_size: int = LARGEST_PAGE
    ) -> Iterator[Person]:
        """All persons, oldest first, fetched page by page (1-1000 each) while they are read.

        Args:
            name: only those with this text, of 2-50 characters, in their names.
            tag_ids: only those with any of these tags, at most 30.
            page_size: persons a page.
        """
        return every_item(lambda number: self.page(number, page_size, name=name, tag_ids=tag_ids))

    def page(
        self, page_num: int, page_size: int = LARGEST_PAGE, *, name: str | None = None, tag_ids: Sequence[int] = ()
    ) -> Page[Person]:
        """One page of the list, counted from 1."""
        query: list[tuple[str, str | int]] = [("pageNum", page_num), ("pageSize", page_size)]
        if name is not None:
            query.append(("name", name))
        if tag_ids:
            query.append(("tagIdList", ",".join(map(str, tag_ids))))
        return self.connection.ask(Call("GET", self._target(query=query)), Page[Person])

    def search(self, query: PersonQuery, *, page_size: int = LARGEST_SEARCH_PAGE) -> Iterator[Person]:
        """Persons that fit, fetched page by page (1-50 each) while they are read."""
        return every_item(lambda number: self.search_page(query, number, page_size))

    def search_page(self, query: PersonQuery, page_num: int, page_size: int = LARGEST_SEARCH_PAGE) -> Page[Person]:
        """One page of a search, counted from 1."""
        body = _Search(**msgspec.structs.asdict(query), page_num=page_num, page_size=page_size)
        return self.connection.ask(Call("POST", self._target("search"), body), Page[Person])

    def get(self, person_id: int) -> Person:
        """One person."""
        return self.connection.ask(Call("GET", self._target(person_id)), Person)

    def create(self, pictures: Sequence[Path], *, name: str | None = None, description: str | None = None) -> Person:
        """Uploads pictures and registers the person that they show, to be found by the analyses that follow.

        Args:
            pictures: 1-100 files (see ``PersonPictures.upload``); the first is the one that is shown.
            name: 1-50 characters; None for somebody anonymous.
            description: 1-700 characters.

        Raises:
            UploadFailed: a picture is of no use, and why; nobody is registered then.
            InvalidRequest: name, description or number of pictures are not usable.
            Conflict: the name is taken.
            OSError: a file cannot be read.
        """
        uploaded = self.pictures.uploaded(pictures, is_primary=True)
        body = _NewPerson(name=name, description=description, thumbnails=uploaded)
        return self.connection.ask(Call("POST", self._target(), body, is_repeatable=False), Person)

    def rename(self, person_id: int, name: str | None) -> Person:
        """The person under its next name, which every index shows at once; None makes it anonymous.

        Raises:
            InvalidRequest: the name is not usable.
            Conflict: the name is taken.
        """
        return self._change(person_id, _Changes(name=name))

    def describe(self, person_id: int, description: str | None) -> Person:
        """The person with another description; None removes it.

        Raises:
            InvalidRequest: the description is not usable.
        """
        return self._change(person_id, _Changes(description=description))

    def set_primary(self, person_id: int, thumbnail_id: int) -> Person:
        """The person with another of its pictures shown wherever it is.

        Raises:
            InvalidRequest: the person has no such picture.
        """
        return self._change(person_id, _Changes(primary_thumbnail_id=thumbnail_id))

    def delete(self, person_id: int) -> Person:
        """Forgets a face, its pictures and name, and answers with the person as it was.

        Indexes go on saying that somebody is there.

        Raises:
            NotFound: no such person; also when a first attempt succeeded but its answer was lost.
        """
        return self.connection.ask(Call("DELETE", self._target(person_id)), Person)

    def erase(self, person_id: int) -> PersonErasure:
        """Removes every trace of a person, in indexes and in history too, and says what was removed.

        Takes persons that were deleted before as well. It cannot be undone.

        Raises:
            NotFound: no such person; also when a first attempt succeeded but its answer was lost.
        """
        call = Call("DELETE", self._target(person_id, query=[("erase", "true")]))
        return self.connection.ask(call, PersonErasure)

    def similar(
        self, person_id: int, *, person_count: int | None = None, score_threshold: int | None = None
    ) -> tuple[SimilarPerson, ...]:
        """Persons with similar faces, best first.

        Args:
            person_id: whom to compare.
            person_count: how many at most, 1-10; None leaves it to the service.
            score_threshold: least score, 80-100; None leaves it to the service.
        """
        given = (("personCount", person_count), ("scoreThreshold", score_threshold))
        query = [(name, value) for name, value in given if value is not None]
        call = Call("GET", self._target(person_id, "similar", query=query))
        return self.connection.ask(call, SimilarToPerson).similar_persons

    def recommend(
        self, picture: Path, *, person_count: int | None = None, score_threshold: int | None = None
    ) -> tuple[SimilarPerson, ...]:
        """Persons with faces like the one in a picture, best first; the limits are those of ``similar``.

        Raises:
            UploadFailed: the picture is of no use, and why.
            OSError: the file cannot be read.
        """
        key = self.pictures.upload(picture)
        body = _LikePicture(thumbnail_key=key, person_count=person_count, score_threshold=score_threshold)
        call = Call("POST", self._target("recommend-by-thumbnail"), body)
        return self.connection.ask(call, SimilarToPicture).persons

    def _change(self, person_id: int, changes: _Changes) -> Person:
        return self.connection.ask(Call("PATCH", self._target(person_id), changes), Person)

    def _target(self, *segments: str | int, query: Sequence[tuple[str, str | int]] = ()) -> str:
        return target("api", "v1", "workspaces", self.workspace, "persons", *segments, query=query)
