"""Tags of persons: list, create, delete, add, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.client.connection import Call, WorkspaceCalls
from scenedex.client.paging import Page, all_items
from scenedex.client.person_answers import PersonTag, Tag, TagsOfPerson

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_TAG_PAGE_SIZE: Final = 50


class PersonTags(WorkspaceCalls):
    """Tags of the persons of a workspace. Methods raise NotFound if the workspace, tag or person does not exist."""

    def list(self, *, name: str | None = None, page_size: int = MAX_TAG_PAGE_SIZE) -> Iterator[PersonTag]:
        """Iterate over all tags, or those with ``name`` in their names. Pages of 1-50 tags are fetched on demand."""
        return all_items(lambda number: self.page(number, page_size, name=name))

    def page(self, page_num: int, page_size: int = MAX_TAG_PAGE_SIZE, *, name: str | None = None) -> Page[PersonTag]:
        """Return one page. ``page_num`` counts from 1."""
        query = {"pageNum": page_num, "pageSize": page_size, "name": name}
        return self._call("GET", Page[PersonTag], "person-tags", query=query)

    def create(self, name: str) -> PersonTag:
        """Create a tag. ``name`` has 1-30 characters.

        Raises:
            InvalidRequest: the name is not valid.
            Conflict: the name is taken.
        """
        return self._call("POST", PersonTag, "person-tags", body={"name": name}, is_repeatable=False)

    def delete(self, tag_id: int) -> None:
        """Delete a tag and remove it from all persons."""
        self.connection.run(Call("DELETE", self._target("person-tags", tag_id)))

    def put_on(self, person_id: int, tag_ids: Sequence[int]) -> tuple[Tag, ...]:
        """Add 1-30 tags to a person and return all tags of the person."""
        body = {"tagIds": tuple(tag_ids)}
        return self._call("POST", TagsOfPerson, "persons", person_id, "person-tags", body=body).tag_list

    def take_off(self, person_id: int, tag_ids: Sequence[int]) -> tuple[Tag, ...]:
        """Remove 1-30 tags from a person and return the others. Tags that the person does not have are ignored."""
        body = {"tagIds": tuple(tag_ids)}
        return self._call("POST", TagsOfPerson, "persons", person_id, "person-tags", "remove", body=body).tag_list
