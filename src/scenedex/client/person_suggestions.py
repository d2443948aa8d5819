"""Suggestions: pairs of persons that may be one. List, accept, reject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.client.connection import WorkspaceCalls
from scenedex.client.paging import MAX_PAGE_SIZE, Page, all_items
from scenedex.client.person_answers import PersonMerge, PersonRejection, PersonSuggestion

if TYPE_CHECKING:
    from collections.abc import Iterator


class PersonSuggestions(WorkspaceCalls):
    """Pairs of persons that may be one. Methods raise NotFound if the workspace or suggestion does not exist."""

    _path = ("persons", "suggestions")

    def list(self, *, person_id: int | None = None, page_size: int = MAX_PAGE_SIZE) -> Iterator[PersonSuggestion]:
        """Iterate over the open suggestions, most similar first. Pages are fetched on demand.

        Args:
            person_id: only suggestions about this person.
            page_size: number of suggestions per page, 1-1000.
        """
        return all_items(lambda number: self.page(number, page_size, person_id=person_id))

    def page(
        self, page_num: int, page_size: int = MAX_PAGE_SIZE, *, person_id: int | None = None
    ) -> Page[PersonSuggestion]:
        """Return one page. ``page_num`` counts from 1."""
        query = {"pageNum": page_num, "pageSize": page_size, "personId": person_id}
        return self._call("GET", Page[PersonSuggestion], query=query)

    def accept(self, suggestion_id: int) -> PersonMerge:
        """Merge both persons into the one with a name, or else into the one that was registered first."""
        return self._call("POST", PersonMerge, suggestion_id, "accept", is_repeatable=False)

    def reject(self, suggestion_id: int) -> PersonRejection:
        """Reject both persons for each other: they are never suggested, proposed or matched again."""
        return self._call("POST", PersonRejection, suggestion_id, "reject", is_repeatable=False)
