"""Persons of a workspace: list, search, create, rename, delete, and access to tags, pictures and identity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.client.connection import WorkspaceCalls, given
from scenedex.client.paging import MAX_PAGE_SIZE, Page, all_items
from scenedex.client.person_answers import (
    Person,
    PersonErasure,
    PersonQuery,
    SimilarPerson,
    SimilarToPerson,
    SimilarToPicture,
)
from scenedex.client.person_identity import PersonIdentity
from scenedex.client.person_pictures import PersonPictures
from scenedex.client.person_suggestions import PersonSuggestions
from scenedex.client.person_tags import PersonTags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

MAX_SEARCH_PAGE_SIZE: Final = 50


class Persons(WorkspaceCalls):
    """The persons of one workspace. All methods raise NotFound if the workspace or person does not exist."""

    _path = ("persons",)

    @property
    def tags(self) -> PersonTags:
        """The tags of persons."""
        return PersonTags(self.connection, self.workspace)

    @property
    def pictures(self) -> PersonPictures:
        """The pictures of persons."""
        return PersonPictures(self.connection, self.workspace)

    @property
    def suggestions(self) -> PersonSuggestions:
        """Pairs of persons that may be one."""
        return PersonSuggestions(self.connection, self.workspace)

    @property
    def identity(self) -> PersonIdentity:
        """Merges, splits, rejections and history."""
        return PersonIdentity(self.connection, self.workspace)

    def list(
        self, *, name: str | None = None, tag_ids: Sequence[int] = (), page_size: int = MAX_PAGE_SIZE
    ) -> Iterator[Person]:
        """Iterate over persons, oldest first. Pages are fetched on demand.

        Args:
            name: part of the name, 2-50 characters.
            tag_ids: at most 30 tags, any of which a person must have.
            page_size: number of persons per page, 1-1000.
        """
        return all_items(lambda number: self.page(number, page_size, name=name, tag_ids=tag_ids))

    def page(
        self, page_num: int, page_size: int = MAX_PAGE_SIZE, *, name: str | None = None, tag_ids: Sequence[int] = ()
    ) -> Page[Person]:
        """Return one page of the list. ``page_num`` counts from 1."""
        tags = ",".join(map(str, tag_ids)) or None
        query = {"pageNum": page_num, "pageSize": page_size, "name": name, "tagIdList": tags}
        return self._call("GET", Page[Person], query=query)

    def search(self, query: PersonQuery, *, page_size: int = MAX_SEARCH_PAGE_SIZE) -> Iterator[Person]:
        """Iterate over matching persons. Pages of 1-50 persons are fetched on demand."""
        return all_items(lambda number: self.search_page(query, number, page_size))

    def search_page(self, query: PersonQuery, page_num: int, page_size: int = MAX_SEARCH_PAGE_SIZE) -> Page[Person]:
        """Return one page of a search. ``page_num`` counts from 1."""
        body = {**msgspec.to_builtins(query), "pageNum": page_num, "pageSize": page_size}
        return self._call("POST", Page[Person], "search", body=body)

    def get(self, person_id: int) -> Person:
        """Return a person."""
        return self._call("GET", Person, person_id)

    def create(
        self,
        pictures: Sequence[Path],
        *,
        name: str | None = None,
        description: str | None = None,
        on_remark: Callable[[str], None] | None = None,
    ) -> Person:
        """Upload pictures and create the person that they show. Later analyses find the person.

        Args:
            pictures: paths of 1-100 files (see ``PersonPictures.upload``). The first becomes the primary picture.
            name: name, 1-50 characters. None leaves the person anonymous.
            description: description, 1-700 characters.
            on_remark: called with the place of the face that was taken of a picture with others in the background.

        Raises:
            UploadFailed: a picture is refused. No person is created.
            InvalidRequest: the name, the description or the number of pictures is not valid.
            Conflict: the name is taken.
            OSError: a file cannot be read.
        """
        uploaded = self.pictures.uploaded(pictures, is_primary=True, on_remark=on_remark)
        body = given(name=name, description=description, thumbnails=uploaded)
        return self._call("POST", Person, body=body, is_repeatable=False)

    def rename(self, person_id: int, name: str | None) -> Person:
        """Rename a person in all indexes. None makes the person anonymous.

        Raises:
            InvalidRequest: the name is not valid.
            Conflict: the name is taken.
        """
        return self._call("PATCH", Person, person_id, body={"name": name or ""})

    def describe(self, person_id: int, description: str | None) -> Person:
        """Replace the description of a person. None removes it.

        Raises:
            InvalidRequest: the description is not valid.
        """
        return self._call("PATCH", Person, person_id, body={"description": description or ""})

    def set_primary(self, person_id: int, thumbnail_id: int) -> Person:
        """Make a picture of a person its primary one.

        Raises:
            InvalidRequest: the person does not have this picture.
        """
        return self._call("PATCH", Person, person_id, body={"primaryThumbnailId": thumbnail_id})

    def delete(self, person_id: int) -> Person:
        """Delete a person with name, pictures and faces, and return it as it was.

        Indexes show an anonymous person in its place.

        Raises:
            NotFound: the person does not exist, or the first attempt succeeded but its answer was lost.
        """
        return self._call("DELETE", Person, person_id)

    def erase(self, person_id: int) -> PersonErasure:
        """Remove every trace of a person, including those in indexes and history, and return what was removed.

        Deleted persons can be erased too. An erasure cannot be undone.

        Raises:
            NotFound: the person does not exist, or the first attempt succeeded but its answer was lost.
        """
        return self._call("DELETE", PersonErasure, person_id, query={"erase": "true"})

    def similar(
        self, person_id: int, *, person_count: int | None = None, score_threshold: int | None = None
    ) -> tuple[SimilarPerson, ...]:
        """Return persons with similar faces, best first.

        Args:
            person_id: id of the person.
            person_count: maximum number of persons, 1-10. None uses the default of the service.
            score_threshold: minimum score, 80-100. None uses the default of the service.
        """
        query = {"personCount": person_count, "scoreThreshold": score_threshold}
        return self._call("GET", SimilarToPerson, person_id, "similar", query=query).similar_persons

    def recommend(
        self,
        picture: Path,
        *,
        person_count: int | None = None,
        score_threshold: int | None = None,
        on_remark: Callable[[str], None] | None = None,
    ) -> tuple[SimilarPerson, ...]:
        """Return persons with faces similar to the one in a picture, best first.

        For limits see ``similar``, for ``on_remark`` see ``create``.

        Raises:
            UploadFailed: the picture is refused.
            OSError: the file cannot be read.
        """
        key = self.pictures.upload(picture, on_remark=on_remark)
        body = given(thumbnailKey=key, personCount=person_count, scoreThreshold=score_threshold)
        return self._call("POST", SimilarToPicture, "recommend-by-thumbnail", body=body).persons
