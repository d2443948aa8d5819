"""Identity of persons: merge, split, reject, and the history of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.client.connection import WorkspaceCalls, given
from scenedex.client.paging import Page, all_items
from scenedex.client.person_answers import ChosenAppearance, PersonEvent, PersonMerge, PersonRejection, PersonSplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_HISTORY_PAGE_SIZE: Final = 50


class PersonIdentity(WorkspaceCalls):
    """Identity of the persons of a workspace. All methods raise NotFound if the workspace or person does not exist."""

    _path = ("persons",)

    def merge(self, person_id: int, others: Sequence[int]) -> PersonMerge:
        """Merge 1-10 other persons into a person, which keeps its name.

        Raises:
            InvalidRequest: the person itself is among the others.
        """
        # After a lost answer, a second attempt would fail with NotFound, since the others are merged.
        body = {"personIds": tuple(others)}
        return self._call("POST", PersonMerge, person_id, "merge", body=body, is_repeatable=False)

    def undo_merge(self, person_id: int, merged_person_id: int) -> PersonSplit:
        """Undo the merge of a person, which gets back all it had before.

        Raises:
            Conflict: the person is not merged into the other one, or another person has its name.
        """
        body = {"mergedPersonId": merged_person_id}
        return self._call("POST", PersonSplit, person_id, "split", body=body, is_repeatable=False)

    def split(
        self,
        person_id: int,
        appearances: Sequence[ChosenAppearance],
        *,
        to_person_id: int | None = None,
        name: str | None = None,
    ) -> PersonSplit:
        """Move 1-1000 appearances of a person, with the faces learned from them, to another person.

        Args:
            person_id: id of the person.
            appearances: appearances to move.
            to_person_id: id of the other person. None creates a person.
            name: name of the created person. None leaves it anonymous.

        Raises:
            InvalidRequest: the person does not appear there, or both a person and a name are given.
            Conflict: the name is taken.
        """
        body = given(appearances=tuple(appearances), personId=to_person_id, name=name)
        return self._call("POST", PersonSplit, person_id, "split", body=body, is_repeatable=False)

    def reject(self, person_id: int, others: Sequence[int]) -> PersonRejection:
        """Reject 1-10 other persons: they are never proposed as similar to or matched with the person again.

        Raises:
            InvalidRequest: the person itself is among the others.
        """
        body = {"personIds": tuple(others)}
        return self._call("POST", PersonRejection, person_id, "reject", body=body, is_repeatable=False)

    def reject_appearances(self, person_id: int, appearances: Sequence[ChosenAppearance]) -> PersonRejection:
        """Reject 1-1000 appearances of a person: they move to new anonymous persons, one per asset.

        Raises:
            InvalidRequest: the person does not appear there.
        """
        body = {"appearances": tuple(appearances)}
        return self._call("POST", PersonRejection, person_id, "reject", body=body, is_repeatable=False)

    def history(self, person_id: int, *, page_size: int = MAX_HISTORY_PAGE_SIZE) -> Iterator[PersonEvent]:
        """Iterate over the events of a person and of persons merged into it, newest first, in pages of 1-50 events."""
        return all_items(lambda number: self.history_page(person_id, number, page_size))

    def history_page(self, person_id: int, page_num: int, page_size: int = MAX_HISTORY_PAGE_SIZE) -> Page[PersonEvent]:
        """Return one page of the history. ``page_num`` counts from 1."""
        query = {"pageNum": page_num, "pageSize": page_size}
        return self._call("GET", Page[PersonEvent], person_id, "history", query=query)
