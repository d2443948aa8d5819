"""Who is who: merge persons, take them apart again, say who somebody is not, and read what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.client.connection import Call, Connection
from scenedex.client.paging import Page, every_item
from scenedex.client.person_answers import ChosenAppearance, PersonEvent, PersonMerge, PersonRejection, PersonSplit
from scenedex.client.targets import target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LARGEST_HISTORY_PAGE: Final = 50


class _Others(msgspec.Struct, frozen=True, rename="camel"):
    person_ids: tuple[int, ...]


class _Undone(msgspec.Struct, frozen=True, rename="camel"):
    merged_person_id: int


class _Moved(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    appearances: tuple[ChosenAppearance, ...]
    person_id: int | None = None
    name: str | None = None


class _NotThere(msgspec.Struct, frozen=True):
    appearances: tuple[ChosenAppearance, ...]


@dataclass(frozen=True, slots=True)
class PersonIdentity:
    """Who the persons of a workspace are; every method raises NotFound when there is no such workspace or person."""

    connection: Connection
    workspace: str

    def merge(self, person_id: int, others: Sequence[int]) -> PersonMerge:
        """Makes 1-10 others one with a person, which keeps its name; all they have becomes that person's.

        Raises:
            InvalidRequest: the person itself is among the others.
        """
        # A second attempt would no longer find the others, so a lost answer must not turn into NotFound.
        call = Call("POST", self._of(person_id, "merge"), _Others(tuple(others)), is_repeatable=False)
        return self.connection.ask(call, PersonMerge)

    def undo_merge(self, person_id: int, merged_person_id: int) -> PersonSplit:
        """Makes somebody who was merged into a person a person again, with all it had before.

        Raises:
            Conflict: it was not merged into that person, or somebody else has its name now.
        """
        call = Call("POST", self._of(person_id, "split"), _Undone(merged_person_id), is_repeatable=False)
        return self.connection.ask(call, PersonSplit)

    def split(
        self,
        person_id: int,
        appearances: Sequence[ChosenAppearance],
        *,
        to_person_id: int | None = None,
        name: str | None = None,
    ) -> PersonSplit:
        """Gives 1-1000 appearances of a person, with the faces learned from them, to somebody else.

        Args:
            person_id: whose they are.
            appearances: which.
            to_person_id: whose they will be; None for somebody who is created for it.
            name: of who is created; None for somebody anonymous.

        Raises:
            InvalidRequest: the person is not seen there, or both a person and a name are given.
            Conflict: the name is taken.
        """
        body = _Moved(appearances=tuple(appearances), person_id=to_person_id, name=name)
        return self.connection.ask(Call("POST", self._of(person_id, "split"), body, is_repeatable=False), PersonSplit)

    def reject(self, person_id: int, others: Sequence[int]) -> PersonRejection:
        """Says that 1-10 others are not that person: they are never proposed or taken for each other again.

        Raises:
            InvalidRequest: the person itself is among the others.
        """
        call = Call("POST", self._of(person_id, "reject"), _Others(tuple(others)), is_repeatable=False)
        return self.connection.ask(call, PersonRejection)

    def reject_appearances(self, person_id: int, appearances: Sequence[ChosenAppearance]) -> PersonRejection:
        """Says that it is not that person there; 1-1000 appearances become those of somebody anonymous per asset.

        Raises:
            InvalidRequest: the person is not seen there.
        """
        body = _NotThere(tuple(appearances))
        call = Call("POST", self._of(person_id, "reject"), body, is_repeatable=False)
        return self.connection.ask(call, PersonRejection)

    def history(self, person_id: int, *, page_size: int = LARGEST_HISTORY_PAGE) -> Iterator[PersonEvent]:
        """What was done to a person and to those merged into it, newest first, fetched page by page (1-50 each)."""
        return every_item(lambda number: self.history_page(person_id, number, page_size))

    def history_page(self, person_id: int, page_num: int, page_size: int = LARGEST_HISTORY_PAGE) -> Page[PersonEvent]:
        """One page of the history, counted from 1."""
        query = [("pageNum", page_num), ("pageSize", page_size)]
        return self.connection.ask(Call("GET", self._of(person_id, "history", query=query)), Page[PersonEvent])

    def _of(self, person_id: int, verb: str, query: Sequence[tuple[str, int]] = ()) -> str:
        return target("api", "v1", "workspaces", self.workspace, "persons", person_id, verb, query=query)
