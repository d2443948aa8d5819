"""Tags of persons: list, create, delete, put on, take off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.client.connection import Call, Connection
from scenedex.client.paging import Page, every_item
from scenedex.client.person_answers import PersonTag, Tag, TagsOfPerson
from scenedex.client.targets import target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LARGEST_TAG_PAGE: Final = 50


class _Named(msgspec.Struct, frozen=True):
    name: str


class _Chosen(msgspec.Struct, frozen=True, rename="camel"):
    tag_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PersonTags:
    """The tags of a workspace's persons; the methods raise NotFound when there is no such workspace, tag or person."""

    connection: Connection
    workspace: str

    def list(self, *, name: str | None = None, page_size: int = LARGEST_TAG_PAGE) -> Iterator[PersonTag]:
        """All tags, or those with this text in their names, fetched page by page (1-50 each) while they are read."""
        return every_item(lambda number: self.page(number, page_size, name=name))

    def page(self, page_num: int, page_size: int = LARGEST_TAG_PAGE, *, name: str | None = None) -> Page[PersonTag]:
        """One page, counted from 1."""
        query: list[tuple[str, str | int]] = [("pageNum", page_num), ("pageSize", page_size)]
        if name is not None:
            query.append(("name", name))
        root = target("api", "v1", "workspaces", self.workspace, "person-tags", query=query)
        return self.connection.ask(Call("GET", root), Page[PersonTag])

    def create(self, name: str) -> PersonTag:
        """A tag that nobody bears yet; ``name`` is 1-30 characters.

        Raises:
            InvalidRequest: the name is not usable.
            Conflict: the name is taken.
        """
        root = target("api", "v1", "workspaces", self.workspace, "person-tags")
        return self.connection.ask(Call("POST", root, _Named(name), is_repeatable=False), PersonTag)

    def delete(self, tag_id: int) -> None:
        """Removes a tag and takes it off everybody."""
        self.connection.tell(Call("DELETE", target("api", "v1", "workspaces", self.workspace, "person-tags", tag_id)))

    def put_on(self, person_id: int, tag_ids: Sequence[int]) -> tuple[Tag, ...]:
        """Gives a person 1-30 further tags and answers with all it has then."""
        call = Call("POST", self._of(person_id), _Chosen(tuple(tag_ids)))
        return self.connection.ask(call, TagsOfPerson).tag_list

    def take_off(self, person_id: int, tag_ids: Sequence[int]) -> tuple[Tag, ...]:
        """Takes 1-30 tags off a person and answers with those that stay; those that are not there do not matter."""
        call = Call("POST", self._of(person_id, "remove"), _Chosen(tuple(tag_ids)))
        return self.connection.ask(call, TagsOfPerson).tag_list

    def _of(self, person_id: int, *verb: str) -> str:
        return target("api", "v1", "workspaces", self.workspace, "persons", person_id, "person-tags", *verb)
