"""Tags of persons: list, create, delete, add, remove."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.client.connection import Call, Connection, target
from scenedex.client.paging import Page, all_items
from scenedex.client.person_answers import PersonTag, Tag, TagsOfPerson

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_TAG_PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class PersonTags:
    """Tags of the persons of a workspace. Methods raise NotFound if the workspace, tag or person does not exist."""

    connection: Connection
    workspace: str

    def list(self, *, name: str | None = None, page_size: int = MAX_TAG_PAGE_SIZE) -> Iterator[PersonTag]:
        """Iterate over all tags, or those with ``name`` in their names. Pages of 1-50 tags are fetched on demand."""
        return all_items(lambda number: self.page(number, page_size, name=name))

    def page(self, page_num: int, page_size: int = MAX_TAG_PAGE_SIZE, *, name: str | None = None) -> Page[PersonTag]:
        """Return one page. ``page_num`` counts from 1."""
        query = {"pageNum": page_num, "pageSize": page_size, "name": name}
        return self.connection.result(Call("GET", self._target(query=query)), Page[PersonTag])

    def create(self, name: str) -> PersonTag:
        """Create a tag. ``name`` has 1-30 characters.

        Raises:
            InvalidRequest: the name is not valid.
            Conflict: the name is taken.
        """
        return self.connection.result(Call("POST", self._target(), {"name": name}, is_repeatable=False), PersonTag)

    def delete(self, tag_id: int) -> None:
        """Delete a tag and remove it from all persons."""
        self.connection.run(Call("DELETE", self._target(tag_id)))

    def put_on(self, person_id: int, tag_ids: Sequence[int]) -> tuple[Tag, ...]:
        """Add 1-30 tags to a person and return all tags of the person."""
        call = Call("POST", self._of(person_id), {"tagIds": tuple(tag_ids)})
        return self.connection.result(call, TagsOfPerson).tag_list

    def take_off(self, person_id: int, tag_ids: Sequence[int]) -> tuple[Tag, ...]:
        """Remove 1-30 tags from a person and return the others. Tags that the person does not have are ignored."""
        call = Call("POST", self._of(person_id, "remove"), {"tagIds": tuple(tag_ids)})
        return self.connection.result(call, TagsOfPerson).tag_list

    def _target(self, *ids: int, query: Mapping[str, str | int | None] | None = None) -> str:
        return target("workspaces", self.workspace, "person-tags", *ids, query=query)

    def _of(self, person_id: int, *verb: str) -> str:
        return target("workspaces", self.workspace, "persons", person_id, "person-tags", *verb)
